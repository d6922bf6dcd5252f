/** Fetch through the wire's codecs over real logs in memory: limits, long polls, sessions, epochs, errors. */
import { expect, test } from "bun:test";
import { ZERO_UUID } from "../../base/uuid.ts";
import { errorName } from "../../protocol/errors.ts";
import type { FetchPartition, FetchRequest, FetchResponse, PartitionData } from "../../protocol/generated/fetch.ts";
import * as batch from "../../protocol/records/batch.ts";
import { buildBatch } from "../../protocol/records/builder.ts";
import { forEachBatch } from "../../protocol/records/cursor.ts";
import { consumerFetch, consumerPartition as partition } from "../../protocol/testing/consumer-fetch.ts";
import { fetch } from "./01-fetch.ts";
import { DataPlane } from "./testing/data-plane.ts";

const NOW = 1_700_000_000_000;

const request = (
  partitions: FetchPartition[],
  changes: Partial<FetchRequest> = {},
  topicId = ZERO_UUID,
): FetchRequest => consumerFetch({ topic: "orders", topicId }, partitions, changes);

/** Appends one batch of `count` records of `size` bytes each, and makes it visible. */
async function append(plane: DataPlane, index: number, count = 1, size = 10): Promise<number> {
  const value = new Uint8Array(size).fill(0x61);
  const records = buildBatch(Array.from({ length: count }, () => ({ timestamp: NOW, key: null, value })));
  const replica = plane.replicas.get("orders", index);
  replica?.append(records, 1, "client");
  replica?.wantCommit();
  await plane.settle();
  return records.length;
}

async function planeWith(partitions = 2): Promise<{ plane: DataPlane; id: string }> {
  const plane = await DataPlane.open();
  const id = await plane.createTopic("orders", partitions);
  return { plane, id };
}

const partitionsOf = (response: FetchResponse): PartitionData[] =>
  response.responses.flatMap(({ partitions }) => partitions);

function offsetsIn(data: PartitionData | undefined): number[] {
  const offsets: number[] = [];
  const bytes = data?.records ?? new Uint8Array(0);
  forEachBatch(bytes, (at) => offsets.push(batch.baseOffset(bytes, at)));
  return offsets;
}

for (let version = 4; version <= 18; version++) {
  test(`v${version} returns what was appended`, async () => {
    const { plane, id } = await planeWith();
    await append(plane, 0, 3);
    await append(plane, 0, 2);
    const response = await plane.call(fetch, request([partition(0, 0)], {}, version >= 13 ? id : ZERO_UUID), version);
    const [data] = partitionsOf(response);
    expect(offsetsIn(data)).toEqual([0, 3]);
    expect([data?.errorCode, data?.highWatermark, data?.lastStableOffset]).toEqual([0, 5, 5]);
    expect(data?.abortedTransactions).toBe(null);
    const [topic] = response.responses;
    expect(version >= 13 ? topic?.topicId : topic?.topic).toBe(version >= 13 ? id : "orders");
  });
}

test("records are seen only once they are durable", async () => {
  const { plane } = await planeWith();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  plane.disk.gate = () => held;
  await append(plane, 0);
  const before = await plane.call(fetch, request([partition(0, 0)]), 12);
  expect(partitionsOf(before)[0]).toMatchObject({ errorCode: 0, highWatermark: 0 });
  expect(offsetsIn(partitionsOf(before)[0])).toEqual([]);
  release();
  await plane.settle();
  expect(offsetsIn(partitionsOf(await plane.call(fetch, request([partition(0, 0)]), 12))[0])).toEqual([0]);
});

test("the first batch comes whole whatever the limits, then the limits hold", async () => {
  const { plane } = await planeWith();
  const size = await append(plane, 0, 1, 5000);
  await append(plane, 0, 1, 5000);
  await append(plane, 1, 1, 5000);
  const small = { partitionMaxBytes: 10 };
  const both = await plane.call(fetch, request([partition(0, 0, small), partition(1, 0, small)]), 12);
  expect(partitionsOf(both).map((data) => data.records?.length)).toEqual([size, 0]);
  const total = await plane.call(fetch, request([partition(0, 0), partition(1, 0)], { maxBytes: size + 100 }), 12);
  expect(partitionsOf(total).map((data) => data.records?.length)).toEqual([size + 100, 0]);
});

