/**
 * Files by node:fs: reads and writes go straight to the page cache, synchronously (microseconds); syncs and reads from
 * the device run in the thread pool. Views are maps of the file where the system offers them, else plain copies.
 */
import * as fs from "node:fs";
import { assert } from "../../base/assert.ts";
import type { DirectoryEntry, Disk, FileId, FileView, OpenOptions, PathInfo } from "../../base/ports.ts";
import { DiskError } from "../../base/ports.ts";
import type { SystemCalls } from "./bun-mmap.ts";
import { Limiter } from "./limiter.ts";
import { MappedFiles } from "./mapped-files.ts";

/** More in parallel only queue in the device. */
const SYNCS_MAX = 16;
const LOADS_MAX = 4;
const LOAD_CHUNK_BYTES = 1 << 20;
/** The most buffers that one writev takes (IOV_MAX). */
const CHUNKS_MAX = 1024;
/** Smaller views are copies: what is gathered into one write is read in JavaScript, which mapped bytes never are. */
const MAPPED_BYTES_MIN = 32 << 10;
/** To give back the blocks of a smaller one takes no longer than a few milliseconds. */
const LARGE_FILE_BYTES = 8 << 20;
/** Without mincore: this much before the end of a file is taken to be in memory. */
const LIKELY_CACHED_BYTES = 64 << 20;

interface OpenFile {
  readonly path: string;
  /** Something was written through this handle: it is an active segment and will grow. */
  grows: boolean;
  /** Syncs and loads under way, which a close waits for: the system reuses the number of a closed file. */
  busy: number;
  closing: boolean;
  syncFailure: DiskError | null;
  /** The file has at least so many bytes, as long as nothing has been shortened since. */
  sizeBytes: number;
  /** `#truncations` when that was true. */
  sizeAsOf: number;
}

export class BunDisk implements Disk {
  readonly #files = new Map<FileId, OpenFile>();
  readonly #syncs = new Limiter(SYNCS_MAX);
  readonly #loads = new Limiter(LOADS_MAX);
  readonly #locked = new Set<string>();
  readonly #system: SystemCalls | null;
  readonly #maps: MappedFiles | null;
  /** Of any file: several handles may be of the same one. */
  #truncations = 0;

  constructor(system: SystemCalls | null, mapsMax?: number) {
    this.#system = system;
    this.#maps = system === null ? null : new MappedFiles(system, mapsMax);
  }

  /** False: plain reads and no lock between processes; the start block says so. */
  get mapped(): boolean {
    return this.#system !== null;
  }

