/**
 * Several brokers in memory, for tests of replication: real logs, real connections over a MemoryNet, the data plane's
 * APIs, and a controller that is a function of one image. The test says when nodes crash, restart and hear of an image.
 */
import type { Link, LinkEvents, Net, Work } from "../../../base/ports.ts";
import { Prng } from "../../../base/prng.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { MemoryNet } from "../../../base/testing/memory-net.ts";
import { code, KafkaError } from "../../../protocol/errors.ts";
import { Fetch, type FetchRequest } from "../../../protocol/generated/fetch.ts";
import { Produce } from "../../../protocol/generated/produce.ts";
import { buildBatch } from "../../../protocol/records/builder.ts";
import { forEachBatch, readRecords } from "../../../protocol/records/cursor.ts";
import { consumerFetch, consumerPartition } from "../../../protocol/testing/consumer-fetch.ts";
import { LogDirectory } from "../../../storage/log-dir.ts";
import { replicationOptions } from "../../broker/replication.ts";
import { cleanerSettings, taskTimes } from "../../broker/settings.ts";
import { LiveConfig } from "../../config/live.ts";
import { parseStatic } from "../../config/static.ts";
import { IsrUpdates } from "../../lifecycle/isr-updates.ts";
import { applyRecords } from "../../metadata/apply.ts";
import { changesBetween } from "../../metadata/changes.ts";
import { alterPartition } from "../../metadata/controller/alter-partition.ts";
import { hasInIsr, hasNoLeader, leaderUpdates } from "../../metadata/controller/leader-updates.ts";
import { createTopics } from "../../metadata/controller/topics.ts";
import { emptyImage, type MetadataImage, type PartitionRegistration } from "../../metadata/image.ts";
import { type MetadataRecord, record } from "../../metadata/records/record.ts";
import { call, clusterImage, controllerState, topic as creatable } from "../../metadata/testing/controller-fixture.ts";
import { FetchSessions } from "../../partition/fetch-sessions.ts";
import type { Replica } from "../../partition/replica.ts";
import { ReplicaManager } from "../../partition/replica-manager.ts";
import { logSettings, topicRules } from "../../partition/topic-settings.ts";
import { Channel } from "../../peer/channel.ts";
import { Server } from "../../server/server.ts";
import { defaultServerSettings } from "../../server/settings.ts";
import { produce } from "../00-produce.ts";
import { fetch } from "../01-fetch.ts";
import { listOffsets } from "../02-list-offsets.ts";
import { apiVersions } from "../18-api-versions.ts";
import { deleteRecords } from "../21-delete-records.ts";
import { offsetForLeaderEpoch } from "../23-offset-for-leader-epoch.ts";
import type { AnyApi } from "../api.ts";
import type { Services } from "../services.ts";
import { silent } from "./data-plane.ts";

const apis: readonly AnyApi[] = [produce, fetch, listOffsets, apiVersions, deleteRecords, offsetForLeaderEpoch];
const TOPIC = "orders";

const noWork: Work = { reclaim: () => {}, crc32c: async () => 0 };

/** A process's own view of the network: when it dies its links die with it, and it hears nothing any more. */
class NodeNet implements Net {
  alive = true;
  /** Null while it runs; what it would have heard, while it is stopped. */
  private held: (() => void)[] | null = null;
  private readonly inner: MemoryNet;
  private readonly links = new Set<Link>();
  private readonly closers: (() => void)[] = [];

  constructor(inner: MemoryNet) {
    this.inner = inner;
  }

  async listen(...[address, accept]: Parameters<Net["listen"]>) {
    const listener = await this.inner.listen(address, (link) => {
      this.links.add(link);
      return this.guarded(link, accept(link));
    });
    this.closers.push(() => listener.close());
    return listener;
  }

  connect(...[address, events]: Parameters<Net["connect"]>): Link {
    return this.inner.connect(address, (link) => {
      this.links.add(link);
      const told = events(link);
      return { ...this.guarded(link, told), opened: () => this.tell(() => told.opened()) };
    });
  }

  kill(): void {
    this.alive = false;
    for (const close of this.closers) close();
    for (const link of this.links) link.destroy();
  }

