/**
 * ListOffsets, DeleteRecords, InitProducerId, OffsetForLeaderEpoch, DescribeLogDirs and DescribeProducers over real
 * logs.
 */
import { expect, test } from "bun:test";
import { errorName } from "../../protocol/errors.ts";
import type { ListOffsetsPartitionResponse } from "../../protocol/generated/list-offsets.ts";
import { type BatchOptions, buildBatch } from "../../protocol/records/builder.ts";
import { listOffsets } from "./02-list-offsets.ts";
import { deleteRecords } from "./21-delete-records.ts";
import { initProducerId } from "./22-init-producer-id.ts";
import { offsetForLeaderEpoch } from "./23-offset-for-leader-epoch.ts";
import { describeLogDirs } from "./35-describe-log-dirs.ts";
import { describeProducers } from "./61-describe-producers.ts";
import { DataPlane } from "./testing/data-plane.ts";

const NOW = 1_700_000_000_000;
const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;
const EARLIEST_PENDING = -6;

async function append(plane: DataPlane, timestamps: readonly number[], options: BatchOptions = {}): Promise<void> {
  const value = new Uint8Array(20);
  const records = timestamps.map((timestamp) => ({ timestamp, key: new Uint8Array(1), value }));
  const replica = plane.replicas.get("orders", 0);
  replica?.append(buildBatch(records, options), 1, "client");
  replica?.wantCommit();
  await plane.settle();
}

async function planeWithRecords(): Promise<DataPlane> {
  const plane = await DataPlane.open();
  await plane.createTopic("orders");
  await append(plane, [NOW, NOW + 10]);
  await append(plane, [NOW + 30, NOW + 20]);
  return plane;
}

interface Asked {
  readonly version?: number;
  readonly replicaId?: number;
  readonly isolationLevel?: number;
  readonly currentLeaderEpoch?: number;
  readonly partitions?: readonly number[];
}

async function offsets(
  plane: DataPlane,
  timestamp: number,
  asked: Asked = {},
): Promise<ListOffsetsPartitionResponse[]> {
  const { version = 11, replicaId = -1, isolationLevel = 0, currentLeaderEpoch = -1, partitions = [0] } = asked;
  const named = partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch, timestamp }));
  const request = { replicaId, isolationLevel, topics: [{ name: "orders", partitions: named }], timeoutMs: 0 };
  const response = await plane.call(listOffsets, request, version);
  return response.topics.flatMap((topic) => topic.partitions);
}

async function offset(plane: DataPlane, timestamp: number, asked: Asked = {}) {
  const [found] = await offsets(plane, timestamp, asked);
  return found === undefined ? [] : [errorName(found.errorCode), found.offset, found.timestamp, found.leaderEpoch];
}

test.each([
  ["the latest", LATEST, ["NONE", 4, -1, 0]],
  ["the earliest", EARLIEST, ["NONE", 0, -1, 0]],
  ["the earliest local", EARLIEST_LOCAL, ["NONE", 0, -1, 0]],
  ["the largest timestamp", MAX_TIMESTAMP, ["NONE", 2, NOW + 30, 0]],
  ["the latest tiered, without tiers", LATEST_TIERED, ["NONE", -1, -1, -1]],
  ["the earliest pending upload, without tiers", EARLIEST_PENDING, ["NONE", -1, -1, -1]],
  ["before all", 0, ["NONE", 0, NOW, 0]],
  ["a record's own time", NOW + 10, ["NONE", 1, NOW + 10, 0]],
  ["between two", NOW + 11, ["NONE", 2, NOW + 30, 0]],
  ["the time of the last", NOW + 30, ["NONE", 2, NOW + 30, 0]],
  ["after all", NOW + 31, ["NONE", -1, -1, -1]],
  ["a place that does not exist", -7, ["UNSUPPORTED_VERSION", -1, -1, -1]],
] as const)("ListOffsets: %s", async (_, timestamp, expected) => {
  expect(await offset(await planeWithRecords(), timestamp)).toEqual([...expected]);
});

test.each([
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
  [EARLIEST_PENDING, 11],
] as const)("ListOffsets: place %d is served from v%d on", async (place, since) => {
  const plane = await planeWithRecords();
  expect((await offset(plane, place, { version: since - 1 }))[0]).toBe("UNSUPPORTED_VERSION");
  expect((await offset(plane, place, { version: since }))[0]).toBe("NONE");
});

test("ListOffsets: a client sees what is durable, a replica the log's end", async () => {
  const plane = await planeWithRecords();
  plane.disk.gate = () => new Promise(() => {});
  await append(plane, [NOW + 99]);
  expect((await offset(plane, LATEST))[1]).toBe(4);
  expect((await offset(plane, LATEST, { isolationLevel: 1 }))[1]).toBe(4);
  expect((await offset(plane, LATEST, { replicaId: -2 }))[1]).toBe(5);
  expect((await offset(plane, NOW + 99))[1]).toBe(-1);
});

