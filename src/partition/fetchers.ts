/**
 * The fetchers of one node: one for each leader and log directory. Follows the roles that the image gives to the
 * replicas of this node. As Kafka's ReplicaFetcherManager.
 */
import { assert } from "../../base/assert.ts";
import type { Clock, Logger } from "../../base/ports.ts";
import type { Endpoint, MetadataImage } from "../metadata/image.ts";
import { Fetcher, type FetcherSettings, type LeaderChannel } from "./fetcher.ts";
import type { Replica } from "./replica.ts";
import type { ReplicationQuota } from "./replication-quota.ts";

export interface FetchersOptions {
  readonly nodeId: number;
  readonly brokerEpoch: () => number;
  readonly settings: FetcherSettings;
  /** Of what this node fetches for throttled replicas. */
  readonly quota: ReplicationQuota;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `inter.broker.listener.name` */
  readonly listener: string;
  /** A connection to that node for one fetcher alone. */
  readonly connect: (nodeId: number, endpoint: Endpoint) => LeaderChannel;
}

interface Running {
  readonly fetcher: Fetcher;
  readonly leaderId: number;
  readonly endpoint: Endpoint;
  readonly replicas: Set<Replica>;
}

export class Fetchers {
  private readonly options: FetchersOptions;
  private readonly running = new Map<string, Running>();
  private readonly fetcherOf = new Map<Replica, Running>();
  /** Their leader is not registered with an endpoint that this node knows: they wait for it. */
  private readonly stranded = new Set<Replica>();
  /** Their logs are left alone, whatever their roles become. */
  private readonly held = new Set<Replica>();

  constructor(options: FetchersOptions) {
    this.options = options;
  }

  /** Begins to follow, in the replica's present role; not while it is held. */
  follow(replica: Replica, image: MetadataImage): void {
    if (this.held.has(replica)) return;
    assert(!this.fetcherOf.has(replica), "one fetcher writes a log");
    const { leader: leaderId, leaderEpoch } = replica.role;
    const endpoint = image.brokers.get(leaderId)?.endpoints.get(this.options.listener);
    if (endpoint === undefined) {
      if (leaderId >= 0) this.stranded.add(replica);
      return;
    }
    const running = this.fetcherFor(leaderId, directoryOf(replica), endpoint);
    running.replicas.add(replica);
    this.fetcherOf.set(replica, running);
    running.fetcher.add(replica, leaderEpoch);
  }

  /** Resolves when the log is left alone, until `release`: a new leader epoch begins nothing meanwhile. */
  async hold(replica: Replica): Promise<void> {
    this.held.add(replica);
    await this.unfollow(replica);
  }

  release(replica: Replica): void {
    this.held.delete(replica);
  }

  /** Resolves (null: at once) when the log is left alone. */
  unfollow(replica: Replica): Promise<void> | null {
    this.stranded.delete(replica);
    const running = this.fetcherOf.get(replica);
    if (running === undefined) return null;
    this.fetcherOf.delete(replica);
    running.replicas.delete(replica);
    return running.fetcher.remove(replica);
  }

  /** Brokers have changed: leaders that have moved are followed to where they are. */
  async brokersChanged(image: MetadataImage): Promise<void> {
    const moved: Promise<void>[] = [];
    for (const [key, running] of [...this.running]) {
      const endpoint = image.brokers.get(running.leaderId)?.endpoints.get(this.options.listener);
      if (endpoint !== undefined && isSamePlace(endpoint, running.endpoint)) continue;
      this.running.delete(key);
      moved.push(running.fetcher.close().then(() => this.followAgain(running.replicas, image)));
    }
    await Promise.all(moved);
    const waiting = [...this.stranded];
    this.stranded.clear();
    for (const replica of waiting) this.follow(replica, image);
  }

  /** Connections that nothing uses any more. */
  closeIdle(): void {
    for (const [key, { fetcher }] of [...this.running]) {
      if (!fetcher.isIdle) continue;
      this.running.delete(key);
      void fetcher.close();
    }
  }

  async close(): Promise<void> {
    const all = [...this.running.values()];
    this.running.clear();
    this.fetcherOf.clear();
    await Promise.all(all.map(({ fetcher }) => fetcher.close()));
  }

  private followAgain(replicas: ReadonlySet<Replica>, image: MetadataImage): void {
    for (const replica of replicas) {
      this.fetcherOf.delete(replica);
      this.follow(replica, image);
    }
  }

  private fetcherFor(leaderId: number, directory: string, endpoint: Endpoint): Running {
    const key = `${leaderId} ${directory}`;
    const known = this.running.get(key);
    if (known !== undefined) return known;
    const { connect, ...shared } = this.options;
    const fetcher = new Fetcher({ ...shared, leaderId, channel: connect(leaderId, endpoint) });
    const running = { fetcher, leaderId, endpoint, replicas: new Set<Replica>() };
    this.running.set(key, running);
    return running;
  }
}

/** Of the partition's own directory. */
const directoryOf = ({ log }: Replica): string => log.directory.slice(0, log.directory.lastIndexOf("/"));

const isSamePlace = (a: Endpoint, b: Endpoint): boolean =>
  a.host === b.host && a.port === b.port && a.securityProtocol === b.securityProtocol;