test("large reads leave as views, and are released when the reply is sent", async () => {
  const { plane } = await planeWith();
  const size = await append(plane, 0, 1, 100_000);
  const answer = (await fetch.handle(
    plane.services,
    request([partition(0, 0)]),
    plane.context(fetch, 12),
  )) as FetchResponse;
  const records = partitionsOf(answer)[0]?.records as Uint8Array;
  expect(records.length).toBe(size);
  expect(batch.isValid(records, 0)).toBe(true);
  plane.sent();
  expect(batch.isValid(records, 0)).toBe(false); // the memory disk poisons what was released
});

test.each([100, 100_000])("%d cold bytes are brought in before they are sent", async (size) => {
  const { plane } = await planeWith();
  const length = await append(plane, 0, 1, size);
  let loaded = false;
  plane.disk.cached = () => loaded;
  const { load } = plane.disk;
  plane.disk.load = async (file) => {
    await load.call(plane.disk, file);
    loaded = true;
  };
  const [data] = partitionsOf(await plane.call(fetch, request([partition(0, 0)]), 12));
  expect([loaded, data?.records?.length]).toEqual([true, length]);
  expect(batch.isValid(data?.records as Uint8Array, 0)).toBe(true);
});

test("a device that cannot bring them in is answered KAFKA_STORAGE_ERROR", async () => {
  const { plane } = await planeWith();
  await append(plane, 0);
  await append(plane, 1);
  plane.disk.cached = () => false;
  plane.disk.fault = (operation, path) =>
    (operation === "load" || operation === "read" || operation === "view") && path.includes("orders-0/") ? "EIO" : null;
  const response = await plane.call(fetch, request([partition(1, 0), partition(0, 0)]), 12);
  const errors = partitionsOf(response).map(({ errorCode }) => errorName(errorCode));
  expect(errors[1]).toBe("KAFKA_STORAGE_ERROR");
});

test("a long poll is answered by the append that brings enough, at once", async () => {
  const { plane } = await planeWith();
  const reply = plane.call(fetch, request([partition(0, 0), partition(1, 0)], { maxWaitMs: 500, minBytes: 150 }), 12);
  let answered = false;
  void reply.then(() => (answered = true));
  await append(plane, 0);
  expect(answered).toBe(false);
  await append(plane, 1);
  expect(answered).toBe(true);
  expect(partitionsOf(await reply).map(offsetsIn)).toEqual([[0], [0]]);
  expect(plane.clock.pendingTimers).toBe(0);
});

test("a long poll without records ends with its time", async () => {
  const { plane } = await planeWith();
  const reply = plane.call(fetch, request([partition(0, 0)], { maxWaitMs: 500 }), 12);
  await plane.settle();
  plane.clock.advance(499);
  let answered = false;
  void reply.then(() => (answered = true));
  await plane.settle();
  expect(answered).toBe(false);
  plane.clock.advance(1);
  expect(partitionsOf(await reply)[0]).toMatchObject({ errorCode: 0, highWatermark: 0 });
});

test("a long poll ends with leadership, with the topic, and with its connection", async () => {
  const { plane } = await planeWith();
  const poll = (): Promise<FetchResponse> =>
    plane.call(fetch, request([partition(0, 0)], { maxWaitMs: 60_000, minBytes: 1_000_000 }), 12);
  const moved = poll();
  await plane.settle();
  await plane.changePartition("orders", 0, { leader: 2, leaderEpoch: 1, replicas: [1, 2], isr: [1, 2] });
  expect(partitionsOf(await moved)[0]?.errorCode).toBe(0); // v11+: also a follower may serve
  const deleted = poll();
  await plane.settle();
  await plane.deleteTopic("orders");
  expect(errorName(partitionsOf(await deleted)[0]?.errorCode ?? 0)).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  await plane.createTopic("orders");
  const gone = poll();
  await plane.settle();
  for (const close of plane.closing.splice(0)) close();
  await gone;
  expect(plane.replicas.get("orders", 0)?.fetches.isEmpty).toBe(true);
});