  /** As SIGSTOP and SIGCONT: its peers can connect and send, nothing happens until it goes on. */
  stop(): void {
    this.held ??= [];
  }

  goOn(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const hear of held) hear();
  }

  get isStopped(): boolean {
    return this.held !== null;
  }

  private guarded(link: Link, events: LinkEvents): LinkEvents {
    return {
      data: (bytes) => this.tell(() => events.data(bytes)),
      drain: () => this.tell(() => events.drain()),
      closed: () => {
        this.links.delete(link);
        this.tell(() => events.closed());
      },
    };
  }

  private tell(event: () => void): void {
    if (!this.alive) return;
    if (this.held === null) event();
    else this.held.push(event);
  }
}

export class ClusterNode {
  readonly id: number;
  readonly disk = new MemoryDisk();
  readonly cluster: Cluster;
  clock = new FakeClock();
  net: NodeNet;
  image: MetadataImage = emptyImage();
  replicas!: ReplicaManager;
  directory!: LogDirectory;
  private readonly config: LiveConfig;
  /** Every Fetch that it got, in order. */
  readonly fetches: FetchRequest[] = [];
  /** False: a Fetch gets no answer. */
  answersFetches = true;
  /** False: it hears of no image. */
  hears = true;

  constructor(cluster: Cluster, id: number) {
    this.cluster = cluster;
    this.id = id;
    this.net = new NodeNet(cluster.net);
    const own = [...cluster.overrides, ["node.id", String(id)]] as const;
    this.config = new LiveConfig(parseStatic({ file: null, overrides: own, workingDirectory: "/" }), silent);
  }

  get isUp(): boolean {
    return this.net.alive;
  }

  get epoch(): number {
    return this.cluster.image.brokers.get(this.id)?.epoch ?? -1;
  }

  replica(partition = 0): Replica {
    const replica = this.replicas.get(TOPIC, partition);
    if (replica === undefined) throw new Error(`no replica on ${this.id}`);
    return replica;
  }

  async start(): Promise<void> {
    const { disk, clock, config, cluster, net } = this;
    const random = new Prng(this.id);
    this.image = emptyImage();
    this.directory = await LogDirectory.open({
      disk,
      clock,
      random,
      logger: silent,
      path: "/data",
      settingsFor: (topic) => logSettings(config.topic(topic), () => 86_400_000),
      onOffline: (failed) => this.replicas.directoryFailed(failed),
    });
    const { id: nodeId } = this;
    const brokerEpoch = (): number => this.epoch;
    const channel = { send: cluster.controllerFor(this) };
    const proposals = new IsrUpdates({ nodeId, clock, logger: silent, channel, brokerEpoch });
    const ports = { clock, random, net, disk, logger: silent, work: noWork };
    this.replicas = new ReplicaManager({
      nodeId,
      clock,
      random,
      logger: silent,
      directories: [this.directory],
      rulesFor: (topic) => topicRules(config.topic(topic), nodeId),
      flushBeforeAck: () => config.get("odradek.flush.before.ack"),
      ...taskTimes(config),
      cleaner: cleanerSettings(config),
      replication: replicationOptions({ ports, config, nodeId, brokerEpoch, proposals }),
    });
    await this.serve(random);
    await this.hear(cluster.image);
    this.replicas.start();
  }

  private async serve(random: Prng): Promise<void> {
    const { clock, config, net } = this;
    const services = {
      clock,
      random,
      logger: silent,
      nodeId: this.id,
      apis,
      config,
      image: () => this.image,
      kraftVersion: () => 1,
      replicas: this.replicas,
      fetchSessions: new FetchSessions(clock, random, () => config.get("max.incremental.fetch.session.cache.slots")),
    } as unknown as Services;
    const byKey = new Map(apis.map((each) => [each.message.key, each]));
    byKey.set(fetch.message.key, {
      ...fetch,
      handle: (...asked) => {
        this.fetches.push(asked[1]);
        return this.answersFetches ? fetch.handle(...asked) : new Promise(() => {});
      },
    } as AnyApi);
    const settings = defaultServerSettings;
    const server = new Server({ clock, net, work: noWork, logger: silent, settings, services, apis: byKey });
    await server.listen({ name: "PLAINTEXT", kind: "broker", host: "127.0.0.1", port: 9092 + this.id });
  }

