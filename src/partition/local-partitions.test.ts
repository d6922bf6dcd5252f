/**
 * What a coordinator sees of its partition: appends in order, commits in turns of their own, the log read back whole.
 */
import { expect, test } from "bun:test";
import { KafkaError } from "../../protocol/errors.ts";
import { buildBatch } from "../../protocol/records/builder.ts";
import { forEachBatch, readRecords } from "../../protocol/records/cursor.ts";
import { DataPlane } from "../apis/testing/data-plane.ts";
import { LocalPartitions } from "./local-partitions.ts";

const OFFSETS = "__consumer_offsets";
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const batchOf = (...keys: string[]): Uint8Array =>
  buildBatch(keys.map((key) => ({ timestamp: 1_700_000_000_000, key: bytesOf(key), value: bytesOf("v") })));

async function open(): Promise<{ plane: DataPlane; partitions: LocalPartitions }> {
  const plane = await DataPlane.open();
  await plane.createTopic(OFFSETS, 3, { "cleanup.policy": "compact" });
  return { plane, partitions: new LocalPartitions(plane.replicas, () => plane.image) };
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof KafkaError) return error.error;
    throw error;
  }
  return "accepted";
}

test("appends give the last offset at once and report the commit later", async () => {
  const { plane, partitions } = await open();
  const commits: number[] = [];
  partitions.follow(OFFSETS, 1, { committed: (offset) => commits.push(offset), lost: () => commits.push(-1) });
  expect(partitions.append(OFFSETS, 1, 0, batchOf("a", "b"))).toBe(1);
  expect(partitions.append(OFFSETS, 1, 0, batchOf("c"))).toBe(2);
  expect(partitions.range(OFFSETS, 1)).toEqual({ startOffset: 0, endOffset: 3, highWatermark: 0 });
  expect(commits).toEqual([]);
  await plane.settle();
  expect(commits).toEqual([3]);
  expect(partitions.range(OFFSETS, 1).highWatermark).toBe(3);
  expect(partitions.partitionCount(OFFSETS)).toBe(3);
  expect(partitions.partitionCount("gone")).toBe(0);
});

test("without a sync before the acknowledgement the commit still comes in a turn of its own", async () => {
  const plane = await DataPlane.open([["odradek.flush.before.ack", "false"]]);
  await plane.createTopic(OFFSETS);
  const partitions = new LocalPartitions(plane.replicas, () => plane.image);
  const commits: number[] = [];
  partitions.follow(OFFSETS, 0, { committed: (offset) => commits.push(offset), lost: () => {} });
  partitions.append(OFFSETS, 0, 0, batchOf("a"));
  expect(commits).toEqual([]);
  await plane.settle();
  expect(commits).toEqual([1]);
});

test("an epoch of the past, which a start sees once more, leaves those of the log as they are", async () => {
  const { plane, partitions } = await open();
  const replica = plane.replicas.online(OFFSETS, 0);
  const role = { leader: 1, leaderEpoch: 0, partitionEpoch: 0, replicas: [1], isr: [1], elr: [] };
  for (const leaderEpoch of [4, 6]) {
    replica.applyRole({ ...role, leaderEpoch, partitionEpoch: leaderEpoch });
    partitions.append(OFFSETS, 0, leaderEpoch, batchOf("a"));
  }
  const before = [...replica.log.epochs.entries()];
  for (const leaderEpoch of [0, 4, 6]) {
    const again = { ...role, leaderEpoch, partitionEpoch: 6 };
    replica.applyRole(again);
  }
  expect([...replica.log.epochs.entries()]).toEqual(before);
  expect(before.at(-1)).toEqual({ epoch: 6, startOffset: 1 });
});

test("reading gives whole batches, at least one, and nothing at the end", async () => {
  const { partitions } = await open();
  partitions.append(OFFSETS, 0, 0, batchOf("a", "b"));
  partitions.append(OFFSETS, 0, 0, batchOf("c"));
  const whole = await partitions.read(OFFSETS, 0, 0, 1 << 20);
  const keys: string[] = [];
  const end = forEachBatch(whole, (at) => {
    for (const { key } of readRecords(whole, at)) keys.push(new TextDecoder().decode(key ?? undefined));
  });
  expect([keys, end]).toEqual([["a", "b", "c"], whole.length]);
  const one = await partitions.read(OFFSETS, 0, 0, 1);
  expect(readRecords(one).length).toBe(2);
  const cut = await partitions.read(OFFSETS, 0, 0, one.length + 10);
  expect(cut.length).toBe(one.length);
  expect((await partitions.read(OFFSETS, 0, 3, 100)).length).toBe(0);
});

test("another epoch, another leader, a lost directory: refused, and followers hear of it once", async () => {
  const { plane, partitions } = await open();
  const lost: string[] = [];
  partitions.follow(OFFSETS, 0, { committed: () => {}, lost: () => lost.push("0") });
  partitions.follow(OFFSETS, 1, { committed: () => {}, lost: () => lost.push("1") });
  const cancel = partitions.follow(OFFSETS, 0, { committed: () => {}, lost: () => lost.push("cancelled") });
  cancel();
  const append = (partition: number, epoch = 0) => partitions.append(OFFSETS, partition, epoch, batchOf("a"));
  expect(refusal(() => append(0, 7))).toBe("NOT_LEADER_OR_FOLLOWER");
  await plane.changePartition(OFFSETS, 0, { leader: 2, leaderEpoch: 1, replicas: [1, 2] });
  expect(refusal(() => append(0))).toBe("NOT_LEADER_OR_FOLLOWER");
  expect(refusal(() => partitions.follow(OFFSETS, 0, { committed: () => {}, lost: () => {} }))).toBe(
    "NOT_LEADER_OR_FOLLOWER",
  );
  expect(refusal(() => partitions.range(OFFSETS, 9))).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  plane.disk.fault = (operation) => (operation === "write" ? "EIO" : null);
  expect(refusal(() => append(1))).toBe("KAFKA_STORAGE_ERROR");
  expect(refusal(() => append(1))).toBe("KAFKA_STORAGE_ERROR");
  expect(lost).toEqual(["0", "1"]);
});

test("too large for the topic is refused", async () => {
  const { plane, partitions } = await open();
  await plane.configure(OFFSETS, { "max.message.bytes": "70" });
  expect(partitions.batchBytesMax(OFFSETS, 0)).toBe(70);
  expect(refusal(() => partitions.append(OFFSETS, 0, 0, batchOf("a", "b")))).toBe("MESSAGE_TOO_LARGE");
});

test("a clean stop commits what only this node has to hold, also where it led no longer", async () => {
  const { plane, partitions } = await open();
  partitions.append(OFFSETS, 1, 0, batchOf("a", "b"));
  expect(partitions.range(OFFSETS, 1).highWatermark).toBe(0);
  const log = plane.replicas.get(OFFSETS, 1)?.log;
  const stopped = plane.replicas.stop();
  await plane.settle();
  await stopped;
  expect(log?.highWatermark).toBe(2);
});

test("what the image says after a stop is not followed: the logs are being closed", async () => {
  const { plane } = await open();
  const stopped = plane.replicas.stop();
  await plane.settle();
  await stopped;
  const before = plane.replicas.get(OFFSETS, 0)?.role;
  await plane.changePartition(OFFSETS, 0, { leader: 2, leaderEpoch: 1, replicas: [1, 2] });
  expect(plane.replicas.get(OFFSETS, 0)?.role).toEqual(before as NonNullable<typeof before>);
});
