/** What a replica remembers when it starts: its log, the voters in it, its last election. */
import { assert } from "../../../base/assert.ts";
import type { Log } from "../../../storage/log.ts";
import type { LogEnd, Since, VoterSet } from "../state.ts";
import { changed } from "../voters.ts";
import { decodeBatches, decodeControl } from "./batches.ts";
import type { Snapshots } from "./snapshots.ts";

const READ_BYTES = 4 * 1024 * 1024;

export interface Histories {
  readonly voters: readonly Since<VoterSet>[];
  readonly kraftVersion: readonly Since<number>[];
}

/** A snapshot beyond the end of the log replaces it: the log was lost, or the snapshot came from a leader. */
export async function reconcile(log: Log, snapshots: Snapshots): Promise<void> {
  const latest = snapshots.latestId;
  if (latest === null) return;
  const epoch = log.epochs.latest?.epoch ?? 0;
  if (latest.epoch > epoch || (latest.epoch === epoch && latest.offset > log.logEndOffset)) {
    if (latest.offset !== log.logEndOffset) await log.truncateFullyAndStartAt(latest.offset);
    return;
  }
  const earliest = snapshots.earliestId;
  if (earliest === null || earliest.offset <= log.logStartOffset) return;
  log.updateHighWatermark(earliest.offset); // a snapshot holds only what is committed
  log.advanceLogStart(earliest.offset, "snapshot");
}

/** A log as far as it is read for what raft knows. */
export interface ReadableLog {
  /** For messages. */
  readonly directory: string;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readCopy(offset: number, maxBytes: number, upToOffset: number, minOneBatch: boolean): Uint8Array;
}

/**
 * The voter sets and kraft.versions of the latest snapshot and of every record after it. Where a batch begins is in no
 * checksum; but this log has no gaps.
 */
export function readHistories(log: ReadableLog, snapshots: Snapshots, staticVoters: VoterSet): Histories {
  let voters: readonly Since<VoterSet>[] = [{ offset: -1, value: staticVoters }];
  let kraftVersion: readonly Since<number>[] = [{ offset: -1, value: 0 }];
  const latest = snapshots.latestId;
  let next = log.logStartOffset;
  if (latest !== null) {
    const snapshot = snapshots.read(latest);
    // The snapshot of a freshly formatted directory (offset 0) precedes the log: its voters count as not yet written.
    const offset = latest.offset - 1;
    if (snapshot.kraftVersion !== null) kraftVersion = [{ offset, value: snapshot.kraftVersion }];
    if (snapshot.voters !== null) voters = [{ offset, value: snapshot.voters }];
    next = Math.max(next, latest.offset);
  }
  while (next < log.logEndOffset) {
    const batches = [...decodeBatches(log.readCopy(next, READ_BYTES, log.logEndOffset, true))];
    assert(batches.length > 0, "the metadata log can be read to its end");
    for (const { control, baseOffset, lastOffset } of batches) {
      if (baseOffset !== next)
        throw new Error(`${log.directory} is damaged: offset ${baseOffset} follows ${next - 1}.`);
      for (const entry of control) {
        const record = decodeControl(entry);
        if (record?.type === "voters") voters = changed(voters, entry.offset, record.voters);
        if (record?.type === "kraftVersion") kraftVersion = changed(kraftVersion, entry.offset, record.level);
      }
      next = lastOffset + 1;
    }
  }
  return { voters, kraftVersion };
}

/** Synced to its end first: after a restart the page cache may hold what the device does not. */
export async function syncedEnd(log: Log, snapshots: Snapshots): Promise<LogEnd> {
  await log.sync();
  const latest = snapshots.latestId;
  const atSnapshot = latest !== null && latest.offset === log.logEndOffset ? latest.epoch : 0;
  const epoch = log.epochs.latest?.epoch ?? atSnapshot;
  return { offset: log.logEndOffset, epoch, durableOffset: log.logEndOffset };
}
