/** Which segments retention deletes: whole segments from the start, never beyond the high watermark. */
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import type { LogSettings } from "./settings.ts";

/** Why the log start moved: each move is logged with its reason. */
export type LogStartReason =
  | "retention time"
  | "retention size"
  | "log start"
  | "records deleted"
  | "leader"
  | "snapshot";

export interface RetentionView {
  readonly segments: SegmentList;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
}

/** One rule of deletion; asked for the segments in order until it refuses. */
export interface RetentionRule {
  readonly reason: LogStartReason;
  deletes(segment: Segment, next: Segment | undefined): boolean;
}

type MakeRule = (view: RetentionView) => RetentionRule;

/**
 * The rules in Apache's order, each made when the one before has been applied. A topic that is only compacted loses
 * just what lies below its log start.
 */
export function retentionRules(settings: LogSettings, nowMs: number): MakeRule[] {
  const rules: MakeRule[] = [(view) => belowLogStart(view.logStartOffset)];
  if (!settings.cleanupDelete) return rules;
  const { retentionBytes, retentionMs } = settings;
  if (retentionBytes >= 0) rules.push((view) => tooLarge(view.segments.sizeBytes, retentionBytes));
  if (retentionMs >= 0) rules.push(() => tooOld(nowMs, retentionMs));
  return rules;
}

export function belowLogStart(logStartOffset: number): RetentionRule {
  return {
    reason: "log start",
    deletes: (_, next) => next !== undefined && next.baseOffset <= logStartOffset,
  };
}

function tooLarge(sizeBytes: number, retentionBytes: number): RetentionRule {
  let excess = sizeBytes - retentionBytes;
  return {
    reason: "retention size",
    deletes: (segment) => {
      if (excess < segment.sizeBytes) return false;
      excess -= segment.sizeBytes;
      return true;
    },
  };
}

function tooOld(nowMs: number, retentionMs: number): RetentionRule {
  return {
    reason: "retention time",
    deletes: (segment) => nowMs - segment.largestTimestamp() > retentionMs,
  };
}

/** The segments from the start that a rule deletes. */
export function deletable(view: RetentionView, rule: RetentionRule): Segment[] {
  const { all } = view.segments;
  const found: Segment[] = [];
  for (const [n, segment] of all.entries()) {
    const next = all[n + 1];
    const end = next?.baseOffset ?? view.logEndOffset;
    if (view.highWatermark < end || !rule.deletes(segment, next)) break;
    if (next === undefined && segment.sizeBytes === 0) break; // the empty active segment stays
    found.push(segment);
  }
  return found;
}
