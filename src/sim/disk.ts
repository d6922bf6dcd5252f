/**
 * A disk with a page cache over a durable image. It outlives the processes that use it: the end of a process keeps what
 * was written, a power cut keeps what was synced and some of the rest. `DiskFaults` says what goes wrong meanwhile.
 */
import { assert } from "../../base/assert.ts";
import { type DirectoryEntry, DiskError, type PathInfo } from "../../base/ports.ts";
import type { Dice } from "./dice.ts";
import { FileImage } from "./file-image.ts";
import type { World } from "./world.ts";

type Entry = FileImage | Directory;
/** One change of entries; a rename within a directory is one change of two names. */
type Change = readonly (readonly [name: string, entry: Entry | null])[];

export class Directory {
  entries = new Map<string, Entry>();
  durable = new Map<string, Entry>();
  changes: Change[] = [];
}

export interface DiskOptions {
  readonly capacityBytes: number;
  readonly syncMeanMs: number;
}

/** What goes wrong with the operations of a process; drawn by the faults of the seed. */
export interface DiskFaults {
  /** The system's code where this operation is to fail. */
  failure(operation: string, path: string): string | null;
  /** Added to a sync. */
  stallMs(): number;
}

export const noDiskFaults: DiskFaults = { failure: () => null, stallMs: () => 0 };

export class SimDisk {
  readonly world: World;
  readonly options: DiskOptions;
  readonly dice: Dice;
  faults: DiskFaults = noDiskFaults;
  root = new Directory();
  operations = 0;
  syncs = 0;
  /** Changes with every end of a process or of power: what was under way then never completes. */
  generation = 0;
  /** Names of the paths that were asked for: the same few thousand again and again. */
  private readonly split = new Map<string, readonly string[]>();

  constructor(world: World, name: string, options: DiskOptions) {
    this.world = world;
    this.options = options;
    this.dice = world.dice(`disk ${name}`);
  }

  /** The process ends: descriptors, locks and views are gone, what was written stays. */
  processEnded(): void {
    this.generation++;
    eachFile(this.root, (file) => {
      file.locked = false;
      file.views.clear();
    });
  }

  powerCut(kindly = false): void {
    this.generation++;
    crashDirectory(this.root, this.dice, kindly);
  }

  /** An empty disk takes its place. */
  replaced(): void {
    this.generation++;
    this.root = new Directory();
  }

  usedBytes(): number {
    let used = 0;
    eachFile(this.root, (file) => {
      used += file.usedBytes;
    });
    return used;
  }

  find(path: string): Entry | null {
    return this.walk(this.partsOf(path));
  }

  private walk(names: readonly string[], depth = names.length): Entry | null {
    let at: Entry = this.root;
    for (let n = 0; n < depth; n++) {
      const next: Entry | undefined = at instanceof Directory ? at.entries.get(names[n] as string) : undefined;
      if (next === undefined) return null;
      at = next;
    }
    return at;
  }

  directoryAt(operation: string, path: string): Directory {
    const entry = this.find(path);
    if (entry === null) throw new DiskError(operation, path, "ENOENT");
    if (!(entry instanceof Directory)) throw new DiskError(operation, path, "ENOTDIR");
    return entry;
  }

  info(path: string): PathInfo | null {
    const entry = this.find(path);
    if (entry === null) return null;
    if (entry instanceof Directory) return { directory: true, sizeBytes: 0, modifiedMs: 0 };
    return { directory: false, sizeBytes: entry.sizeBytes, modifiedMs: entry.modifiedMs };
  }

  setModified(path: string, modifiedMs: number): void {
    const entry = this.find(path);
    if (!(entry instanceof FileImage)) throw new DiskError("setModified", path, "ENOENT");
    entry.modifiedMs = modifiedMs;
  }

  list(path: string): DirectoryEntry[] {
    const { entries } = this.directoryAt("list", path);
    return [...entries].map(([name, entry]) => ({ name, directory: entry instanceof Directory }));
  }

  /** The file, made where it is missing. */
  file(operation: string, path: string, create: boolean): FileImage {
    const { directory, name } = this.parentOf(operation, path);
    let entry = directory.entries.get(name);
    if (entry === undefined) {
      if (!create) throw new DiskError(operation, path, "ENOENT");
      entry = new FileImage();
      this.change(directory, [[name, entry]]);
    }
    if (entry instanceof Directory) throw new DiskError(operation, path, "EISDIR");
    return entry;
  }

  makeDirectory(path: string): void {
    let at = this.root;
    for (const name of this.partsOf(path)) {
      let next = at.entries.get(name);
      if (next === undefined) {
        next = new Directory();
        this.change(at, [[name, next]]);
      }
      if (!(next instanceof Directory)) throw new DiskError("makeDirectory", path, "ENOTDIR");
      at = next;
    }
  }

