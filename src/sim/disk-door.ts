/**
 * The Disk of one process. An operation may be the last of its host: then the process is doomed in the middle of its
 * turn, as a power cut would have it, and nothing it does from there on reaches the world.
 */
import { assert } from "../../base/assert.ts";
import {
  type DirectoryEntry,
  type Disk,
  DiskError,
  type FileId,
  type FileView,
  type OpenOptions,
  type PathInfo,
} from "../../base/ports.ts";
import { applyChange, type Directory, type SimDisk } from "./disk.ts";
import type { FileImage } from "./file-image.ts";
import type { Life } from "./world.ts";

/** Thrown into the code of a process that has ended, so that its turn ends soon: nobody may draw a conclusion. */
export class HostGone extends Error {
  override readonly name = "HostGone";
}

interface OpenFile {
  readonly path: string;
  readonly image: FileImage;
  readonly readOnly: boolean;
}

export class DiskDoor implements Disk {
  /** The process is doomed when so many more operations have been done. */
  operationsLeft = Infinity;
  /** So many more syncs begin before the one in which the process is doomed. */
  syncsLeft = Infinity;
  /** Which syncs count for it, by path. */
  syncsCounted = /./;
  /** Some fault was shown to this process: it may now refuse and end. */
  failures = 0;
  /** What was written before may be gone although memory has it. */
  failedSyncs = 0;
  private readonly disk: SimDisk;
  private readonly life: Life;
  private readonly doom: () => void;
  private readonly files = new Map<FileId, OpenFile>();
  private nextId = 1;

  constructor(disk: SimDisk, life: Life, doom: () => void) {
    this.disk = disk;
    this.life = life;
    this.doom = doom;
  }

  open(path: string, options: OpenOptions = {}): FileId {
    this.step("open", path);
    const image = this.disk.file("open", path, options.create !== false && options.readOnly !== true);
    const id = this.nextId++;
    this.files.set(id, { path, image, readOnly: options.readOnly === true });
    return id;
  }

  close(file: FileId): void {
    this.opened("close", file);
    this.files.delete(file);
  }

  sizeBytes(file: FileId): number {
    return this.opened("sizeBytes", file).image.sizeBytes;
  }

  write(file: FileId, position: number, chunks: readonly Uint8Array[]): void {
    const { image, path, readOnly } = this.opened("write", file);
    if (readOnly) throw new DiskError("write", path, "EBADF");
    let at = position;
    for (const chunk of chunks) {
      this.step("write", path, () => {
        // What the system took before it failed stays.
        image.write(at, chunk.subarray(0, this.disk.dice.below(chunk.length + 1)));
      });
      if (at + chunk.length > image.sizeBytes) this.needRoom(path, at + chunk.length - image.sizeBytes);
      image.write(at, chunk);
      at += chunk.length;
    }
    image.modifiedMs = this.disk.world.nowMs;
  }

  read(file: FileId, position: number, length: number): Uint8Array {
    const { image, path } = this.opened("read", file);
    this.step("read", path);
    return image.read(position, length);
  }

  readInto(file: FileId, position: number, into: Uint8Array): number {
    const { image, path } = this.opened("readInto", file);
    this.step("read", path);
    return image.readInto(position, into);
  }

  truncate(file: FileId, length: number): void {
    const { image, path } = this.opened("truncate", file);
    this.step("truncate", path);
    for (const { end } of image.views) assert(end <= length, "no view reaches beyond the new end");
    image.truncate(length);
    image.modifiedMs = this.disk.world.nowMs;
  }

  sync(file: FileId): Promise<void> {
    if (!this.life.acts) return never();
    const { image, path } = this.opened("sync", file);
    const begun = image.syncBegins();
    return this.later("sync", path, (failed) => {
      if (failed) image.syncFailed(begun);
      else image.synced(begun);
    });
  }

  view(file: FileId, position: number, length: number): FileView {
    const { image, path } = this.opened("view", file);
    this.step("view", path);
    assert(position + length <= image.sizeBytes, "the range of a view lies within the file");
    const bytes = image.read(position, length);
    const held = { end: position + length };
    image.views.add(held);
    let released = false;
    return {
      bytes,
      release: () => {
        assert(!released, "a view is released once");
        released = true;
        bytes.fill(0xdb);
        image.views.delete(held);
      },
    };
  }

  cached(file: FileId): boolean {
    this.opened("cached", file);
    return this.disk.dice.chance(0.9);
  }

