/** Disks that are full or read-only under a real process. Needs the right to mount a file system, so Linux and root. */
import { afterEach, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { type Broker, startOdradek } from "../lib/brokers.ts";
import { root, temporary } from "../lib/place.ts";
import { run } from "../lib/process.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanup.splice(0).reverse()) await each();
});

function mounted(options: string): string | null {
  const { path, remove } = temporary("disk");
  const { exitCode } = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path], { stderr: "ignore" });
  cleanup.push(remove);
  if (exitCode !== 0) return null;
  cleanup.push(() => Bun.spawnSync(["umount", "-l", path]));
  return path;
}

const mayMount = process.platform === "linux" && process.getuid?.() === 0 && mounted("size=64k") !== null;
for (const each of cleanup.splice(0).reverse()) each();
if (!mayMount) console.log("NOT RUN: this user may not mount a file system");

const start = (directory: string) =>
  run(
    [
      process.execPath,
      join(root, "src/main.ts"),
      "start",
      "--override",
      `log.dirs=${directory}`,
      "--override",
      "listeners=PLAINTEXT://localhost:0,CONTROLLER://localhost:0",
    ],
    { timeoutMs: 20_000 },
  );

test.skipIf(!mayMount).each([
  ["read-only", "size=64k,ro", (path: string) => `Cannot write ${path}/data: the file system is read-only.\n`],
  ["full", "size=16k", (path: string) => new RegExp(`^Cannot write ${path}/data/\\S+: the disk is full\\.\n$`)],
])("a start on a %s disk is one sentence and exit code 1", async (_, options, sentence) => {
  const path = mounted(options) as string;
  const { exitCode, stderr } = await start(join(path, "data"));
  expect(stderr).toMatch(sentence(path));
  expect(exitCode).toBe(1);
});

/** Produces until the disk is full; the number of records acknowledged. */
async function fill(broker: Broker): Promise<number> {
  const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: "fills", numPartitions: 1 }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  let acknowledged = 0;
  try {
    for (; acknowledged < 1000; acknowledged++) {
      await producer.send({ topic: "fills", acks: -1, messages: [{ value: Buffer.alloc(400_000, acknowledged) }] });
    }
  } catch {
    await producer.disconnect().catch(() => {});
  }
  return acknowledged;
}

test.skipIf(!mayMount)(
  "a disk that fills up refuses producers and nobody else, until there is room; what was acknowledged is there",
  async () => {
    const path = mounted("size=24m") as string;
    mkdirSync(join(path, "data"));
    const broker = await startOdradek({
      settings: { "log.dirs": join(path, "data"), "log.index.size.max.bytes": "4096" },
    });
    cleanup.push(() => broker.dispose());
    const acknowledged = await fill(broker);
    expect(acknowledged).toBeGreaterThan(20);
    expect(acknowledged).toBeLessThan(100);
    const admin = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const end = async () => Number((await admin.fetchTopicOffsets("fills"))[0]?.high);
    expect(await end()).toBeGreaterThanOrEqual(acknowledged);
    expect(Bun.spawnSync(["mount", "-o", "remount,size=64m", path]).exitCode).toBe(0);
    const before = await end();
    for (let tries = 0; tries < 50 && (await end()) === before; tries++) {
      await Bun.sleep(100);
      await fill(broker);
    }
    expect(await end()).toBeGreaterThan(before);
    await admin.disconnect();
  },
  60_000,
);
