import { expect, test } from "bun:test";
import { ZERO_UUID } from "../../../base/uuid.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type { BrokerHeartbeatRequest } from "../../../protocol/generated/broker-heartbeat.ts";
import type { BrokerRegistrationRequest } from "../../../protocol/generated/broker-registration.ts";
import { supportedFeatures } from "../features.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import {
  after,
  brokerRecord,
  call,
  clusterImage,
  controllerState,
  directoryOf,
  type TestBroker,
} from "../testing/controller-fixture.ts";
import { fenceGone, fenceStaleBrokers, heartbeat } from "./broker-heartbeat.ts";
import { registerBroker, registerController } from "./brokers.ts";
import { allocateProducerIds } from "./producer-ids.ts";
import type { ControllerState } from "./state.ts";

const incarnation = "CCCCCCCCCCCCCCCCCCCCCA";

function registration(change: Partial<BrokerRegistrationRequest> = {}): BrokerRegistrationRequest {
  return {
    brokerId: 2,
    clusterId: "cluster",
    incarnationId: incarnation,
    listeners: [{ name: "PLAINTEXT", host: "localhost", port: 9092, securityProtocol: 0 }],
    features: [...supportedFeatures()].map(([name, { min, max }]) => {
      return { name, minSupportedVersion: min, maxSupportedVersion: max };
    }),
    rack: null,
    isMigratingZkBroker: false,
    logDirs: [directoryOf(2)],
    previousBrokerEpoch: -1,
    ...change,
  };
}

const register = (state: ControllerState, change: Partial<BrokerRegistrationRequest> = {}, version = 4) =>
  registerBroker(state, registration(change), call(version));

const types = (records: readonly MetadataRecord[]): string[] => records.map(({ type }) => type);

/** One topic with a partition on each broker, led by the first of its replicas. */
function withTopic(brokers: readonly TestBroker[], replicas: readonly number[]): ControllerState {
  const state = controllerState(clusterImage(brokers));
  const partition = record(
    "PartitionRecord",
    {
      partitionId: 0,
      topicId: "DDDDDDDDDDDDDDDDDDDDDA",
      replicas: [...replicas],
      isr: [...replicas],
      removingReplicas: [],
      addingReplicas: [],
      leader: replicas[0] as number,
      leaderRecoveryState: 0,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: replicas.map((id) => directoryOf(id)),
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    },
    2,
  );
  const topic = record("TopicRecord", { name: "orders", topicId: "DDDDDDDDDDDDDDDDDDDDDA" });
  return after(state, { records: [topic, partition], reply: null, atomic: true });
}

test("a new broker is registered fenced, with the offset of its record as epoch", () => {
  const state = controllerState(clusterImage([]));
  const { records, reply } = register(state);
  expect(reply).toEqual({ throttleTimeMs: 0, errorCode: 0, brokerEpoch: 1000 });
  expect(records).toMatchObject([
    { type: "RegisterBrokerRecord", version: 4, value: { brokerId: 2, brokerEpoch: 1000, fenced: true } },
  ]);
});

test.each<[string, Partial<BrokerRegistrationRequest>, string]>([
  ["another cluster", { clusterId: "other" }, "INCONSISTENT_CLUSTER_ID"],
  ["a broker that migrates from ZooKeeper", { isMigratingZkBroker: true }, "BROKER_ID_NOT_REGISTERED"],
  ["no directory", { logDirs: [] }, "INVALID_REGISTRATION"],
  ["a reserved directory id", { logDirs: [ZERO_UUID] }, "INVALID_REGISTRATION"],
  ["a directory named twice", { logDirs: [directoryOf(2), directoryOf(2)] }, "INVALID_REGISTRATION"],
  ["a directory of another broker", { logDirs: [directoryOf(3)] }, "INVALID_REGISTRATION"],
  ["no metadata.version", { features: [] }, "INVALID_REGISTRATION"],
  [
    "a metadata.version below the finalized one",
    { features: [{ name: "metadata.version", minSupportedVersion: 7, maxSupportedVersion: 29 }] },
    "UNSUPPORTED_VERSION",
  ],
  [
    "a broker that does not know a finalized feature",
    { features: [{ name: "metadata.version", minSupportedVersion: 7, maxSupportedVersion: 30 }] },
    "UNSUPPORTED_VERSION",
  ],
])("a registration is refused: %s", (_, change, error) => {
  const state = controllerState(clusterImage([{ id: 3 }]));
  try {
    register(state, change);
    expect.unreachable();
  } catch (thrown) {
    expect((thrown as KafkaError).error).toBe(error as never);
  }
});