  load(file: FileId): Promise<void> {
    if (!this.life.acts) return never();
    const { path } = this.opened("load", file);
    return this.later("read", path, () => {});
  }

  forget(file: FileId): void {
    const { image, path } = this.opened("forget", file);
    this.step("forget", path);
    assert(image.views.size === 0, "nobody holds a view of a file that is read again");
    image.evictClean();
  }

  info(path: string): PathInfo | null {
    this.step("info", path);
    return this.disk.info(path);
  }

  setModified(path: string, modifiedMs: number): void {
    this.step("setModified", path);
    this.disk.setModified(path, modifiedMs);
  }

  list(directory: string): DirectoryEntry[] {
    this.step("list", directory);
    return this.disk.list(directory);
  }

  makeDirectory(path: string): void {
    this.step("makeDirectory", path);
    this.disk.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.step("rename", from);
    this.disk.rename(from, to);
  }

  unlink(path: string): void {
    this.step("unlink", path);
    this.disk.unlink(path);
  }

  removeDirectory(path: string): void {
    this.step("removeDirectory", path);
    this.disk.removeDirectory(path);
  }

  syncDirectory(path: string): Promise<void> {
    if (!this.life.acts) return never();
    const directory: Directory = this.disk.directoryAt("syncDirectory", path);
    const count = directory.changes.length;
    const begun = directory.changes.slice();
    return this.later("syncDirectory", path, (failed) => {
      if (failed) return;
      // Another sync may have been faster with some of them.
      const done = begun.slice(0, count).filter((change) => directory.changes.includes(change));
      for (const change of done) applyChange(directory.durable, change);
      directory.changes = directory.changes.filter((change) => !done.includes(change));
    });
  }

  lock(path: string): { release(): void } | null {
    this.step("lock", path);
    const image = this.disk.file("lock", path, true);
    if (image.locked) return null;
    image.locked = true;
    const generation = this.disk.generation;
    return {
      release: () => {
        if (generation === this.disk.generation) image.locked = false;
      },
    };
  }

  space(): { totalBytes: number; usableBytes: number } {
    this.check();
    const totalBytes = this.disk.options.capacityBytes;
    return { totalBytes, usableBytes: Math.max(0, totalBytes - this.disk.usedBytes()) };
  }

  /** Completes after a while, unless the process or the power ends before. */
  private later(operation: string, path: string, done: (failed: boolean) => void): Promise<void> {
    const { disk } = this;
    disk.syncs++;
    const delayMs = 0.05 + disk.dice.exponential(disk.options.syncMeanMs) + disk.faults.stallMs();
    if (this.syncsCounted.test(path) && this.syncsLeft-- === 0)
      disk.world.at(delayMs * disk.dice.unit(), () => this.doomNow(), this.life);
    return new Promise((resolve, reject) => {
      disk.world.at(
        delayMs,
        () => {
          try {
            this.step(operation, path);
          } catch (failure) {
            if (!(failure instanceof DiskError)) return; // the process has ended: nothing more happens to its files
            if (operation === "sync") this.failedSyncs++;
            done(true);
            reject(failure);
            return;
          }
          done(false);
          resolve();
        },
        this.life,
      );
    });
  }

  private doomNow(): void {
    this.life.doomed = true;
    this.doom();
  }

  private needRoom(path: string, bytes: number): void {
    const { disk } = this;
    if (disk.options.capacityBytes === Infinity) return;
    if (disk.usedBytes() + bytes <= disk.options.capacityBytes) return;
    this.failures++;
    throw new DiskError("write", path, "ENOSPC");
  }

  private step(operation: string, path: string, partly: () => void = () => {}): void {
    this.check();
    this.disk.operations++;
    if (this.operationsLeft-- <= 0) {
      this.life.doomed = true;
      partly();
      this.doom();
      throw new HostGone();
    }
    const code = this.disk.faults.failure(operation, path);
    if (code === null) return;
    this.failures++;
    partly();
    this.disk.world.note(`disk ${operation} ${path} ${code}`);
    throw new DiskError(operation, path, code);
  }

  private check(): void {
    if (!this.life.acts) throw new HostGone();
  }

  private opened(operation: string, file: FileId): OpenFile {
    this.check();
    const open = this.files.get(file);
    if (open === undefined) throw new DiskError(operation, String(file), "EBADF");
    return open;
  }
}

/** A process that has ended waits for nothing. */
const never = (): Promise<void> => new Promise(() => {});
