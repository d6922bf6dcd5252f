/** One batch by itself and in its place: what no broker would have written, or what a disk has changed since. */
import { DecodeError } from "../../protocol/bytes/decode-error.ts";
import { KafkaError } from "../../protocol/errors.ts";
import * as batch from "../../protocol/records/batch.ts";
import type { RecordCursor } from "../../protocol/records/cursor.ts";
import { isIntact, lastOffsetOf, leaderEpochOf } from "../batch-facts.ts";
import type { EpochEntry } from "../leader-epochs.ts";

/** Looks at one decoded record; says what is wrong with it. */
export type RecordCheck = (cursor: RecordCursor, isControl: boolean) => string | null;

export interface BatchPlacement {
  /** The batch before ended just below. */
  readonly next: number;
  /** Compaction may have left gaps. */
  readonly gaps: boolean;
  readonly epochs: readonly EpochEntry[] | null;
  /** From here on every batch is of a known epoch. */
  readonly epochsFrom: number;
}

const OFFSETS_PER_SEGMENT = 0x7fff_ffff;

/** What is wrong with a batch's bytes: every later check relies on them. */
export function contentFault(bytes: Uint8Array, at: number): string | null {
  const magic = batch.magic(bytes, at);
  if (magic < 0 || magic > 2) return `its magic is ${magic}`;
  return isIntact(bytes, at) ? null : "its checksum does not fit its content";
}

/** Offsets and leader epoch lie outside the checksum: only the neighbours and the epochs tell. */
export function placementFault(
  bytes: Uint8Array,
  at: number,
  segmentBase: number,
  { next, gaps, epochs, epochsFrom }: BatchPlacement,
): string | null {
  const last = lastOffsetOf(bytes, at);
  if (batch.magic(bytes, at) < 2) return last < next ? `it ends at offset ${last}, ${next} was next` : null;
  const base = batch.baseOffset(bytes, at);
  if (last < base) return `it begins at offset ${base} and ends at ${last}`;
  if (base < next) return `it begins at offset ${base}, and ${next} was next`;
  if (base > next && !gaps) return `it begins at offset ${base}: ${next} to ${base - 1} are missing`;
  if (last - segmentBase > OFFSETS_PER_SEGMENT) return `it ends at offset ${last}, too far for its segment`;
  return epochs === null ? null : epochFault(bytes, at, epochs, epochsFrom);
}

function epochFault(bytes: Uint8Array, at: number, epochs: readonly EpochEntry[], from: number): string | null {
  const offset = Math.max(batch.baseOffset(bytes, at), from);
  const last = lastOffsetOf(bytes, at);
  const epoch = leaderEpochOf(bytes, at);
  if (epoch === batch.NO_LEADER_EPOCH || last < from) return null;
  const inside = epochs.find(({ startOffset }) => startOffset > offset && startOffset <= last);
  if (inside !== undefined) {
    return `leader epoch ${inside.epoch} is said to begin at ${inside.startOffset}, inside of it`;
  }
  const expected = epochs.findLast(({ startOffset }) => startOffset <= offset);
  if (expected === undefined) return `it is of leader epoch ${epoch}, of which nothing is known`;
  if (expected.epoch === epoch) return null;
  return `it is of leader epoch ${epoch}, but offset ${offset} is of epoch ${expected.epoch}`;
}

/** Walks the records, inflating them. Returns how many there are, or what is wrong. */
export function recordsOf(
  bytes: Uint8Array,
  at: number,
  cursor: RecordCursor,
  check: RecordCheck | null,
): number | string {
  if (batch.magic(bytes, at) < 2) return 1; // legacy: one message or one wrapper, whose checksum held
  const lastDelta = batch.lastOffsetDelta(bytes, at);
  const isControl = batch.isControl(bytes, at);
  let count = 0;
  let before = -1;
  try {
    cursor.open(bytes, at);
    while (cursor.next()) {
      count++;
      if (cursor.offsetDelta <= before || cursor.offsetDelta > lastDelta)
        return `its record ${count} has offset delta ${cursor.offsetDelta}`;
      before = cursor.offsetDelta;
      const fault = check?.(cursor, isControl) ?? null;
      if (fault !== null) return `its record at offset ${cursor.offset}: ${fault}`;
    }
  } catch (error) {
    if (error instanceof KafkaError || error instanceof DecodeError || error instanceof Error)
      return `its records cannot be read: ${error.message}`;
    throw error;
  }
  return count;
}
