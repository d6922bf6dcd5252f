/**
 * One partition's directory, read as a whole and changed in nothing: every batch and record, and each file beside the
 * log against it.
 */
import type { Disk } from "../../base/ports.ts";
import { KafkaError } from "../../protocol/errors.ts";
import * as batch from "../../protocol/records/batch.ts";
import { RecordCursor } from "../../protocol/records/cursor.ts";
import { lastOffsetOf, leaderEpochOf, maxTimestampOf } from "../batch-facts.ts";
import { WholeWalk } from "../batch-walk.ts";
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  INDEX_SUFFIX,
  indexName,
  LOG_SUFFIX,
  logName,
  offsetOf,
  SNAPSHOT_SUFFIX,
  SWAP_SUFFIX,
  snapshotName,
  TIME_INDEX_SUFFIX,
  TXN_INDEX_SUFFIX,
  timeIndexName,
  txnIndexName,
} from "../files.ts";
import { type EpochEntry, LEADER_EPOCHS_FILE } from "../leader-epochs.ts";
import type { AbortedTransaction } from "../log-read.ts";
import { PARTITION_METADATA_FILE } from "../partition-metadata.ts";
import type { ProducerEntry } from "../producer-entry.ts";
import { decodeProducerSnapshot } from "../producer-snapshot.ts";
import { contentFault, placementFault, type RecordCheck, recordsOf } from "./batches.ts";
import { OffsetIndexCheck, TimeIndexCheck } from "./indexes.ts";
import { ProducerRecomputation } from "./producers.ts";
import type { VerifyReport } from "./report.ts";
import { verifyEpochs, verifyTopicId } from "./small-files.ts";
import { verifyTxnIndex } from "./txn-index.ts";

export interface PartitionToVerify {
  readonly disk: Disk;
  readonly report: VerifyReport;
  readonly directory: string;
  /** "orders-0" */
  readonly name: string;
  /** The last stop was clean: nothing is left to recovery. */
  readonly clean: boolean;
  /** From the checkpoints, null where they do not name the partition. */
  readonly recoveryPoint: number | null;
  readonly highWatermark: number | null;
  readonly logStart: number | null;
  /** From here on every batch is of a known leader epoch (default: the log start). */
  readonly epochsFrom?: number;
  /** No other node has copies: after a clean stop the high watermark is the end. */
  readonly alone?: boolean;
  /** No leader had a later epoch; null where that is not known. */
  readonly leaderEpoch?: number | null;
  readonly onEpoch?: (epoch: number) => void;
  /** Compaction may have left gaps between batches. */
  readonly compacted: boolean;
  /** What the metadata says. */
  readonly topicId: string | null;
  readonly checkRecord: RecordCheck | null;
  /** Files that belong to others, such as the snapshots of the metadata log. */
  readonly isForeign?: (name: string) => boolean;
  /** Lets other work run between batches. */
  readonly breathe: () => Promise<void>;
}

/** Where the valid part of the log ends; null where there is no segment. */
export async function verifyPartition(partition: PartitionToVerify): Promise<{ readonly end: number | null }> {
  return new PartitionCheck(partition).run();
}

class PartitionCheck {
  private readonly given: PartitionToVerify;
  private readonly names: string[];
  private readonly epochs: readonly EpochEntry[] | null;
  private readonly cursor = new RecordCursor();
  private readonly snapshots: { readonly offset: number; readonly entries: ProducerEntry[] }[] = [];
  private readonly producers: ProducerRecomputation;
  private readonly bases: number[];
  /** Damage below is damage; above it is a tail that recovery cuts. */
  private readonly syncedTo: number;
  private next = 0;
  private cutAt: number | null = null;

  constructor(given: PartitionToVerify) {
    this.given = given;
    const { disk, directory, report } = given;
    report.counts.partitions++;
    this.names = disk
      .list(directory)
      .filter((entry) => !entry.directory)
      .map(({ name }) => name)
      .sort();
    this.bases = this.withSuffix(LOG_SUFFIX);
    this.epochs = verifyEpochs(disk, directory, report);
    verifyTopicId(disk, directory, given.topicId, report);
    this.syncedTo = given.clean
      ? Number.POSITIVE_INFINITY
      : Math.max(given.recoveryPoint ?? 0, given.highWatermark ?? 0);
    this.readSnapshots();
    const first = this.bases[0] ?? 0;
    const start = first === 0 ? [] : (this.snapshots.find(({ offset }) => offset === first)?.entries ?? null);
    this.producers = new ProducerRecomputation(given.name, given.compacted ? null : start);
  }

  async run(): Promise<{ readonly end: number | null }> {
    const { report, directory } = this.given;
    this.nameStrangers();
    if (this.bases.length === 0) {
      report.note(directory, "it has no segment");
      return { end: null };
    }
    this.next = this.bases[0] as number;
    for (const base of this.bases) {
      const lost = !this.given.compacted && base > this.next && this.next >= this.syncedTo;
      if (lost && this.cutAt === null) this.cutAt = 0;
      if (this.cutAt !== null) report.note(`${directory}/${logName(base)}`, "it lies behind a torn tail; it will go");
      else await this.segment(base);
    }
    this.compareSnapshots(Number.POSITIVE_INFINITY);
    this.compareOffsets();
    this.compareEpochs();
    return { end: this.next };
  }

