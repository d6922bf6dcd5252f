/** Finding records by time, as ListOffsets asks for them. */
import * as batch from "../protocol/records/batch.ts";
import { RecordCursor } from "../protocol/records/cursor.ts";
import { leaderEpochOf, maxTimestampOf } from "./batch-facts.ts";
import type { HeaderWalk } from "./batch-walk.ts";
import type { TimestampedOffset } from "./log-read.ts";
import type { Segment } from "./segment.ts";

/** Throws where the range of the segment's file is not what was written: no answer may rest on it. */
type RangeCheckFor = (segment: Segment, from: number, to: number) => void;

/** The first record at or behind `startOffset` whose timestamp is at or behind `timestamp`. */
export function offsetForTimestamp(
  segments: readonly Segment[],
  timestamp: number,
  startOffset: number,
  check: RangeCheckFor,
): TimestampedOffset | null {
  const segment = segments.find((candidate) => {
    const isBehind = candidate.largestTimestamp() >= timestamp;
    if (candidate.timesDisagree) check(candidate, 0, candidate.sizeBytes);
    return isBehind;
  });
  if (segment === undefined) return null;
  const indexed = segment.times.lookup(timestamp - 1); // an earlier batch may have the same timestamp
  const from = segment.agrees(indexed) ? indexed.offset : segment.baseOffset;
  const walk = segment.searchFor(Math.max(from, startOffset));
  const searchedFrom = walk.position;
  while (walk.next()) {
    if (maxTimestampOf(walk.bytes, walk.at) < timestamp) continue;
    check(segment, searchedFrom, walk.position + walk.sizeBytes);
    const found = recordIn(segment, walk, (at, offset) => at >= timestamp && offset >= startOffset);
    if (found !== null) return found;
  }
  check(segment, searchedFrom, segment.sizeBytes);
  return null;
}

/** The first record that has the largest timestamp of all. */
export function offsetOfMaxTimestamp(segments: readonly Segment[], check: RangeCheckFor): TimestampedOffset | null {
  let latest: Segment | null = null;
  for (const segment of segments) {
    const largest = segment.largestTimestampOffset.timestamp;
    if (segment.timesDisagree) check(segment, 0, segment.sizeBytes);
    if (latest === null || largest > latest.largestTimestampOffset.timestamp) latest = segment;
  }
  if (latest === null) return null;
  const largest = latest.largestTimestampOffset;
  const walk = latest.searchFor(largest.offset);
  const searchedFrom = walk.position;
  while (walk.next()) {
    if (maxTimestampOf(walk.bytes, walk.at) !== largest.timestamp) continue;
    check(latest, searchedFrom, walk.position + walk.sizeBytes);
    return recordIn(latest, walk, (at) => at === largest.timestamp);
  }
  return null;
}

/** The first record of the batch for which `matches` holds. */
function recordIn(
  segment: Segment,
  walk: HeaderWalk,
  matches: (timestamp: number, offset: number) => boolean,
): TimestampedOffset | null {
  const { position, sizeBytes } = walk;
  const bytes = segment.file.disk.read(segment.file.get(), position, sizeBytes);
  const epoch = leaderEpochOf(bytes, 0);
  const leaderEpoch = epoch >= 0 ? epoch : null;
  if (batch.magic(bytes, 0) < 2) {
    // One message, or a wrapper, whose own offset is that of its last message.
    const timestamp = maxTimestampOf(bytes, 0);
    const offset = batch.baseOffset(bytes, 0);
    return matches(timestamp, offset) ? { timestamp, offset, leaderEpoch } : null;
  }
  const cursor = new RecordCursor();
  cursor.open(bytes, 0);
  while (cursor.next()) {
    const { timestamp, offset } = cursor;
    if (matches(timestamp, offset)) return { timestamp, offset, leaderEpoch };
  }
  return null;
}