  async hear(image: MetadataImage): Promise<void> {
    if (!this.isUp || !this.hears || this.net.isStopped) return;
    const changes = changesBetween(this.image, image);
    this.config.apply(
      (type, name) => image.configs.get(`${type}:${name}`)?.values ?? new Map(),
      changes.changedConfigs,
    );
    const applied = this.replicas.apply(changes);
    this.image = image;
    await applied;
  }

  /** Its process ends; with the power goes what was not synced. */
  crash(ending: "process" | "power"): void {
    this.net.kill();
    this.clock.dropTimers();
    if (ending === "power") this.disk.crash();
    else this.disk.kill();
  }

  /** A new process on the same disk. */
  async restart(): Promise<void> {
    this.clock = new FakeClock(this.clock.nowMs());
    this.net = new NodeNet(this.cluster.net);
    this.hears = true;
    await this.start();
  }

  /** The records in its log, as text. */
  values(partition = 0): string[] {
    const { log } = this.replica(partition);
    const bytes = log.readCopy(log.logStartOffset, 1 << 24, log.logEndOffset, true);
    const values: string[] = [];
    forEachBatch(bytes, (at) => {
      for (const { value } of readRecords(bytes, at)) values.push(new TextDecoder().decode(value ?? undefined));
    });
    return values;
  }
}

export class Cluster {
  readonly net = new MemoryNet();
  readonly nodes: ClusterNode[];
  readonly overrides: readonly (readonly [string, string])[];
  image: MetadataImage;
  /** False: proposals of in-sync replicas get no answer. */
  controllerAnswers = true;
  private nextEpoch = 1_000;

  static async start(count: number, overrides: readonly (readonly [string, string])[] = []): Promise<Cluster> {
    const cluster = new Cluster(count, overrides);
    for (const node of cluster.nodes) await node.start();
    return cluster;
  }

  private constructor(count: number, overrides: readonly (readonly [string, string])[]) {
    this.overrides = overrides;
    const ids = Array.from({ length: count }, (_, i) => i + 1);
    this.image = clusterImage(ids.map((id) => ({ id, rack: `rack-${id}` })));
    this.nodes = ids.map((id) => new ClusterNode(this, id));
  }

  node(id: number): ClusterNode {
    return this.nodes[id - 1] as ClusterNode;
  }

