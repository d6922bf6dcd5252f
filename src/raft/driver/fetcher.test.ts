/** A replica that pulls the metadata log from node 2, which leads epoch 2. */
import { expect, test } from "bun:test";
import { METADATA_TOPIC_ID, ZERO_UUID } from "../../../base/uuid.ts";
import type { FetchRequest } from "../../../protocol/generated/fetch.ts";
import { bytes, controllerAt, Heard, path, Quorum } from "../testing/raft-fixture.ts";
import { encodeEntries } from "./batches.ts";
import type { HostAndPort, RaftNetwork } from "./host.ts";

const EPOCH = 2;
const voters = [2, 3].map((id) => {
  return { id, directoryId: ZERO_UUID, endpoints: [controllerAt(9092 + id)], kraftVersions: [0, 1] as const };
});

/** Has one record, which it gives to who follows it; holds every fetch from its end. */
class Leader {
  readonly asked: number[] = [];
  isGone = false;
  onRecord = () => {};

  ask(name: string, request: unknown): Promise<unknown> {
    if (this.isGone) return Promise.reject(new Error("gone"));
    if (name !== "Fetch") return new Promise(() => {});
    const partition = (request as FetchRequest).topics[0]?.partitions[0];
    if (partition?.currentLeaderEpoch !== EPOCH) return Promise.resolve(fetched(null));
    this.asked.push(partition.fetchOffset);
    if (partition.fetchOffset > 0) return new Promise(() => {});
    this.onRecord();
    return Promise.resolve(fetched(encodeEntries({ records: [bytes("a")] }, 0, EPOCH, 0)));
  }
}

function fetched(records: Uint8Array | null) {
  const none = { divergingEpoch: { epoch: -1, endOffset: -1 }, snapshotId: { epoch: -1, endOffset: -1 } };
  const offsets = { highWatermark: 1, lastStableOffset: -1, logStartOffset: 0 };
  const currentLeader = { leaderId: 2, leaderEpoch: EPOCH };
  const partition = { partitionIndex: 0, errorCode: 0, ...offsets, ...none, currentLeader, records };
  const topic = { topic: "__cluster_metadata", topicId: METADATA_TOPIC_ID, partitions: [partition] };
  const nodeEndpoints = [{ nodeId: 2, host: "localhost", port: 9094 }];
  return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, nodeEndpoints, responses: [topic] };
}

async function replica(canBecomeVoter: boolean) {
  const quorum = new Quorum();
  const { disk } = quorum;
  for (const { name } of disk.list(path)) disk.unlink(`${path}/${name}`);
  const leader = new Leader();
  const ask = (_: HostAndPort, { name }: { readonly name: string }, request: unknown) => leader.ask(name, request);
  quorum.options = { staticVoters: voters, canBecomeVoter, network: { ask: ask as RaftNetwork["ask"] } };
  const heard = new Heard();
  return { quorum, leader, heard, driver: await quorum.open(heard) };
}

for (const canBecomeVoter of [false, true]) {
  const who = canBecomeVoter
    ? "a controller asks on when its records are durable"
    : "a broker does not wait for its disk";
  test(who, async () => {
    const { quorum, leader, heard } = await replica(canBecomeVoter);
    const held = Promise.withResolvers<void>();
    leader.onRecord = () => {
      quorum.disk.gate = () => held.promise;
    };
    await quorum.settle();
    expect(heard.values).toEqual(["a"]); // committed by the voters, whatever this disk does
    expect(leader.asked).toEqual(canBecomeVoter ? [0] : [0, 1]);
    held.resolve();
    await quorum.settle();
    expect(leader.asked).toEqual([0, 1]);
    expect(quorum.fatal).toEqual([]);
  });
}

test("a leader that no longer answers is known, and not heard", async () => {
  const { quorum, leader, driver } = await replica(false);
  await quorum.settle();
  expect([driver.leader.leaderId, driver.hearsLeader]).toEqual([2, true]);
  leader.isGone = true;
  await quorum.clock.run(10_000, 100);
  expect([driver.leader.leaderId, driver.hearsLeader]).toEqual([2, false]);
});
