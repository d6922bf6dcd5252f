/** The small text files of a partition and of a data directory, parsed more strictly than a start does. */
import type { Disk } from "../../base/ports.ts";
import { parseCheckpoint, readOffsets, readText } from "../checkpoint.ts";
import { type EpochEntry, LEADER_EPOCHS_FILE } from "../leader-epochs.ts";
import { PARTITION_METADATA_FILE, readPartitionMetadata } from "../partition-metadata.ts";
import type { VerifyReport } from "./report.ts";

/** Null where there is none, or none that makes sense. */
export function verifyEpochs(disk: Disk, directory: string, report: VerifyReport): readonly EpochEntry[] | null {
  const path = `${directory}/${LEADER_EPOCHS_FILE}`;
  const text = readText(disk, path);
  if (text === null) return null;
  report.file();
  report.read(text.length);
  const lines = parseCheckpoint(text, 2);
  if (typeof lines === "string") {
    report.damage(path, lines);
    return null;
  }
  const entries: EpochEntry[] = [];
  for (const [first, second] of lines as [string, string][]) {
    const last = entries.at(-1);
    const entry = { epoch: Number(first), startOffset: Number(second) };
    if (!/^\d+$/.test(first) || !/^\d+$/.test(second))
      report.damage(path, `${first} ${second} is not an epoch and its offset`);
    else if (last !== undefined && (entry.epoch <= last.epoch || entry.startOffset <= last.startOffset)) {
      report.damage(
        path,
        `epoch ${entry.epoch} from ${entry.startOffset} follows epoch ${last.epoch} from ${last.startOffset}`,
      );
    } else {
      entries.push(entry);
      continue;
    }
    return null;
  }
  return entries;
}

/** `expected`: what the metadata says, null where nothing is known. */
export function verifyTopicId(disk: Disk, directory: string, expected: string | null, report: VerifyReport): void {
  const path = `${directory}/${PARTITION_METADATA_FILE}`;
  const info = disk.info(path);
  if (info === null) return;
  report.file();
  report.read(info.sizeBytes);
  try {
    const found = readPartitionMetadata(disk, directory);
    if (expected !== null && found !== expected)
      report.damage(path, `it names topic ${found}, the metadata ${expected}`);
    if (!/^version: 0\r?\ntopic_id: \S+\r?\n?$/.test(readText(disk, path) ?? ""))
      report.damage(path, "it is malformed");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    report.damage(path, error.message);
  }
}

/** Null where the file is missing or senseless. */
export function verifyOffsets(disk: Disk, path: string, report: VerifyReport): ReadonlyMap<string, number> | null {
  const info = disk.info(path);
  if (info === null) return null;
  report.file();
  report.read(info.sizeBytes);
  const offsets = readOffsets(disk, path);
  if (typeof offsets !== "string") return offsets;
  report.damage(path, offsets);
  return null;
}