  private async segment(base: number): Promise<void> {
    const { disk, report, directory, clean, recoveryPoint, breathe } = this.given;
    const path = `${directory}/${logName(base)}`;
    const isLast = base === this.bases.at(-1);
    const trusted = clean || (!isLast && (this.bases[this.bases.indexOf(base) + 1] as number) <= (recoveryPoint ?? 0));
    const context = { disk, report, baseOffset: base, trusted };
    const offsets = new OffsetIndexCheck(context, `${directory}/${indexName(base)}`);
    const times = new TimeIndexCheck(context, `${directory}/${timeIndexName(base)}`);
    const aborted: AbortedTransaction[] = [];
    report.file();
    if (base < this.next) report.damage(path, `it begins at offset ${base}, and ${this.next} was next`);
    const file = disk.open(path, { readOnly: true });
    try {
      const sizeBytes = disk.sizeBytes(file);
      const walk = new WholeWalk(disk, file, 0, sizeBytes);
      let sinceBreath = 0;
      while (this.cutAt === null && walk.next()) {
        if (this.batch(path, base, walk, aborted)) {
          offsets.batch(walk.position, lastOffsetOf(walk.bytes, walk.at));
          times.batch(
            batch.baseOffset(walk.bytes, walk.at),
            lastOffsetOf(walk.bytes, walk.at),
            maxTimestampOf(walk.bytes, walk.at),
          );
        }
        report.read(walk.sizeBytes);
        sinceBreath += walk.sizeBytes;
        if (sinceBreath < 4 << 20) continue;
        sinceBreath = 0;
        await breathe();
      }
      const end = this.cutAt ?? walk.position + walk.sizeBytes;
      if (end < sizeBytes) this.unreadable(path, end, sizeBytes - end);
      else if (this.cutAt === null) {
        offsets.end();
        times.end();
      }
    } finally {
      disk.close(file);
    }
    verifyTxnIndex({ ...context, path: `${directory}/${txnIndexName(base)}`, exact: this.producers.exact }, aborted);
  }

  /** False where the batch's bytes cannot be trusted. */
  private batch(path: string, segmentBase: number, walk: WholeWalk, aborted: AbortedTransaction[]): boolean {
    const { report, compacted, checkRecord, logStart } = this.given;
    const known = this.given.epochsFrom ?? logStart ?? (this.bases[0] as number);
    // A crash may have left the checkpoint of log starts behind what the epochs say.
    const epochsFrom = Math.max(known, this.epochs?.[0]?.startOffset ?? 0);
    const { bytes, at, position } = walk;
    const content = contentFault(bytes, at);
    if (content !== null && this.next >= this.syncedTo) {
      this.cutAt = position;
      return false;
    }
    if (content !== null) {
      report.damage(path, `the batch for offset ${this.next}: ${content}`, position);
      this.next = Math.max(this.next, plausibleEnd(bytes, at, this.next));
      return false;
    }
    const epochs = batch.baseOffset(bytes, at) < this.syncedTo ? this.epochs : null;
    const placement = placementFault(bytes, at, segmentBase, { next: this.next, gaps: compacted, epochs, epochsFrom });
    if (placement !== null) report.damage(path, `a batch: ${placement}`, position);
    this.compareSnapshots(batch.baseOffset(bytes, at));
    const records = recordsOf(bytes, at, this.cursor, checkRecord);
    report.counts.batches++;
    if (typeof records === "string")
      report.damage(path, `the batch at offset ${batch.baseOffset(bytes, at)}: ${records}`, position);
    else report.counts.records += records;
    this.given.onEpoch?.(leaderEpochOf(bytes, at));
    this.replay(path, walk, aborted);
    const end = placement === null ? lastOffsetOf(bytes, at) + 1 : plausibleEnd(bytes, at, this.next);
    this.next = Math.max(this.next, end);
    return true;
  }

  private replay(path: string, { bytes, at, position }: WholeWalk, aborted: AbortedTransaction[]): void {
    try {
      const ended = this.producers.batch(bytes, at);
      if (ended !== null) aborted.push(ended);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      this.given.report.damage(path, error.message, position);
    }
  }

  private unreadable(path: string, position: number, bytes: number): void {
    const { report } = this.given;
    if (this.next >= this.syncedTo) {
      this.cutAt = position;
      report.note(path, `its last ${bytes} bytes are no valid batch; the next start cuts them off`, position);
    } else report.damage(path, `${bytes} bytes from here on are no batch; offset ${this.next} was next`, position);
  }

