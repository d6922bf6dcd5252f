/**
 * Logs of a directory that are on their way into it or out of it (KIP-113): copies in `TOPIC-N.UUID-future` that will
 * take the place of a log elsewhere, and logs that have given their place to a copy elsewhere.
 */
import { assert } from "../base/assert.ts";
import type { Disk } from "../base/ports.ts";
import { replaceFile } from "./checkpoint.ts";
import { COPY_MARK_FILE, parseLogDirectoryName } from "./files.ts";
import type { Log } from "./log.ts";
import { removeTree } from "./remove-tree.ts";

/** What the directory lends. */
export interface MovingLogsHost {
  readonly path: string;
  readonly disk: Disk;
  /** The logs in their place, by "topic-partition". */
  readonly logs: Map<string, Log>;
  newName(topic: string, partition: number): string;
  openLog(name: string, topic: string, partition: number): Promise<Log>;
  /** Renames to `-delete` and out of the map; the files go later. */
  deleteLog(from: Map<string, Log>, topic: string, partition: number): Promise<void>;
  ensureOnline(): void;
  failIfDisk(error: unknown): void;
}

export class MovingLogs {
  private readonly host: MovingLogsHost;
  private readonly coming = new Map<string, Log>();
  private readonly going = new Map<string, Log>();

  constructor(host: MovingLogsHost) {
    this.host = host;
  }

  *all(): Iterable<Log> {
    yield* this.coming.values();
    yield* this.going.values();
  }

  /** An empty log beside all others; what an earlier move left of one goes. */
  async create(topic: string, partition: number, topicId: string): Promise<Log> {
    await this.drop(topic, partition);
    const { host } = this;
    const log = await this.open(host.newName(topic, partition), topic, partition, topicId);
    await this.orFail(() => replaceFile(host.disk, markOf(log), ""));
    return log;
  }

  /** It may lack what the original has. */
  isCopy(log: Log): boolean {
    return this.host.disk.info(markOf(log)) !== null;
  }

  /** The copy has everything, durably. */
  isWhole(log: Log): Promise<void> {
    return this.orFail(async () => {
      this.host.disk.unlink(markOf(log));
      await this.host.disk.syncDirectory(log.directory);
    });
  }

  /** The copy gets the partition's plain name, and not yet its place among the logs. It is closed and opened anew. */
  async settle(log: Log): Promise<Log> {
    const { host } = this;
    host.ensureOnline();
    assert(this.coming.get(log.name) === log && !host.logs.has(log.name), "a log moves to where there is none");
    try {
      await log.close();
      this.coming.delete(log.name);
      host.disk.rename(log.directory, `${host.path}/${log.name}`);
      await host.disk.syncDirectory(host.path);
    } catch (error) {
      host.failIfDisk(error);
      throw error;
    }
    return this.open(log.name, log.topic, log.partition, log.topicId as string);
  }

  /** The copy is the partition's log from now on. */
  takeOver(log: Log): void {
    assert(this.coming.get(log.name) === log, "the log that takes over was made for it");
    this.coming.delete(log.name);
    this.host.logs.set(log.name, log);
  }

  /** The log is no longer the partition's; `discard` takes its files away. */
  giveUp(log: Log): void {
    assert(this.host.logs.get(log.name) === log, "the log that goes was here");
    this.host.logs.delete(log.name);
    this.going.set(log.name, log);
  }

  discard(topic: string, partition: number): Promise<void> {
    return this.host.deleteLog(this.going, topic, partition);
  }

  /** What a move that came to nothing has left, in memory or on the disk. */
  async drop(topic: string, partition: number): Promise<void> {
    const { host } = this;
    host.ensureOnline();
    await host.deleteLog(this.coming, topic, partition);
    try {
      for (const left of this.left()) {
        if (left.topic === topic && left.partition === partition) removeTree(host.disk, `${host.path}/${left.name}`);
      }
    } catch (error) {
      host.failIfDisk(error);
      throw error;
    }
  }

  /** Copies that nobody works on. */
  left(): { readonly name: string; readonly topic: string; readonly partition: number }[] {
    const used = new Set([...this.coming.values()].map((log) => log.directory));
    return this.host.disk.list(this.host.path).flatMap(({ name }) => {
      const parsed = parseLogDirectoryName(name);
      if (parsed?.kind !== "future" || used.has(`${this.host.path}/${name}`)) return [];
      return [{ name, topic: parsed.topic, partition: parsed.partition }];
    });
  }

  private async open(name: string, topic: string, partition: number, topicId: string): Promise<Log> {
    const { host } = this;
    host.ensureOnline();
    return this.orFail(async () => {
      const log = await host.openLog(name, topic, partition);
      log.assignTopicId(topicId);
      this.coming.set(log.name, log);
      return log;
    });
  }

  private async orFail<Value>(step: () => Promise<Value>): Promise<Value> {
    try {
      return await step();
    } catch (error) {
      this.host.failIfDisk(error);
      throw error;
    }
  }
}

const markOf = ({ directory }: Log): string => `${directory}/${COPY_MARK_FILE}`;
