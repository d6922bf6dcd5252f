/** Settings of the node as a whole do what they say; those that may change while it runs do so without a restart. */
import { afterEach, expect, test } from "bun:test";
import type { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { ZERO_UUID } from "../../base/uuid.ts";
import { errorName } from "../../protocol/errors.ts";
import { ApiVersions } from "../../protocol/generated/api-versions.ts";
import { DeleteTopics } from "../../protocol/generated/delete-topics.ts";
import { DescribeConfigs } from "../../protocol/generated/describe-configs.ts";
import { DescribeProducers } from "../../protocol/generated/describe-producers.ts";
import { DescribeQuorum } from "../../protocol/generated/describe-quorum.ts";
import { FindCoordinator } from "../../protocol/generated/find-coordinator.ts";
import { IncrementalAlterConfigs } from "../../protocol/generated/incremental-alter-configs.ts";
import { JoinGroup } from "../../protocol/generated/join-group.ts";
import { OffsetCommit } from "../../protocol/generated/offset-commit.ts";
import { alterCluster, createTopic, deleteRecords, metadata, produce, startOffset } from "./testing/admin.ts";
import { type MemoryClient, MemoryNode } from "./testing/memory-node.ts";

let running: MemoryNode | null = null;

async function start(settings: Readonly<Record<string, string>> = {}): Promise<MemoryNode> {
  running = await MemoryNode.start(settings);
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = null;
});

const hello = { clientSoftwareName: "test", clientSoftwareVersion: "1" };

/** Whether the node serves a new connection. */
async function isServed(node: MemoryNode, client: MemoryClient): Promise<boolean> {
  await node.clock.run(20, 1);
  if (client.closed) return false;
  try {
    await client.call(ApiVersions, 3, hello);
    return true;
  } catch {
    return false;
  }
}

test.each([[{ "max.connections.per.ip": "2" }], [{ "max.connections.per.ip.overrides": "127.0.0.1:2" }]])(
  "%j closes the third connection of one host",
  async (limit) => {
    const node = await start();
    await alterCluster(node, limit);
    const first = [await node.connect(), await node.connect()];
    for (const client of first) expect(await isServed(node, client)).toBe(true);
    expect(await isServed(node, await node.connect())).toBe(false);
    first[0]?.close();
    await node.clock.run(10, 1);
    expect(await isServed(node, await node.connect())).toBe(true);
  },
);

test("max.connections lets a new connection wait until there is a place", async () => {
  const node = await start();
  const first = await node.connect();
  expect(await isServed(node, first)).toBe(true);
  await alterCluster(node, { "max.connections": "1" });
  const second = await node.connect();
  const answer = second.call(ApiVersions, 3, hello);
  let answered = false;
  void answer.then(() => {
    answered = true;
  });
  await node.clock.run(1000, 10);
  expect([answered, second.closed]).toEqual([false, false]);
  first.close();
  expect((await answer).errorCode).toBe(0);
});

test("connections.max.idle.ms closes a silent connection", async () => {
  const node = await start({ "connections.max.idle.ms": "5000" });
  const client = await node.connect();
  expect(await isServed(node, client)).toBe(true);
  await node.clock.run(2000, 100);
  expect(client.closed).toBe(false);
  await node.clock.run(10_000, 100);
  expect(client.closed).toBe(true);
});

test("socket.request.max.bytes closes the connection of a larger request", async () => {
  const node = await start({ "socket.request.max.bytes": "1000" });
  await createTopic(node, "orders");
  expect((await produce(node, "orders")).error).toBe("NONE");
  const large = { records: [{ timestamp: node.clock.nowMs(), key: null, value: new Uint8Array(2000) }] };
  await expect(produce(node, "orders", large)).rejects.toThrow("the node closed the connection");
});

test.each([
  ["true", "NONE"],
  ["false", "TOPIC_DELETION_DISABLED"],
])("delete.topic.enable=%s answers a deletion with %s", async (value, error) => {
  const node = await start({ "delete.topic.enable": value });
  await createTopic(node, "orders");
  const reply = await node.call(DeleteTopics, 5, { topics: [], topicNames: ["orders"], timeoutMs: 1000 });
  expect(errorName(reply.responses[0]?.errorCode as number)).toBe(error as "NONE");
});

test("broker.rack and advertised.listeners are what clients are told", async () => {
  const node = await start({ "broker.rack": "zone-a", "advertised.listeners": "PLAINTEXT://kafka.example.org:19092" });
  const { brokers } = await metadata(node, "orders");
  expect(brokers).toMatchObject([{ nodeId: 1, host: "kafka.example.org", port: 19092, rack: "zone-a" }]);
});