test("what the first read could not reach counts: an answer is not delayed at the end of a segment", async () => {
  const { plane } = await planeWith();
  await append(plane, 0);
  plane.replicas.get("orders", 0)?.log.roll();
  await append(plane, 0, 1, 2000);
  const poll = request([partition(0, 0)], { maxWaitMs: 60_000, minBytes: 1000 });
  expect(offsetsIn(partitionsOf(await plane.call(fetch, poll, 12))[0])).toEqual([0]);
});

test("read_committed gets a list of aborted transactions, empty without any; read_uncommitted gets null", async () => {
  const { plane } = await planeWith();
  await append(plane, 0);
  const read = async (isolationLevel: number): Promise<PartitionData | undefined> =>
    partitionsOf(await plane.call(fetch, request([partition(0, 0)], { isolationLevel }), 12))[0];
  expect((await read(1))?.abortedTransactions).toEqual([]);
  expect((await read(0))?.abortedTransactions).toBe(null);
});

test.each([
  ["beyond the end", { fetchOffset: 9 }, "OFFSET_OUT_OF_RANGE"],
  ["negative", { fetchOffset: -1 }, "OFFSET_OUT_OF_RANGE"],
  ["an old leader epoch", { currentLeaderEpoch: 3 }, "FENCED_LEADER_EPOCH"],
  ["a leader epoch to come", { currentLeaderEpoch: 5 }, "UNKNOWN_LEADER_EPOCH"],
  ["the leader epoch", { currentLeaderEpoch: 4 }, "NONE"],
  ["the end", { fetchOffset: 1 }, "NONE"],
] as const)("fetch offset or epoch: %s", async (_, changes, expected) => {
  const { plane } = await planeWith();
  await plane.changePartition("orders", 0, { leaderEpoch: 4 });
  await append(plane, 0);
  const response = await plane.call(fetch, request([partition(0, 0, changes)], { maxWaitMs: 0 }), 12);
  const [data] = partitionsOf(response);
  expect(errorName(data?.errorCode ?? 0)).toBe(expected);
  if (expected !== "NONE") expect(data).toMatchObject({ highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 });
});

test("a reader whose epochs diverge is told where, without records", async () => {
  const { plane } = await planeWith();
  await append(plane, 0, 2);
  await plane.changePartition("orders", 0, { leaderEpoch: 5 });
  await append(plane, 0, 2);
  const diverging = async (fetchOffset: number, lastFetchedEpoch: number): Promise<PartitionData | undefined> =>
    partitionsOf(await plane.call(fetch, request([partition(0, fetchOffset, { lastFetchedEpoch })]), 12))[0];
  expect((await diverging(2, 0))?.divergingEpoch).toEqual({ epoch: -1, endOffset: -1 });
  expect((await diverging(3, 0))?.divergingEpoch).toEqual({ epoch: 0, endOffset: 2 });
  expect((await diverging(3, 3))?.divergingEpoch).toEqual({ epoch: 0, endOffset: 2 });
  expect((await diverging(3, 3))?.records?.length).toBe(0);
});

test("below the log start is out of range after records were deleted", async () => {
  const { plane } = await planeWith();
  await append(plane, 0, 5);
  plane.replicas.get("orders", 0)?.deleteRecords(3);
  const at = async (offset: number): Promise<PartitionData | undefined> =>
    partitionsOf(await plane.call(fetch, request([partition(0, offset)]), 12))[0];
  expect(errorName((await at(2))?.errorCode ?? 0)).toBe("OFFSET_OUT_OF_RANGE");
  expect(await at(3)).toMatchObject({ errorCode: 0, logStartOffset: 3 });
});

