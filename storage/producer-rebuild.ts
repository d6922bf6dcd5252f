/** Producer state read back from a log: from the newest usable snapshot, then batch by batch. */
import type { Clock } from "../base/ports.ts";
import * as batch from "../protocol/records/batch.ts";
import { hasProducer } from "./batch-facts.ts";
import type { ProducerState } from "./producer-state.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";

/** So much is read before other work gets a turn. */
export const SLICE_BYTES: number = 8 << 20;
export const REPLAY_BUFFER_BYTES: number = 64 << 10;

/** Lets other work run. */
export function pause(clock: Clock): Promise<void> {
  return new Promise((resume) => void clock.after(0, resume));
}

export interface ProducerRebuild {
  readonly segments: SegmentList;
  readonly logStartOffset: number;
  readonly upTo: number;
  /** The log was closed properly: without any snapshot there were no producers. */
  readonly fromClean: boolean;
}

/** Brings the producers to `upTo` from the newest snapshot and the batches behind it; returns the snapshots written. */
export async function rebuildProducers(
  producers: ProducerState,
  { segments, logStartOffset, upTo, fromClean }: ProducerRebuild,
  clock: Clock,
): Promise<string[]> {
  const written: string[] = [];
  const snapshot = () => {
    const path = producers.takeSnapshot();
    if (path !== null) written.push(path);
  };
  const snapshotAt = segments.baseOffsets().slice(-2);
  if (fromClean && producers.latestSnapshotOffset === null) {
    for (const offset of [...snapshotAt, upTo]) {
      producers.advanceTo(offset);
      snapshot();
    }
    return written;
  }
  const nothingToDo = producers.isEmpty && producers.mapEndOffset >= upTo;
  producers.truncateAndReload(logStartOffset, upTo, clock.nowMs());
  if (upTo > producers.mapEndOffset && !nothingToDo && segments.count > 0) {
    const buffer = new Uint8Array(REPLAY_BUFFER_BYTES);
    for (const segment of segments.from(producers.mapEndOffset)) {
      if (segment.baseOffset >= upTo) break;
      const start = Math.max(segment.baseOffset, producers.mapEndOffset, logStartOffset);
      producers.advanceTo(start);
      if (snapshotAt.includes(segment.baseOffset)) snapshot();
      await replaySegment(producers, segment, start, upTo, buffer, clock);
    }
  }
  producers.advanceTo(upTo);
  snapshot();
  return written;
}

async function replaySegment(
  producers: ProducerState,
  segment: Segment,
  start: number,
  upTo: number,
  buffer: Uint8Array,
  clock: Clock,
): Promise<void> {
  const place = segment.locate(start);
  if (place === null) return;
  const walk = segment.headersFrom(place.position, buffer);
  let paused = place.position;
  while (walk.next() && walk.lastOffset < upTo) {
    if (!hasProducer(walk.bytes, walk.at)) continue;
    if (batch.isControl(walk.bytes, walk.at)) {
      producers.replay(segment.file.disk.read(segment.file.get(), walk.position, walk.sizeBytes), 0);
    } else {
      producers.replay(walk.bytes, walk.at);
    }
    if (walk.position - paused > 4 * SLICE_BYTES) {
      paused = walk.position;
      await pause(clock);
    }
  }
}