test("odradek.log.level, and the level of the root logger, say what is printed", async () => {
  const node = await start({ "odradek.log.level": "warn" });
  expect(node.logLevel).toBe("warn");
  await alterCluster(node, { "odradek.log.level": "debug" });
  expect(node.logLevel).toBe("debug");
  const configs = [{ name: "root", configOperation: 0, value: "ERROR" }];
  const resources = [{ resourceType: 8, resourceName: "1", configs }];
  await node.call(IncrementalAlterConfigs, 1, { resources, validateOnly: false });
  expect(node.logLevel).toBe("error");
});

test("replica.high.watermark.checkpoint.interval.ms says how often high watermarks are written", async () => {
  const node = await start({ "replica.high.watermark.checkpoint.interval.ms": "600000" });
  await createTopic(node, "orders");
  await produce(node, "orders");
  const written = () => (node.disk.info("/data/replication-offset-checkpoint")?.sizeBytes ?? 0) > 4;
  await node.clock.run(60_000, 500);
  const slow = written();
  await node.clock.run(600_000, 5000);
  expect([slow, written()]).toEqual([false, true]);
});

test("log.initial.task.delay.ms: then retention and the checkpoints of logs begin, whatever their periods", async () => {
  const seen: boolean[][] = [];
  const settings = { "log.initial.task.delay.ms": "5000", "log.segment.bytes": "1048576", "log.retention.ms": "100" };
  const periods = ["log.retention.check", "log.flush.offset.checkpoint", "log.flush.start.offset.checkpoint"];
  const node = await start({
    ...settings,
    ...Object.fromEntries(periods.map((name) => [`${name}.interval.ms`, name.endsWith("check") ? "600000" : "0"])),
  });
  await createTopic(node, "orders");
  await produce(node, "orders");
  const content = (file: string) => new TextDecoder().decode(node.disk.contentOf(`/data/${file}`));
  const look = async (): Promise<void> => {
    const recoveryPoint = /^orders 0 \d+$/m.test(content("recovery-point-offset-checkpoint"));
    seen.push([recoveryPoint, (await startOffset(node, "orders")) === 1]);
  };
  await node.clock.run(4_000, 50);
  await look();
  await node.clock.run(1_500, 50);
  await look();
  expect(seen).toEqual([
    [false, false],
    [true, true],
  ]);
});

test.each([
  ["log.flush.offset.checkpoint.interval.ms", "recovery-point-offset-checkpoint"],
  ["log.flush.start.offset.checkpoint.interval.ms", "log-start-offset-checkpoint"],
])("%s says how often %s is written, and 0 that a stop is enough", async (name, file) => {
  const seen: boolean[] = [];
  for (const period of ["600000", "0"]) {
    const node = await start({ [name]: period });
    await node.clock.run(30_000, 5000); // log.initial.task.delay.ms: the first time
    const written = () => /^orders 0 [12]$/m.test(new TextDecoder().decode(node.disk.contentOf(`/data/${file}`)));
    await createTopic(node, "orders");
    await produce(node, "orders");
    await produce(node, "orders");
    expect(await deleteRecords(node, "orders", 1)).toBe("NONE");
    await node.clock.run(590_000, 5000);
    seen.push(written());
    await node.clock.run(600_000, 5000);
    seen.push(written());
    await node.stop();
    running = null;
    seen.push(written());
  }
  expect(seen).toEqual([false, true, true, false, false, true]);
});

/** The most logs of one start whose segments were being read at the same time. */
async function loadedTogether(disk: MemoryDisk): Promise<number> {
  const reads: string[] = [];
  disk.fault = (operation, path) => {
    const log = /^\/data\/(orders-\d+)\/\d+\.log$/.exec(path)?.[1];
    if (operation === "read" && log !== undefined) reads.push(log);
    return null;
  };
  running = await MemoryNode.start({}, disk);
  disk.fault = () => null;
  const spans = [...new Set(reads)].map((log) => [reads.indexOf(log), reads.lastIndexOf(log)] as const);
  return Math.max(...spans.map(([at]) => spans.filter(([from, to]) => from <= at && at <= to).length));
}

