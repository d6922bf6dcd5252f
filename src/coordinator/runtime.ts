/** The shards of one coordinator topic that this node leads: elected, loaded, asked, given up. */
import { KafkaError } from "../../protocol/errors.ts";
import type { Shard } from "./outcome.ts";
import { type HostOptions, type MaybePromise, type Operation, ShardHost } from "./shard-host.ts";

export class CoordinatorRuntime<State, Event, S extends Shard<State, Event>> {
  private readonly options: HostOptions;
  private readonly newShard: (partition: number) => S;
  private readonly hosts = new Map<number, ShardHost<State, Event, S>>();

  constructor(options: HostOptions, newShard: (partition: number) => S) {
    this.options = options;
    this.newShard = newShard;
  }

  /** This node leads the partition from the epoch on. Resolves when it is loaded, or given up before. */
  async elect(partition: number, leaderEpoch: number): Promise<void> {
    const host = this.hosts.get(partition);
    if (host !== undefined && host.leaderEpoch >= leaderEpoch && host.status !== "failed") return;
    if (host?.status === "active") {
      host.leaderEpoch = leaderEpoch; // still the leader: what it holds is still true
      return;
    }
    host?.close();
    await this.start(partition, leaderEpoch);
  }

  /** This node no longer leads the partition as of the epoch; null: whatever the epoch. */
  resign(partition: number, leaderEpoch: number | null): void {
    const host = this.hosts.get(partition);
    if (host === undefined || (leaderEpoch !== null && leaderEpoch <= host.leaderEpoch)) return;
    this.hosts.delete(partition);
    host.close();
  }

  /** @throws KafkaError NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, and what the operation throws; or rejects. */
  write<Reply>(partition: number, operation: Operation<S, Reply, Event>): MaybePromise<Reply> {
    return this.host(partition).write(operation);
  }

  park<Reply>(partition: number, operation: Operation<S, void, Event>): MaybePromise<Reply> {
    return this.host(partition).park(operation);
  }

  read<Reply>(partition: number, question: (shard: S, state: State, nowMs: number) => Reply): Reply {
    return this.host(partition).read(question);
  }

  /** The partitions led by this node, also those still loading. */
  partitions(): number[] {
    return [...this.hosts.keys()];
  }

  close(): void {
    for (const host of this.hosts.values()) host.close();
    this.hosts.clear();
  }

  private host(partition: number): ShardHost<State, Event, S> {
    const host = this.hosts.get(partition);
    if (host === undefined) {
      throw new KafkaError("NOT_COORDINATOR", `${this.options.topic}-${partition} is not led by this node`);
    }
    return host;
  }

  private start(partition: number, leaderEpoch: number): Promise<void> {
    const host = new ShardHost<State, Event, S>(
      partition,
      leaderEpoch,
      this.newShard(partition),
      this.options,
      (lost) => this.reload(lost),
    );
    this.hosts.set(partition, host);
    return host.load();
  }

  /**
   * Its log went out of step or away: what is there now is loaded; where we no longer lead, that fails and stays so.
   */
  private reload(lost: ShardHost<State, Event, S>): void {
    if (this.hosts.get(lost.partition) !== lost) return;
    void this.start(lost.partition, lost.leaderEpoch);
  }
}
