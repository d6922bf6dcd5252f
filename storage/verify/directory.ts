/**
 * A whole log directory, ours or Apache's, read and changed in nothing: its lock, its checkpoints and every partition
 * in it. What only the layers above understand (records, settings, identity) comes in as `knowledge`.
 */
import { type Disk, DiskError } from "../../base/ports.ts";
import { CLEANER_OFFSETS_FILE, HIGH_WATERMARKS_FILE, LOG_STARTS_FILE, RECOVERY_POINTS_FILE } from "../checkpoint.ts";
import { CLEAN_SHUTDOWN_FILE } from "../clean-shutdown.ts";
import { parseLogDirectoryName } from "../files.ts";
import { LOCK_FILE } from "../log-dir.ts";
import type { RecordCheck } from "./batches.ts";
import { verifyPartition } from "./partition.ts";
import type { VerifyReport } from "./report.ts";
import { verifyOffsets } from "./small-files.ts";

export interface DirectoryKnowledge {
  /** The id that the metadata gives the topic; null where it does not know it. */
  topicId(topic: string): string | null;
  /** The latest that the metadata has given the partition; null where it does not know it. */
  leaderEpoch(topic: string, partition: number): number | null;
  /** No other node has copies: after a clean stop everything is committed. */
  isAlone(topic: string): boolean;
  /** The topic is or was compacted. */
  compacts(topic: string): boolean;
  checkRecord(topic: string): RecordCheck | null;
}

export interface DirectoryToVerify {
  readonly disk: Disk;
  readonly report: VerifyReport;
  readonly path: string;
  readonly knowledge: DirectoryKnowledge;
  /** Has been verified by itself. */
  readonly skipTopic: string;
  readonly breathe: () => Promise<void>;
}

const REMOTE_INDEX_DIRECTORY = "remote-log-index-cache";
const TEXT_FILES = [CLEANER_OFFSETS_FILE, HIGH_WATERMARKS_FILE, LOG_STARTS_FILE, RECOVERY_POINTS_FILE];

export interface Checkpoints {
  /** The last stop left its marker: what was written is complete. */
  readonly clean: boolean;
  readonly recoveryPoints: ReadonlyMap<string, number> | null;
  readonly logStarts: ReadonlyMap<string, number> | null;
  readonly highWatermarks: ReadonlyMap<string, number> | null;
  readonly cleaned: ReadonlyMap<string, number> | null;
}

export function verifyCheckpoints(disk: Disk, directory: string, report: VerifyReport): Checkpoints {
  const [cleaned, highWatermarks, logStarts, recoveryPoints] = TEXT_FILES.map((name) =>
    verifyOffsets(disk, `${directory}/${name}`, report),
  );
  for (const [name, offsets] of [...TEXT_FILES.keys()].map(
    (n) => [TEXT_FILES[n], [cleaned, highWatermarks, logStarts, recoveryPoints][n]] as const,
  )) {
    for (const [partition, offset] of offsets ?? []) {
      if (offset < 0 || !Number.isSafeInteger(offset))
        report.damage(`${directory}/${name}`, `${partition} is at ${offset}`);
    }
  }
  return {
    clean: verifyMarker(disk, directory, report),
    cleaned: cleaned ?? null,
    highWatermarks: highWatermarks ?? null,
    logStarts: logStarts ?? null,
    recoveryPoints: recoveryPoints ?? null,
  };
}

function verifyMarker(disk: Disk, directory: string, report: VerifyReport): boolean {
  const path = `${directory}/${CLEAN_SHUTDOWN_FILE}`;
  const info = disk.info(path);
  if (info === null) {
    report.note(directory, "the last stop was not a clean one; what is above the recovery points may be incomplete");
    return false;
  }
  report.file();
  report.read(info.sizeBytes);
  const file = disk.open(path, { readOnly: true });
  try {
    const text = new TextDecoder().decode(disk.read(file, 0, info.sizeBytes));
    if (text !== "" && !/^\{"version":0,"brokerEpoch":-?\d+\}$/.test(text)) report.damage(path, "it cannot be read");
  } finally {
    disk.close(file);
  }
  return true;
}

/** Null where nobody uses the directory now, else nothing can be said about it. */
export function usedByAnother(disk: Disk, directory: string): (() => void) | null {
  const path = `${directory}/${LOCK_FILE}`;
  if (disk.info(path) === null) return () => {};
  try {
    const lock = disk.lock(path);
    return lock === null ? null : () => lock.release();
  } catch (error) {
    if (error instanceof DiskError) return () => {}; // read-only: no broker can hold it either
    throw error;
  }
}

export async function verifyPartitions(given: DirectoryToVerify, checkpoints: Checkpoints): Promise<void> {
  const { disk, report, path, knowledge, skipTopic, breathe } = given;
  const seen = new Set<string>([`${skipTopic}-0`]);
  for (const { name, directory } of disk.list(path).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!directory || name === REMOTE_INDEX_DIRECTORY) continue;
    const parsed = parseLogDirectoryName(name);
    const where = `${path}/${name}`;
    if (parsed === null) report.damage(where, "it is not the directory of a partition: no broker starts with it");
    else if (parsed.kind === "delete") report.note(where, "it is being deleted");
    else if (parsed.topic !== skipTopic) {
      const plain = `${parsed.topic}-${parsed.partition}`;
      const current = parsed.kind === "current";
      if (current) seen.add(name);
      if (parsed.kind === "stray") report.note(where, "the metadata did not place it here");
      await verifyPartition({
        disk,
        report,
        directory: where,
        name: plain,
        clean: checkpoints.clean,
        recoveryPoint: current ? (checkpoints.recoveryPoints?.get(plain) ?? null) : null,
        highWatermark: current ? (checkpoints.highWatermarks?.get(plain) ?? null) : null,
        logStart: current ? (checkpoints.logStarts?.get(plain) ?? null) : null,
        alone: current && knowledge.isAlone(parsed.topic),
        leaderEpoch: current && checkpoints.clean ? knowledge.leaderEpoch(parsed.topic, parsed.partition) : null,
        compacted: checkpoints.cleaned?.has(plain) === true || knowledge.compacts(parsed.topic),
        topicId: current ? knowledge.topicId(parsed.topic) : null,
        checkRecord: knowledge.checkRecord(parsed.topic),
        breathe,
      });
    }
  }
  compareNames(given, checkpoints, seen);
}

/** A checkpoint that names a partition which is not here: its own name was damaged, or a directory is gone. */
function compareNames({ path, report }: DirectoryToVerify, checkpoints: Checkpoints, seen: ReadonlySet<string>): void {
  if (!checkpoints.clean) return;
  const files = [
    [CLEANER_OFFSETS_FILE, checkpoints.cleaned],
    [RECOVERY_POINTS_FILE, checkpoints.recoveryPoints],
    [LOG_STARTS_FILE, checkpoints.logStarts],
    [HIGH_WATERMARKS_FILE, checkpoints.highWatermarks],
  ] as const;
  for (const [file, offsets] of files) {
    for (const partition of offsets?.keys() ?? []) {
      if (!seen.has(partition)) report.damage(`${path}/${file}`, `it names ${partition}, which is not here`);
    }
  }
}
