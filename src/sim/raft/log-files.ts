/** What the disk of a replica says of its log, read without the code that is tested where that is possible. */
import * as batch from "../../../protocol/records/batch.ts";
import { forEachBatch } from "../../../protocol/records/cursor.ts";
import { decodeBatches, decodeControl } from "../../raft/driver/batches.ts";
import { compareSnapshots, decodeSnapshot, parseSnapshotName } from "../../raft/driver/snapshot.ts";
import type { OffsetAndEpoch, VoterSet } from "../../raft/state.ts";
import { durableEnd as durableEndOf, isSound, segmentsOf } from "../log-files.ts";
import { METADATA_LOG, type Replica } from "./replica.ts";

/** The segments in their order, as programs see them or as the device holds them. */
export function logFiles({ disk }: Replica, durable: boolean): (readonly [path: string, bytes: Uint8Array])[] {
  return segmentsOf(disk, METADATA_LOG, durable);
}

/** The batches that follow each other: what a power cut left behind them is no log yet. */
export function forEachLogged(replica: Replica, visit: (bytes: Uint8Array, at: number) => void): void {
  let next: number | null = null;
  let torn = false;
  for (const [, bytes] of logFiles(replica, false)) {
    forEachBatch(bytes, (at, sizeBytes) => {
      torn ||= !isSound(bytes, at, sizeBytes) || (next !== null && batch.baseOffset(bytes, at) !== next);
      if (torn) return;
      next = batch.lastOffset(bytes, at) + 1;
      visit(bytes, at);
    });
  }
}

const snapshotAt = (path: string): OffsetAndEpoch | null => parseSnapshotName(path.slice(METADATA_LOG.length + 1));

/** One past the last offset that a power cut leaves at the worst. */
export function durableEnd({ disk }: Replica): number {
  return durableEndOf(disk, METADATA_LOG);
}

/** A voter set, from its record on. */
export interface VotersAt extends OffsetAndEpoch {
  readonly voters: VoterSet;
}

/** What a log says of the voters. */
export interface LoggedVoters {
  /** Null where the log is empty. */
  readonly end: OffsetAndEpoch | null;
  readonly records: readonly VotersAt[];
  /** Where each epoch begins. */
  readonly epochs: ReadonlyMap<number, number>;
}

export function votersInLog(replica: Replica): LoggedVoters {
  let end: OffsetAndEpoch | null = null;
  const records: VotersAt[] = [];
  const epochs = new Map<number, number>();
  forEachLogged(replica, (bytes, at) => {
    const epoch = batch.partitionLeaderEpoch(bytes, at);
    end = { offset: batch.lastOffset(bytes, at) + 1, epoch };
    if (!epochs.has(epoch)) epochs.set(epoch, batch.baseOffset(bytes, at));
    if (!batch.isControl(bytes, at)) return;
    for (const { control } of decodeBatches(bytes.subarray(at, at + batch.sizeBytes(bytes, at)))) {
      for (const entry of control) {
        const record = decodeControl(entry);
        if (record?.type === "voters") records.push({ offset: entry.offset, epoch, voters: record.voters });
      }
    }
  });
  return { end, records, epochs };
}

/** The snapshots of a directory, each with its voters, oldest first. */
export function votersInSnapshots(replica: Replica): VotersAt[] {
  const found: VotersAt[] = [];
  for (const [path, file] of replica.disk.filesBelow(METADATA_LOG)) {
    const id = snapshotAt(path);
    if (id === null) continue;
    found.push({ ...id, voters: decodeSnapshot(file.read(0, file.sizeBytes), path).voters ?? [] });
  }
  return found.sort(compareSnapshots);
}
