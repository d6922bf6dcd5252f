/**
 * The metadata side of one node: its raft, its controller and its published image. Broker and controller parts share
 * this raft and nothing else.
 */
import type { Ports } from "../../base/ports.ts";
import { ZERO_UUID } from "../../base/uuid.ts";
import { AlterConfigs } from "../../protocol/generated/alter-configs.ts";
import { AlterUserScramCredentials } from "../../protocol/generated/alter-user-scram-credentials.ts";
import { IncrementalAlterConfigs } from "../../protocol/generated/incremental-alter-configs.ts";
import { RECOVERY_POINTS_FILE, readOffsets } from "../../storage/checkpoint.ts";
import { LOCK_FILE } from "../../storage/log-dir.ts";
import type { LiveConfig } from "../config/live.ts";
import { fenceStaleBrokers } from "../metadata/controller/broker-heartbeat.ts";
import { BrokerWatch } from "../metadata/controller/broker-watch.ts";
import type { ControllerChannel } from "../metadata/controller/channel.ts";
import { configRules } from "../metadata/controller/config-rules.ts";
import { alterConfigs, incrementalAlterConfigs } from "../metadata/controller/configs.ts";
import { balanceLeaders, electUncleanLeaders } from "../metadata/controller/leader-balance.ts";
import { LocalChannel } from "../metadata/controller/local-channel.ts";
import { metadataOperations, type Operations } from "../metadata/controller/operations.ts";
import { QuorumChannel } from "../metadata/controller/quorum-channel.ts";
import { type PeriodicTask, QuorumController } from "../metadata/controller/quorum-controller.ts";
import { alterScramCredentials } from "../metadata/controller/scram-credentials.ts";
import { MetadataPublisher } from "../metadata/publisher.ts";
import { probe } from "../peer/probe.ts";
import { METADATA_TOPIC, RaftDriver } from "../raft/driver.ts";
import type { Endpoint, VoterSet } from "../raft/state.ts";
import { isVoter } from "../raft/voters.ts";
import { scramKeys } from "../security/scram-keys.ts";
import type { Identity } from "./identity.ts";
import { META_PROPERTIES_FILE } from "./meta-properties.ts";
import { QuorumPeers } from "./quorum-peers.ts";
import { controllerSettings, controllerTimes, raftSettings, snapshotSettings } from "./settings.ts";

export interface MetadataNode {
  readonly raft: RaftDriver;
  readonly peers: QuorumPeers;
  readonly controller: QuorumController;
  readonly publisher: MetadataPublisher;
  /** Waits until this node shows what it asked for. */
  readonly channel: ControllerChannel;
  /** Does not wait: a long application must not delay heartbeats. */
  readonly quickChannel: ControllerChannel;
  readonly brokerWatch: BrokerWatch;
  /** Calls when another node leads, or the connection to the one that does has ended. */
  onControllerLost(run: () => void): void;
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
  const directory = identity.metadataDirectory.path;
  const peers = new QuorumPeers(ports, config, identity.nodeId);
  const raft = await RaftDriver.open({
    clusterId: identity.clusterId,
    disk,
    clock,
    random,
    logger,
    path: `${directory}/${METADATA_TOPIC}-0`,
    recoveryPoint: recoveryPointIn(directory, ports),
    lockPath: config.static.logDirs.includes(directory) ? null : `${directory}/${LOCK_FILE}`,
    self: { id: identity.nodeId, directoryId: identity.metadataDirectory.id },
    endpoints,
    staticVoters: config.static.quorumVoters.map(({ id, host, port }) => {
      const name = config.static.controllerListenerNames[0] as string;
      return { id, directoryId: ZERO_UUID, endpoints: [{ name, host, port }], kraftVersions: [0, 1] };
    }),
    canBecomeVoter: config.static.isController,
    settings: raftSettings(config),
    listenerName: config.static.controllerListenerNames[0] as string,
    network: peers.network,
    bootstrapServers: config.static.quorumBootstrapServers,
    onFatal,
  });
  refuseUnknownQuorum(raft.describe().voters, config, identity);
  const controller = openController(options, raft);
  const settings = snapshotSettings(config);
  const publisher = new MetadataPublisher({ clock, logger, log: raft, settings, onFatal });
  raft.register(controller);
  const [patient, quick] = controllerChannels(options, { raft, peers, controller, publisher });
  const { nodeId } = identity;
  const brokerWatch = new BrokerWatch({
    clock,
    logger,
    nodeId,
    controller,
    probe: (at) => probe(ports.net, clock, at),
  });
  let controllerLost = (): void => {};
  peers.onControllerLost = () => controllerLost();
  raft.register({
    committed: (batches) => publisher.committed(batches),
    snapshot: (snapshot) => publisher.snapshot(snapshot),
    leaderChanged: (changed) => {
      publisher.leaderChanged(changed);
      peers.controllerChanged();
      for (const each of [patient, quick]) each.leaderChanged();
      brokerWatch.leaderChanged(changed.leaderId);
      controllerLost();
    },
  });
  const onControllerLost = (run: () => void): void => {
    controllerLost = run;
  };
  return { raft, peers, controller, publisher, channel: patient, quickChannel: quick, brokerWatch, onControllerLost };
}

