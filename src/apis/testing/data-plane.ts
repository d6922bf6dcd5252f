/**
 * One node's data plane in memory, for tests of handlers: real logs on a MemoryDisk, a fake clock, an image that the
 * test writes. Requests and replies go through the wire's codecs both ways, so that a test sees what a client would.
 */

import type { Logger, Random } from "../../../base/ports.ts";
import { Prng } from "../../../base/prng.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { randomUuid, ZERO_UUID } from "../../../base/uuid.ts";
import { Reader } from "../../../protocol/bytes/reader.ts";
import { Writer } from "../../../protocol/bytes/writer.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { LogDirectory } from "../../../storage/log-dir.ts";
import { taskTimes } from "../../broker/settings.ts";
import { LiveConfig } from "../../config/live.ts";
import { parseStatic } from "../../config/static.ts";
import { changesBetween } from "../../metadata/changes.ts";
import { configKey, emptyImage, type MetadataImage, type PartitionRegistration } from "../../metadata/image.ts";

import { FetchSessions } from "../../partition/fetch-sessions.ts";
import { ReplicaManager, type ReplicationOptions } from "../../partition/replica-manager.ts";
import { ReplicationQuota } from "../../partition/replication-quota.ts";
import { logSettings, topicRules } from "../../partition/topic-settings.ts";
import { ProducerIds } from "../../txn/producer-ids.ts";
import { type AnyApi, type Api, closeConnection, noReply, type RequestContext } from "../api.ts";
import type { Services } from "../services.ts";

export const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const NODE = 1;

const unlimited = new ReplicationQuota(new FakeClock(), { rate: Infinity, windowMs: 1_000, windows: 11 });

/** No other node is reached, no controller listens. */
const alone: ReplicationOptions = {
  lagTimeMaxMs: () => 30_000,
  brokerEpoch: () => 1,
  proposals: { propose: () => new Promise(() => {}) },
  leaderQuota: unlimited,
  moveQuota: unlimited,
  fetching: {
    quota: unlimited,
    listener: "PLAINTEXT",
    settings: {
      waitMaxMs: 500,
      minBytes: 1,
      responseMaxBytes: 10 << 20,
      partitionMaxBytes: 1 << 20,
      backoffMs: 1_000,
      timeoutMs: 30_000,
    },
    connect: () => ({ send: () => new Promise(() => {}), close: () => {} }),
  },
};

export class DataPlane {
  readonly clock: FakeClock;
  readonly disk: MemoryDisk;
  readonly config: LiveConfig;
  readonly replicas: ReplicaManager;
  readonly services: Services;
  readonly directory: LogDirectory;
  image: MetadataImage = emptyImage();
  private released: (() => void)[] = [];
  readonly closing: (() => void)[] = [];

  static async open(
    overrides: readonly (readonly [string, string])[] = [],
    disk: MemoryDisk = new MemoryDisk(),
  ): Promise<DataPlane> {
    const config = new LiveConfig(parseStatic({ file: null, overrides, workingDirectory: "/" }), silent);
    const clock = new FakeClock();
    const random = new Prng(7);
    const settingsFor = (topic: string) => logSettings(config.topic(topic), () => 86_400_000);
    let plane: DataPlane | null = null;
    const directory = await LogDirectory.open({
      disk,
      clock,
      random,
      logger: silent,
      path: "/data",
      settingsFor,
      onOffline: (failed) => plane?.replicas.directoryFailed(failed),
    });
    plane = new DataPlane(config, clock, disk, directory, random);
    return plane;
  }

  private constructor(config: LiveConfig, clock: FakeClock, disk: MemoryDisk, directory: LogDirectory, random: Random) {
    this.config = config;
    this.clock = clock;
    this.disk = disk;
    this.directory = directory;
    this.replicas = new ReplicaManager({
      nodeId: NODE,
      clock: this.clock,
      random,
      logger: silent,
      directories: [directory],
      rulesFor: (topic) => topicRules(this.config.topic(topic), NODE),
      flushBeforeAck: () => this.config.get("odradek.flush.before.ack"),
      ...taskTimes(this.config),
      cleaner: {
        enabled: false,
        backoffMs: 15_000,
        mapBytes: 1 << 20,
        mapLoadFactor: 0.9,
        ioBytes: 1 << 18,
        bytesPerSecondMax: Number.MAX_VALUE,
      },
      replication: alone,
    });
    let nextBlock = 1000;
    this.services = {
      clock: this.clock,
      random,
      logger: silent,
      nodeId: NODE,
      clusterId: ZERO_UUID,
      config: this.config,
      image: () => this.image,
      replicas: this.replicas,
      fetchSessions: new FetchSessions(this.clock, random, () =>
        this.config.get("max.incremental.fetch.session.cache.slots"),
      ),
      producerIds: new ProducerIds({
        clock: this.clock,
        hasController: () => true,
        allocate: async () => {
          nextBlock += 3;
          return { start: nextBlock - 3, length: 3 };
        },
      }),
    } as unknown as Services;
  }

