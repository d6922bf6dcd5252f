/**
 * All that a node can do to the world, on one page. `src/runtime/` implements these doors with Bun, `src/sim/` with a
 * seeded simulator; nothing else names a clock, a socket, a file or a random number.
 */

export type Cancel = () => void;

export interface Clock {
  /** Wall clock, ms since the epoch: only for record timestamps and retention; may jump. */
  nowMs(): number;
  /** Monotonic ms, with fractions: for every timeout. */
  ticksMs(): number;
  /** Fires once, no earlier than delayMs; returns its cancel. */
  after(delayMs: number, fire: () => void): Cancel;
  /** Runs after the input of this turn has been handled, before the loop sleeps; callbacks run in the order given. */
  turnEnd(run: () => void): void;
}

export interface Random {
  /** A whole number in [0, limit). */
  below(limit: number): number;
  bytes(length: number): Uint8Array;
}

/** Bytes arrive in order or the link closes. */
export interface Net {
  /** Port 0 lets the system choose; the bound port is in the answer. Host "" binds every address, both families. */
  listen(address: Address, accept: (link: Link) => LinkEvents): Promise<Listener>;
  /** `closed` is called if the connection cannot be made. */
  connect(address: Address, events: (link: Link) => ConnectEvents): Link;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `listen` failed: the system's own code (EADDRINUSE, EACCES, EADDRNOTAVAIL…), or ENOTFOUND for an unknown host. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly address: Address;
  readonly code: string;
  constructor(address: Address, code: string, cause?: unknown) {
    super(`listen on ${address.host}:${address.port}: ${code}`, { cause });
    this.address = address;
    this.code = code;
  }
}

export interface Listener {
  readonly port: number;
  /** Stops accepting; open links stay. */
  close(): void;
}

export interface Link {
  readonly remote: Address;
  readonly local: Address;
  /**
   * Hands bytes to the system and returns how many it took. A short count means: keep the rest, wait for `drain`.
   * The bytes taken are no longer referenced when this returns.
   */
  write(bytes: Uint8Array): number;
  pause(): void;
  resume(): void;
  /** Closes after what was taken has been sent; further writes take 0. `closed` follows. */
  end(): void;
  /** Closes now. `closed` follows. */
  destroy(): void;
}

export interface LinkEvents {
  /** The view is the receiver's for good: it is never written again. */
  data(bytes: Uint8Array): void;
  drain(): void;
  /** The last event of a link, once. */
  closed(): void;
}

export interface ConnectEvents extends LinkEvents {
  opened(): void;
  /** The system said so at once: nobody listens there (or, as Bun tells it, no way leads there). `closed` follows. */
  refused?(): void;
}

/** A failing disk: the log directory that the path lies in goes offline (KIP-112). */
export class DiskError extends Error {
  override readonly name = "DiskError";
  readonly operation: string;
  readonly path: string;
  /** The system's own code: ENOSPC, EIO, EROFS, EACCES… */
  readonly code: string;
  constructor(operation: string, path: string, code: string, cause?: unknown) {
    super(`${operation} ${path}: ${code}`, { cause });
    this.operation = operation;
    this.path = path;
    this.code = code;
  }
}

export type FileId = number;

/** A range of a file, readable without a copy while it is held. JavaScript never reads `bytes`: only a socket does. */
export interface FileView {
  readonly bytes: Uint8Array;
  /** Exactly once. The simulator poisons released views. */
  release(): void;
}

export interface PathInfo {
  readonly directory: boolean;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly directory: boolean;
}

export interface OpenOptions {
  /** Creates the file where it is missing (default true). */
  readonly create?: boolean;
  /** Refuses every write; a directory that may not be touched can still be read (default false). */
  readonly readOnly?: boolean;
}

/** Every call fails with DiskError. Paths are absolute. Writes, truncations and renames are durable once synced. */
export interface Disk {
  open(path: string, options?: OpenOptions): FileId;
  close(file: FileId): void;
  sizeBytes(file: FileId): number;
  /** Writes all chunks one after the other at `position`, into the page cache, now. Never short. */
  write(file: FileId, position: number, chunks: readonly Uint8Array[]): void;
  /** A copy of the range, shorter only where the file ends. */
  read(file: FileId, position: number, length: number): Uint8Array;
  /** Reads into the buffer; returns the bytes read, fewer only where the file ends. */
  readInto(file: FileId, position: number, into: Uint8Array): number;
  /** Sets the length; growing adds zeros (sparse). No view may reach beyond the new end. */
  truncate(file: FileId, length: number): void;
  /** Once it resolves, every earlier write and truncation survives power loss. A failed sync is never retried. */
  sync(file: FileId): Promise<void>;
  /** No copy; the range must lie within the file. */
  view(file: FileId, position: number, length: number): FileView;
  /** True: reading the range will not wait for the device. */
  cached(file: FileId, position: number, length: number): boolean;
  /** Brings the range into memory, off the loop. */
  load(file: FileId, position: number, length: number): Promise<void>;
  /**
   * Lets go of what is in memory and counts as written: what is read next comes from the device. After a failed sync
   * the
   * two may differ, for every later process too, as long as the power holds. Nobody may hold a view of the file.
   */
  forget(file: FileId): void;

  info(path: string): PathInfo | null;
  /** Sets when a file was last changed; a later write changes it again. */
  setModified(path: string, modifiedMs: number): void;
  list(directory: string): DirectoryEntry[];
  /** With its parents; no error where it exists. */
  makeDirectory(path: string): void;
  /** Replaces an existing file. */
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** An empty directory. */
  removeDirectory(path: string): void;
  /** The entries (creations, renames, unlinks) of the directory survive power loss once it resolves. */
  syncDirectory(path: string): Promise<void>;
  /** An exclusive lock as Java's FileChannel.tryLock takes it (lockf); null where another process holds it. */
  lock(path: string): { release(): void } | null;
  space(path: string): { totalBytes: number; usableBytes: number };
}

/** A task on bytes, off the loop; the simulator runs it in line. */
export interface Work {
  /** Gives back what nothing refers to any more, now; takes tens of milliseconds. */
  reclaim(): void;
  crc32c(chunks: readonly Uint8Array[]): Promise<number>;
}

/** One line per thing an operator cares about. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** From now on only lines of at least this severity; a logger without levels says everything. */
  setLevel?(level: "debug" | "info" | "warn" | "error" | "silent"): void;
}

export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly net: Net;
  readonly disk: Disk;
  readonly work: Work;
  readonly logger: Logger;
}
