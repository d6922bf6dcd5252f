/**
 * Makes a log durable: at most one sync at a time; whatever is appended meanwhile waits for the next (group commit). A
 * sync covers all that is not durable yet: the active file, sealed segments with their indexes, producer snapshots,
 * the leader epochs and the directory. A failed sync is never tried again: the kernel may have dropped what it could
 * not write.
 */
import type { Clock } from "../base/ports.ts";
import { putFile } from "./checkpoint.ts";
import type { FilePool } from "./file-pool.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";

export interface Committed {
  readonly files: FilePool;
  readonly clock: Clock;
  readonly segments: SegmentList;
  readonly epochs: LeaderEpochs;
  readonly directory: string;
  logEndOffset(): number;
  /** Throws what has made the log unusable. */
  ensureUsable(): void;
  /** What has taken the log offline; null while it is not. */
  failure(): unknown;
  failed(error: unknown): void;
  /** Sealed segments of so many bytes, with their indexes. */
  sealedDurable(bytes: number): void;
}

export class GroupCommit {
  durableOffset: number;
  private readonly log: Committed;
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  /** What the sync under way may call durable: a truncation lowers it. */
  private target = 0;
  private ceiling = Number.POSITIVE_INFINITY;
  private changed = false;
  private readonly directories = new Set<string>();
  private readonly sealed = new Set<Segment>();
  private readonly paths = new Set<string>();
  private readonly writes = new Set<Promise<void>>();

  constructor(log: Committed, durableOffset: number) {
    this.log = log;
    this.durableOffset = durableOffset;
  }

  /** Below, recovery need not look: segments that it does not read again have been synced with their indexes. */
  get recoveryPoint(): number {
    const { active } = this.log.segments;
    let point = this.durableOffset;
    // The end itself would be the base of the next segment, and recovery would then not look at this one.
    if (active.grows && active.sizeBytes > 0) point = Math.min(point, this.log.logEndOffset() - 1);
    for (const { baseOffset } of this.sealed) point = Math.min(point, baseOffset);
    return point;
  }

  /** Something was written that no sync so far covers. */
  note(): void {
    this.changed = true;
  }

  noteSealed(segment: Segment): void {
    this.sealed.add(segment);
    this.noteDirectory();
  }

  noteDirectory(directory: string = this.log.directory): void {
    this.directories.add(directory);
    this.changed = true;
  }

  /** A file of its own, such as a producer snapshot. */
  notePath(path: string | null): void {
    if (path === null) return;
    this.paths.add(path);
    this.noteDirectory();
  }

  /** A small file of its own that nobody waits for but the next sync, such as `partition.metadata`. */
  putFile(path: string, content: string): void {
    const { files } = this.log;
    const write = files.unawaited(() => putFile(files.disk, path, content));
    this.writes.add(write);
    write.catch(() => {}); // the sync that waits for it reports the failure
    this.noteDirectory();
  }

  forget(segment: Segment): void {
    this.sealed.delete(segment);
  }

  /** From now on, and until `truncationEnds`, nothing at or behind the offset counts as durable. */
  truncationBegins(offset: number): void {
    this.ceiling = offset;
    this.target = Math.min(this.target, offset);
    this.durableOffset = Math.min(this.durableOffset, offset);
    this.changed = true;
  }

  truncationEnds(): void {
    this.ceiling = Number.POSITIVE_INFINITY;
  }

  get isDirty(): boolean {
    return this.changed || !this.log.epochs.isSaved;
  }

  /** Resolves when everything noted before the call is durable. */
  sync(): Promise<void> {
    try {
      this.log.ensureUsable();
    } catch (error) {
      return Promise.reject(error);
    }
    if (this.next !== null) return this.next;
    if (!this.isDirty) return this.running ?? Promise.resolve();
    this.next = this.afterTurn();
    return this.next;
  }

  /** Resolves when no sync is under way; does not start one. */
  async idle(): Promise<void> {
    while (this.running !== null || this.next !== null) await Promise.allSettled([this.running, this.next]);
    await Promise.allSettled(this.writes);
  }

  /** Waits for the sync in flight and for the end of the turn, so that all batches of a turn share one sync. */
  private async afterTurn(): Promise<void> {
    const before = this.running;
    let hasSynced = false;
    if (before === null) await new Promise<void>((done) => this.log.clock.turnEnd(done));
    else {
      hasSynced = await before.then(
        () => true,
        () => false,
      );
    }
    this.next = null;
    this.log.ensureUsable();
    if (hasSynced && !this.isDirty) return; // it had not begun when this one was asked for
    this.running = this.perform();
    try {
      await this.running;
    } finally {
      this.running = null;
    }
  }

  private async perform(): Promise<void> {
    if (this.writes.size > 0) await this.finishWrites();
    const { files, segments, epochs } = this.log;
    const sealed = [...this.sealed]; // they stay in the set until they are synced: `recoveryPoint` asks
    const paths = [...this.paths];
    const directories = [...this.directories];
    this.paths.clear();
    this.directories.clear();
    this.changed = false;
    this.target = Math.min(this.log.logEndOffset(), this.ceiling);
    const { active } = segments;
    try {
      active.flushIndexes();
      await Promise.all([
        sealed.includes(active) ? undefined : active.file.sync(), // at the end the last one is sealed, too
        ...sealed.map((segment) => segment.syncAll()),
        ...paths.map((path) => files.whileSyncing(() => this.syncPath(path))),
        epochs.isSaved ? undefined : epochs.save(),
        ...directories.map((directory) => files.syncDirectory(directory)),
      ]);
    } catch (error) {
      this.log.failed(error);
      throw error;
    }
    const failure = this.log.failure();
    if (failure !== null) throw failure; // a file that was let go meanwhile was not synced
    for (const segment of sealed) this.sealed.delete(segment);
    this.durableOffset = Math.max(this.durableOffset, this.target);
    if (sealed.length > 0) this.log.sealedDurable(sealed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  }

  /** Before the directory is synced that has their names. */
  private async finishWrites(): Promise<void> {
    const writes = [...this.writes];
    this.writes.clear();
    try {
      await Promise.all(writes);
    } catch (error) {
      this.log.failed(error);
      throw error;
    }
  }

  private async syncPath(path: string): Promise<void> {
    const { disk } = this.log.files;
    if (disk.info(path) === null) return; // deleted with its segment
    const file = disk.open(path);
    try {
      await disk.sync(file);
    } finally {
      disk.close(file);
    }
  }
}
