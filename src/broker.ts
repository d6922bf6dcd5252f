/**
 * One node, built from its settings and its doors to the world: the only wiring. Ports are bound first, because others
 * are told which they are; they serve when the node is ready.
 */
import type { Clock, Logger, Ports } from "../base/ports.ts";
import { AllocateProducerIds } from "../protocol/generated/allocate-producer-ids.ts";
import type { PartitionOffset } from "../storage/checkpoint.ts";
import type { LoadProgress } from "../storage/load-progress.ts";
import { LogDirectory } from "../storage/log-dir.ts";
import { AutoTopicCreation } from "./apis/auto-topic-creation.ts";
import { apiByKey, apis } from "./apis/registry.ts";
import type { Services } from "./apis/services.ts";
import { DirectoryFailures } from "./broker/directory-failures.ts";
import { DirectoryLoading } from "./broker/directory-loading.ts";
import { groupSettings } from "./broker/groups.ts";
import { type Identity, openCluster } from "./broker/identity.ts";
import { type BoundListeners, bindListeners, raftEndpoints } from "./broker/listeners.ts";
import { type MetadataNode, openMetadata } from "./broker/metadata-node.ts";
import { replicationOptions } from "./broker/replication.ts";
import { cleanerSettings, directoryOptions, serverSettings, taskTimes } from "./broker/settings.ts";
import { unservedIn } from "./broker/unserved.ts";
import { LiveConfig } from "./config/live.ts";
import type { StaticConfig } from "./config/static-config.ts";
import { ClassicGroupCoordinator } from "./groups/coordinator.ts";
import { followImage } from "./groups/image.ts";
import { ControllerRegistrar } from "./lifecycle/controller-registration.ts";
import { DirectoryAssignments } from "./lifecycle/directory-assignments.ts";
import { IsrUpdates } from "./lifecycle/isr-updates.ts";
import { Lifecycle } from "./lifecycle/lifecycle.ts";
import { ownContext } from "./metadata/controller/channel.ts";
import { supportedFeatures, supports } from "./metadata/features.ts";
import { configOf } from "./metadata/image.ts";
import { FetchSessions } from "./partition/fetch-sessions.ts";
import { LocalPartitions } from "./partition/local-partitions.ts";
import { ReplicaManager } from "./partition/replica-manager.ts";
import { topicRules } from "./partition/topic-settings.ts";
import { METADATA_TOPIC } from "./raft/driver.ts";
import { Gate } from "./server/gate.ts";
import { Server } from "./server/server.ts";
import { ProducerIds } from "./txn/producer-ids.ts";

/** How long a stopping node waits for the answers that are under way. */
const STOP_GRACE_MS = 5_000;

export interface Broker {
  readonly nodeId: number;
  readonly clusterId: string;
  /** The data directory was empty and has been formatted. */
  readonly formatted: boolean;
  /** As clients are told, with the ports that were bound. */
  readonly listeners: BoundListeners;
  /** The parts of the node, for those who only look on. */
  readonly services: Services;
  /** Controlled shutdown; resolves when everything is on disk. */
  stop(): Promise<void>;
}

export interface BrokerOptions {
  readonly config: StaticConfig;
  readonly ports: Ports;
  /** For a cluster that is to be; random where null. */
  readonly clusterId: string | null;
  /** The node cannot go on: end the process. */
  readonly onFatal: (error: unknown) => void;
}