  newId(): string {
    return randomUuid(this.services.random);
  }

  /** Creates the topic with all partitions led by this node. Returns its id. */
  async createTopic(name: string, partitions = 1, configs: Readonly<Record<string, string>> = {}): Promise<string> {
    const id = this.newId();
    const led = new Map(Array.from({ length: partitions }, (_, i) => [i, registration({})]));
    const topic = { name, id, partitions: led };
    await this.become({
      ...this.image,
      topicsById: this.image.topicsById.with(id, topic),
      topicsByName: this.image.topicsByName.with(name, topic),
    });
    await this.configure(name, configs);
    return id;
  }

  async deleteTopic(name: string): Promise<void> {
    const id = this.image.topicsByName.get(name)?.id ?? "";
    await this.become({
      ...this.image,
      topicsById: this.image.topicsById.without(id),
      topicsByName: this.image.topicsByName.without(name),
    });
  }

  async changePartition(name: string, partition: number, change: Partial<PartitionRegistration>): Promise<void> {
    const topic = this.image.topicsByName.get(name);
    if (topic === undefined) throw new Error(`no topic ${name}`);
    const before = topic.partitions.get(partition) as PartitionRegistration;
    const after = { ...before, partitionEpoch: before.partitionEpoch + 1, ...change };
    const changed = { ...topic, partitions: new Map(topic.partitions).set(partition, after) };
    await this.become({
      ...this.image,
      topicsById: this.image.topicsById.with(topic.id, changed),
      topicsByName: this.image.topicsByName.with(name, changed),
    });
  }

  /** The topic's own settings, all of them. */
  async configure(topic: string, configs: Readonly<Record<string, string>>): Promise<void> {
    this.setConfigs(2, topic, configs);
  }

  /** What is set for all brokers. */
  async configureBrokers(configs: Readonly<Record<string, string>>): Promise<void> {
    this.setConfigs(4, "", configs);
  }

  private setConfigs(resourceType: number, resourceName: string, configs: Readonly<Record<string, string>>): void {
    const values = new Map(Object.entries(configs));
    const resource = { resourceType, resourceName };
    const key = configKey(resourceType, resourceName);
    this.image = { ...this.image, configs: this.image.configs.with(key, { ...resource, values }) };
    this.config.apply((type, name) => this.image.configs.get(configKey(type, name))?.values ?? new Map(), [resource]);
  }

  /** The image of an earlier life, as replaying the metadata log would bring it. */
  async restore(image: MetadataImage): Promise<void> {
    await this.become(image);
    this.replicas.start();
  }

  private async become(image: MetadataImage): Promise<void> {
    const changes = changesBetween(this.image, image);
    await this.replicas.apply(changes);
    this.image = image;
    await this.settle();
  }

  /** Lets promises and turn ends run. */
  async settle(): Promise<void> {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  }

  /** What the socket would do once the reply is written. */
  sent(): void {
    for (const release of this.released) release();
    this.released = [];
  }

  context(api: AnyApi, apiVersion: number): RequestContext {
    return {
      apiVersion,
      correlationId: 1,
      clientId: "test",
      clientHost: "127.0.0.1",
      listener: "PLAINTEXT",
      listenerKind: api.listeners[0] ?? "broker",
      connectionId: "1",
      principal: "User:ANONYMOUS",
      afterSent: (run) => this.released.push(run),
      onClose: (run) => {
        this.closing.push(run);
        return () => this.closing.splice(this.closing.indexOf(run), 1);
      },
    } as RequestContext;
  }

  /** The reply as the client reads it, or null for none, or "closed". */
  async call<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    version: number = api.versions[1],
  ): Promise<Response> {
    return (await this.ask(api, request, version)) as Response;
  }

  async ask<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    version: number = api.versions[1],
  ): Promise<Response | "no reply" | "closed"> {
    const to = new Writer();
    api.message.writeRequest(to, request, version);
    const received = api.message.readRequest(new Reader(to.finishBytes()), version);
    const answer = await this.handled(api, received, version);
    if (answer === noReply) return "no reply";
    if (answer === closeConnection) return "closed";
    const reply = new Writer();
    api.message.writeResponse(reply, answer as Response, version);
    const bytes = reply.finishBytes();
    this.sent();
    const from = new Reader(bytes);
    const read = api.message.readResponse(from, version);
    if (from.remaining !== 0) throw new Error(`${from.remaining} bytes after the reply`);
    return read;
  }

  private async handled<Request, Response>(api: Api<Request, Response>, request: Request, version: number) {
    try {
      return await api.handle(this.services, request, this.context(api, version));
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return api.refused(request, error.code, error.message, version);
    }
  }
}

export function registration(change: Partial<PartitionRegistration>): PartitionRegistration {
  return {
    replicas: [NODE],
    directories: [ZERO_UUID],
    isr: [NODE],
    removingReplicas: [],
    addingReplicas: [],
    elr: [],
    lastKnownElr: [],
    leader: NODE,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    ...change,
  };
}
