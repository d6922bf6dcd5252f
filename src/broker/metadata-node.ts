/**
 * The metadata side of one node: its raft, its controller and its published image. Broker and controller parts share this
 * raft and nothing else.
 */
import type { Ports } from "../../base/ports.ts";
import { ZERO_UUID } from "../../base/uuid.ts";
import { AlterConfigs } from "../../protocol/generated/alter-configs.ts";
import { IncrementalAlterConfigs } from "../../protocol/generated/incremental-alter-configs.ts";
import type { LiveConfig } from "../config/live.ts";
import { fenceStaleBrokers } from "../metadata/controller/broker-heartbeat.ts";
import { configRules } from "../metadata/controller/config-rules.ts";
import { alterConfigs, incrementalAlterConfigs } from "../metadata/controller/configs.ts";
import { LocalChannel } from "../metadata/controller/local-channel.ts";
import { metadataOperations, type Operations } from "../metadata/controller/operations.ts";
import { QuorumController } from "../metadata/controller/quorum-controller.ts";
import { MetadataPublisher } from "../metadata/publisher.ts";
import { METADATA_TOPIC, RaftDriver } from "../raft/driver.ts";
import type { Endpoint } from "../raft/state.ts";
import type { Identity } from "./identity.ts";
import { controllerSettings, controllerTimes, raftSettings, snapshotSettings } from "./settings.ts";

export interface MetadataNode {
  readonly raft: RaftDriver;
  readonly controller: QuorumController;
  readonly publisher: MetadataPublisher;
  /** Waits until this node shows what it asked for. */
  readonly channel: LocalChannel;
  /** Does not wait: a long application must not delay heartbeats. */
  readonly quickChannel: LocalChannel;
}

export interface MetadataNodeOptions {
  readonly ports: Ports;
  readonly config: LiveConfig;
  readonly identity: Identity;
  /** Of this node's controller, with the ports that were bound. */
  readonly endpoints: readonly Endpoint[];
  readonly onFatal: (error: unknown) => void;
}

/** Loads the metadata log; nothing happens before `raft.start()`. */
export async function openMetadata(options: MetadataNodeOptions): Promise<MetadataNode> {
  const { ports, config, identity, endpoints, onFatal } = options;
  const { clock, random, disk, logger } = ports;
  const raft = await RaftDriver.open({
    disk,
    clock,
    random,
    logger,
    path: `${identity.metadataDirectory.path}/${METADATA_TOPIC}-0`,
    self: { id: identity.nodeId, directoryId: identity.metadataDirectory.id },
    endpoints,
    staticVoters: config.static.quorumVoters.map(({ id, host, port }) => {
      const name = config.static.controllerListenerNames[0] as string;
      return { id, directoryId: ZERO_UUID, endpoints: [{ name, host, port }], kraftVersions: [0, 1] };
    }),
    settings: raftSettings(config),
    network: { send: () => {} }, // a quorum of one has nobody to talk to
    onFatal,
  });
  const controller = openController(options, raft);
  const settings = snapshotSettings(config);
  const publisher = new MetadataPublisher({ clock, logger, log: raft, settings, onFatal });
  raft.register(controller);
  raft.register(publisher);
  const channel = (reached: (offset: number) => Promise<void>) =>
    new LocalChannel({ controller, clock, reached, timeoutMs: config.get("controller.socket.timeout.ms") });
  return {
    raft,
    controller,
    publisher,
    channel: channel((offset) => publisher.reached(offset)),
    quickChannel: channel(() => Promise.resolve()),
  };
}

function openController({ ports, config, identity, onFatal }: MetadataNodeOptions, raft: RaftDriver): QuorumController {
  const { clock, random, logger } = ports;
  const rules = configRules(config);
  const operations: Operations = new Map([
    ...metadataOperations(),
    [AlterConfigs.key, (state, request) => alterConfigs(state, request, rules)],
    [IncrementalAlterConfigs.key, (state, request) => incrementalAlterConfigs(state, request, rules)],
  ]);
  return new QuorumController({
    nodeId: identity.nodeId,
    clusterId: identity.clusterId,
    clock,
    random,
    logger,
    log: raft,
    kraftVersion: () => raft.describe().kraftVersion,
    settings: controllerSettings(config),
    topicConfigs: rules,
    times: controllerTimes(config),
    minInsyncReplicas: config.get("min.insync.replicas"),
    bootstrap: identity.bootstrap,
    operations,
    fenceStale: fenceStaleBrokers,
    onFatal,
  });
}