/** Resolves when the node serves. Rejects with one sentence for the operator where it cannot start. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { config: settings, ports, onFatal } = options;
  const config = new LiveConfig(settings, ports.logger);
  followLogLevel(config, ports.logger);
  const identity = await openCluster({
    ...ports,
    nodeId: settings.nodeId,
    logDirs: settings.logDirs,
    metadataLogDir: settings.metadataLogDir,
    isController: settings.isController,
    staticQuorum: settings.quorumVoters.length > 0,
    hasPeers: settings.quorumVoters.length > 1 || settings.quorumBootstrapServers.length > 1,
    controllerEndpoints: raftEndpoints(settings.advertisedControllerListeners),
    clusterId: options.clusterId,
  });
  const failures = new DirectoryFailures();
  let opened: MetadataNode | null = null;
  const directories = await lockDirectories(config, ports, identity, failures, (path) => {
    if (opened === null || path !== identity.metadataDirectory.path) return [];
    return [{ topic: METADATA_TOPIC, partition: 0, offset: opened.raft.recoveryPoint }];
  });
  const gate = new Gate(ports.net);
  const services = {} as Services; // filled in below, before the gate opens
  const { clock, work, logger } = ports;
  const parts = { clock, work, net: gate, logger, settings: serverSettings(config) };
  const server = new Server({ ...parts, services, apis: apiByKey });
  config.onChange(["max.connections", "max.connections.per.ip", "max.connections.per.ip.overrides"], () =>
    server.limitsChanged(),
  );
  const listeners = await bindListeners(server, settings);
  const endpoints = raftEndpoints(listeners.controller);
  const metadata = await openMetadata({ ports, config, identity, endpoints, onFatal });
  opened = metadata;
  const node = assemble({ ports, config, identity, directories, listeners, metadata, onFatal }, services);
  failures.handle((directory, error) => {
    node.replicas.directoryFailed(directory);
    for (const { path, id } of identity.directories) if (path === directory.path) node.lifecycle.directoryFailed(id);
    if (directories.every(({ offline }) => offline !== null)) onFatal(error);
  });
  metadata.raft.start();
  gate.open("controller"); // other nodes elect and follow the leader that this one waits for
  if (settings.isController) node.registrar.start();
  await Promise.all([node.loading.done, settings.isBroker ? node.lifecycle.start() : null]);
  node.replicas.start();
  for (const sentence of unservedIn(metadata.publisher.image)) ports.logger.warn(sentence);
  gate.open();
  const running = { config, ports, server, metadata, directories, ...node };
  let stopping: Promise<void> | null = null;
  return {
    nodeId: identity.nodeId,
    clusterId: identity.clusterId,
    formatted: identity.formatted,
    listeners,
    services,
    stop: () => {
      stopping ??= stop(running);
      return stopping;
    },
  };
}

/** As the settings say, and as `kafka-configs --entity-type broker-loggers` changes it. */
function followLogLevel({ logLevels }: LiveConfig, logger: Logger): void {
  logger.setLevel?.(logLevels.threshold);
  logLevels.onChange(() => logger.setLevel?.(logLevels.threshold));
}

/** Their logs are loaded once the metadata is known. */
function lockDirectories(
  config: LiveConfig,
  ports: Ports,
  { failed }: Identity,
  failures: DirectoryFailures,
  alsoSynced: (path: string) => readonly PartitionOffset[],
): Promise<LogDirectory[]> {
  const options = { ...directoryOptions(config, ports), onOffline: failures.report };
  return Promise.all(
    config.static.logDirs.map((path) => {
      const onProgress = progressLine(ports, path);
      const failure = failed.get(path);
      const known = failure === undefined ? {} : { failure };
      return LogDirectory.lock({ ...options, ...known, path, onProgress, alsoSynced: () => alsoSynced(path) });
    }),
  );
}

/** A line a second while logs load, for those who wait. */
function progressLine({ clock, logger }: Ports, path: string): (progress: LoadProgress) => void {
  let saidMs = clock.ticksMs();
  return ({ logsLoaded, logsTotal, segmentsRecovered, segmentsTotal }) => {
    if (clock.ticksMs() - saidMs < 1_000) return;
    saidMs = clock.ticksMs();
    logger.info(`${path}: ${logsLoaded}/${logsTotal} logs loaded, ${segmentsRecovered}/${segmentsTotal} segments read`);
  };
}

