/** Produce through the wire's codecs onto real logs in memory: every version, every refusal, waiting and retrying. */
import { expect, test } from "bun:test";
import { ZERO_UUID } from "../../base/uuid.ts";
import { code, errorName } from "../../protocol/errors.ts";
import type { PartitionProduceResponse, ProduceRequest, ProduceResponse } from "../../protocol/generated/produce.ts";
import { type BatchOptions, buildBatch, buildControlBatch } from "../../protocol/records/builder.ts";
import { readRecords } from "../../protocol/records/cursor.ts";
import { produce } from "./00-produce.ts";
import { DataPlane } from "./testing/data-plane.ts";

const NOW = 1_700_000_000_000;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function batchOf(values: readonly string[], options: BatchOptions = {}): Uint8Array {
  return buildBatch(
    values.map((value) => ({ timestamp: NOW, key: bytesOf("k"), value: bytesOf(value) })),
    options,
  );
}

function request(
  records: Uint8Array | null,
  changes: Partial<ProduceRequest> = {},
  topicId = ZERO_UUID,
): ProduceRequest {
  return {
    transactionalId: null,
    acks: 1,
    timeoutMs: 1000,
    topicData: [{ name: "orders", topicId, partitionData: [{ index: 0, records }] }],
    ...changes,
  };
}

const only = (response: ProduceResponse): PartitionProduceResponse =>
  response.responses[0]?.partitionResponses[0] as PartitionProduceResponse;

async function planeWith(configs: Record<string, string> = {}): Promise<{ plane: DataPlane; id: string }> {
  const plane = await DataPlane.open();
  const id = await plane.createTopic("orders", 2, configs);
  return { plane, id };
}

async function error(plane: DataPlane, records: Uint8Array | null, changes: Partial<ProduceRequest> = {}, version = 9) {
  const answer = only(await plane.call(produce, request(records, changes), version));
  return errorName(answer.errorCode);
}

for (let version = 3; version <= 13; version++) {
  test(`v${version} appends and answers with offsets`, async () => {
    const { plane, id } = await planeWith();
    const topicId = version === 13 ? id : ZERO_UUID;
    const first = only(await plane.call(produce, request(batchOf(["a", "b"]), {}, topicId), version));
    const second = only(await plane.call(produce, request(batchOf(["c"]), {}, topicId), version));
    expect([first.errorCode, first.baseOffset, first.logAppendTimeMs]).toEqual([0, 0, -1]);
    expect([second.errorCode, second.baseOffset]).toEqual([0, 2]);
    expect(first.logStartOffset).toBe(version >= 5 ? 0 : -1);
    const log = plane.replicas.get("orders", 0)?.log;
    const stored = log?.readCopy(0, 1000, 3, true) as Uint8Array;
    expect(readRecords(stored).map(({ offset }) => offset)).toEqual([0, 1]);
  });
}

/** Syncs wait until the test lets them through. */
function holdSyncs(plane: DataPlane): { readonly count: number; pass(): Promise<void> } {
  const held: (() => void)[] = [];
  let count = 0;
  plane.disk.gate = () => {
    count++;
    return new Promise((resolve) => held.push(resolve));
  };
  return {
    get count() {
      return count;
    },
    async pass() {
      while (held.length > 0) {
        for (const release of held.splice(0)) release();
        await plane.settle();
      }
    },
  };
}

test("acks=all answers once the records are durable, not before", async () => {
  const { plane } = await planeWith();
  const syncs = holdSyncs(plane);
  let answered = false;
  const reply = plane.call(produce, request(batchOf(["a"]), { acks: -1 }), 12).then((response) => {
    answered = true;
    return only(response);
  });
  await plane.settle();
  expect(answered).toBe(false);
  expect(plane.replicas.get("orders", 0)?.highWatermark).toBe(0);
  await syncs.pass();
  expect((await reply).errorCode).toBe(0);
  expect(plane.replicas.get("orders", 0)?.highWatermark).toBe(1);
});

