/**
 * Apache's checkpoint files: a version, a count and one line per entry, replaced as a whole: written beside, synced,
 * renamed, and the directory synced, so that a crash leaves the old or the new one. Also the two helpers that every
 * small file uses.
 */
import type { Disk } from "../base/ports.ts";

export const RECOVERY_POINTS_FILE = "recovery-point-offset-checkpoint";
export const LOG_STARTS_FILE = "log-start-offset-checkpoint";
export const HIGH_WATERMARKS_FILE = "replication-offset-checkpoint";
export const CLEANER_OFFSETS_FILE = "cleaner-offset-checkpoint";

/** What a directory keeps of its open logs, in the order in which it is written. */
export const LOG_CHECKPOINTS = [RECOVERY_POINTS_FILE, LOG_STARTS_FILE, HIGH_WATERMARKS_FILE] as const;
export type LogCheckpoint = (typeof LOG_CHECKPOINTS)[number];

const VERSION = "0";
const utf8 = new TextEncoder();

/** The whole text, null where the file is missing. */
export function readText(disk: Disk, path: string): string | null {
  if (disk.info(path) === null) return null;
  const file = disk.open(path, { readOnly: true });
  try {
    return new TextDecoder().decode(disk.read(file, 0, disk.sizeBytes(file)));
  } finally {
    disk.close(file);
  }
}

/** Replaces a file so that a crash leaves the old or the new content, never less. */
export async function replaceFile(disk: Disk, path: string, content: string | Uint8Array): Promise<void> {
  await putFile(disk, path, content);
  await disk.syncDirectory(path.slice(0, path.lastIndexOf("/")));
}

/** As `replaceFile`, but that it is the new content is certain only once the caller has synced the directory. */
export async function putFile(disk: Disk, path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = disk.open(temporary);
  try {
    disk.truncate(file, 0);
    disk.write(file, 0, [typeof content === "string" ? utf8.encode(content) : content]);
    await disk.sync(file);
  } finally {
    disk.close(file);
  }
  disk.rename(temporary, path);
}

export function checkpointText(lines: readonly string[]): string {
  return [VERSION, String(lines.length), ...lines, ""].join("\n");
}

/**
 * The lines of a checkpoint, each split at white space into `fields` parts; what is wrong with it as a string. An empty
 * file
 * has no entries: Apache makes it so before the first one.
 */
export function parseCheckpoint(text: string, fields: number): string[][] | string {
  if (text === "") return [];
  const [version, count, ...rest] = text.split(/\r?\n/);
  if (version !== VERSION) return `its version is ${version?.slice(0, 20)}`;
  if (count === undefined || rest.pop() !== "") return "it ends inside a line";
  const entries = rest.map((line) => line.split(/\s+/));
  const malformed = entries.findIndex((entry) => entry.length !== fields);
  if (malformed >= 0) return `its line ${malformed + 3} is malformed`;
  return String(entries.length) === count ? entries : `it should have ${count} entries and has ${entries.length}`;
}

/** Offsets by "topic-partition". Null where the file is missing; what is wrong with it as a string. */
export function readOffsets(disk: Disk, path: string): Map<string, number> | string | null {
  const text = readText(disk, path);
  if (text === null) return null;
  const entries = parseCheckpoint(text, 3);
  if (typeof entries === "string") return entries;
  const offsets = new Map<string, number>();
  for (const [topic, partition, offset] of entries) {
    if (!/^\d+$/.test(partition as string) || !/^-?\d+$/.test(offset as string)) return "an offset is not a number";
    offsets.set(`${topic}-${partition}`, Number(offset));
  }
  return offsets;
}

export interface PartitionOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export function offsetsText(offsets: readonly PartitionOffset[]): string {
  return checkpointText(offsets.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`));
}
