/**
 * The tail of the metadata log and the vote, torn: the log ends with its last whole batch, but below what was synced
 * nothing is cut and the node does not start; nor does it with a vote that cannot be read.
 */
import { describe, expect, test } from "bun:test";
import { lastOffset, sizeBytes } from "../../protocol/records/batch.ts";
import { damagedFrom, damageKinds, diskWith, type Image, imageOf, sameBytes } from "../../storage/testing/images.ts";
import { createTopic, metadata } from "./testing/admin.ts";
import { MemoryNode } from "./testing/memory-node.ts";

const settings = { "log.dirs": "/data", "auto.create.topics.enable": "false", "log.index.size.max.bytes": "1024" };
const log = "/data/__cluster_metadata-0/00000000000000000000.log";
const vote = "/data/__cluster_metadata-0/quorum-state";
const points = "/data/recovery-point-offset-checkpoint";
/** A node starts for each: TORN_METADATA_STEP=1 takes every byte. */
const STEP = Number(process.env.TORN_METADATA_STEP ?? 11);
const timeoutMs = STEP < 11 ? 1_200_000 : 120_000; // a busy machine is no fault

async function written(): Promise<Image> {
  const node = await MemoryNode.start(settings);
  await createTopic(node, "a");
  await createTopic(node, "b");
  node.disk.kill();
  return imageOf(node.disk);
}

const image = await written();
const contentOf = (path: string) => image.get(path) as Uint8Array;
const content = contentOf(log);
const ends: { readonly position: number; readonly offset: number }[] = [];
for (let at = 0; at < content.length && sizeBytes(content, at) > 0; ) {
  const offset = lastOffset(content, at) + 1;
  at += sizeBytes(content, at);
  ends.push({ position: at, offset });
}
const [before, first, second] = ends.slice(-3) as [(typeof ends)[number], (typeof ends)[number], (typeof ends)[number]];

async function start(changes: Readonly<Record<string, Uint8Array>>): Promise<MemoryNode | string> {
  return MemoryNode.start(settings, diskWith(image, changes)).catch((error) => String(error));
}

async function topicsOf(node: MemoryNode): Promise<string> {
  const found: string[] = [];
  for (const topic of ["a", "b"]) {
    const reply = await metadata(node, topic);
    if (reply.topics[0]?.errorCode === 0) found.push(topic);
  }
  return found.join();
}

test("the last two batches are the topics, above what is checkpointed as synced", () => {
  const synced = /__cluster_metadata 0 (\d+)/.exec(new TextDecoder().decode(contentOf(points)))?.[1];
  expect(Number(synced)).toBeLessThanOrEqual(before.offset);
});

describe.each(damageKinds)("%s", (kind) => {
  test(
    "in the last two batches of the metadata log: it ends with the last whole one",
    async () => {
      for (let at = before.position; at < content.length; at += STEP) {
        const damaged = damagedFrom(content, at, kind);
        const isWhole = ({ position }: { position: number }) =>
          sameBytes(damaged.slice(0, position), content.subarray(0, position));
        const node = await start({ [log]: damaged });
        if (typeof node === "string") throw new Error(`byte ${at}: ${node}`);
        expect(await topicsOf(node)).toBe(isWhole(second) ? "a,b" : isWhole(first) ? "a" : "");
        await node.stop();
      }
    },
    timeoutMs,
  );

  test(
    "below what is checkpointed as synced: no start, and the file stays as it is",
    async () => {
      const text = new TextDecoder().decode(contentOf(points));
      const synced = text.replace(/__cluster_metadata 0 \d+/, `__cluster_metadata 0 ${second.offset}`);
      for (let at = before.position + 3; at < content.length; at += STEP) {
        const damaged = damagedFrom(content, at, kind);
        if (sameBytes(damaged, content)) continue;
        const disk = diskWith(image, { [log]: damaged, [points]: new TextEncoder().encode(synced) });
        const said = await MemoryNode.start(settings, disk).then(
          () => "started",
          (error) => String(error),
        );
        expect(said).toMatch(/is damaged at byte \d+/);
        expect(sameBytes(disk.contentOf(log), damaged)).toBe(true);
      }
    },
    timeoutMs,
  );

  test(
    "in the vote: it is never guessed",
    async () => {
      const bytes = contentOf(vote);
      for (let at = 0; at < bytes.length; at += STEP) {
        const damaged = damagedFrom(bytes, at, kind);
        const node = await start({ [vote]: damaged });
        expect(node).toContain("quorum-state is not readable; it holds this voter's vote");
      }
    },
    timeoutMs,
  );
});