test("acks=all of one turn share a sync; what comes while it runs is in the next", async () => {
  const { plane } = await planeWith();
  const syncs = holdSyncs(plane);
  const send = (value: string): Promise<ProduceResponse> =>
    plane.call(produce, request(batchOf([value]), { acks: -1 }), 12);
  const first = [send("a"), send("b"), send("c")];
  await plane.settle();
  const syncsOfFirst = syncs.count;
  const second = [send("d"), send("e")];
  await plane.settle();
  expect(syncs.count).toBe(syncsOfFirst);
  await syncs.pass();
  const offsets = (await Promise.all([...first, ...second])).map((response) => only(response).baseOffset);
  expect(offsets).toEqual([0, 1, 2, 3, 4]);
});

test("acks=all that the disk keeps waiting answers REQUEST_TIMED_OUT, with its offset", async () => {
  const { plane } = await planeWith();
  plane.disk.gate = () => new Promise(() => {});
  const reply = plane.call(produce, request(batchOf(["a"]), { acks: -1, timeoutMs: 500 }), 12);
  await plane.settle();
  plane.clock.advance(500);
  const answer = only(await reply);
  expect([errorName(answer.errorCode), answer.baseOffset]).toEqual(["REQUEST_TIMED_OUT", 0]);
});

test("without a waiter the records become durable by themselves soon after", async () => {
  const { plane } = await planeWith();
  await plane.call(produce, request(batchOf(["a"])), 12);
  expect(plane.replicas.get("orders", 0)?.highWatermark).toBe(0);
  await plane.clock.run(5);
  await plane.settle();
  expect(plane.replicas.get("orders", 0)?.highWatermark).toBe(1);
});

test.each([0, 1])("acks=%d is answered late while the disk is 64 MiB behind", async (acks) => {
  const { plane } = await planeWith();
  const syncs = holdSyncs(plane);
  const value = "x".repeat(1_000_000);
  const send = (): Promise<unknown> => plane.ask(produce, request(batchOf([value]), { acks }), 12);
  for (let i = 0; i < 67; i++) await send();
  let answered = false;
  const late = send().then(() => (answered = true));
  await plane.settle();
  expect(answered).toBe(false);
  await syncs.pass();
  await late;
  expect(plane.replicas.pressure.relief()).toBe(null);
});

test("odradek.flush.before.ack=false acknowledges from the page cache", async () => {
  const plane = await DataPlane.open([["odradek.flush.before.ack", "false"]]);
  await plane.createTopic("orders");
  plane.disk.gate = () => new Promise(() => {});
  const reply = plane.call(produce, request(batchOf(["a"]), { acks: -1 }), 12);
  expect(only(await reply).errorCode).toBe(0);
  expect(plane.replicas.get("orders", 0)?.highWatermark).toBe(1);
});

test.each(["true", "false"])(
  "flush.messages=2: acks=1 is answered when the log has synced (odradek.flush.before.ack=%s)",
  async (flushBeforeAck) => {
    const plane = await DataPlane.open([["odradek.flush.before.ack", flushBeforeAck]]);
    await plane.createTopic("orders", 1, { "flush.messages": "2" });
    const syncs = holdSyncs(plane);
    expect(only(await plane.call(produce, request(batchOf(["a"])), 12)).errorCode).toBe(0);
    let answered: ProduceResponse | null = null;
    void plane.call(produce, request(batchOf(["b"])), 12).then((reply) => {
      answered = reply;
    });
    await plane.settle();
    expect([answered, plane.replicas.get("orders", 0)?.log.logEndOffset]).toEqual([null, 2]);
    await syncs.pass();
    await plane.settle();
    expect(only(answered as unknown as ProduceResponse).baseOffset).toBe(1);
    expect(plane.replicas.get("orders", 0)?.log.durableOffset).toBe(2);
  },
);

test("a sync that flush.messages demands, and that fails, is no success", async () => {
  const plane = await DataPlane.open([["odradek.flush.before.ack", "false"]]);
  await plane.createTopic("orders", 1, { "flush.messages": "1" });
  plane.disk.fault = (operation) => (operation === "sync" ? "EIO" : null);
  const { errorCode, baseOffset } = only(await plane.call(produce, request(batchOf(["a"])), 12));
  expect([errorName(errorCode), baseOffset]).toEqual(["KAFKA_STORAGE_ERROR", -1]); // as where the append itself fails
});

