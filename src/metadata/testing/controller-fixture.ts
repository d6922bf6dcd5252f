/** A controller's state for tests: brokers and topics in a few words, and a run of operations on it. */
import { KafkaError } from "../../../protocol/errors.ts";
import type { CreatableTopic } from "../../../protocol/generated/create-topics.ts";
import { applyRecords } from "../apply.ts";
import { bootstrapRecords } from "../bootstrap.ts";
import { BrokerHeartbeats } from "../controller/heartbeats.ts";
import type { ControllerCall } from "../controller/quorum-controller.ts";
import type { ControllerResult } from "../controller/result.ts";
import type { ControllerState } from "../controller/state.ts";
import { supportedFeatures } from "../features.ts";
import { configOf, emptyImage, type MetadataImage } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { testRandom } from "./random-records.ts";

export interface TestBroker {
  readonly id: number;
  readonly rack?: string;
  readonly fenced?: boolean;
  readonly shuttingDown?: boolean;
  readonly directories?: readonly string[];
}

/** A directory id for tests; never a reserved one. */
export function directoryOf(broker: number, index = 0): string {
  const letters = "BCDEFGHIJK";
  return `${letters[broker % 10]}${letters[index]}AAAAAAAAAAAAAAAAAAAA`;
}

export function brokerRecord({ id, rack, fenced, shuttingDown, directories }: TestBroker): MetadataRecord {
  return record(
    "RegisterBrokerRecord",
    {
      brokerId: id,
      isMigratingZkBroker: false,
      incarnationId: directoryOf(id, 9),
      brokerEpoch: 100 + id,
      endPoints: [{ name: "PLAINTEXT", host: "localhost", port: 9092 + id, securityProtocol: 0 }],
      features: [...supportedFeatures()].map(([name, { min, max }]) => {
        return { name, minSupportedVersion: min, maxSupportedVersion: max };
      }),
      rack: rack ?? null,
      fenced: fenced ?? false,
      inControlledShutdown: shuttingDown ?? false,
      logDirs: [...(directories ?? [directoryOf(id)])],
      cordonedLogDirs: null,
    },
    4,
  );
}

/** A formatted cluster with these brokers. */
export function clusterImage(brokers: readonly TestBroker[]): MetadataImage {
  return applyRecords(emptyImage(), [...bootstrapRecords(), ...brokers.map(brokerRecord)]);
}

export function controllerState(image: MetadataImage, settings: Partial<ControllerState["settings"]> = {}) {
  const heartbeats = new BrokerHeartbeats(9000, image, 0);
  for (const broker of image.brokers.values()) {
    if (broker.inControlledShutdown) heartbeats.beginControlledShutdown(broker.id, 0);
  }
  const state: ControllerState = {
    image,
    nextOffset: 1000,
    heartbeats,
    clusterId: "cluster",
    nodeId: 1,
    kraftVersion: 1,
    kraftUpgradeRefused: () => null,
    settings: { defaultPartitions: 1, defaultReplicationFactor: 1, topicDeletionEnabled: true, ...settings },
    topicConfigs: {
      validate: (_, configs) => {
        if (configs.has("no.such")) throw new KafkaError("INVALID_CONFIG", "Unknown topic config name: no.such");
      },
      effective: (of, topic, name) => configOf(of, 2, topic).get(name) ?? configOf(of, 4, "").get(name) ?? "1",
      describe: (_, configs) =>
        [...configs].map(([name, value]) => ({ name, value, readOnly: false, configSource: 1, isSensitive: false })),
    },
  };
  return state;
}

export function call(apiVersion = 7, seed = 1): ControllerCall {
  const context = { apiVersion, clientId: "test", clientHost: "127.0.0.1", principal: "User:ANONYMOUS" };
  return { context, nowMs: 0, ticksMs: 0, random: testRandom(seed) };
}

/** The state after an operation's records. */
export function after(state: ControllerState, { records }: ControllerResult<unknown>): ControllerState {
  return { ...state, image: applyRecords(state.image, records), nextOffset: state.nextOffset + records.length };
}

export function topic(name: string, more: Partial<CreatableTopic> = {}): CreatableTopic {
  return { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...more };
}