  open(path: string, options: OpenOptions = {}): FileId {
    const { O_RDONLY, O_RDWR, O_CREAT } = fs.constants;
    const flags = options.readOnly ? O_RDONLY : options.create === false ? O_RDWR : O_RDWR | O_CREAT;
    const file = attempt("open", path, () => fs.openSync(path, flags, 0o644));
    this.#files.set(file, {
      path,
      grows: false,
      busy: 0,
      closing: false,
      syncFailure: null,
      sizeBytes: 0,
      sizeAsOf: 0,
    });
    return file;
  }

  close(file: FileId): void {
    const open = this.#file(file);
    this.#maps?.forget(file);
    open.closing = true;
    if (open.busy === 0) this.#closeNow(file, open);
  }

  sizeBytes(file: FileId): number {
    return attempt("fstat", this.#file(file).path, () => fs.fstatSync(file).size);
  }

  write(file: FileId, position: number, chunks: readonly Uint8Array[]): void {
    const open = this.#file(file);
    open.grows = true;
    try {
      const only = chunks.length === 1 ? chunks[0] : undefined;
      if (only === undefined) writeAll(file, position, chunks);
      else if (fs.writeSync(file, only, 0, only.length, position) !== only.length) writeAll(file, position, chunks);
      let end = position;
      for (const { length } of chunks) end += length;
      if (end > open.sizeBytes && open.sizeAsOf === this.#truncations) open.sizeBytes = end;
    } catch (cause) {
      throw diskError("write", open.path, cause);
    }
  }

  read(file: FileId, position: number, length: number): Uint8Array {
    const into = new Uint8Array(length);
    const count = this.readInto(file, position, into);
    return count === length ? into : into.slice(0, count);
  }

  readInto(file: FileId, position: number, into: Uint8Array): number {
    let done = 0;
    try {
      while (done < into.length) {
        const count = fs.readSync(file, into, done, into.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch (cause) {
      throw diskError("read", this.#file(file).path, cause);
    }
    return done;
  }

  truncate(file: FileId, length: number): void {
    this.#truncations++;
    attempt("truncate", this.#file(file).path, () => fs.ftruncateSync(file, length));
  }

  sync(file: FileId): Promise<void> {
    return this.#whileOpen(file, async (open) => {
      // After a failed sync the kernel may have dropped the pages and call them clean: a later success would be a lie.
      if (open.syncFailure !== null) throw open.syncFailure;
      try {
        await this.#syncs.run(() => settle((done) => fs.fdatasync(file, done)));
      } catch (cause) {
        open.syncFailure ??= diskError("fdatasync", open.path, cause);
        throw open.syncFailure;
      }
    });
  }

  view(file: FileId, position: number, length: number): FileView {
    const open = this.#file(file);
    const sizeBytes = this.#sizeReaching(file, open, position + length);
    assert(position + length <= sizeBytes, "a view lies within its file");
    const maps = length < MAPPED_BYTES_MIN ? null : this.#maps;
    const mapped = maps?.view(file, position, length, sizeBytes, open.grows);
    return mapped ?? { bytes: this.read(file, position, length), release: () => {} };
  }

  cached(file: FileId, position: number, length: number): boolean {
    const open = this.#file(file);
    if (length === 0) return true;
    const sizeBytes = this.#sizeReaching(file, open, position + length);
    assert(position + length <= sizeBytes, "the range lies within its file");
    if (this.#maps === null) return position >= sizeBytes - LIKELY_CACHED_BYTES;
    return this.#maps.resident(file, position, length, sizeBytes, open.grows);
  }

  load(file: FileId, position: number, length: number): Promise<void> {
    return this.#whileOpen(file, (open) =>
      this.#loads.run(async () => {
        const scratch = new Uint8Array(Math.min(length, LOAD_CHUNK_BYTES));
        for (let at = position; at < position + length; at += scratch.length) {
          const count = Math.min(scratch.length, position + length - at);
          try {
            await settle((done) => fs.read(file, scratch, 0, count, at, done));
          } catch (cause) {
            throw diskError("read", open.path, cause);
          }
        }
      }),
    );
  }

  /** Without the system call the pages stay: then only a failed sync before this start can deceive it. */
  forget(file: FileId): void {
    const { path } = this.#file(file);
    this.#maps?.forget(file);
    attempt("forget", path, () => this.#system?.forget(file));
  }

  info(path: string): PathInfo | null {
    const stat = attempt("stat", path, () => fs.statSync(path, { throwIfNoEntry: false }));
    if (stat === undefined) return null;
    return { directory: stat.isDirectory(), sizeBytes: stat.size, modifiedMs: stat.mtimeMs };
  }

  setModified(path: string, modifiedMs: number): void {
    attempt("utimes", path, () => fs.utimesSync(path, modifiedMs / 1000, modifiedMs / 1000));
  }

  list(directory: string): DirectoryEntry[] {
    const entries = attempt("list", directory, () => fs.readdirSync(directory, { withFileTypes: true }));
    return entries.map((entry) => ({
      name: entry.name,
      directory: entry.isSymbolicLink()
        ? this.info(`${directory}/${entry.name}`)?.directory === true
        : entry.isDirectory(),
    }));
  }

  makeDirectory(path: string): void {
    attempt("mkdir", path, () => fs.mkdirSync(path, { recursive: true }));
  }

  rename(from: string, to: string): void {
    attempt("rename", from, () => fs.renameSync(from, to));
  }

  /**
   * The name is gone at once. The kernel takes the blocks back with the last descriptor, for a gigabyte in 0.4 s: of a
   * large file that is one which a thread closes, not the loop.
   */
  unlink(path: string): void {
    attempt("unlink", path, () => {
      const last = fs.lstatSync(path).size >= LARGE_FILE_BYTES ? openOrNull(path) : null;
      try {
        fs.unlinkSync(path);
      } finally {
        if (last !== null) fs.close(last, () => {});
      }
    });
  }

  removeDirectory(path: string): void {
    attempt("rmdir", path, () => fs.rmdirSync(path));
  }

  async syncDirectory(path: string): Promise<void> {
    const directory = attempt("open", path, () => fs.openSync(path, fs.constants.O_RDONLY));
    try {
      await this.#syncs.run(() => settle((done) => fs.fsync(directory, done)));
    } catch (cause) {
      throw diskError("fsync", path, cause);
    } finally {
      fs.closeSync(directory);
    }
  }

  lock(path: string): { release(): void } | null {
    // The system's lock belongs to the process, and closing any handle of the file ends it: look before opening.
    const present = attempt("stat", path, () => fs.statSync(path, { throwIfNoEntry: false }));
    if (present !== undefined && this.#locked.has(identityOf(present))) return null;
    const { O_RDWR, O_CREAT } = fs.constants;
    const file = attempt("open", path, () => fs.openSync(path, O_RDWR | O_CREAT, 0o644));
    if (this.#system?.lock(file) === false) {
      fs.closeSync(file);
      return null;
    }
    const identity = identityOf(attempt("fstat", path, () => fs.fstatSync(file)));
    this.#locked.add(identity);
    const release = () => {
      assert(this.#locked.delete(identity), "a lock is released once");
      fs.closeSync(file);
    };
    return { release };
  }

  space(path: string): { totalBytes: number; usableBytes: number } {
    const { bsize, blocks, bavail } = attempt("statfs", path, () => fs.statfsSync(path));
    return { totalBytes: blocks * bsize, usableBytes: bavail * bsize };
  }

  /** The size, asked of the system only where what is known does not reach that far. */
  #sizeReaching(file: FileId, open: OpenFile, end: number): number {
    if (open.sizeBytes < end || open.sizeAsOf !== this.#truncations) {
      open.sizeBytes = this.sizeBytes(file);
      open.sizeAsOf = this.#truncations;
    }
    return open.sizeBytes;
  }

  #file(file: FileId): OpenFile {
    const open = this.#files.get(file);
    assert(open !== undefined && !open.closing, "the file is open");
    return open;
  }

  async #whileOpen<Result>(file: FileId, task: (open: OpenFile) => Promise<Result>): Promise<Result> {
    const open = this.#file(file);
    open.busy++;
    try {
      return await task(open);
    } finally {
      open.busy--;
      if (open.closing && open.busy === 0) this.#closeNow(file, open);
    }
  }

  #closeNow(file: FileId, open: OpenFile): void {
    this.#files.delete(file);
    attempt("close", open.path, () => fs.closeSync(file));
  }
}

/** The same file under every name. */
function identityOf({ dev, ino }: fs.Stats): string {
  return `${dev}:${ino}`;
}

/** Writes every chunk whole, whatever the system takes at a time; a range written twice gets the same bytes. */
function writeAll(file: FileId, position: number, chunks: readonly Uint8Array[]): void {
  let at = position;
  let index = 0;
  let skip = 0; // bytes of chunks[index] already written
  while (index < chunks.length) {
    const pending = chunks.slice(index, index + CHUNKS_MAX);
    if (skip > 0) pending[0] = pending[0]!.subarray(skip);
    let taken = fs.writevSync(file, pending, at);
    if (taken === 0 && pending.some((chunk) => chunk.length > 0)) throw new Error("the system took no bytes");
    at += taken;
    for (const chunk of pending) {
      if (taken < chunk.length) break;
      taken -= chunk.length;
      index++;
      skip = 0;
    }
    skip += taken;
  }
}

function attempt<Result>(operation: string, path: string, call: () => Result): Result {
  try {
    return call();
  } catch (cause) {
    throw diskError(operation, path, cause);
  }
}

function diskError(operation: string, path: string, cause: unknown): DiskError {
  const code = (cause as { code?: unknown }).code;
  return new DiskError(operation, path, typeof code === "string" ? code : "EIO", cause);
}

/** A node:fs call with a callback, as a promise. */
function settle(call: (done: (failure: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((failure) => (failure ? reject(failure) : resolve()));
  });
}

/** Null where there is no descriptor left: it may be done without. */
function openOrNull(path: string): number | null {
  try {
    return fs.openSync(path, fs.constants.O_RDONLY);
  } catch {
    return null;
  }
}