test("ListOffsets: epochs, strangers and repetitions", async () => {
  const plane = await planeWithRecords();
  await plane.changePartition("orders", 0, { leaderEpoch: 3 });
  expect((await offset(plane, LATEST, { currentLeaderEpoch: 2 }))[0]).toBe("FENCED_LEADER_EPOCH");
  expect((await offset(plane, LATEST, { currentLeaderEpoch: 4 }))[0]).toBe("UNKNOWN_LEADER_EPOCH");
  expect(await offset(plane, LATEST, { currentLeaderEpoch: 3 })).toEqual(["NONE", 4, -1, 3]);
  expect((await offset(plane, LATEST, { partitions: [9] }))[0]).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  const twice = await offsets(plane, LATEST, { partitions: [0, 0] });
  expect(twice.map(({ errorCode }) => errorName(errorCode))).toEqual(["INVALID_REQUEST"]);
  await plane.changePartition("orders", 0, { leader: 2, replicas: [1, 2] });
  expect((await offset(plane, LATEST))[0]).toBe("NOT_LEADER_OR_FOLLOWER");
  expect((await offset(plane, LATEST, { replicaId: -2 }))[0]).toBe("NONE");
});

test("ListOffsets: latest is not known until the high watermark reaches the start of the epoch", async () => {
  const plane = await planeWithRecords();
  plane.disk.gate = () => new Promise(() => {});
  await append(plane, [NOW + 99]);
  await plane.changePartition("orders", 0, { leaderEpoch: 3 });
  expect((await offset(plane, LATEST))[0]).toBe("OFFSET_NOT_AVAILABLE");
  expect((await offset(plane, LATEST, { version: 4 }))[0]).toBe("LEADER_NOT_AVAILABLE");
  expect((await offset(plane, NOW + 99))[0]).toBe("OFFSET_NOT_AVAILABLE");
  expect((await offset(plane, EARLIEST))[0]).toBe("NONE");
});

async function deletes(plane: DataPlane, topic: string, upTo: number, partitionIndex = 0): Promise<[string, number]> {
  const topics = [{ name: topic, partitions: [{ partitionIndex, offset: upTo }] }];
  const [partition] = (await plane.call(deleteRecords, { topics, timeoutMs: 0 })).topics[0]?.partitions ?? [];
  return [errorName(partition?.errorCode ?? 0), partition?.lowWatermark ?? 0];
}

test("DeleteRecords moves the log start, to the high watermark with -1, never back", async () => {
  const plane = await planeWithRecords();
  expect(await deletes(plane, "orders", 3)).toEqual(["NONE", 3]);
  expect(await deletes(plane, "orders", 1)).toEqual(["NONE", 3]);
  expect(await deletes(plane, "orders", -1)).toEqual(["NONE", 4]);
  expect(await offset(plane, EARLIEST)).toEqual(["NONE", 4, -1, 0]);
});

test("DeleteRecords refuses what Apache refuses", async () => {
  const plane = await planeWithRecords();
  await plane.createTopic("__consumer_offsets");
  expect(await deletes(plane, "orders", 5)).toEqual(["OFFSET_OUT_OF_RANGE", -1]);
  expect(await deletes(plane, "orders", -2)).toEqual(["OFFSET_OUT_OF_RANGE", -1]);
  expect(await deletes(plane, "orders", 0, 4)).toEqual(["UNKNOWN_TOPIC_OR_PARTITION", -1]);
  expect(await deletes(plane, "__consumer_offsets", 0)).toEqual(["INVALID_TOPIC_EXCEPTION", -1]);
  await plane.configure("orders", { "cleanup.policy": "compact" });
  expect(await deletes(plane, "orders", 1)).toEqual(["POLICY_VIOLATION", -1]);
  await plane.configure("orders", { "cleanup.policy": "compact,delete" });
  expect(await deletes(plane, "orders", 1)).toEqual(["NONE", 1]);
});

test("InitProducerId gives ids of the controller's blocks, each once, epoch 0", async () => {
  const plane = await DataPlane.open();
  const ids: number[] = [];
  const request = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1, producerEpoch: -1 };
  const full = { ...request, enable2Pc: false, keepPreparedTxn: false };
  for (let version = 0; version <= 5; version++) {
    const { errorCode, producerId, producerEpoch } = await plane.call(initProducerId, full, version);
    expect([errorCode, producerEpoch]).toEqual([0, 0]);
    ids.push(producerId);
  }
  const many = await Promise.all([1, 2, 3, 4].map(() => plane.call(initProducerId, full)));
  expect([...ids, ...many.map(({ producerId }) => producerId)]).toEqual(Array.from({ length: 10 }, (_, i) => 1000 + i));
  const error = async (changes: object): Promise<string> =>
    errorName((await plane.call(initProducerId, { ...full, ...changes })).errorCode);
  expect(await error({ transactionalId: "t" })).toBe("TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
  expect(await error({ transactionalId: "" })).toBe("INVALID_REQUEST");
  expect(await error({ producerId: 5 })).toBe("INVALID_REQUEST");
  expect(await error({ producerId: 5, producerEpoch: 1 })).toBe("NONE");
});