interface Parts {
  readonly ports: Ports;
  readonly config: LiveConfig;
  readonly identity: Identity;
  readonly directories: readonly LogDirectory[];
  readonly listeners: BoundListeners;
  readonly metadata: MetadataNode;
  readonly onFatal: (error: unknown) => void;
}

interface Node {
  readonly loading: DirectoryLoading;
  readonly replicas: ReplicaManager;
  readonly proposals: IsrUpdates;
  readonly groups: ClassicGroupCoordinator;
  readonly lifecycle: Lifecycle;
  readonly registrar: ControllerRegistrar;
  readonly assignments: DirectoryAssignments;
}

function assemble(parts: Parts, services: Services): Node {
  const { ports, config, identity, directories, metadata } = parts;
  const { clock, random, logger } = ports;
  const { publisher, channel, raft } = metadata;
  const nodeId = identity.nodeId;
  const brokerEpoch = (): number => lifecycle.brokerEpoch;
  const proposals = new IsrUpdates({ nodeId, clock, logger, channel: metadata.quickChannel, brokerEpoch });
  const replicas = new ReplicaManager({
    nodeId,
    clock,
    random,
    logger,
    directories,
    directoryIds: new Map(identity.directories.map(({ path, id }) => [path, id])),
    rulesFor: (topic) => topicRules(config.topic(topic), nodeId),
    flushBeforeAck: () => config.get("odradek.flush.before.ack"),
    ...taskTimes(config),
    cleaner: cleanerSettings(config),
    assignDirectory: (topicId, partition) => assigned(topicId, partition),
    replication: replicationOptions({ ports, config, nodeId, brokerEpoch, proposals }),
  });
  const writer = new LocalPartitions(replicas, () => publisher.image);
  const groups = new ClassicGroupCoordinator({ settings: groupSettings(config), writer, clock, random, logger });
  const loading = new DirectoryLoading(directories, logger);
  const lifecycle = createLifecycle(parts, loading);
  const registrar = createRegistrar(parts);
  const assignments = createAssignments(parts, lifecycle, replicas);
  const assigned = (topicId: string, partition: number): Promise<void> => {
    assignments.moved(publisher.image, topicId, partition);
    return publisher.shows((image) => assignments.agrees(image, topicId, partition));
  };
  Object.assign(services, {
    clock,
    random,
    logger,
    nodeId,
    clusterId: identity.clusterId,
    apis,
    config,
    image: () => publisher.image,
    kraftVersion: () => raft.describe().kraftVersion,
    quorum: () => raft.describe(),
    controllerId: () => publisher.leaderId,
    raft: raft.server,
    raftVoters: raft.voterRequests,
    controller: channel,
    brokerWatch: metadata.brokerWatch,
    replicas,
    fetchSessions: new FetchSessions(clock, random, () => config.get("max.incremental.fetch.session.cache.slots")),
    producerIds: producerIds(clock, metadata, lifecycle, nodeId),
    groups,
    autoTopics: new AutoTopicCreation(config, channel, logger),
  } satisfies Services);
  publisher.subscribe(({ after, changedConfigs }) =>
    config.apply((type, name) => configOf(after, type, name), changedConfigs),
  );
  metadata.onControllerLost(() => lifecycle.controllerLost());
  for (const each of [registrar, lifecycle]) publisher.subscribe((changes) => each.changed(changes));
  publisher.subscribe(() => loading.begin());
  publisher.subscribe((changes) => replicas.apply(changes));
  publisher.subscribe((changes) => followImage(groups, nodeId, changes));
  publisher.subscribe((changes) => assignments.changed(changes));
  return { loading, replicas, proposals, groups, lifecycle, registrar, assignments };
}

