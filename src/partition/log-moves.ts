/** Which partitions of this node are on their way into another log directory (AlterReplicaLogDirs, KIP-113). */
import type { Clock, Logger } from "../../base/ports.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { FUTURE_DIRECTORY_SUFFIX, logDirectoryName, markedDirectoryName } from "../../storage/files.ts";
import type { LogDirectory } from "../../storage/log-dir.ts";
import { LogMove } from "./log-move.ts";
import type { Replica } from "./replica.ts";
import type { ReplicationQuota } from "./replication-quota.ts";

const NAME_BYTES_MAX = 255;

export interface LogMovesOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly directories: readonly LogDirectory[];
  /** The partition, online; throws what it is instead. */
  readonly online: (topic: string, partition: number) => Replica;
  /** Resolves when the metadata has the replica where `directoryOf` says. */
  readonly assign: (topicId: string, partition: number) => Promise<void>;
  /** Nobody else changes the replica's log until `resume`. */
  readonly pause: (replica: Replica) => Promise<void>;
  readonly resume: (replica: Replica) => void;
  readonly quota: ReplicationQuota;
}

interface Running {
  readonly move: LogMove;
  readonly ended: Promise<void>;
}

export class LogMoves {
  private readonly options: LogMovesOptions;
  private readonly running = new Map<string, Running>();
  /** Asked for before the partition was here. */
  private readonly preferred = new Map<string, LogDirectory>();

  constructor(options: LogMovesOptions) {
    this.options = options;
  }

  /**
   * Begins to move the partition, unless it is there or on its way.
   * @throws in Apache's order: INVALID_TOPIC_EXCEPTION, LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR, REPLICA_NOT_AVAILABLE,
   * UNKNOWN_TOPIC_OR_PARTITION.
   */
  request(topic: string, partition: number, path: string): void {
    const name = logDirectoryName(topic, partition);
    if (markedDirectoryName(topic, partition, "0".repeat(32), FUTURE_DIRECTORY_SUFFIX).length > NAME_BYTES_MAX) {
      throw new KafkaError("INVALID_TOPIC_EXCEPTION", "The topic name is too long");
    }
    const target = this.options.directories.find((directory) => directory.path === path);
    if (target === undefined) throw new KafkaError("LOG_DIR_NOT_FOUND", `${path} is not a log directory of this node`);
    if (target.offline !== null) throw new KafkaError("KAFKA_STORAGE_ERROR", `${path} is offline`);
    const replica = this.find(topic, partition, target);
    const under = this.running.get(name);
    if (under?.move.target === target) return;
    under?.move.stop();
    const source = this.options.directories.find((directory) => directory.log(topic, partition) === replica.log);
    if (source === undefined || source === target) return;
    if (this.options.directories.some(({ offline }) => offline !== null)) {
      throw new KafkaError("KAFKA_STORAGE_ERROR", "A log directory is offline, and may hold another copy");
    }
    this.begin(name, this.newMove(replica, source, target), under?.ended ?? Promise.resolve());
  }

  /** The directory that the metadata shall name. */
  directoryOf(topic: string, partition: number): LogDirectory | null {
    const moving = this.running.get(logDirectoryName(topic, partition));
    if (moving !== undefined) return moving.move.directory;
    return this.options.directories.find((directory) => directory.log(topic, partition) !== null) ?? null;
  }

  /** The move that brings the partition into the directory, for those who ask how far it is. */
  into(directory: LogDirectory): LogMove[] {
    return [...this.running.values()].map(({ move }) => move).filter(({ target }) => target === directory);
  }

  /** Where a partition that comes is wanted, once. */
  takePreferred(topic: string, partition: number): LogDirectory | null {
    const name = logDirectoryName(topic, partition);
    const wanted = this.preferred.get(name) ?? null;
    this.preferred.delete(name);
    return wanted?.offline === null ? wanted : null;
  }

  /** Resolves when nothing of the partition moves any more. */
  async cancel(topic: string, partition: number): Promise<void> {
    const moving = this.running.get(logDirectoryName(topic, partition));
    moving?.move.stop();
    await moving?.ended;
  }

  async stop(): Promise<void> {
    for (const { move } of this.running.values()) move.stop();
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }

  private find(topic: string, partition: number, target: LogDirectory): Replica {
    try {
      return this.options.online(topic, partition);
    } catch (cause) {
      if (!(cause instanceof KafkaError) || cause.error === "KAFKA_STORAGE_ERROR") throw cause;
      this.preferred.set(logDirectoryName(topic, partition), target);
      if (cause.error !== "NOT_LEADER_OR_FOLLOWER") throw cause;
      throw new KafkaError("REPLICA_NOT_AVAILABLE", cause.message);
    }
  }

  private newMove(replica: Replica, source: LogDirectory, target: LogDirectory): LogMove {
    const { clock, logger, quota, assign, pause, resume } = this.options;
    return new LogMove({
      ...{ replica, source, target, clock, logger, quota },
      assign: () => assign(replica.topicId, replica.partition),
      pause: () => pause(replica),
      resume: () => resume(replica),
    });
  }

  private begin(name: string, move: LogMove, before: Promise<void>): void {
    const ended = before
      .then(() => move.run())
      .then((moved) => {
        if (this.running.get(name)?.move === move) this.running.delete(name);
        if (!moved) void this.options.assign(move.topicId, move.partition); // it may have been told already
      });
    this.running.set(name, { move, ended });
  }
}
