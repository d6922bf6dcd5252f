/** What lies on a disk, as a value: to damage a copy of it in many ways. */
import { MemoryDisk } from "../../base/testing/memory-disk.ts";

/** Contents by path. */
export type Image = ReadonlyMap<string, Uint8Array>;

export function imageOf(disk: MemoryDisk, directory = "/"): Image {
  const files = new Map<string, Uint8Array>();
  for (const { name, directory: isDirectory } of disk.list(directory)) {
    const path = `${directory === "/" ? "" : directory}/${name}`;
    if (!isDirectory) files.set(path, disk.contentOf(path));
    else for (const [inner, content] of imageOf(disk, path)) files.set(inner, content);
  }
  return files;
}

/** A disk that holds the image, with some files replaced; null takes one away. */
export function diskWith(
  image: Image,
  changes: Readonly<Record<string, Uint8Array | null>> = {},
  nowMs?: () => number,
): MemoryDisk {
  const files = new Map<string, Uint8Array | null>(image);
  for (const path in changes) files.set(path, changes[path] ?? null);
  return MemoryDisk.holding([...files].filter(isPresent), nowMs);
}

const isPresent = (file: [string, Uint8Array | null]): file is [string, Uint8Array] => file[1] !== null;

export const damageKinds = ["truncated", "zeros", "garbage"] as const;
export type DamageKind = (typeof damageKinds)[number];

/** A copy that is wrong from `at` on. */
export function damagedFrom(content: Uint8Array, at: number, kind: DamageKind): Uint8Array {
  if (kind === "truncated") return content.slice(0, at);
  const copy = content.slice();
  for (let n = at; n < copy.length; n++) copy[n] = kind === "zeros" ? 0 : (content[n] as number) ^ (0x5a + (n % 160));
  return copy;
}

export function flipped(content: Uint8Array, bit: number): Uint8Array {
  const copy = content.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && Buffer.compare(a, b) === 0;
