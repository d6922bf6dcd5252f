/** Files and directories of the disk in memory: what programs see, what the device holds, what a crash leaves. */
import type { Random } from "../ports.ts";

export const sectorBytes = 512;

export interface FileNode {
  readonly kind: "file";
  bytes: Uint8Array;
  size: number;
  /** One past the last byte written: what lies behind takes no room. */
  filled: number;
  durable: Uint8Array;
  durableSize: number;
  /** Sectors whose last change is not durable, with the number of that change. */
  readonly dirty: Map<number, number>;
  modifiedMs: number;
  views: { readonly end: number }[];
  locked: boolean;
}

export interface DirectoryNode {
  readonly kind: "directory";
  entries: Map<string, Node>;
  durable: Map<string, Node>;
  /** Changes of entries since the last directory sync; a rename is one change of two names. */
  changes: [name: string, node: Node | null][][];
}

export type Node = FileNode | DirectoryNode;

export const directoryNode = (): DirectoryNode => ({
  kind: "directory",
  entries: new Map(),
  durable: new Map(),
  changes: [],
});

export function fileNode(content: Uint8Array, modifiedMs: number): FileNode {
  return {
    kind: "file",
    bytes: content,
    size: content.length,
    filled: content.length,
    durable: content,
    durableSize: content.length,
    dirty: new Map(),
    modifiedMs,
    views: [],
    locked: false,
  };
}

/** Before they change: bytes that are also the durable ones, and their giver's. */
export function own(node: FileNode): void {
  if (node.bytes === node.durable) node.bytes = node.bytes.slice();
}

export function grow(node: FileNode, size: number): void {
  if (size <= node.bytes.length) return;
  const before = node.bytes;
  node.bytes = new Uint8Array(Math.max(size, before.length * 2, sectorBytes));
  node.bytes.set(before.subarray(0, node.size));
}

export function applyChange(entries: Map<string, Node>, change: [string, Node | null][]): void {
  for (const [name, node] of change) {
    if (node === null) entries.delete(name);
    else entries.set(name, node);
  }
}

/** What a power cut now would leave, as a tree of its own; nothing changes here. */
export function afterCrash(
  directory: DirectoryNode,
  survival: "none" | Random,
  without: string | null = null,
): DirectoryNode {
  const { changes } = directory;
  const entries = new Map(directory.durable);
  for (const change of changes.slice(0, survival === "none" ? 0 : survival.below(changes.length + 1))) {
    applyChange(entries, change);
  }
  if (without !== null) entries.delete(without);
  for (const [name, node] of entries) {
    const isDirectory = node.kind === "directory";
    entries.set(name, isDirectory ? afterCrash(node, survival, without) : fileAfterCrash(node, survival));
  }
  return { kind: "directory", entries, durable: new Map(entries), changes: [] };
}

function fileAfterCrash(node: FileNode, survival: "none" | Random): FileNode {
  const { dirty, durableSize, modifiedMs } = node;
  if (dirty.size === 0 && durableSize === node.size) return fileNode(durableOf(node), modifiedMs);
  const size = survival === "none" ? durableSize : sizeAfterCrash(node, survival);
  const bytes = new Uint8Array(size);
  bytes.set(node.durable.subarray(0, Math.min(size, durableSize)));
  for (const sector of dirty.keys()) {
    const at = sector * sectorBytes;
    if (at >= size || survival === "none" || survival.below(2) === 0) continue;
    bytes.set(node.bytes.subarray(at, Math.min(at + sectorBytes, size)), at);
  }
  return { ...fileNode(bytes, modifiedMs), filled: Math.min(node.filled, size) };
}

/** The old one, the new one, or where growth had come to. */
function sizeAfterCrash({ size, durableSize }: FileNode, random: Random): number {
  const kind = random.below(3);
  if (kind === 2 && size > durableSize) return durableSize + random.below(size - durableSize + 1);
  return kind === 0 ? durableSize : size;
}

const durableOf = ({ durable, durableSize }: FileNode): Uint8Array =>
  durable.length === durableSize ? durable : durable.slice(0, durableSize);

/** What is now in the cache is what the device holds. */
export function settle(directory: DirectoryNode): void {
  directory.durable = new Map(directory.entries);
  directory.changes = [];
  for (const node of directory.entries.values()) {
    if (node.kind === "directory") settle(node);
    else if (node.bytes !== node.durable) {
      node.durable = node.bytes.slice(0, node.size);
      node.durableSize = node.size;
      node.dirty.clear();
    }
  }
}

export function forEachFile(directory: DirectoryNode, visit: (node: FileNode) => void): void {
  for (const node of directory.entries.values()) {
    if (node.kind === "directory") forEachFile(node, visit);
    else visit(node);
  }
}

export function usedBytes(directory: DirectoryNode): number {
  let used = 0;
  forEachFile(directory, (node) => {
    used += node.filled;
  });
  return used;
}
