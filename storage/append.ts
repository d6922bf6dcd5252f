/** What the headers of the batches in one append say together. */
import { assert } from "../base/assert.ts";
import { KafkaError } from "../protocol/errors.ts";
import * as batch from "../protocol/records/batch.ts";
import { lastOffsetOf, leaderEpochOf, maxTimestampOf, smallestBytes } from "./batch-facts.ts";
import type { LeaderEpochs } from "./leader-epochs.ts";

export interface AppendResult {
  /** The same sequence numbers were here before: nothing was appended, the offsets are those of the first time. */
  readonly duplicate: boolean;
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The timestamp to answer for a duplicate; -1 otherwise. */
  readonly timestamp: number;
}

export interface AppendMeasure {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
}

/**
 * The batches lie whole, one behind the other, and ascend from `logEndOffset`; anything else is a bug of the caller.
 */
export function measureAppend(bytes: Uint8Array, logEndOffset: number): AppendMeasure {
  let next = logEndOffset;
  let maxTimestamp = batch.NO_TIMESTAMP;
  let at = 0;
  while (at < bytes.length) {
    const left = bytes.length - at;
    assert(left >= batch.HEADER_UP_TO_MAGIC, "batches are appended whole");
    const sizeBytes = batch.sizeBytes(bytes, at);
    assert(sizeBytes >= smallestBytes(bytes, at) && sizeBytes <= left, "batches are appended whole");
    assert(batch.baseOffset(bytes, at) >= next, "batches ascend from the end of the log");
    next = lastOffsetOf(bytes, at) + 1;
    maxTimestamp = Math.max(maxTimestamp, maxTimestampOf(bytes, at));
    at += sizeBytes;
  }
  assert(at > 0, "an append has a batch");
  return { firstOffset: batch.baseOffset(bytes, 0), lastOffset: next - 1, maxTimestamp };
}

/** @throws RECORD_LIST_TOO_LARGE */
export function ensureFits(bytes: Uint8Array, segmentBytes: number, log: string): void {
  if (bytes.length <= segmentBytes) return;
  const message = `${bytes.length} bytes do not fit into a segment of ${log}, which has ${segmentBytes}`;
  throw new KafkaError("RECORD_LIST_TOO_LARGE", message);
}

export function noteEpochs(bytes: Uint8Array, epochs: LeaderEpochs): void {
  for (let at = 0; at < bytes.length; at += batch.sizeBytes(bytes, at)) {
    const epoch = leaderEpochOf(bytes, at);
    if (epoch >= 0) epochs.assign(epoch, batch.baseOffset(bytes, at));
    else if (batch.magic(bytes, at) < 2) epochs.clear(); // such batches carry no epoch to keep the list true
  }
}
