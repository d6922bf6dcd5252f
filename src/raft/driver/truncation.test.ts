/** A truncation that was decided waits for what is before it on the disk; a sync may begin meanwhile. */
import { expect, test } from "bun:test";
import { METADATA_TOPIC_ID, ZERO_UUID } from "../../../base/uuid.ts";
import type { VoteRequest } from "../../../protocol/generated/vote.ts";
import { bytes, controllerAt, path, Quorum } from "../testing/raft-fixture.ts";
import type { HostAndPort, RaftNetwork } from "./host.ts";

const voters = [1, 2, 3].map((id) => {
  return { id, directoryId: ZERO_UUID, endpoints: [controllerAt(9092 + id)], kraftVersions: [0, 1] as const };
});
const topicName = "__cluster_metadata";
const partitionIndex = 0;

/** Node 2 leads epoch 2, and its log has nothing of the epoch before. */
const diverged = {
  ...{ throttleTimeMs: 0, errorCode: 0, sessionId: 0, nodeEndpoints: [{ nodeId: 2, host: "localhost", port: 9094 }] },
  responses: [
    {
      ...{ topic: topicName, topicId: METADATA_TOPIC_ID },
      partitions: [
        {
          ...{ partitionIndex, errorCode: 0, highWatermark: 1, lastStableOffset: -1, logStartOffset: 0 },
          ...{ divergingEpoch: { epoch: 0, endOffset: 0 }, snapshotId: { epoch: -1, endOffset: -1 } },
          ...{ currentLeader: { leaderId: 2, leaderEpoch: 2 }, records: null },
        },
      ],
    },
  ],
};

/** They grant every vote; nobody answers a fetch before the test does. */
class Others {
  fetches: ((response: unknown) => void)[] | null = null;

  ask(name: string, request: unknown): Promise<unknown> {
    if (name === "Fetch") return new Promise((resolve, reject) => this.fetches?.push(resolve) ?? reject(new Error()));
    if (name !== "Vote") return new Promise(() => {});
    const leaderEpoch = (request as VoteRequest).topics[0]?.partitions[0]?.replicaEpoch ?? 0;
    const partitions = [{ partitionIndex, errorCode: 0, leaderId: -1, leaderEpoch, voteGranted: true }];
    return Promise.resolve({ errorCode: 0, nodeEndpoints: [], topics: [{ topicName, partitions }] });
  }
}

test("a sync that begins before the truncation calls nothing durable that is given up", async () => {
  const quorum = new Quorum();
  const { disk, clock } = quorum;
  for (const { name } of disk.list(path)) disk.unlink(`${path}/${name}`);
  const others = new Others();
  const ask = (_: HostAndPort, { name }: { readonly name: string }, request: unknown) => others.ask(name, request);
  quorum.options = { staticVoters: voters, network: { ask: ask as RaftNetwork["ask"] } };
  const driver = await quorum.open();
  await quorum.settle();
  await clock.run(3_000, 100);
  expect(driver.leader).toEqual({ leaderId: 1, epoch: 1 });
  const syncs: (() => void)[] = [];
  disk.gate = () => new Promise((resolve) => syncs.push(resolve));
  driver.append(1, [bytes("a")]);
  await quorum.settle();
  driver.append(1, [bytes("b")]); // its sync waits for the first one
  await quorum.settle();
  const [ofFirst] = syncs.splice(0);
  const fetches: ((response: unknown) => void)[] = [];
  others.fetches = fetches;
  const candidate = { replicaId: 2, replicaDirectoryId: ZERO_UUID, replicaEpoch: 2, lastOffset: 9, lastOffsetEpoch: 1 };
  const asked = { ...candidate, partitionIndex, voterDirectoryId: ZERO_UUID, preVote: false };
  void driver.server.vote({ clusterId: "cluster", voterId: 1, topics: [{ topicName, partitions: [asked] }] });
  while (fetches.length === 0) {
    await quorum.settle();
    for (const done of syncs.splice(0)) done();
  }
  fetches.shift()?.(diverged);
  await quorum.settle();
  const ofElection = syncs.splice(0);
  expect([driver.leader.epoch, driver.endOffset, ofElection.length]).toEqual([2, 0, 1]);
  ofFirst?.(); // the second begins: the log is still as it was
  await quorum.settle();
  disk.gate = () => Promise.resolve();
  for (const done of [...ofElection, ...syncs]) done();
  await quorum.settle();
  expect(quorum.fatal).toEqual([]);
  expect(driver.leader).toEqual({ leaderId: 2, epoch: 2 });
});