  private readSnapshots(): void {
    const { disk, directory, report } = this.given;
    for (const offset of this.withSuffix(SNAPSHOT_SUFFIX)) {
      const path = `${directory}/${snapshotName(offset)}`;
      const file = disk.open(path, { readOnly: true });
      try {
        report.file();
        const bytes = disk.read(file, 0, disk.sizeBytes(file));
        report.read(bytes.length);
        const entries = decodeProducerSnapshot(bytes);
        // Recovery reads the older one where one above the recovery point is torn.
        if (typeof entries !== "string") this.snapshots.push({ offset, entries });
        else if (offset <= this.syncedTo) report.damage(path, entries);
        else report.note(path, `${entries}; the next start deletes it`);
      } finally {
        disk.close(file);
      }
    }
  }

  /** Those that were taken before the batch at `upTo`. */
  private compareSnapshots(upTo: number): void {
    for (let first = this.snapshots[0]; first !== undefined && first.offset <= upTo; first = this.snapshots[0]) {
      this.snapshots.shift();
      const path = `${this.given.directory}/${snapshotName(first.offset)}`;
      if (first.offset > this.next && !this.given.compacted) {
        if (this.given.clean) this.given.report.damage(path, `it lies behind the end of the log, ${this.next}`);
        continue;
      }
      // A deletion that a power cut has undone leaves some below the first segment: the next start removes them.
      if (first.offset < (this.bases[0] ?? 0)) continue;
      for (const entry of first.entries) {
        const fault = this.producers.fault(entry);
        if (fault !== null) this.given.report.damage(path, fault);
      }
    }
  }

  private compareOffsets(): void {
    const { report, directory, clean, recoveryPoint, highWatermark, logStart, alone } = this.given;
    const end = this.next;
    const beyond = (what: string, offset: number | null) => {
      if (offset !== null && offset > end) report.damage(directory, `its ${what} is ${offset}, the log ends at ${end}`);
    };
    if (clean && alone === true && highWatermark !== null && highWatermark !== end)
      report.damage(directory, `its high watermark after a clean stop is ${highWatermark}, the log ends at ${end}`);
    else beyond("high watermark", highWatermark);
    beyond("log start", logStart);
    if (clean && recoveryPoint !== null && recoveryPoint !== end)
      report.damage(directory, `its recovery point after a clean stop is ${recoveryPoint}, the log ends at ${end}`);
    else beyond("recovery point", recoveryPoint);
    const earliest = this.epochs?.[0];
    if (logStart === null || earliest === undefined || earliest.startOffset >= logStart) return;
    if (clean) report.damage(directory, `its log start is ${logStart}, its epochs begin at ${earliest.startOffset}`);
  }

  private compareEpochs(): void {
    const { report, directory, clean, leaderEpoch = null } = this.given;
    const latest = this.epochs?.at(-1);
    if (latest === undefined) return;
    const path = `${directory}/${LEADER_EPOCHS_FILE}`;
    if (leaderEpoch !== null && latest.epoch > leaderEpoch)
      report.damage(path, `it has epoch ${latest.epoch}, the metadata gave no later one than ${leaderEpoch}`);
    if (latest.startOffset <= this.next) return;
    const message = `epoch ${latest.epoch} begins at ${latest.startOffset}, the log ends at ${this.next}`;
    if (clean) report.damage(path, message);
    else report.note(path, `${message}; the next start drops it`);
  }

  private nameStrangers(): void {
    const { report, directory, isForeign } = this.given;
    for (const name of this.names) {
      const path = `${directory}/${name}`;
      const base = offsetOf(name);
      const isIndex = [INDEX_SUFFIX, TIME_INDEX_SUFFIX, TXN_INDEX_SUFFIX].some((suffix) => name.endsWith(suffix));
      const isLeftOver = [DELETED_SUFFIX, CLEANED_SUFFIX, SWAP_SUFFIX, ".tmp"].some((suffix) => name.endsWith(suffix));
      if (isLeftOver) report.note(path, "it is left over from a deletion or replacement; the next start removes it");
      else if (isIndex && base !== null && !this.bases.includes(base)) report.note(path, "it belongs to no segment");
      else if (!isKnown(name) && isForeign?.(name) !== true) report.note(path, "it is no file of Kafka's");
    }
    for (const base of this.bases) {
      for (const needed of [indexName(base), timeIndexName(base)]) {
        if (!this.names.includes(needed))
          report.note(`${directory}/${needed}`, "it is missing; the next start builds it");
      }
    }
  }

  private withSuffix(suffix: string): number[] {
    return this.names
      .filter((name) => name.endsWith(suffix) && offsetOf(name) !== null)
      .map((name) => offsetOf(name) ?? 0);
  }
}

/** The next batch is not blamed for a damaged one before it. */
function plausibleEnd(bytes: Uint8Array, at: number, next: number): number {
  const records = batch.magic(bytes, at) === 2 ? batch.lastOffsetDelta(bytes, at) + 1 : 1;
  return records > 0 && records < 1 << 24 ? next + records : next;
}

function isKnown(name: string): boolean {
  if (name === LEADER_EPOCHS_FILE || name === PARTITION_METADATA_FILE) return true;
  const suffixes = [LOG_SUFFIX, INDEX_SUFFIX, TIME_INDEX_SUFFIX, TXN_INDEX_SUFFIX, SNAPSHOT_SUFFIX];
  return offsetOf(name) !== null && suffixes.some((suffix) => name.endsWith(suffix));
}