  rename(from: string, to: string): void {
    const source = this.parentOf("rename", from);
    const target = this.parentOf("rename", to);
    const entry = source.directory.entries.get(source.name);
    if (entry === undefined) throw new DiskError("rename", from, "ENOENT");
    if (source.directory === target.directory) {
      this.change(source.directory, [
        [source.name, null],
        [target.name, entry],
      ]);
    } else {
      this.change(target.directory, [[target.name, entry]]);
      this.change(source.directory, [[source.name, null]]);
    }
  }

  unlink(path: string): void {
    const { directory, name } = this.parentOf("unlink", path);
    if (!(directory.entries.get(name) instanceof FileImage)) throw new DiskError("unlink", path, "ENOENT");
    this.change(directory, [[name, null]]);
  }

  removeDirectory(path: string): void {
    if (this.directoryAt("removeDirectory", path).entries.size > 0) {
      throw new DiskError("removeDirectory", path, "ENOTEMPTY");
    }
    const { directory, name } = this.parentOf("removeDirectory", path);
    this.change(directory, [[name, null]]);
  }

  /** A file, or a directory with all in it, is gone, and no power cut brings it back: for faults and operators. */
  erase(path: string): void {
    const { directory, name } = this.parentOf("erase", path);
    directory.entries.delete(name);
    directory.durable.delete(name);
    directory.changes = directory.changes.filter((change) => !change.some(([changed]) => changed === name));
  }

  /** The whole content of a file, null where there is none: for checkers. */
  contentOf(path: string): Uint8Array | null {
    const entry = this.find(path);
    return entry instanceof FileImage ? entry.read(0, entry.sizeBytes) : null;
  }

  /** Every file below a directory, by path: for checkers and faults. */
  *filesBelow(path: string, directory = this.directoryAt("list", path)): Generator<readonly [string, FileImage]> {
    for (const [name, entry] of directory.entries) {
      if (entry instanceof Directory) yield* this.filesBelow(`${path}/${name}`, entry);
      else yield [`${path}/${name}`, entry];
    }
  }

  /** The files of a directory that no power cut takes away. */
  *durableFiles(path: string): Generator<readonly [path: string, FileImage]> {
    const directory = this.durable(path);
    if (!(directory instanceof Directory)) return;
    for (const [name, entry] of directory.durable) {
      if (entry instanceof FileImage) yield [`${path}/${name}`, entry];
    }
  }

  /** What no power cut takes away: of one file from a position on, null where it may go as a whole. */
  durableContent(path: string, from: number): Uint8Array | null {
    const entry = this.durable(path);
    return entry instanceof FileImage ? entry.durableContent(from) : null;
  }

  durableNames(path: string): string[] {
    const directory = this.durable(path);
    return directory instanceof Directory ? [...directory.durable.keys()] : [];
  }

  private durable(path: string): Entry | undefined {
    let at: Entry | undefined = this.root;
    for (const name of this.partsOf(path)) at = at instanceof Directory ? at.durable.get(name) : undefined;
    return at;
  }

  private change(directory: Directory, change: Change): void {
    applyChange(directory.entries, change);
    directory.changes.push(change);
  }

  private parentOf(operation: string, path: string): { directory: Directory; name: string } {
    const names = this.partsOf(path);
    const name = names.at(-1);
    if (name === undefined) throw new DiskError(operation, path, "EINVAL");
    const directory = this.walk(names, names.length - 1);
    if (directory === null) throw new DiskError(operation, path, "ENOENT");
    if (!(directory instanceof Directory)) throw new DiskError(operation, path, "ENOTDIR");
    return { directory, name };
  }

  private partsOf(path: string): readonly string[] {
    let parts = this.split.get(path);
    if (parts === undefined) {
      assert(path.startsWith("/"), "paths are absolute");
      parts = path.split("/").filter((name) => name !== "");
      this.split.set(path, parts);
    }
    return parts;
  }
}

export function applyChange(entries: Map<string, Entry>, change: Change): void {
  for (const [name, entry] of change) {
    if (entry === null) entries.delete(name);
    else entries.set(name, entry);
  }
}

function crashDirectory(directory: Directory, dice: Dice, kindly: boolean): void {
  const { changes, durable } = directory;
  const kept = kindly ? changes.length : dice.below(changes.length + 1);
  const entries = new Map(durable);
  for (const change of changes.slice(0, kept)) applyChange(entries, change);
  directory.entries = entries;
  directory.durable = new Map(entries);
  directory.changes = [];
  for (const entry of entries.values()) {
    if (entry instanceof Directory) crashDirectory(entry, dice, kindly);
    else entry.powerCut(dice, kindly);
  }
}

function eachFile(directory: Directory, visit: (file: FileImage) => void): void {
  for (const entry of directory.entries.values()) {
    if (entry instanceof Directory) eachFile(entry, visit);
    else visit(entry);
  }
}