function createLifecycle(parts: Parts, loading: DirectoryLoading): Lifecycle {
  const { ports, config, identity, directories, listeners, metadata, onFatal } = parts;
  const { clock, random, logger } = ports;
  const ids = new Map(identity.directories.map(({ path, id }) => [path, id]));
  return new Lifecycle({
    nodeId: identity.nodeId,
    clusterId: identity.clusterId,
    clock,
    random,
    logger,
    channel: metadata.quickChannel,
    metadata: metadata.publisher,
    hasController: () => metadata.raft.hearsLeader,
    listeners: listeners.broker,
    features: supportedFeatures(),
    rack: config.get("broker.rack"),
    directories: directories.flatMap(({ path }) => ids.get(path) ?? []),
    cordonedDirectories: () => {
      return supports.cordonedDirectories(metadata.publisher.image.features.metadataVersion ?? 0) ? [] : null;
    },
    previousBrokerEpoch: previousBrokerEpoch(directories),
    heartbeatIntervalMs: config.get("broker.heartbeat.interval.ms"),
    registrationTimeoutMs: config.get("initial.broker.registration.timeout.ms"),
    directoryFailureTimeoutMs: config.get("log.dir.failure.timeout.ms"),
    ready: loading.ready,
    onFatal,
  });
}

/** Of a clean stop, as all directories tell it; -1 where they do not agree. */
function previousBrokerEpoch(directories: readonly LogDirectory[]): number {
  const [epoch = -1, ...others] = new Set(directories.map((directory) => directory.previousBrokerEpoch));
  return others.length === 0 ? epoch : -1;
}

function createRegistrar({ ports, identity, listeners, metadata }: Parts): ControllerRegistrar {
  const { clock, random, logger } = ports;
  return new ControllerRegistrar({
    nodeId: identity.nodeId,
    clock,
    random,
    logger,
    channel: metadata.quickChannel,
    listeners: listeners.controller,
    features: supportedFeatures(),
  });
}

function createAssignments(parts: Parts, lifecycle: Lifecycle, { moves }: ReplicaManager): DirectoryAssignments {
  const { ports, identity, metadata } = parts;
  const ids = new Map(identity.directories.map(({ path, id }) => [path, id]));
  return new DirectoryAssignments({
    nodeId: identity.nodeId,
    clock: ports.clock,
    logger: ports.logger,
    channel: metadata.channel,
    brokerEpoch: () => lifecycle.brokerEpoch,
    directoryOf: (topic, partition) => {
      const directory = moves.directoryOf(topic, partition);
      return directory === null ? null : (ids.get(directory.path) ?? null);
    },
  });
}

function producerIds(
  clock: Clock,
  { channel, raft }: MetadataNode,
  lifecycle: Lifecycle,
  brokerId: number,
): ProducerIds {
  const version = AllocateProducerIds.versions[1];
  const allocate = async () => {
    const request = { brokerId, brokerEpoch: lifecycle.brokerEpoch };
    const reply = await channel.send(AllocateProducerIds, request, ownContext(version));
    return { start: reply.producerIdStart, length: reply.producerIdLen };
  };
  return new ProducerIds({ clock, allocate, hasController: () => raft.hearsLeader });
}

interface Running extends Node {
  readonly config: LiveConfig;
  readonly ports: { readonly logger: Logger };
  readonly server: Server;
  readonly metadata: MetadataNode;
  readonly directories: readonly LogDirectory[];
}

async function stop(running: Running): Promise<void> {
  const { config, server, metadata, directories, lifecycle, registrar, assignments, replicas, groups, ports } = running;
  const brokerEpoch = lifecycle.brokerEpoch;
  if (!config.get("controlled.shutdown.enable")) lifecycle.stop();
  else if (config.static.isBroker) await lifecycle.controlledShutdown(config.get("controller.socket.timeout.ms"));
  groups.close();
  await server.stop(STOP_GRACE_MS);
  registrar.stop();
  assignments.stop();
  running.proposals.stop();
  await replicas.stop();
  await metadata.raft.close();
  metadata.peers.closeAll();
  // One that fails keeps no other from its clean end.
  const closed = await Promise.allSettled(directories.map((directory) => directory.close(brokerEpoch)));
  for (const each of closed) if (each.status === "rejected") throw each.reason;
  ports.logger.info("Stopped");
}