test("OffsetForLeaderEpoch tells where epochs end", async () => {
  const plane = await planeWithRecords();
  await plane.changePartition("orders", 0, { leaderEpoch: 3 });
  await append(plane, [NOW]);
  const end = async (leaderEpoch: number, currentLeaderEpoch = -1, partition = 0) => {
    const partitions = [{ partition, currentLeaderEpoch, leaderEpoch }];
    const reply = await plane.call(offsetForLeaderEpoch, { replicaId: -1, topics: [{ topic: "orders", partitions }] });
    const [found] = reply.topics[0]?.partitions ?? [];
    return [errorName(found?.errorCode ?? 0), found?.leaderEpoch, found?.endOffset];
  };
  expect(await end(0)).toEqual(["NONE", 0, 4]);
  expect(await end(2)).toEqual(["NONE", 0, 4]);
  expect(await end(3)).toEqual(["NONE", 3, 5]);
  expect(await end(4)).toEqual(["NONE", -1, -1]);
  expect(await end(3, 2)).toEqual(["FENCED_LEADER_EPOCH", -1, -1]);
  expect(await end(3, 9)).toEqual(["UNKNOWN_LEADER_EPOCH", -1, -1]);
  expect(await end(3, -1, 8)).toEqual(["UNKNOWN_TOPIC_OR_PARTITION", -1, -1]);
});

test("DescribeLogDirs lists what lies where, all or what is asked for", async () => {
  const plane = await planeWithRecords();
  await plane.createTopic("other", 2);
  const all = await plane.call(describeLogDirs, { topics: null });
  expect(all.results.map(({ errorCode, logDir }) => [errorCode, logDir])).toEqual([[0, "/data"]]);
  const sizes = all.results[0]?.topics.map(({ name, partitions }) => [name, partitions.length]);
  expect(sizes?.sort()).toEqual([
    ["orders", 1],
    ["other", 2],
  ]);
  expect(all.results[0]?.totalBytes).toBe(1 << 30);
  const one = await plane.call(describeLogDirs, { topics: [{ topic: "orders", partitions: [0, 5] }] });
  expect(one.results[0]?.topics).toEqual([
    {
      name: "orders",
      partitions: [
        {
          partitionIndex: 0,
          partitionSize: plane.replicas.get("orders", 0)?.log.sizeBytes ?? 0,
          offsetLag: 0,
          isFutureKey: false,
        },
      ],
    },
  ]);
});

test("DescribeProducers shows who wrote", async () => {
  const plane = await planeWithRecords();
  await append(plane, [NOW, NOW + 1], { producerId: 42, producerEpoch: 3, baseSequence: 0 });
  const describe = async (name: string, partition: number) => {
    const reply = await plane.call(describeProducers, { topics: [{ name, partitionIndexes: [partition] }] });
    return reply.topics[0]?.partitions[0];
  };
  expect(await describe("orders", 0)).toMatchObject({
    errorCode: 0,
    activeProducers: [{ producerId: 42, producerEpoch: 3, lastSequence: 1, currentTxnStartOffset: -1 }],
  });
  expect(errorName((await describe("orders", 3))?.errorCode ?? 0)).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  expect(errorName((await describe("../x", 0))?.errorCode ?? 0)).toBe("INVALID_TOPIC_EXCEPTION");
});

test("an offline directory answers KAFKA_STORAGE_ERROR everywhere", async () => {
  const plane = await planeWithRecords();
  plane.disk.fault = (operation) => (operation === "write" ? "EIO" : null);
  await append(plane, [NOW]).catch(() => {});
  expect((await plane.call(describeLogDirs, { topics: null })).results[0]).toMatchObject({
    topics: [],
    totalBytes: -1,
  });
  expect((await offset(plane, LATEST))[0]).toBe("KAFKA_STORAGE_ERROR");
  expect((await deletes(plane, "orders", 1))[0]).toBe("KAFKA_STORAGE_ERROR");
});

test("after a stop and a start the records, their producers and the high watermark are there", async () => {
  const plane = await planeWithRecords();
  await append(plane, [NOW], { producerId: 42, producerEpoch: 3, baseSequence: 0 });
  const { image } = plane;
  await plane.replicas.stop();
  await plane.directory.close(5);
  const again = await DataPlane.open([], plane.disk);
  await again.restore(image);
  expect(await offset(again, LATEST)).toEqual(["NONE", 5, -1, 0]);
  expect(again.replicas.get("orders", 0)?.log.producers.count).toBe(1);
});