test("num.recovery.threads.per.data.dir says how many logs are recovered at a time, from the next start on", async () => {
  const node = await start({ "odradek.flush.before.ack": "false" });
  await createTopic(node, "orders", {}, 6);
  for (let partition = 0; partition < 6; partition++) await produce(node, "orders", { partition });
  node.disk.kill();
  expect(await loadedTogether(node.disk)).toBe(2);
  await alterCluster(running as MemoryNode, { "num.recovery.threads.per.data.dir": "4" });
  node.disk.kill();
  expect(await loadedTogether(node.disk)).toBe(4);
});

async function metadataEnd(node: MemoryNode): Promise<number> {
  const topics = [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }];
  const reply = await node.call(DescribeQuorum, 1, { topics });
  return reply.topics[0]?.partitions[0]?.highWatermark as number;
}

test("metadata.max.idle.interval.ms says how often an idle controller writes", async () => {
  const node = await start({ "metadata.max.idle.interval.ms": "0" });
  const before = await metadataEnd(node);
  await node.clock.run(10_000, 100);
  expect(await metadataEnd(node)).toBe(before);
  await node.stop();
  const lively = await start({ "metadata.max.idle.interval.ms": "1000" });
  const start1 = await metadataEnd(lively);
  await lively.clock.run(10_000, 100);
  expect(await metadataEnd(lively)).toBeGreaterThanOrEqual(start1 + 9);
});

test("metadata.log.max.record.bytes.between.snapshots and metadata.log.max.snapshot.interval.ms bring snapshots", async () => {
  const snapshots = (node: MemoryNode) =>
    node.disk.list("/data/__cluster_metadata-0").filter(({ name }) => name.endsWith(".checkpoint")).length;
  const idle = await start();
  await idle.clock.run(60_000, 1000);
  const usual = snapshots(idle);
  await idle.stop();
  const eager = await start({ "metadata.log.max.record.bytes.between.snapshots": "1" });
  await createTopic(eager, "orders");
  await eager.clock.run(5000, 100);
  expect(snapshots(eager)).toBeGreaterThan(usual);
  await eager.stop();
  const timed = await start({ "metadata.log.max.snapshot.interval.ms": "10000" });
  await timed.clock.run(60_000, 1000);
  expect(snapshots(timed)).toBeGreaterThan(usual);
});

const metadataFiles = (node: MemoryNode, ending: string): string[] =>
  node.disk
    .list("/data/__cluster_metadata-0")
    .map(({ name }) => name)
    .filter((name) => name.endsWith(ending));

test("metadata.log.segment.ms rolls the metadata log, metadata.max.retention.bytes and .ms delete its old segments", async () => {
  const rolling = { "metadata.log.segment.ms": "1000", "metadata.log.max.snapshot.interval.ms": "3000" };
  const keeping = await start(rolling);
  await keeping.clock.run(90_000, 1000);
  const kept = metadataFiles(keeping, ".log").length;
  expect(kept).toBeGreaterThan(15);
  await keeping.stop();
  for (const limit of [{ "metadata.max.retention.bytes": "100" }, { "metadata.max.retention.ms": "5000" }]) {
    const node = await start({ ...rolling, ...limit });
    await node.clock.run(90_000, 1000);
    expect(metadataFiles(node, ".log").length).toBeLessThan(kept);
    await node.stop();
    running = null;
  }
}, 60_000);

test("internal.metadata.delete.delay.millis keeps deleted snapshots for a while, segments keep their minute", async () => {
  const node = await start({
    "internal.metadata.log.segment.bytes": "1000",
    "metadata.log.max.snapshot.interval.ms": "3000",
    "metadata.max.retention.bytes": "100",
    "internal.metadata.delete.delay.millis": "5000",
  });
  await node.clock.run(61_000, 1000);
  expect(metadataFiles(node, ".checkpoint.deleted").length).toBeGreaterThan(5);
  expect(metadataFiles(node, ".log.deleted").length).toBeGreaterThan(2);
  await node.clock.run(7_000, 1000);
  expect(metadataFiles(node, ".checkpoint.deleted")).toEqual([]);
  expect(metadataFiles(node, ".log.deleted").length).toBeGreaterThan(2);
});

test("broker.heartbeat.interval.ms longer than broker.session.timeout.ms gets the broker fenced", async () => {
  const usual = await start({ "broker.session.timeout.ms": "1000", "broker.heartbeat.interval.ms": "300" });
  await usual.clock.run(10_000, 100);
  expect((await metadata(usual, "orders")).brokers).toHaveLength(1);
  await usual.stop();
  const late = await start({ "broker.session.timeout.ms": "1000", "broker.heartbeat.interval.ms": "30000" });
  await late.clock.run(10_000, 100);
  expect((await metadata(late, "orders")).brokers).toHaveLength(0);
});

