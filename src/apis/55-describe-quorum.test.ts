import { expect, test } from "bun:test";
import { code, KafkaError } from "../../protocol/errors.ts";
import { describeQuorum } from "./55-describe-quorum.ts";
import type { QuorumView } from "./services.ts";
import { DataPlane } from "./testing/data-plane.ts";

const replica = (id: number, endOffset: number | null) => {
  const directoryId = `${"ABCDEFGH"[id]}AAAAAAAAAAAAAAAAAAAAA`;
  return { id, directoryId, endOffset, lastFetchMs: 5, lastCaughtUpMs: 4 };
};

const view: QuorumView = {
  leaderId: 1,
  epoch: 3,
  highWatermark: null,
  voters: [{ ...replica(1, null), endpoints: [{ name: "CONTROLLER", host: "localhost", port: 9093 }] }],
  progress: [replica(1, 40), replica(2, null)],
  kraftVersion: 1,
};

async function ask(topicName: string, version: number, quorum: QuorumView = view) {
  const plane = await DataPlane.open();
  Object.assign(plane.services, { nodeId: 1, quorum: () => quorum });
  const request = { topics: [{ topicName, partitions: [{ partitionIndex: 0 }] }] };
  const context = { ...plane.context(describeQuorum, version), listenerKind: "controller" } as const;
  const reply = describeQuorum.handle(plane.services, request, context);
  if (typeof reply !== "object" || reply instanceof Promise) throw new Error("an answer from memory");
  return reply;
}

test("voters and observers are told apart, with what is not known as -1", async () => {
  const { topics, nodes } = await ask("__cluster_metadata", 2);
  const state = (id: number, logEndOffset: number) => ({
    replicaId: id,
    replicaDirectoryId: replica(id, null).directoryId,
    logEndOffset,
    lastFetchTimestamp: 5,
    lastCaughtUpTimestamp: 4,
  });
  expect(topics[0]?.partitions[0]).toEqual({
    ...{ partitionIndex: 0, errorCode: 0, errorMessage: "", leaderId: 1, leaderEpoch: 3, highWatermark: -1 },
    ...{ currentVoters: [state(1, 40)], observers: [state(2, -1)] },
  });
  expect(nodes).toEqual([{ nodeId: 1, listeners: [{ name: "CONTROLLER", host: "localhost", port: 9093 }] }]);
});

test("before version 2 there are neither directories nor nodes", async () => {
  const { topics, nodes } = await ask("__cluster_metadata", 1);
  expect(topics[0]?.partitions[0]?.currentVoters[0]?.replicaDirectoryId).toBe("AAAAAAAAAAAAAAAAAAAAAA");
  expect(nodes).toEqual([]);
});

test.each([
  ["another topic", "orders", view, "UNKNOWN_TOPIC_OR_PARTITION"],
  ["a node that does not lead", "__cluster_metadata", { ...view, leaderId: null }, "NOT_LEADER_OR_FOLLOWER"],
] as const)("%s is an error of the partition", async (_, topicName, quorum, error) => {
  const { errorCode, topics } = await ask(topicName, 2, quorum);
  expect(errorCode).toBe(0);
  expect(topics).toMatchObject([{ topicName, partitions: [{ partitionIndex: 0, errorCode: code(error) }] }]);
});

test("a node that becomes the leader while a client waits for one answers itself", async () => {
  const plane = await DataPlane.open();
  let quorum: QuorumView = { ...view, leaderId: null };
  const controller = {
    send: async () => {
      quorum = view;
      throw new KafkaError("NOT_CONTROLLER");
    },
  };
  Object.assign(plane.services, { nodeId: 1, quorum: () => quorum, controller });
  const request = { topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }] };
  const context = { ...plane.context(describeQuorum, 2), listenerKind: "broker" } as const;
  const reply = await describeQuorum.handle(plane.services, request, context);
  expect(reply).toMatchObject({ topics: [{ partitions: [{ leaderId: 1, errorCode: 0 }] }] });
});
