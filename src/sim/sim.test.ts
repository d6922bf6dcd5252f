import { expect, test } from "bun:test";
import { ZERO_UUID } from "../../base/uuid.ts";
import { CreateTopics } from "../../protocol/generated/create-topics.ts";
import { Fetch } from "../../protocol/generated/fetch.ts";
import { Produce } from "../../protocol/generated/produce.ts";
import { buildBatch } from "../../protocol/records/builder.ts";
import { readRecords } from "../../protocol/records/cursor.ts";
import { Network } from "./network.ts";
import { SimNode } from "./node.ts";
import { WireClient } from "./wire.ts";
import { World } from "./world.ts";

const utf8 = new TextEncoder();

/** A broker, a topic, ten records in and out. */
function produceAndFetch(seed: number): { hash: string; values: string[]; violation: string | null } {
  const world = new World(seed);
  const network = new Network(world, { delayMeanMs: 0.3, cutsMax: 2, windowBytes: 65_536 });
  const nothing = () => {};
  const disk = { capacityBytes: Infinity, syncMeanMs: 1 };
  const events = { ready: nothing, failed: nothing, doomed: nothing };
  new SimNode(world, network, { host: "10.0.0.1", disk, overrides: [] }, events).start();
  const client = new WireClient(world, network, "client", "10.0.1.1", "10.0.0.1");
  const values: string[] = [];
  const work = async () => {
    await client.sleep(2_000);
    const topic = { name: "t", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    await client.call(CreateTopics, 5, { topics: [topic], timeoutMs: 5_000, validateOnly: false });
    for (let n = 0; n < 10; n++) {
      const records = buildBatch([{ timestamp: 1, key: null, value: utf8.encode(`value ${n}`) }]);
      const topicData = [{ name: "t", topicId: ZERO_UUID, partitionData: [{ index: 0, records }] }];
      await client.call(Produce, 9, { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData });
    }
    const partition = {
      partition: 0,
      currentLeaderEpoch: -1,
      fetchOffset: 0,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
    };
    const limits = { partitionMaxBytes: 1 << 20, replicaDirectoryId: ZERO_UUID, highWatermark: Infinity };
    const fetched = await client.call(Fetch, 4, {
      ...{ clusterId: null, replicaId: -1, replicaState: { replicaId: -1, replicaEpoch: -1 }, maxWaitMs: 100 },
      ...{ minBytes: 1, maxBytes: 1 << 20, isolationLevel: 0, sessionId: 0, sessionEpoch: -1 },
      topics: [{ topic: "t", topicId: ZERO_UUID, partitions: [{ ...partition, ...limits }] }],
      ...{ forgottenTopicsData: [], rackId: "" },
    });
    let bytes = fetched.responses[0]?.partitions[0]?.records ?? new Uint8Array(0);
    while (bytes.length > 0) {
      for (const { value } of readRecords(bytes)) values.push(new TextDecoder().decode(value as Uint8Array));
      bytes = bytes.subarray(12 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(8));
    }
  };
  void work();
  world.run(30_000);
  return { hash: world.trace.hash, values, violation: world.violation?.message ?? null };
}

test("the broker that npm start runs serves in a simulated world, and a seed is a history", () => {
  const first = produceAndFetch(1);
  expect(first.violation).toBeNull();
  expect(first.values).toEqual(Array.from({ length: 10 }, (_, n) => `value ${n}`));
  expect(produceAndFetch(1)).toEqual(first);
  expect(produceAndFetch(2).hash).not.toBe(first.hash);
});