test("two live processes with one id: the second is refused until the session of the first is over", () => {
  const state = controllerState(clusterImage([{ id: 2 }]));
  state.heartbeats.connection(2, 102, "open");
  expect(() => register(state)).toThrow(KafkaError);
  const later = { ...call(4), ticksMs: 9001 };
  expect(registerBroker(state, registration(), later).reply.errorCode).toBe(0);
});

test("a process that this controller has not heard is replaced at once by one that holds its directory", () => {
  const state = () => controllerState(clusterImage([{ id: 2 }]));
  expect(register(state()).reply.brokerEpoch).toBe(1000);
  expect(() => register(state(), { logDirs: [directoryOf(2, 1)] })).toThrow(KafkaError);
});

test("a process whose connection has ended is replaced at once, also by one with an empty disk", () => {
  const state = controllerState(clusterImage([{ id: 2 }]));
  state.heartbeats.connection(2, 102, "open");
  state.heartbeats.connection(2, 101, "ended"); // of an earlier registration
  expect(() => register(state, { logDirs: [directoryOf(2, 1)] })).toThrow(KafkaError);
  state.heartbeats.connection(2, 102, "ended");
  expect(register(state, { logDirs: [directoryOf(2, 1)] }).reply.brokerEpoch).toBe(1000);
});

test("a heartbeat from the controller's own process keeps a copy of its directory out", () => {
  const state = controllerState(clusterImage([{ id: 2 }]));
  beat(state);
  expect(() => register(state)).toThrow(KafkaError);
});

test("a process that is gone is fenced at once, and has no session; of another registration nothing happens", () => {
  const state = withTopic([{ id: 2 }, { id: 3 }], [2, 3]);
  expect(fenceGone(state, 2, 101).records).toEqual([]);
  const { records } = fenceGone(state, 2, 102);
  expect(types(records)).toEqual(["PartitionChangeRecord", "BrokerRegistrationChangeRecord"]);
  expect(records[0]?.value).toMatchObject({ leader: 3, isr: [3] });
  expect(state.heartbeats.hasValidSession(2, 102, 0)).toBe(false);
});

test("a second registration of the same incarnation keeps epoch and state", () => {
  const state = controllerState(clusterImage([{ id: 2 }]));
  const { records, reply } = register(state, { incarnationId: directoryOf(2, 9) });
  expect(reply.brokerEpoch).toBe(102);
  expect(records).toMatchObject([{ value: { fenced: false, brokerEpoch: 102 } }]);
});

test("a new incarnation leaves every ISR before it is registered; the epoch is that of the first record", () => {
  const state = withTopic([{ id: 2, fenced: true }, { id: 3 }], [3, 2]);
  const unclean = register(state);
  expect(types(unclean.records)).toEqual(["PartitionChangeRecord", "RegisterBrokerRecord"]);
  expect(unclean.records[0]).toMatchObject({ value: { isr: [3], eligibleLeaderReplicas: null } });
  const last = () => withTopic([{ id: 2, fenced: true }], [2]);
  expect(register(last()).records[0]).toMatchObject({ value: { isr: [], lastKnownElr: [2] } });
  const clean = register(last(), { previousBrokerEpoch: 102 });
  expect(clean.records[0]).toMatchObject({ value: { isr: [], eligibleLeaderReplicas: [2] } });
  expect(unclean.records[1]).toMatchObject({ value: { brokerEpoch: state.nextOffset } });
  expect(state.heartbeats.registrationOffset(2)).toBe(state.nextOffset + 1);
});

function beat(state: ControllerState, change: Partial<BrokerHeartbeatRequest> = {}) {
  const request = {
    brokerId: 2,
    brokerEpoch: 102,
    currentMetadataOffset: 2000,
    wantFence: false,
    wantShutDown: false,
    offlineLogDirs: [],
    cordonedLogDirs: null,
    ...change,
  };
  return heartbeat(state, request, call(2));
}

test("a broker is unfenced when it has applied its own registration, and leads what has no leader", () => {
  let state = withTopic([{ id: 2, fenced: true }], [2]);
  const leaderless = record(
    "PartitionChangeRecord",
    {
      ...{ partitionId: 0, topicId: "DDDDDDDDDDDDDDDDDDDDDA", isr: null, leader: -1, replicas: null },
      ...{ removingReplicas: null, addingReplicas: null, leaderRecoveryState: -1, directories: null },
      ...{ eligibleLeaderReplicas: null, lastKnownElr: null },
    },
    2,
  );
  state = after(state, { records: [leaderless], reply: null, atomic: true });
  const early = beat(state, { currentMetadataOffset: 101 });
  expect(early).toMatchObject({ records: [], reply: { isCaughtUp: false, isFenced: true } });
  expect(beat(state, { wantFence: true })).toMatchObject({ records: [], reply: { isCaughtUp: true, isFenced: true } });
  const { records, reply } = beat(state);
  expect(reply).toMatchObject({ isCaughtUp: true, isFenced: false, shouldShutDown: false });
  expect(records).toMatchObject([
    { type: "BrokerRegistrationChangeRecord", version: 0, value: { fenced: -1 } },
    { type: "PartitionChangeRecord", value: { leader: 2 } },
  ]);
});

