/**
 * Files that open when they are first used and close again when too many are open, so that ten thousand partitions of
 * ten segments do not need four hundred thousand descriptors. Also lends out the buffers that synchronous reads share.
 */
import { assert } from "../base/assert.ts";
import type { Disk, FileId } from "../base/ports.ts";

/** A window's bytes. */
export const WINDOW_BYTES = 4096;
const WINDOWS = 32;
const headerBytes = 8192;
/** Of the sixteen syncs that a disk has under way (src/runtime/bun-disk.ts), so that others find a place. */
const UNAWAITED_MAX = 8;

export interface IndexWindow {
  owner: object | null;
  block: number;
  length: number;
  /** Empty until it is first used. */
  bytes: Uint8Array;
}

interface DirectorySync {
  readonly running: Promise<void>;
  /** What was changed since it began is in this one. */
  next: Promise<void> | null;
}

export class FilePool {
  readonly disk: Disk;
  /** For one synchronous walk over batch headers at a time. */
  readonly headerBuffer: Uint8Array = new Uint8Array(headerBytes);
  /** Blocks of index files that were read, each in the one place it can be: a search begins with the same few. */
  readonly windows: readonly IndexWindow[];
  private readonly openMax: number;
  private readonly open = new Set<PooledFile>();
  private uses = 0;
  private indexes = 0;
  /** A file that is being synced cannot be closed: so many of all at a time. */
  private readonly syncing: Places;
  private readonly putting = new Places(UNAWAITED_MAX);
  private readonly directorySyncs = new Map<string, DirectorySync>();

  constructor(disk: Disk, openMax = 4096) {
    this.disk = disk;
    this.openMax = openMax;
    this.syncing = new Places(Math.ceil(openMax / 4));
    this.windows = Array.from({ length: WINDOWS }, () => {
      return { owner: null, block: -1, length: 0, bytes: new Uint8Array(0) };
    });
  }

  /** Each index has its own, so that the same blocks of several are not always in each other's place. */
  nextIndexNumber(): number {
    return this.indexes++;
  }

  get openCount(): number {
    return this.open.size;
  }

  /** Opens what is closed and notes the use; the pool's, for PooledFile. */
  use(file: PooledFile): FileId {
    file.usedAt = ++this.uses;
    if (file.id !== null) return file.id;
    if (this.open.size >= this.openMax) this.closeOldest();
    file.id = this.disk.open(file.path);
    this.open.add(file);
    return file.id;
  }

  /**
   * Runs what holds a file open until it is synced, also one that is not of the pool: the epochs of ten thousand
   * partitions change together. Waits while too many do.
   */
  whileSyncing(task: () => Promise<void>): Promise<void> {
    return this.syncing.run(task);
  }

  /** Runs what syncs and nobody waits for: thousands of them let those pass that somebody waits for. */
  unawaited(task: () => Promise<void>): Promise<void> {
    return this.putting.run(task);
  }

  /**
   * One sync serves all who ask for it while another of the same directory is under way: that above ten thousand new
   * partitions is one directory.
   */
  syncDirectory(path: string): Promise<void> {
    const under = this.directorySyncs.get(path);
    if (under === undefined) return this.startDirectorySync(path);
    under.next ??= under.running.then(() => this.startDirectorySync(path));
    return under.next;
  }

  private startDirectorySync(path: string): Promise<void> {
    const running = this.whileSyncing(() => this.disk.syncDirectory(path)).finally(() => {
      if (under.next === null) this.directorySyncs.delete(path);
    });
    const under: DirectorySync = { running, next: null };
    this.directorySyncs.set(path, under);
    return running;
  }

  forget(file: PooledFile): void {
    if (file.id === null) return;
    const id = file.id;
    file.id = null;
    this.open.delete(file);
    this.disk.close(id);
  }

  /** A quarter at a time, so that the search for the oldest is paid rarely. */
  private closeOldest(): void {
    const idle = [...this.open].filter((file) => file.pins === 0).sort((a, b) => a.usedAt - b.usedAt);
    for (const file of idle.slice(0, Math.ceil(this.openMax / 4))) this.forget(file);
  }
}

/** So many at a time; the others wait. */
class Places {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  async run(task: () => Promise<void>): Promise<void> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free--;
    try {
      await task();
    } finally {
      const next = this.waiting.shift(); // the place goes to who has waited longest
      if (next === undefined) this.free++;
      else next();
    }
  }
}

export class PooledFile {
  path: string;
  /** The pool's: null while closed. */
  id: FileId | null = null;
  usedAt = 0;
  /** Held open by so many: views and syncs under way. */
  pins = 0;
  private closing = false;
  private readonly pool: FilePool;

  constructor(pool: FilePool, path: string) {
    this.pool = pool;
    this.path = path;
  }

  get disk(): Disk {
    return this.pool.disk;
  }

  get(): FileId {
    assert(!this.closing, "a closed file is not used again");
    return this.pool.use(this);
  }

  pin(): void {
    this.pins++;
  }

  unpin(): void {
    assert(this.pins > 0, "a pin is taken back once");
    this.pins--;
    if (this.pins === 0 && this.closing) this.pool.forget(this);
  }

  /** Closes for good, once the last pin is gone. */
  close(): void {
    this.closing = true;
    if (this.pins === 0) this.pool.forget(this);
  }

  exists(): boolean {
    return this.id !== null || this.disk.info(this.path) !== null;
  }

  /** An open descriptor follows the file to its new name. */
  rename(to: string): void {
    this.disk.rename(this.path, to);
    this.path = to;
  }

  sync(): Promise<void> {
    return this.pool.whileSyncing(async () => {
      if (this.closing) return; // deleted meanwhile
      const id = this.get();
      this.pin();
      await this.disk.sync(id).finally(() => this.unpin());
    });
  }
}