test("acks=0 is not answered; an error closes the connection", async () => {
  const { plane } = await planeWith();
  expect(await plane.ask(produce, request(batchOf(["a"]), { acks: 0 }), 12)).toBe("no reply");
  expect(await plane.ask(produce, request(Uint8Array.of(1), { acks: 0 }), 12)).toBe("closed");
  expect(await plane.ask(produce, request(null, { acks: 0 }), 12)).toBe("closed");
});

test("a failed sync answers KAFKA_STORAGE_ERROR, and the partition is gone", async () => {
  const { plane } = await planeWith();
  plane.disk.fault = (operation) => (operation === "sync" ? "EIO" : null);
  expect(await error(plane, batchOf(["a"]), { acks: -1 })).toBe("KAFKA_STORAGE_ERROR");
  expect(await error(plane, batchOf(["a"]))).toBe("KAFKA_STORAGE_ERROR");
});

test("a full disk answers KAFKA_STORAGE_ERROR", async () => {
  const { plane } = await planeWith();
  plane.disk.fault = (operation) => (operation === "write" ? "ENOSPC" : null);
  expect(await error(plane, batchOf(["a"]))).toBe("KAFKA_STORAGE_ERROR");
});

test("a topic deleted under a waiting produce answers UNKNOWN_TOPIC_OR_PARTITION", async () => {
  const { plane } = await planeWith();
  const syncs = holdSyncs(plane);
  const reply = plane.call(produce, request(batchOf(["a"]), { acks: -1 }), 12);
  await plane.settle();
  const deleted = plane.deleteTopic("orders");
  expect(errorName(only(await reply).errorCode)).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  await syncs.pass();
  await deleted;
});

test("leadership that moves away answers NOT_LEADER_OR_FOLLOWER and says who leads", async () => {
  const { plane, id } = await planeWith();
  await plane.changePartition("orders", 0, { leader: 2, leaderEpoch: 1, replicas: [1, 2], isr: [1, 2] });
  const answer = only(await plane.call(produce, request(batchOf(["a"]), {}, id), 13));
  expect(errorName(answer.errorCode)).toBe("NOT_LEADER_OR_FOLLOWER");
  expect(answer.currentLeader).toEqual({ leaderId: 2, leaderEpoch: 1 });
});

test("the only replica answers what it has appended, once it is durable, though nobody leads any more", async () => {
  const { plane } = await planeWith();
  const syncs = holdSyncs(plane);
  const reply = plane.call(produce, request(batchOf(["a"]), { acks: -1 }), 12);
  await plane.settle();
  await plane.changePartition("orders", 0, { leader: -1, leaderEpoch: 1 });
  expect(plane.replicas.get("orders", 0)?.highWatermark).toBe(0);
  await syncs.pass();
  const answer = only(await reply);
  expect([errorName(answer.errorCode), answer.baseOffset]).toEqual(["NONE", 0]);
});

test("a topic that is deleted while the only replica makes its last records durable refuses them", async () => {
  const { plane } = await planeWith();
  const syncs = holdSyncs(plane);
  const replies = ["a", "b"].map((value) => plane.call(produce, request(batchOf([value]), { acks: -1 }), 12));
  await plane.settle();
  await plane.changePartition("orders", 0, { leader: -1, leaderEpoch: 1 }); // "a" is being synced, "b" would be next
  const deleted = plane.deleteTopic("orders");
  await plane.settle();
  await syncs.pass();
  await deleted;
  const errors = (await Promise.all(replies)).map((reply) => errorName(only(reply).errorCode));
  expect(errors).toEqual(["UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_OR_PARTITION"]);
});

test("too few in-sync replicas refuse acks=all only", async () => {
  const { plane } = await planeWith({ "min.insync.replicas": "2" });
  await plane.changePartition("orders", 0, { replicas: [1, 2], isr: [1] });
  expect(await error(plane, batchOf(["a"]), { acks: -1 })).toBe("NOT_ENOUGH_REPLICAS");
  expect(await error(plane, batchOf(["a"]))).toBe("NONE");
});