test("cordoned directories are recorded once", () => {
  const state = controllerState(clusterImage([{ id: 2 }]));
  const first = beat(state, { cordonedLogDirs: [] });
  expect(first.records).toMatchObject([{ version: 3, value: { fenced: 0, cordonedLogDirs: [] } }]);
  expect(beat(after(state, first), { cordonedLogDirs: [] }).records).toEqual([]);
});

test("a controlled shutdown moves the leaders, and ends when the others know", () => {
  let state = withTopic([{ id: 2 }, { id: 3 }], [2, 3]);
  state.heartbeats.touch(3, false, 900);
  const begun = beat(state, { wantShutDown: true });
  expect(begun.reply.shouldShutDown).toBe(false);
  expect(begun.records).toMatchObject([
    { type: "BrokerRegistrationChangeRecord", version: 1, value: { inControlledShutdown: 1 } },
    { type: "PartitionChangeRecord", value: { isr: [3], leader: 3 } },
  ]);
  state = after(state, begun);
  expect(beat(state, { wantShutDown: true }).reply.shouldShutDown).toBe(false);
  state.heartbeats.touch(3, false, 1003);
  const ended = beat(state, { wantShutDown: true });
  expect(ended.reply).toMatchObject({ shouldShutDown: true, isFenced: true });
  expect(ended.records).toMatchObject([{ value: { fenced: 1 } }]);
});

test("a heartbeat of an earlier registration is refused", () => {
  const state = controllerState(clusterImage([{ id: 2 }]));
  expect(() => beat(state, { brokerEpoch: 7 })).toThrow("Expected broker epoch 102, but got broker epoch 7");
  expect(() => beat(state, { brokerId: 9 })).toThrow("No broker registration found for broker id 9");
});

test("silent brokers are fenced one after the other: no leader goes to one that is silent too", () => {
  const state = withTopic([{ id: 2 }, { id: 3 }, { id: 1 }], [2, 3, 1]);
  state.heartbeats.contact(1, 9000);
  const { records } = fenceStaleBrokers(state, 9002);
  expect(types(records)).toEqual([
    ...["PartitionChangeRecord", "BrokerRegistrationChangeRecord"],
    ...["PartitionChangeRecord", "BrokerRegistrationChangeRecord"],
  ]);
  expect(
    after(state, { records, reply: null, atomic: false }).image.topicsByName.get("orders")?.partitions.get(0),
  ).toMatchObject({
    leader: 1,
    isr: [1],
  });
  expect(fenceStaleBrokers(state, 9003).records).toEqual([]);
});

test("a failed directory takes its replicas out of the ISR", () => {
  const two = [directoryOf(2), directoryOf(2, 1)];
  const state = withTopic([{ id: 2, directories: two }, { id: 3 }], [2, 3]);
  const { records } = beat(state, { offlineLogDirs: [directoryOf(2)] });
  expect(records).toMatchObject([
    { type: "PartitionChangeRecord", value: { isr: [3], leader: 3 } },
    { type: "BrokerRegistrationChangeRecord", version: 2, value: { logDirs: [directoryOf(2, 1)] } },
  ]);
});

test("producer id blocks follow each other", () => {
  const state = controllerState(clusterImage([{ id: 2 }]));
  const first = allocateProducerIds(state, { brokerId: 2, brokerEpoch: 102 });
  expect(first.reply).toMatchObject({ producerIdStart: 0, producerIdLen: 1000 });
  const second = allocateProducerIds(after(state, first), { brokerId: 2, brokerEpoch: 102 });
  expect(second.reply.producerIdStart).toBe(1000);
  expect(() => allocateProducerIds(state, { brokerId: 2, brokerEpoch: 1 })).toThrow(KafkaError);
});

test("a controller is registered from metadata.version 3.7-IV0 on", () => {
  const request = { controllerId: 1, incarnationId: incarnation, zkMigrationReady: true, listeners: [], features: [] };
  const state = controllerState(clusterImage([]));
  expect(registerController(state, request).records).toMatchObject([
    { type: "RegisterControllerRecord", value: { controllerId: 1, zkMigrationReady: false } },
  ]);
  const old = after(state, {
    records: [record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 14 }), brokerRecord({ id: 9 })],
    reply: null,
    atomic: true,
  });
  expect(() => registerController(old, request)).toThrow("too old");
});
