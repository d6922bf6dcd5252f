import { expect, test } from "bun:test";
import type { Logger } from "../../base/ports.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import type { AssignReplicasToDirsRequest } from "../../protocol/generated/assign-replicas-to-dirs.ts";
import { applyRecords } from "../metadata/apply.ts";
import { changesBetween } from "../metadata/changes.ts";
import { firstIsr, newPartition } from "../metadata/controller/assignments.ts";
import type { ControllerChannel } from "../metadata/controller/channel.ts";
import { emptyImage } from "../metadata/image.ts";
import { record } from "../metadata/records/record.ts";
import { clusterImage, directoryOf } from "../metadata/testing/controller-fixture.ts";
import { DirectoryAssignments } from "./directory-assignments.ts";

const TOPIC = "AlphaAlphaAlphaAlphaAA";
const [first, second] = [directoryOf(1), directoryOf(1, 1)];
const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const brokers = clusterImage([{ id: 1, directories: [first, second] }, { id: 2 }]);
const image = applyRecords(brokers, [
  record("TopicRecord", { name: "alpha", topicId: TOPIC }),
  ...[0, 1, 2].map((id) => newPartition(brokers, TOPIC, id, id === 2 ? [2] : [1], firstIsr(brokers, [1, 2]))),
]);

function node(answers: readonly number[] = []) {
  const clock = new FakeClock();
  const sent: AssignReplicasToDirsRequest[] = [];
  const channel = {
    send: async (_: unknown, request: AssignReplicasToDirsRequest) => {
      sent.push(request);
      return { throttleTimeMs: 0, errorCode: answers[sent.length - 1] ?? 0, directories: [] };
    },
  } as unknown as ControllerChannel;
  const assignments = new DirectoryAssignments({
    nodeId: 1,
    clock,
    logger: silent,
    channel,
    brokerEpoch: () => 101,
    directoryOf: (_, partition) => (partition === 0 ? first : second),
  });
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { assignments, clock, sent, settle };
}

const wanted = {
  brokerId: 1,
  brokerEpoch: 101,
  directories: [
    { id: first, topics: [{ topicId: TOPIC, partitions: [{ partitionIndex: 0 }] }] },
    { id: second, topics: [{ topicId: TOPIC, partitions: [{ partitionIndex: 1 }] }] },
  ],
};

test("the replicas of this node are assigned to where they lie, once", async () => {
  const { assignments, sent, settle } = node();
  assignments.changed(changesBetween(emptyImage(), image));
  await settle();
  assignments.changed(changesBetween(image, image));
  await settle();
  expect(sent).toEqual([wanted]);
});

test("a refused assignment is asked again, later", async () => {
  const { assignments, clock, sent, settle } = node([77, 0]);
  assignments.changed(changesBetween(emptyImage(), image));
  await settle();
  expect(sent.length).toBe(1);
  clock.advance(100);
  await settle();
  expect(sent).toEqual([wanted, wanted]);
});

test("what the metadata already says is not said again", async () => {
  const { assignments, sent, settle } = node();
  const assigned = applyRecords(brokers, [
    record("TopicRecord", { name: "alpha", topicId: TOPIC }),
    newPartition(clusterImage([{ id: 1, directories: [first] }]), TOPIC, 0, [1], [1]),
  ]);
  assignments.changed(changesBetween(emptyImage(), assigned));
  await settle();
  expect(sent).toEqual([]);
});