test("producer.id.expiration.ms forgets producers, at once when it is changed", async () => {
  const node = await start();
  await createTopic(node, "orders");
  await produce(node, "orders", { batch: { producerId: 5, producerEpoch: 0, baseSequence: 0 } });
  const active = async () => {
    const topics = [{ name: "orders", partitionIndexes: [0] }];
    const reply = await node.call(DescribeProducers, 0, { topics });
    return reply.topics[0]?.partitions[0]?.activeProducers.length;
  };
  await node.clock.run(1_200_000, 10_000);
  expect(await active()).toBe(1);
  await alterCluster(node, { "producer.id.expiration.ms": "60000" });
  await node.clock.run(1_200_000, 10_000);
  expect(await active()).toBe(0);
});

async function groupReady(node: MemoryNode, group: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const reply = await node.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: [group] });
    if (reply.coordinators[0]?.errorCode === 0) return;
    await node.clock.run(50, 5);
  }
  throw new Error("no coordinator");
}

/** The first answer to a join that names no member. */
async function join(node: MemoryNode, sessionTimeoutMs: number): Promise<string> {
  await groupReady(node, "readers");
  const request = {
    groupId: "readers",
    sessionTimeoutMs,
    rebalanceTimeoutMs: 10_000,
    memberId: "",
    groupInstanceId: null,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: new Uint8Array(0) }],
    reason: null,
  };
  for (;;) {
    const { errorCode } = await node.call(JoinGroup, 5, request);
    if (errorName(errorCode) !== "COORDINATOR_LOAD_IN_PROGRESS") return errorName(errorCode);
    await node.clock.run(50, 5);
  }
}

test("group.min.session.timeout.ms and group.max.session.timeout.ms bound what a member may ask for", async () => {
  const node = await start({ "group.min.session.timeout.ms": "5000", "group.max.session.timeout.ms": "9000" });
  expect(await join(node, 6000)).toBe("MEMBER_ID_REQUIRED");
  expect(await join(node, 4000)).toBe("INVALID_SESSION_TIMEOUT");
  expect(await join(node, 10_000)).toBe("INVALID_SESSION_TIMEOUT");
});

test("offset.metadata.max.bytes bounds the text of a commit", async () => {
  const node = await start({ "offset.metadata.max.bytes": "10" });
  await createTopic(node, "orders");
  await groupReady(node, "readers");
  const commit = async (committedMetadata: string) => {
    const partitions = [{ partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata }];
    const reply = await node.call(OffsetCommit, 8, {
      groupId: "readers",
      generationIdOrMemberEpoch: -1,
      memberId: "",
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [{ name: "orders", topicId: ZERO_UUID, partitions }],
    });
    return errorName(reply.topics[0]?.partitions[0]?.errorCode as number);
  };
  expect(await commit("short")).toBe("NONE");
  expect(await commit("longer than ten")).toBe("OFFSET_METADATA_TOO_LARGE");
});

test("offsets.topic.num.partitions and offsets.topic.segment.bytes shape the offsets topic", async () => {
  const node = await start({ "offsets.topic.num.partitions": "3", "offsets.topic.segment.bytes": "2000000" });
  await groupReady(node, "readers");
  const { topics } = await metadata(node, "__consumer_offsets");
  expect(topics[0]?.partitions).toHaveLength(3);
  const resources = [{ resourceType: 2, resourceName: "__consumer_offsets", configurationKeys: ["segment.bytes"] }];
  const options = { includeSynonyms: false, includeDocumentation: false };
  const { results } = await node.call(DescribeConfigs, 4, { resources, ...options });
  expect(results[0]?.configs[0]?.value).toBe("2000000");
});

test("offsets.topic.replication.factor above the number of brokers leaves groups without a coordinator", async () => {
  const node = await start({ "offsets.topic.replication.factor": "3" });
  await expect(groupReady(node, "readers")).rejects.toThrow("no coordinator");
});

test("controlled.shutdown.enable=false: it goes without a word to the controller", async () => {
  const says: boolean[] = [];
  for (const value of ["true", "false"]) {
    const node = await start({ "controlled.shutdown.enable": value });
    await node.stop();
    running = null;
    says.push(node.lines.some((line) => line.includes("controlled shutdown")));
    const again = await MemoryNode.start({}, node.disk);
    expect(again.lines.filter((line) => /unclean|Recover/.test(line))).toEqual([]);
    await again.stop();
  }
  expect(says).toEqual([true, false]);
});