  /** "orders", its partitions on the nodes given, the first one leading. */
  async createTopic(
    brokerIds: number[],
    configs: Readonly<Record<string, string>> = {},
    partitions = 1,
  ): Promise<string> {
    const assignments = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, brokerIds }));
    const entries = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const topics = [creatable(TOPIC, { assignments, numPartitions: -1, replicationFactor: -1, configs: entries })];
    const { records } = createTopics(this.state(), { topics, timeoutMs: 0, validateOnly: false }, call());
    await this.commit(records);
    await this.run(100);
    return this.image.topicsByName.get(TOPIC)?.id ?? "";
  }

  partition(index = 0): PartitionRegistration {
    return this.image.topicsByName.get(TOPIC)?.partitions.get(index) as PartitionRegistration;
  }

  /** The broker's session has ended: it is fenced, leads nothing and leaves every ISR. */
  async fence(id: number): Promise<void> {
    const moved = leaderUpdates(this.state(), { remove: id }, hasInIsr(id));
    const epoch = this.image.brokers.get(id)?.epoch ?? -1;
    await this.commit([...moved, registrationChange(id, epoch, 1)]);
  }

  /** It is back: registered anew, unfenced, and leads what has no leader. */
  async unfence(id: number): Promise<void> {
    const broker = this.image.brokers.get(id);
    if (broker === undefined) throw new Error(`no broker ${id}`);
    const epoch = this.nextEpoch++;
    const brokers = new Map(this.image.brokers).set(id, { ...broker, epoch });
    this.image = { ...this.image, brokers };
    const change = registrationChange(id, epoch, -1);
    const elected = leaderUpdates(this.state(), { add: id }, hasNoLeader);
    await this.commit([change, ...elected]);
  }

  /** A PartitionChangeRecord that moves the leader to a replica. */
  async moveLeader(to: number, index = 0): Promise<void> {
    const topicId = this.image.topicsByName.get(TOPIC)?.id ?? "";
    const none = { isr: null, replicas: null, removingReplicas: null, addingReplicas: null, directories: null };
    const elr = { eligibleLeaderReplicas: null, lastKnownElr: null, leaderRecoveryState: -1 };
    await this.commit([
      record("PartitionChangeRecord", { topicId, partitionId: index, leader: to, ...none, ...elr }, 2),
    ]);
  }

  async commit(records: readonly MetadataRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.image = applyRecords(this.image, records);
    const heard = this.nodes.map((node) => node.hear(this.image));
    await this.settle();
    await Promise.all(heard);
  }

  controllerFor(node: ClusterNode) {
    return (async (message: { name: string }, request: never) => {
      if (!this.controllerAnswers || !node.isUp) return new Promise(() => {});
      if (message.name !== "AlterPartition") throw new KafkaError("UNSUPPORTED_VERSION");
      await Promise.resolve();
      const { records, reply } = alterPartition(this.state(), request, call(3));
      void this.commit(records);
      return reply;
      // biome-ignore lint/suspicious/noExplicitAny: one request type, one response type.
    }) as any;
  }

  private state() {
    return controllerState(this.image);
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 200; i++) await Promise.resolve();
  }

  /** All clocks go on together. */
  async run(ms: number, stepMs = 10): Promise<void> {
    await this.settle();
    for (let moved = 0; moved < ms; moved += stepMs) {
      for (const { clock, net, isUp } of this.nodes) {
        if (isUp && !net.isStopped) clock.advance(Math.min(stepMs, ms - moved));
      }
      await this.settle();
    }
  }

  /** A client's own connection. */
  client(nodeId: number): Channel {
    const clock = this.node(nodeId).clock;
    const address = { host: "127.0.0.1", port: 9092 + nodeId };
    return new Channel({ net: this.net, clock, random: new Prng(9), address, clientId: "client" });
  }

  /** Sends one batch; resolves with the error code and the offset. */
  async produce(
    client: Channel,
    values: readonly string[],
    acks = -1,
    index = 0,
  ): Promise<{ errorCode: number; baseOffset: number }> {
    const topicId = this.image.topicsByName.get(TOPIC)?.id ?? "";
    const timestamp = this.nodes[0]?.clock.nowMs() ?? 0;
    const encoder = new TextEncoder();
    const records = buildBatch(values.map((value) => ({ timestamp, key: null, value: encoder.encode(value) })));
    const response = await client.send(Produce, {
      transactionalId: null,
      acks,
      timeoutMs: 1_000,
      topicData: [{ name: "", topicId, partitionData: [{ index, records }] }],
    });
    const answer = response.responses[0]?.partitionResponses[0];
    return { errorCode: answer?.errorCode ?? -1, baseOffset: answer?.baseOffset ?? -1 };
  }

  /** What a consumer reads from an offset on. */
  async consume(client: Channel, fetchOffset: number, changes: Partial<FetchRequest> = {}) {
    const topicId = this.image.topicsByName.get(TOPIC)?.id ?? "";
    const partitions = [consumerPartition(0, fetchOffset)];
    const response = await client.send(
      Fetch,
      consumerFetch({ topicId }, partitions, { maxBytes: 1 << 20, ...changes }),
    );
    const answer = response.responses[0]?.partitions[0];
    if (answer === undefined) throw new Error(`no answer, error ${response.errorCode}`);
    const values: string[] = [];
    const bytes = answer.records ?? new Uint8Array(0);
    forEachBatch(bytes, (at) => {
      for (const { value } of readRecords(bytes, at)) values.push(new TextDecoder().decode(value ?? undefined));
    });
    return { ...answer, values };
  }
}

function registrationChange(brokerId: number, brokerEpoch: number, fenced: number): MetadataRecord {
  const value = { brokerId, brokerEpoch, fenced, inControlledShutdown: 0, logDirs: [], cordonedLogDirs: null };
  return record("BrokerRegistrationChangeRecord", value, 1);
}

export const NONE: number = code("NONE");
