import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { code, type ErrorName, KafkaError } from "../../protocol/errors.ts";
import type { AlterPartitionRequest, AlterPartitionResponse } from "../../protocol/generated/alter-partition.ts";
import type { ControllerChannel } from "../metadata/controller/channel.ts";
import type { IsrProposal } from "../partition/leadership.ts";
import { IsrUpdates } from "./isr-updates.ts";

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function open() {
  const clock = new FakeClock();
  const asked: { request: AlterPartitionRequest; answer: (error: ErrorName | Error) => void }[] = [];
  const send = (_: unknown, request: AlterPartitionRequest) =>
    new Promise<AlterPartitionResponse>((resolve, reject) => {
      const answer = (error: ErrorName | Error) =>
        error instanceof Error ? reject(error) : resolve(answerOf(request, error));
      asked.push({ request, answer });
    });
  const channel = { send } as unknown as ControllerChannel;
  const updates = new IsrUpdates({ nodeId: 1, clock, logger: silent, channel, brokerEpoch: () => 101 });
  return { clock, asked, updates };
}

/** The error for each partition, unless it is one of the whole. */
function answerOf({ topics }: AlterPartitionRequest, error: ErrorName): AlterPartitionResponse {
  const whole = error === "STALE_BROKER_EPOCH";
  return {
    throttleTimeMs: 0,
    errorCode: whole ? code(error) : 0,
    topics: (whole ? [] : topics).map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex, leaderEpoch, partitionEpoch, newIsrWithEpochs }) => ({
        partitionIndex,
        errorCode: code(error),
        leaderId: 1,
        leaderEpoch,
        isr: newIsrWithEpochs.map(({ brokerId }) => brokerId),
        leaderRecoveryState: 0,
        partitionEpoch: partitionEpoch + 1,
      })),
    })),
  };
}

const proposal = (partition: number): IsrProposal => ({
  topicId: "topic",
  partition,
  leaderEpoch: 3,
  partitionEpoch: 7,
  isr: [{ brokerId: 1, brokerEpoch: 101 }],
});

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

test("the proposals of one turn go in one request, later ones in the next", async () => {
  const { asked, updates } = open();
  const first = [updates.propose(proposal(0)), updates.propose(proposal(1))];
  await settle();
  const third = updates.propose(proposal(2));
  await settle();
  expect(asked.map(({ request }) => request.topics[0]?.partitions.length)).toEqual([2]);
  asked[0]?.answer("NONE");
  expect((await Promise.all(first)).map(({ partitionEpoch }) => partitionEpoch)).toEqual([8, 8]);
  await settle();
  asked[1]?.answer("NONE");
  expect((await third).isr).toEqual([1]);
  expect(asked[1]?.request).toMatchObject({ brokerId: 1, brokerEpoch: 101 });
});

test("an error of the partition is its proposer's, one of the whole is tried again", async () => {
  const { asked, updates, clock } = open();
  const sent = updates.propose(proposal(0));
  await settle();
  for (const trouble of ["STALE_BROKER_EPOCH", new KafkaError("NOT_CONTROLLER")] as const) {
    asked.at(-1)?.answer(trouble);
    await settle();
    clock.advance(50);
  }
  expect(asked.length).toBe(3);
  asked[2]?.answer("INELIGIBLE_REPLICA");
  await expect(sent).rejects.toMatchObject({ error: "INELIGIBLE_REPLICA" });
});

test("a second proposal for a partition under way is not attempted", async () => {
  const { updates } = open();
  void updates.propose(proposal(0));
  await expect(updates.propose(proposal(0))).rejects.toMatchObject({ error: "OPERATION_NOT_ATTEMPTED" });
});