type Asked = Pick<MetadataNode, "raft" | "peers" | "controller" | "publisher">;

/** To the active controller: for requests that wait until this node shows what they asked for, and for the others. */
function controllerChannels(
  { ports: { clock }, config, identity: { nodeId } }: MetadataNodeOptions,
  { raft, peers, controller, publisher }: Asked,
): [patient: QuorumChannel, quick: QuorumChannel] {
  const timeoutMs = () => config.get("controller.socket.timeout.ms");
  const leader = () => {
    const { leaderAddress } = raft;
    const { leaderId } = raft.leader;
    return leaderId === null || leaderAddress === null ? null : { nodeId: leaderId, ...leaderAddress };
  };
  const channel = (reached: (offset: number) => Promise<void>, timeoutMs: () => number) => {
    const local = new LocalChannel({ controller, clock, reached, timeoutMs: timeoutMs() });
    return new QuorumChannel({ nodeId, local, ask: peers.ask, leader, clock, timeoutMs });
  };
  const patient = channel((offset) => publisher.reached(offset), timeoutMs);
  // A heartbeat that got lost must not cost the session: there is time for another.
  const quickMs = () => Math.min(timeoutMs(), config.get("broker.session.timeout.ms") / 2);
  return [patient, channel(() => Promise.resolve(), quickMs)];
}

/** What an earlier start has checkpointed: 0 where nothing is known to be synced. */
function recoveryPointIn(directory: string, { disk, logger }: Ports): number {
  const path = `${directory}/${RECOVERY_POINTS_FILE}`;
  const points = readOffsets(disk, path);
  if (typeof points !== "string") return points?.get(`${METADATA_TOPIC}-0`) ?? 0;
  logger.warn(`${path} cannot be used, the metadata log is cut where it ends: ${points}`);
  return 0;
}

/** Who is no voter learns the voters from the nodes that are named; who is the only voter must be that one. */
function refuseUnknownQuorum(voters: VoterSet, config: LiveConfig, identity: Identity): void {
  const { nodeId, metadataDirectory } = identity;
  const { path, id } = metadataDirectory;
  if (voters.length === 0 && config.static.quorumBootstrapServers.length === 0) {
    throw new Error(
      `${path} names no voters of the quorum: format it with --standalone or set controller.quorum.voters.`,
    );
  }
  const [only, ...others] = voters;
  if (only?.id !== nodeId || others.length > 0 || isVoter(voters, { id: nodeId, directoryId: id })) return;
  throw new Error(
    `${path} is directory ${id} of node ${nodeId}, but the voter of its quorum is node ${nodeId} with directory ` +
      `${only.directoryId}: it is a copy, or its ${META_PROPERTIES_FILE} was made anew.`,
  );
}

function openController({ ports, config, identity, onFatal }: MetadataNodeOptions, raft: RaftDriver): QuorumController {
  const { clock, random, logger } = ports;
  const rules = configRules(config);
  const operations: Operations = new Map([
    ...metadataOperations(),
    [AlterConfigs.key, (state, request) => alterConfigs(state, request, rules)],
    [IncrementalAlterConfigs.key, (state, request) => incrementalAlterConfigs(state, request, rules)],
    [AlterUserScramCredentials.key, (state, request) => alterScramCredentials(state, request, scramKeys)],
  ]);
  return new QuorumController({
    nodeId: identity.nodeId,
    clusterId: identity.clusterId,
    clock,
    random,
    logger,
    log: raft,
    kraftVersion: () => raft.describe().kraftVersion,
    kraftUpgradeRefused: (level) => raft.upgradeRefused(level),
    upgradeKraftVersion: (epoch, level) => raft.upgradeKraftVersion(epoch, level),
    settings: controllerSettings(config),
    topicConfigs: rules,
    times: controllerTimes(config),
    minInsyncReplicas: config.get("min.insync.replicas"),
    bootstrap: identity.bootstrap,
    operations,
    fenceStale: fenceStaleBrokers,
    periodic: periodicElections(config),
    onFatal,
  });
}

function periodicElections(config: LiveConfig): PeriodicTask[] {
  const balanceMs = config.get("leader.imbalance.check.interval.seconds") * 1_000;
  const balance = config.get("auto.leader.rebalance.enable") ? [{ intervalMs: balanceMs, decide: balanceLeaders }] : [];
  const uncleanMs = config.get("unclean.leader.election.interval.ms");
  return [...balance, { intervalMs: uncleanMs, decide: electUncleanLeaders }];
}
