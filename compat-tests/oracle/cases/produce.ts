/** Produce, and the Fetch that sees what came of it; InitProducerId. */
import type { Ask, Case } from "../raw/case.ts";
import { baseTime, batch, createTopic, fetch, produce } from "./steps.ts";

const corrupted = () => {
  const bytes = batch(["one", "two"]);
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] as number) ^ 0x55;
  return bytes;
};

/** Changes one header field and computes the CRC again, so that only the lie itself is wrong. */
function lying(change: (view: DataView) => void): Uint8Array {
  const bytes = batch(["one", "two", "three"]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  change(view);
  view.setUint32(17, crc32c(bytes.subarray(21)));
  return bytes;
}

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

/** A producer id, saved under a name; the first answers of a broker may say "not yet". */
const id = (name: string): Ask => ({
  api: "InitProducerId",
  request: { transactionalId: null, transactionTimeoutMs: 60_000 },
  until: ({ errorCode }) => errorCode === 0,
  save: ({ producerId }, own) => own.set(name, producerId),
  quiet: true,
});

export const produceCases: readonly Case[] = [
  {
    title: "Produce and Fetch, each version",
    steps: [
      ...createTopic("both"),
      ...[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map((version) =>
        produce("both", batch([`v${version}`, "x"]), { versions: [version] }),
      ),
      fetch("both", {}, { versions: "all" }),
      fetch("both", { offset: 5 }, { versions: "all" }),
      fetch("both", { offset: 5, maxBytes: 1, partitionMaxBytes: 1 }, { versions: [4, 12, 13, 18] }),
      fetch("both", { offset: 0, partitionMaxBytes: 200 }),
      fetch("both", { offset: 22 }),
      fetch("both", { offset: 23 }),
      fetch("both", { offset: -1 }),
      fetch("both", { partition: 1 }),
      fetch("both", { partition: -1 }),
      fetch("both", { epoch: 0 }),
      fetch("both", { epoch: 5 }, { versions: [9, 12, 18] }),
      fetch("both", { isolationLevel: 1 }),
      fetch("gone", {}, { versions: [4, 12] }),
      {
        api: "Fetch",
        request: {
          maxWaitMs: 10,
          topics: [{ topicId: "AAAAAAAAAAAAAAAAAAAAFw", partitions: [{ partition: 0, partitionMaxBytes: 100 }] }],
        },
      },
    ],
  },
  {
    title: "Produce with each acks",
    steps: [
      ...createTopic("acks"),
      produce("acks", batch(["0"]), { acks: 0, waitMs: 300 }),
      produce("acks", batch(["1"]), { acks: 1 }),
      produce("acks", batch(["all"]), { acks: -1 }),
      produce("acks", batch(["2"]), { acks: 2 }),
      produce("acks", batch(["2"]), { acks: -2, versions: [7, 12] }),
      fetch("acks"),
    ],
  },
  {
    title: "Produce with acks=0 that is refused closes the connection",
    steps: [...createTopic("acks-zero"), produce("acks-zero", corrupted(), { acks: 0, waitMs: 3_000 })],
  },
  {
    title: "Produce to what is not there",
    steps: [
      ...createTopic("there"),
      produce("gone", batch(["x"]), { versions: [3, 9, 12] }),
      produce("there", batch(["x"]), { index: 4, versions: [9, 13] }),
      produce("there", batch(["x"]), { index: -1, versions: [9, 13] }),
      produce("a/b", batch(["x"]), { versions: [9] }),
      {
        api: "Produce",
        request: {
          acks: 1,
          timeoutMs: 5000,
          topicData: [{ topicId: "AAAAAAAAAAAAAAAAAAAAFw", partitionData: [{ index: 0, records: batch(["x"]) }] }],
        },
      },
      { api: "Produce", versions: [9, 13], request: { acks: 1, timeoutMs: 5000, topicData: [] } },
    ],
  },
  {
    title: "Produce that names a partition twice: what was said last counts",
    steps: [
      ...createTopic("twice"),
      {
        api: "Produce",
        versions: [9],
        request: {
          acks: -1,
          timeoutMs: 5000,
          topicData: [
            { name: "twice", partitionData: [{ index: 0, records: batch(["a", "b"]) }] },
            {
              name: "twice",
              partitionData: [
                { index: 0, records: batch(["c"]) },
                { index: 0, records: batch(["d", "e", "f"]) },
              ],
            },
          ],
        },
      },
      fetch("twice", {}, { versions: [12] }),
    ],
  },
  {
    title: "Produce of damaged and lying batches",
    steps: [
      ...createTopic("damaged"),
      produce("damaged", corrupted(), { versions: [3, 8, 12, 13] }),
      produce(
        "damaged",
        lying((view) => view.setInt32(57, 2)),
        { versions: [8, 13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt32(57, 4)),
        { versions: [8, 13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt32(23, 7)),
        { versions: [13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt32(57, -1)),
        { versions: [13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt16(21, 0x20)),
        { versions: [13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt16(21, 0x10)),
        { versions: [13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt16(21, 0x07)),
        { versions: [13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt16(21, 0x01)),
        { versions: [13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt8(61 + 1, 1)),
        { versions: [13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setInt8(16, 3)),
        { versions: [13] },
      ),
      produce(
        "damaged",
        lying((view) => view.setBigInt64(0, 5n)),
        { versions: [13] },
      ),
      produce("damaged", batch(["short"]).subarray(0, 40), { versions: [8, 13] }),
      produce("damaged", new Uint8Array(0), { versions: [8, 13] }),
      produce("damaged", Buffer.concat([batch(["a"]), batch(["b"])]), { versions: [8, 13] }),
      fetch("damaged"),
    ],
  },
  {
    title: "Produce: times and sizes",
    steps: [
      ...createTopic("stamped", 1, { "message.timestamp.type": "LogAppendTime" }),
      ...createTopic("bounded", 1, {
        "message.timestamp.after.max.ms": "1000",
        "message.timestamp.before.max.ms": "86400000",
      }),
      ...createTopic("small", 1, { "max.message.bytes": "100" }),
      ...createTopic("keyed", 1, { "cleanup.policy": "compact" }),
      produce("stamped", batch(["x"]), { versions: [3, 13] }),
      produce("bounded", batch(["late"], { timestamp: baseTime + 86_400_000 }), { versions: [8, 13] }),
      produce("bounded", batch(["early"], { timestamp: baseTime - 2 * 86_400_000 }), { versions: [8, 13] }),
      produce("bounded", batch(["none"], { timestamp: -1 }), { versions: [13] }),
      produce("small", batch(["x".repeat(200)]), { versions: [8, 13] }),
      produce("keyed", batch(["a", "b"], { key: null }), { versions: [3, 8, 13] }),
      produce("keyed", batch(["a", "b"]), { versions: [13] }),
    ],
  },
  {
    title: "Produce: compression of topic and producer",
    steps: [
      ...["uncompressed", "gzip", "snappy", "lz4", "zstd", "producer"].flatMap((type) => [
        ...createTopic(`compressed-${type}`, 1, { "compression.type": type }),
        produce(`compressed-${type}`, batch(["a".repeat(300), "b".repeat(300)], { codec: "gzip" })),
        produce(`compressed-${type}`, batch(["a".repeat(300), "b".repeat(300)])),
        {
          api: "ListOffsets",
          request: { topics: [{ name: `compressed-${type}`, partitions: [{ partitionIndex: 0, timestamp: -1 }] }] },
        },
      ]),
      produce("compressed-producer", batch(["z"], { codec: "zstd" }), { versions: [3, 6, 7, 13] }),
    ],
  },
  {
    title: "Idempotent Produce: duplicates, gaps and old epochs",
    steps: [
      ...createTopic("idempotent"),
      id("producer"),
      ...[0, 1, 2, 3, 4, 5].map((sequence) =>
        produce("idempotent", (own) =>
          batch([`s${sequence}`], {
            producerId: Number(own.get("producer")),
            producerEpoch: 0,
            baseSequence: sequence,
          }),
        ),
      ),
      ...[5, 1, 0, 8].map((sequence) =>
        produce(
          "idempotent",
          (own) =>
            batch([`s${sequence}`], {
              producerId: Number(own.get("producer")),
              producerEpoch: 0,
              baseSequence: sequence,
            }),
          { versions: [8, 13] },
        ),
      ),
      produce("idempotent", (own) =>
        batch(["e1"], { producerId: Number(own.get("producer")), producerEpoch: 1, baseSequence: 3 }),
      ),
      produce("idempotent", (own) =>
        batch(["e1"], { producerId: Number(own.get("producer")), producerEpoch: 1, baseSequence: 0 }),
      ),
      produce("idempotent", (own) =>
        batch(["e0"], { producerId: Number(own.get("producer")), producerEpoch: 0, baseSequence: 6 }),
      ),
      produce("idempotent", batch(["new"], { producerId: 777_777, producerEpoch: 0, baseSequence: 4 })),
      produce("idempotent", batch(["new"], { producerId: 777_778, producerEpoch: 0, baseSequence: -1 })),
      fetch("idempotent"),
      {
        api: "DescribeProducers",
        request: {
          topics: [
            { name: "idempotent", partitionIndexes: [0, 3] },
            { name: "gone", partitionIndexes: [0] },
          ],
        },
      },
    ],
  },
  {
    title: "InitProducerId without a transaction",
    steps: [
      id("first"),
      {
        api: "InitProducerId",
        versions: [0, 1, 2, 3, 4, 5],
        request: { transactionalId: null, transactionTimeoutMs: 60_000 },
      },
      { api: "InitProducerId", versions: [4], request: { transactionalId: "", transactionTimeoutMs: 60_000 } },
      {
        api: "InitProducerId",
        versions: [4],
        request: { transactionalId: null, transactionTimeoutMs: 0, producerId: 5, producerEpoch: -1 },
      },
      {
        api: "InitProducerId",
        versions: [4],
        request: { transactionalId: null, transactionTimeoutMs: 1, producerId: 5, producerEpoch: 0 },
      },
    ],
  },
];