test("an idempotent retry gets its first offset again and is not appended", async () => {
  const { plane } = await planeWith();
  const send = (sequence: number, epoch = 0): Uint8Array =>
    batchOf(["a", "b"], { producerId: 50, producerEpoch: epoch, baseSequence: sequence });
  const offset = async (records: Uint8Array): Promise<[string, number]> => {
    const answer = only(await plane.call(produce, request(records, { acks: -1 }), 12));
    return [errorName(answer.errorCode), answer.baseOffset];
  };
  expect(await offset(send(0))).toEqual(["NONE", 0]);
  expect(await offset(send(2))).toEqual(["NONE", 2]);
  expect(await offset(send(0))).toEqual(["NONE", 0]);
  expect(await offset(send(2))).toEqual(["NONE", 2]);
  expect(plane.replicas.get("orders", 0)?.log.logEndOffset).toBe(4);
  expect((await offset(send(9)))[0]).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  expect((await offset(send(4, 1)))[0]).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  expect(await offset(send(0, 1))).toEqual(["NONE", 4]);
  expect((await offset(send(4, 0)))[0]).toBe("INVALID_PRODUCER_EPOCH");
});

test.each([
  ["no batch at all", new Uint8Array(0), "INVALID_RECORD"],
  ["a cut batch", batchOf(["a"]).subarray(0, 40), "INVALID_RECORD"],
  ["a flipped byte", flipped(), "CORRUPT_MESSAGE"],
  ["bytes that are no batch", new Uint8Array(100).fill(0x11), "CORRUPT_MESSAGE"],
  ["control records", buildControlBatch("COMMIT", new Uint8Array(6), NOW), "INVALID_RECORD"],
] as const)("refused: %s", async (_, records, expected) => {
  const { plane } = await planeWith();
  expect(await error(plane, records.slice())).toBe(expected);
  expect(plane.replicas.get("orders", 0)?.log.logEndOffset).toBe(0);
});

function flipped(): Uint8Array {
  const records = batchOf(["a"]);
  records[66] = (records[66] as number) ^ 1;
  return records;
}

test("a size that no batch has refuses the whole request, nothing is appended", async () => {
  const { plane } = await planeWith();
  const topicData = [
    {
      name: "orders",
      topicId: ZERO_UUID,
      partitionData: [
        { index: 0, records: batchOf(["a"]) },
        { index: 1, records: new Uint8Array(100) },
      ],
    },
  ];
  const response = await plane.call(produce, request(null, { topicData }), 9);
  const errors = response.responses[0]?.partitionResponses.map(({ errorCode }) => errorName(errorCode));
  expect(errors).toEqual(["CORRUPT_MESSAGE", "CORRUPT_MESSAGE"]);
  expect(plane.replicas.get("orders", 0)?.log.logEndOffset).toBe(0);
});

test("one bad partition does not spoil the others", async () => {
  const { plane } = await planeWith();
  const partition = (index: number, records: Uint8Array) => ({ index, records });
  const topicData = [
    {
      name: "orders",
      topicId: ZERO_UUID,
      partitionData: [partition(0, batchOf(["a"])), partition(1, flipped()), partition(7, batchOf(["a"]))],
    },
    { name: "__proto__", topicId: ZERO_UUID, partitionData: [partition(0, batchOf(["a"]))] },
  ];
  const response = await plane.call(produce, request(null, { acks: -1, topicData }), 9);
  const errors = response.responses.flatMap(({ partitionResponses }) =>
    partitionResponses.map(({ errorCode }) => errorName(errorCode)),
  );
  expect(errors).toEqual(["NONE", "CORRUPT_MESSAGE", "UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_OR_PARTITION"]);
});

