/**
 * A disk in memory for unit tests: a page cache over a durable image. `crash` is a power cut: what was synced stays,
 * of the rest the given share. `kill` is the end of the process: everything written stays. Both close every file.
 */
import { assert } from "../assert.ts";
import type { PathInfo, Random } from "../ports.ts";
import { type DirectoryEntry, type Disk, DiskError, type FileId, type FileView, type OpenOptions } from "../ports.ts";

import {
  afterCrash,
  applyChange,
  type DirectoryNode,
  directoryNode,
  type FileNode,
  fileNode,
  forEachFile,
  grow,
  type Node,
  own,
  sectorBytes,
  settle,
  usedBytes,
} from "./memory-nodes.ts";

/** More than a test writes: such a disk is never full. */
const ENDLESS_BYTES = 2 ** 30;

interface OpenFile {
  readonly path: string;
  readonly node: FileNode;
  readonly readOnly: boolean;
}

/** What a power cut leaves of unsynced changes: none, all, or each sector and a prefix of entries by chance. */
export type Survival = "none" | "all" | Random;

export class MemoryDisk implements Disk {
  /** Returns an error code to make the operation fail, null to let it pass. Operations are named as the methods. */
  fault: (operation: string, path: string) => string | null = () => null;
  /** A write that fails has written the first half. */
  shortWrites = false;
  /** Syncs resolve after this: a test may hold them. */
  gate: () => Promise<void> = () => Promise.resolve();
  /** Syncs of these files say that they are done and do nothing, as of a device that acknowledges what it caches. */
  lies: (path: string) => boolean = () => false;
  capacityBytes = ENDLESS_BYTES;
  readonly counts = new Map<string, number>();
  private readonly nowMs: () => number;
  private root: DirectoryNode = directoryNode();
  private files = new Map<FileId, OpenFile>();
  private nextId = 1;
  private generation = 0;
  private changes = 0;

  constructor(nowMs: () => number = () => 0) {
    this.nowMs = nowMs;
  }

  /** A disk that holds these files, durably. Their contents are shared with it until they change. */
  static holding(files: Iterable<readonly [path: string, content: Uint8Array]>, nowMs?: () => number): MemoryDisk {
    const disk = new MemoryDisk(nowMs);
    for (const [path, content] of files) {
      disk.makeDirectory(path.slice(0, path.lastIndexOf("/")) || "/");
      const [parent, name] = disk.parentOf("open", path);
      parent.entries.set(name, fileNode(content, disk.nowMs()));
    }
    settle(disk.root);
    return disk;
  }

  open(path: string, options: OpenOptions = {}): FileId {
    this.step("open", path);
    const [parent, name] = this.parentOf("open", path);
    let node = parent.entries.get(name);
    if (node === undefined) {
      if (options.create === false || options.readOnly) throw new DiskError("open", path, "ENOENT");
      node = fileNode(new Uint8Array(0), this.nowMs());
      parent.entries.set(name, node);
      parent.changes.push([[name, node]]);
    }
    if (node.kind === "directory") throw new DiskError("open", path, "EISDIR");
    const id = this.nextId++;
    this.files.set(id, { path, node, readOnly: options.readOnly === true });
    return id;
  }

  close(file: FileId): void {
    this.opened("close", file);
    this.files.delete(file);
  }

  sizeBytes = (file: FileId): number => this.opened("sizeBytes", file).node.size;

  write(file: FileId, position: number, chunks: readonly Uint8Array[]): void {
    const { node, path, readOnly } = this.opened("write", file);
    this.step("write", path, () => this.shortWrites && this.writePartly(node, position, chunks));
    if (readOnly) throw new DiskError("write", path, "EBADF");
    this.needRoom(path, node, position, chunks);
    let at = position;
    own(node);
    for (const chunk of chunks) {
      grow(node, at + chunk.length);
      node.bytes.set(chunk, at);
      node.size = Math.max(node.size, at + chunk.length);
      at += chunk.length;
    }
    node.filled = Math.max(node.filled, at);
    this.mark(node, position, at);
    node.modifiedMs = this.nowMs();
  }

  read(file: FileId, position: number, length: number): Uint8Array {
    const { node, path } = this.opened("read", file);
    this.step("read", path);
    return node.bytes.slice(Math.min(position, node.size), Math.min(position + length, node.size));
  }

  readInto(file: FileId, position: number, into: Uint8Array): number {
    const { node, path } = this.opened("readInto", file);
    this.step("read", path);
    const source = node.bytes.subarray(Math.min(position, node.size), Math.min(position + into.length, node.size));
    into.set(source);
    return source.length;
  }

  truncate(file: FileId, length: number): void {
    const { node, path } = this.opened("truncate", file);
    this.step("truncate", path);
    for (const view of node.views) assert(view.end <= length, "no view may reach beyond the new end");
    own(node);
    grow(node, length);
    if (length < node.size) node.bytes.fill(0, length, node.size);
    this.mark(node, Math.min(length, node.size), Math.max(length, node.size));
    node.size = length;
    node.filled = Math.min(node.filled, length);
    node.modifiedMs = this.nowMs();
  }

