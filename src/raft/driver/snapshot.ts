/**
 * Snapshots: `OFFSET-EPOCH.checkpoint` holds the whole metadata before OFFSET as record batches between a header and a
 * footer record. The formatted directory begins with 00000000000000000000-0000000000, which holds only the voters.
 */
import { Reader } from "../../../protocol/bytes/reader.ts";
import { Writer } from "../../../protocol/bytes/writer.ts";
import { SnapshotFooterRecord } from "../../../protocol/generated/records/raft/snapshot-footer-record.ts";
import { SnapshotHeaderRecord } from "../../../protocol/generated/records/raft/snapshot-header-record.ts";
import * as batch from "../../../protocol/records/batch.ts";
import { controlTypes, RecordBatchBuilder } from "../../../protocol/records/builder.ts";
import type { OffsetAndEpoch, VoterSet } from "../state.ts";
import { decodeBatches, decodeControl, encodeControl } from "./batches.ts";

export const SNAPSHOT_SUFFIX = ".checkpoint";
export const bootstrapSnapshotId: OffsetAndEpoch = { offset: 0, epoch: 0 };

/** As Apache's MAX_BATCH_SIZE_BYTES. */
const BATCH_BYTES_MAX = 8 * 1024 * 1024;

export function snapshotFileName({ offset, epoch }: OffsetAndEpoch): string {
  return `${String(offset).padStart(20, "0")}-${String(epoch).padStart(10, "0")}${SNAPSHOT_SUFFIX}`;
}

/** Null for any other file. */
export function parseSnapshotName(name: string): OffsetAndEpoch | null {
  const match = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name);
  return match === null ? null : { offset: Number(match[1]), epoch: Number(match[2]) };
}

export function compareSnapshots(a: OffsetAndEpoch, b: OffsetAndEpoch): number {
  return a.epoch - b.epoch || a.offset - b.offset;
}

export interface SnapshotContent {
  readonly epoch: number;
  readonly lastContainedLogTimeMs: number;
  readonly kraftVersion: number;
  /** Not written where empty. */
  readonly voters: VoterSet;
  readonly records: Iterable<Uint8Array>;
  readonly nowMs: number;
}

/** The file's bytes, in pieces of one batch. */
export function* encodeSnapshot(content: SnapshotContent): Generator<Uint8Array> {
  const { epoch: partitionLeaderEpoch, nowMs } = content;
  const head = new RecordBatchBuilder({ baseOffset: 0, partitionLeaderEpoch, isControl: true });
  const header = new Writer(16);
  const { lastContainedLogTimeMs: lastContainedLogTimestamp } = content;
  SnapshotHeaderRecord.write(header, { version: 0, lastContainedLogTimestamp }, 0);
  head.appendControl(nowMs, "SNAPSHOT_HEADER", header.finishBytes());
  if (content.kraftVersion >= 1) {
    head.appendControl(nowMs, ...encodeControl({ type: "kraftVersion", level: content.kraftVersion }));
    if (content.voters.length > 0) {
      head.appendControl(nowMs, ...encodeControl({ type: "voters", voters: content.voters }));
    }
  }
  yield head.build();
  let baseOffset = head.count;
  let body = new RecordBatchBuilder({ baseOffset, partitionLeaderEpoch });
  for (const record of content.records) {
    if (body.count > 0 && body.sizeBytes + body.sizeOf(nowMs, null, record) > BATCH_BYTES_MAX) {
      yield body.build();
      baseOffset += body.count;
      body = new RecordBatchBuilder({ baseOffset, partitionLeaderEpoch });
    }
    body.append(nowMs, null, record);
  }
  if (body.count > 0) yield body.build();
  baseOffset += body.count;
  const foot = new RecordBatchBuilder({ baseOffset, partitionLeaderEpoch, isControl: true });
  const footer = new Writer(8);
  SnapshotFooterRecord.write(footer, { version: 0 }, 0);
  foot.appendControl(nowMs, "SNAPSHOT_FOOTER", footer.finishBytes());
  yield foot.build();
}

export interface DecodedSnapshot {
  readonly lastContainedLogTimeMs: number;
  /** Null where the file does not say. */
  readonly kraftVersion: number | null;
  readonly voters: VoterSet | null;
  readonly records: Uint8Array[];
}

/** Throws where the bytes are not a whole snapshot: no header, no footer, a wrong CRC. */
export function decodeSnapshot(bytes: Uint8Array, path: string): DecodedSnapshot {
  const records: Uint8Array[] = [];
  let lastContainedLogTimeMs = -1;
  let kraftVersion: number | null = null;
  let voters: VoterSet | null = null;
  let [hasHeader, hasFooter] = [false, false];
  checkBatches(bytes, path);
  for (const decoded of decodeBatches(bytes)) {
    for (const record of decoded.records) records.push(record);
    for (const entry of decoded.control) {
      if (entry.type === controlTypes.SNAPSHOT_HEADER) {
        hasHeader = true;
        lastContainedLogTimeMs = SnapshotHeaderRecord.read(new Reader(entry.value), 0).lastContainedLogTimestamp;
      }
      if (entry.type === controlTypes.SNAPSHOT_FOOTER) hasFooter = true;
      const change = decodeControl(entry);
      if (change?.type === "kraftVersion") kraftVersion = change.level;
      if (change?.type === "voters") voters = change.voters;
    }
  }
  if (!hasHeader || !hasFooter) throw new Error(`${path} is not a whole snapshot: its header or footer is missing.`);
  return { lastContainedLogTimeMs, kraftVersion, voters, records };
}

function checkBatches(bytes: Uint8Array, path: string): void {
  let next = 0;
  for (let at = 0; at < bytes.length; at += batch.sizeBytes(bytes, at)) {
    const whole =
      at + batch.HEADER_SIZE <= bytes.length &&
      batch.magic(bytes, at) === 2 &&
      batch.baseOffset(bytes, at) === next &&
      batch.sizeBytes(bytes, at) >= batch.HEADER_SIZE &&
      at + batch.sizeBytes(bytes, at) <= bytes.length;
    if (!whole || !batch.isValid(bytes, at)) throw new Error(`${path} is damaged at byte ${at}.`);
    next = batch.lastOffset(bytes, at) + 1;
  }
}
