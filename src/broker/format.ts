/**
 * Formatting, as `kafka-storage format` does it: `bootstrap.checkpoint` in every log directory, the voters in the first
 * snapshot of the metadata log, and last `meta.properties`, which says that the directory is whole.
 */
import type { Disk } from "../../base/ports.ts";
import { replaceFile } from "../../storage/checkpoint.ts";
import { KRAFT_VERSION } from "../metadata/features.ts";
import type { MetadataRecord } from "../metadata/records/record.ts";
import { readRecord, writeRecord } from "../metadata/records/serde.ts";
import { bootstrapSnapshotId, decodeSnapshot, encodeSnapshot } from "../raft/driver/snapshot.ts";
import { writeSnapshot } from "../raft/driver/snapshots.ts";
import { METADATA_TOPIC } from "../raft/driver.ts";
import type { VoterSet } from "../raft/state.ts";
import { writeMetaProperties } from "./meta-properties.ts";

export const BOOTSTRAP_FILE = "bootstrap.checkpoint";
export const METADATA_LOG = `${METADATA_TOPIC}-0`;

export interface FormatOptions {
  readonly disk: Disk;
  readonly nowMs: number;
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directories: readonly { readonly path: string; readonly id: string }[];
  /** One of the directories. */
  readonly metadataDirectory: string;
  readonly bootstrap: readonly MetadataRecord[];
  /** The first voters of a quorum that can change (`--standalone`, `--initial-controllers`); null for a static one. */
  readonly voters: VoterSet | null;
  /** Called before the directory is written. */
  readonly onDirectory?: (path: string) => void;
}

/** The metadata directory comes last: until it is whole, the format counts as unfinished and is done again. */
export async function formatDirectories(options: FormatOptions): Promise<void> {
  const { disk, nowMs, directories, metadataDirectory, voters } = options;
  const last = directories.filter(({ path }) => path === metadataDirectory);
  for (const directory of [...directories.filter(({ path }) => path !== metadataDirectory), ...last]) {
    options.onDirectory?.(directory.path);
    await makeDurableDirectory(disk, directory.path);
    // It may have been made, and not synced, by a start that was cut off.
    await disk.syncDirectory(parentOf(directory.path) || "/");
    await replaceFile(disk, `${directory.path}/${BOOTSTRAP_FILE}`, bootstrapFile(options.bootstrap, nowMs));
    if (directory.path === metadataDirectory && voters !== null) {
      const path = `${directory.path}/${METADATA_LOG}`;
      disk.makeDirectory(path);
      await disk.syncDirectory(directory.path);
      const content = { epoch: 0, lastContainedLogTimeMs: nowMs, kraftVersion: 1, voters, records: [], nowMs };
      await writeSnapshot(disk, path, bootstrapSnapshotId, encodeSnapshot(content));
    }
    const { clusterId, nodeId } = options;
    await writeMetaProperties(disk, directory.path, { version: 1, clusterId, nodeId, directoryId: directory.id });
  }
}

/** Makes the directory and those above it that are missing; resolves when all their entries survive power loss. */
export async function makeDurableDirectory(disk: Disk, path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = path; at !== "" && disk.info(at) === null; at = parentOf(at)) missing.push(at);
  disk.makeDirectory(path);
  for (const made of missing) await disk.syncDirectory(parentOf(made) || "/");
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** A snapshot without raft's own records: kraft.version lives with the voters. */
export function bootstrapFile(records: readonly MetadataRecord[], nowMs: number): Uint8Array {
  const content = { epoch: 0, lastContainedLogTimeMs: 0, kraftVersion: 0, voters: [], nowMs };
  const chunks = [...encodeSnapshot({ ...content, records: records.filter(isNotKraftVersion).map(writeRecord) })];
  const file = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

function isNotKraftVersion({ type, value }: MetadataRecord): boolean {
  return type !== "FeatureLevelRecord" || value.name !== KRAFT_VERSION;
}

/** Null where the directory has none. */
export function readBootstrap(disk: Disk, directory: string): MetadataRecord[] | null {
  const path = `${directory}/${BOOTSTRAP_FILE}`;
  if (disk.info(path) === null) return null;
  const file = disk.open(path, { readOnly: true });
  try {
    return decodeSnapshot(disk.read(file, 0, disk.sizeBytes(file)), path).records.map(readRecord);
  } finally {
    disk.close(file);
  }
}