  async sync(file: FileId): Promise<void> {
    const { node, path } = this.opened("sync", file);
    const generation = this.generation;
    const size = node.size;
    const upTo = this.changes;
    const sectors = [...node.dirty.keys()].map((sector) => {
      const at = sector * sectorBytes;
      return { at, bytes: node.bytes.slice(at, Math.min(at + sectorBytes, Math.max(size, at))) };
    });
    await this.gate();
    if (generation !== this.generation) throw new DiskError("sync", path, "EIO");
    if (this.lies(path)) return;
    // Also when the sync fails the kernel calls the pages clean: a second sync would succeed and lie.
    for (const [sector, change] of node.dirty) if (change <= upTo) node.dirty.delete(sector);
    this.step("sync", path);
    const durable = new Uint8Array(size);
    durable.set(node.durable.subarray(0, Math.min(node.durableSize, size)));
    for (const { at, bytes } of sectors) if (at < size) durable.set(bytes, at);
    node.durable = durable;
    node.durableSize = size;
  }

  view(file: FileId, position: number, length: number): FileView {
    const { node, path } = this.opened("view", file);
    this.step("view", path);
    assert(position + length <= node.size, "the range of a view lies within the file");
    const bytes = node.bytes.slice(position, position + length);
    const held = { end: position + length };
    node.views.push(held);
    let released = false;
    return {
      bytes,
      release: () => {
        assert(!released, "a view is released once");
        released = true;
        bytes.fill(0xdb);
        node.views = node.views.filter((other) => other !== held);
      },
    };
  }

  cached(): boolean {
    return true;
  }

  async load(file: FileId): Promise<void> {
    const { path } = this.opened("load", file);
    this.step("load", path);
  }

  forget(file: FileId): void {
    const { node, path } = this.opened("forget", file);
    this.step("forget", path);
    if (node.bytes === node.durable) return;
    for (let at = 0; at < node.size; at += sectorBytes) {
      if (node.dirty.has(at / sectorBytes)) continue;
      const end = Math.min(at + sectorBytes, node.size);
      node.bytes.fill(0, at, end);
      node.bytes.set(node.durable.subarray(Math.min(at, node.durableSize), Math.min(end, node.durableSize)), at);
    }
  }

  info(path: string): PathInfo | null {
    this.step("info", path);
    const node = this.find(path);
    if (node === null) return null;
    if (node.kind === "directory") return { directory: true, sizeBytes: 0, modifiedMs: 0 };
    return { directory: false, sizeBytes: node.size, modifiedMs: node.modifiedMs };
  }

  setModified(path: string, modifiedMs: number): void {
    this.step("setModified", path);
    const node = this.find(path);
    if (node?.kind !== "file") throw new DiskError("setModified", path, "ENOENT");
    node.modifiedMs = modifiedMs;
  }

  list(directory: string): DirectoryEntry[] {
    this.step("list", directory);
    const entries = [...this.directoryAt("list", directory).entries];
    return entries.map(([name, node]) => ({ name, directory: node.kind === "directory" }));
  }

  makeDirectory(path: string): void {
    this.step("makeDirectory", path);
    let at = this.root;
    for (const name of parts(path)) {
      let next = at.entries.get(name);
      if (next === undefined) {
        next = directoryNode();
        at.entries.set(name, next);
        at.changes.push([[name, next]]);
      }
      if (next.kind !== "directory") throw new DiskError("makeDirectory", path, "ENOTDIR");
      at = next;
    }
  }

  rename(from: string, to: string): void {
    this.step("rename", from);
    const [source, name] = this.parentOf("rename", from);
    const [target, newName] = this.parentOf("rename", to);
    const node = source.entries.get(name);
    if (node === undefined) throw new DiskError("rename", from, "ENOENT");
    source.entries.delete(name);
    target.entries.set(newName, node);
    if (source === target) {
      source.changes.push([
        [name, null],
        [newName, node],
      ]);
    } else {
      target.changes.push([[newName, node]]);
      source.changes.push([[name, null]]);
    }
  }

  unlink(path: string): void {
    this.step("unlink", path);
    const [parent, name] = this.parentOf("unlink", path);
    if (parent.entries.get(name)?.kind !== "file") throw new DiskError("unlink", path, "ENOENT");
    parent.entries.delete(name);
    parent.changes.push([[name, null]]);
  }

  removeDirectory(path: string): void {
    this.step("removeDirectory", path);
    const node = this.directoryAt("removeDirectory", path);
    if (node.entries.size > 0) throw new DiskError("removeDirectory", path, "ENOTEMPTY");
    const [parent, name] = this.parentOf("removeDirectory", path);
    parent.entries.delete(name);
    parent.changes.push([[name, null]]);
  }