test("unknown ids, unknown acks, internal topics, transactions", async () => {
  const { plane } = await planeWith();
  await plane.createTopic("__consumer_offsets");
  const byId = only(await plane.call(produce, request(batchOf(["a"]), {}, plane.newId()), 13));
  expect(errorName(byId.errorCode)).toBe("UNKNOWN_TOPIC_ID");
  expect(await error(plane, batchOf(["a"]), { acks: 2 })).toBe("INVALID_REQUIRED_ACKS");
  const internal = { ...request(batchOf(["a"])).topicData[0], name: "__consumer_offsets" };
  expect(await error(plane, null, { topicData: [internal as never] })).toBe("INVALID_TOPIC_EXCEPTION");
  const transactional = batchOf(["a"], { isTransactional: true, producerId: 1, producerEpoch: 0, baseSequence: 0 });
  expect(await error(plane, transactional, { transactionalId: "t" })).toBe("TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
});

test("a topic's limits and times are obeyed as they are now", async () => {
  const { plane } = await planeWith();
  await plane.configure("orders", { "max.message.bytes": "60" });
  expect(await error(plane, batchOf(["a"]))).toBe("MESSAGE_TOO_LARGE");
  await plane.configure("orders", { "message.timestamp.after.max.ms": "10" });
  plane.clock.jumpWall(-60_000);
  const late = only(await plane.call(produce, request(batchOf(["a", "b"])), 9));
  expect(errorName(late.errorCode)).toBe("INVALID_TIMESTAMP");
  expect(late.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 1]);
  expect(late.errorMessage).toContain("timestamp");
  await plane.configure("orders", { "message.timestamp.type": "LogAppendTime" });
  expect(only(await plane.call(produce, request(batchOf(["a"])), 9)).logAppendTimeMs).toBe(NOW - 60_000);
  await plane.configure("orders", { "cleanup.policy": "compact" });
  const keyless = buildBatch([{ timestamp: NOW - 60_000, key: null, value: bytesOf("v") }]);
  expect(await error(plane, keyless)).toBe("INVALID_RECORD");
});

test("zstd before v7 is refused as the client understands it", async () => {
  const { plane } = await planeWith();
  expect(await error(plane, batchOf(["a"], { codec: "zstd" }), {}, 6)).toBe("UNSUPPORTED_COMPRESSION_TYPE");
  expect(await error(plane, batchOf(["a"], { codec: "zstd" }), {}, 7)).toBe("NONE");
});

test("null records refuse the whole request, as Apache does", async () => {
  const { plane } = await planeWith();
  expect(await error(plane, null)).toBe("UNKNOWN_SERVER_ERROR");
  expect(code("UNKNOWN_SERVER_ERROR")).toBe(-1);
});

test("a partition named twice gets what was said last, once", async () => {
  const { plane } = await planeWith();
  const twice = [
    { name: "orders", topicId: ZERO_UUID, partitionData: [{ index: 0, records: batchOf(["a", "b"]) }] },
    {
      name: "orders",
      topicId: ZERO_UUID,
      partitionData: [
        { index: 1, records: batchOf(["x"]) },
        { index: 0, records: batchOf(["c"]) },
        { index: 0, records: batchOf(["d", "e", "f"]) },
      ],
    },
  ];
  const { responses } = await plane.call(produce, request(null, { topicData: twice }), 9);
  expect(responses.map(({ name }) => name)).toEqual(["orders"]);
  const answers = responses[0]?.partitionResponses.map(({ index, errorCode, baseOffset }) => [
    index,
    errorCode,
    baseOffset,
  ]);
  expect(answers).toEqual([
    [0, 0, 0],
    [1, 0, 0],
  ]);
  expect(plane.replicas.get("orders", 0)?.log.logEndOffset).toBe(3);
});

test("a directory that fails under one partition fails the others of the same request at once", async () => {
  const { plane } = await planeWith();
  plane.disk.fault = (operation, path) => (operation === "write" && path.includes("orders-1") ? "EIO" : null);
  const partitionData = [0, 1].map((index) => ({ index, records: batchOf(["a"]) }));
  const topicData = [{ name: "orders", topicId: ZERO_UUID, partitionData }];
  let answer: ProduceResponse | null = null;
  void plane.call(produce, request(null, { acks: -1, topicData }), 9).then((response) => {
    answer = response;
  });
  await plane.settle();
  const codes = (answer as ProduceResponse | null)?.responses[0]?.partitionResponses.map(({ errorCode }) => errorCode);
  expect(codes?.map(errorName)).toEqual(["KAFKA_STORAGE_ERROR", "KAFKA_STORAGE_ERROR"]);
});