test("unknown topics, ids and partitions, and a follower that is none", async () => {
  const { plane, id } = await planeWith();
  const errors = async (fetchRequest: FetchRequest, version: number): Promise<string[]> =>
    partitionsOf(await plane.call(fetch, fetchRequest, version)).map(({ errorCode }) => errorName(errorCode));
  expect(await errors(request([partition(7, 0)]), 12)).toEqual(["UNKNOWN_TOPIC_OR_PARTITION"]);
  expect(await errors(request([partition(0, 0)], {}, plane.newId()), 13)).toEqual(["UNKNOWN_TOPIC_ID"]);
  expect(await errors(request([partition(7, 0)], {}, id), 13)).toEqual(["UNKNOWN_TOPIC_OR_PARTITION"]);
  expect(await errors(request([partition(0, 0)], { replicaId: 5 }), 12)).toEqual(["NOT_LEADER_OR_FOLLOWER"]);
  const withEpoch = request([partition(0, 0, { currentLeaderEpoch: 0 })], { replicaId: 5 });
  expect(await errors(withEpoch, 12)).toEqual(["UNKNOWN_LEADER_EPOCH"]);
});

test("before v11 only the leader answers, and says nothing of who leads; v16 does", async () => {
  const { plane, id } = await planeWith();
  await plane.changePartition("orders", 0, { leader: 2, leaderEpoch: 9, replicas: [1, 2], isr: [1, 2] });
  const old = partitionsOf(await plane.call(fetch, request([partition(0, 0)]), 10))[0];
  expect(errorName(old?.errorCode ?? 0)).toBe("NOT_LEADER_OR_FOLLOWER");
  const fenced = request([partition(0, 0, { currentLeaderEpoch: 1 })], {}, id);
  const data = partitionsOf(await plane.call(fetch, fenced, 16))[0];
  expect(errorName(data?.errorCode ?? 0)).toBe("FENCED_LEADER_EPOCH");
  expect(data?.currentLeader).toEqual({ leaderId: 2, leaderEpoch: 9 });
});

test("a session answers only what is new, and can be changed and ended", async () => {
  const { plane, id } = await planeWith();
  await append(plane, 0);
  const opened = await plane.call(fetch, request([partition(0, 0), partition(1, 0)], { sessionEpoch: 0 }, id), 13);
  expect(opened.sessionId).toBeGreaterThan(0);
  expect(partitionsOf(opened).length).toBe(2);
  const { sessionId } = opened;
  const next = (epoch: number, changes: Partial<FetchRequest> = {}, parts: FetchPartition[] = []) =>
    plane.call(fetch, request(parts, { sessionId, sessionEpoch: epoch, ...changes }, id), 13);
  expect(partitionsOf(await next(1, {}, [partition(0, 1)]))).toEqual([]);
  await append(plane, 1);
  expect(partitionsOf(await next(2)).map((data) => data.partitionIndex)).toEqual([1]);
  const forgotten = { forgottenTopicsData: [{ topic: "", topicId: id, partitions: [1] }] };
  expect(partitionsOf(await next(3, forgotten))).toEqual([]);
  expect(errorName((await next(3)).errorCode)).toBe("INVALID_FETCH_SESSION_EPOCH");
  const byName = await plane.call(fetch, request([], { sessionId, sessionEpoch: 4 }), 12);
  expect(errorName(byName.errorCode)).toBe("FETCH_SESSION_TOPIC_ID_ERROR");
  expect((await next(-1)).sessionId).toBe(0);
  expect(errorName((await next(4)).errorCode)).toBe("FETCH_SESSION_ID_NOT_FOUND");
});

test("a long poll that names a thousand partitions that are not there does not wait", async () => {
  const { plane } = await planeWith();
  const unknown = Array.from({ length: 1001 }, (_, i) => partition(10 + i, 0));
  const wanted = request([partition(0, 0), ...unknown], { maxWaitMs: 0x7fff_ffff });
  let answered = 0;
  void plane.call(fetch, wanted, 12).then((response) => {
    answered = partitionsOf(response).length;
  });
  await plane.settle();
  expect(answered).toBe(1002);
});