  async syncDirectory(path: string): Promise<void> {
    const generation = this.generation;
    const node = this.directoryAt("syncDirectory", path);
    const changes = node.changes.length;
    await this.gate();
    if (generation !== this.generation) throw new DiskError("syncDirectory", path, "EIO");
    this.step("syncDirectory", path);
    for (const change of node.changes.splice(0, changes)) applyChange(node.durable, change);
  }

  lock(path: string): { release(): void } | null {
    const file = this.open(path);
    const { node } = this.opened("lock", file);
    this.close(file);
    if (node.locked) return null;
    node.locked = true;
    return {
      release: () => {
        node.locked = false;
      },
    };
  }

  space(path: string): { totalBytes: number; usableBytes: number } {
    this.step("space", path);
    return { totalBytes: this.capacityBytes, usableBytes: Math.max(0, this.capacityBytes - usedBytes(this.root)) };
  }

  /** The process ends: the page cache stays, files close, locks fall. */
  kill(): void {
    this.generation++;
    this.files.clear();
    forEachFile(this.root, (node) => {
      node.views = [];
      node.locked = false;
    });
  }

  /** The power goes: what was never synced survives as `survival` says. */
  crash(survival: Survival = "none"): void {
    this.kill();
    if (survival !== "all") this.root = afterCrash(this.root, survival);
    else settle(this.root);
  }

  /** Another disk, with what a power cut at this moment would leave of this one but for names that nobody needs. */
  crashImage(survival: "none" | Random, without: string | null = null): MemoryDisk {
    const disk = new MemoryDisk(this.nowMs);
    disk.root = afterCrash(this.root, survival, without);
    return disk;
  }

  /** The whole content of a file, for assertions. */
  contentOf(path: string): Uint8Array {
    const node = this.find(path);
    assert(node !== null && node.kind === "file", `${path} is a file`);
    return node.bytes.slice(0, node.size);
  }

  /** Replaces a file's content, in the cache and on the device, as decay or an operator would. */
  plant(path: string, content: Uint8Array): void {
    const id = this.open(path);
    const { node } = this.opened("plant", id);
    this.close(id);
    Object.assign(node, { bytes: content.slice(), size: content.length, filled: content.length });
    settle(this.root);
  }

  get openFiles(): number {
    return this.files.size;
  }

  /** Half of what does not fit is written, as a system may do. */
  private needRoom(path: string, node: FileNode, position: number, chunks: readonly Uint8Array[]): void {
    if (this.capacityBytes >= ENDLESS_BYTES) return;
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const room = this.space(path).usableBytes;
    if (position + length - node.filled <= room) return;
    const partly = Math.floor(Math.min(room, length) / 2);
    own(node);
    grow(node, position + partly);
    node.bytes.fill(0xee, position, position + partly);
    node.size = Math.max(node.size, position + partly);
    node.filled = Math.max(node.filled, position + partly);
    this.mark(node, position, position + partly);
    throw new DiskError("write", path, "ENOSPC");
  }

  private mark(node: FileNode, from: number, to: number): void {
    this.changes++;
    const first = Math.floor(from / sectorBytes);
    for (let sector = first; sector * sectorBytes < to; sector++) node.dirty.set(sector, this.changes);
  }

  private writePartly(node: FileNode, position: number, chunks: readonly Uint8Array[]): void {
    const [first] = chunks;
    if (first === undefined) return;
    const half = first.subarray(0, first.length >> 1);
    own(node);
    grow(node, position + half.length);
    node.bytes.set(half, position);
    node.size = Math.max(node.size, position + half.length);
    node.filled = Math.max(node.filled, position + half.length);
    this.mark(node, position, position + half.length);
  }

  private step(operation: string, path: string, failing: () => unknown = () => {}): void {
    this.counts.set(operation, (this.counts.get(operation) ?? 0) + 1);
    const code = this.fault(operation, path);
    if (code === null) return;
    failing();
    throw new DiskError(operation, path, code);
  }

  private opened(operation: string, file: FileId): OpenFile {
    const open = this.files.get(file);
    if (open === undefined) throw new DiskError(operation, `file ${file}`, "EBADF");
    return open;
  }

  private find(path: string): Node | null {
    let at: Node = this.root;
    for (const name of parts(path)) {
      const next: Node | undefined = at.kind === "directory" ? at.entries.get(name) : undefined;
      if (next === undefined) return null;
      at = next;
    }
    return at;
  }

  private directoryAt(operation: string, path: string): DirectoryNode {
    const node = this.find(path);
    if (node === null) throw new DiskError(operation, path, "ENOENT");
    if (node.kind !== "directory") throw new DiskError(operation, path, "ENOTDIR");
    return node;
  }

  private parentOf(operation: string, path: string): [DirectoryNode, string] {
    const names = parts(path);
    const name = names.pop();
    if (name === undefined) throw new DiskError(operation, path, "EINVAL");
    return [this.directoryAt(operation, `/${names.join("/")}`), name];
  }
}

function parts(path: string): string[] {
  assert(path.startsWith("/"), "paths are absolute");
  return path === "/" ? [] : path.slice(1).split("/");
}
