/** Hands committed batches, snapshots and leaders to the layers above, each in the log's order and each once. */
import { assert } from "../../../base/assert.ts";
import type { OffsetAndEpoch } from "../state.ts";
import { decodeBatches } from "./batches.ts";
import type { Snapshots } from "./snapshots.ts";

const READ_BYTES = 1024 * 1024;

export interface CommittedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly appendTimeMs: number;
  readonly sizeBytes: number;
  readonly records: readonly Uint8Array[];
}

export interface RaftSnapshot {
  readonly id: OffsetAndEpoch;
  readonly lastContainedLogTimeMs: number;
  readonly sizeBytes: number;
  readonly records: Iterable<Uint8Array>;
}

export interface LeaderAndEpoch {
  readonly leaderId: number | null;
  readonly epoch: number;
}

export interface RaftListener {
  committed(batches: readonly CommittedBatch[]): void;
  snapshot(snapshot: RaftSnapshot): void;
  leaderChanged(leader: LeaderAndEpoch): void;
}

export interface CommittedLog {
  readonly logStartOffset: number;
  readCopy(offset: number, maxBytes: number, upToOffset: number, minOneBatch: boolean): Uint8Array;
}

interface Registered {
  readonly listener: RaftListener;
  nextOffset: number;
  /** What was last told. */
  leader: LeaderAndEpoch;
}

/** That there is still no leader, in whatever epoch, is no news. */
function none({ leaderId }: LeaderAndEpoch): boolean {
  return leaderId === null;
}

export class Listeners {
  private readonly log: CommittedLog;
  private readonly snapshots: Snapshots;
  private readonly registered: Registered[] = [];
  private delivering = false;

  constructor(log: CommittedLog, snapshots: Snapshots) {
    this.log = log;
    this.snapshots = snapshots;
  }

  add(listener: RaftListener): void {
    this.registered.push({ listener, nextOffset: 0, leader: { leaderId: null, epoch: -1 } });
  }

  /**
   * `ownFrom`: where this node's own epoch starts if it leads: it hears of its leadership when it has all before.
   * A listener may append or resign while it is told something: what follows from that is delivered afterwards.
   */
  deliver(highWatermark: number, leader: LeaderAndEpoch, ownFrom: number | null): void {
    if (this.delivering) return;
    this.delivering = true;
    try {
      for (const entry of this.registered) {
        this.deliverCommitted(entry, highWatermark);
        const knowsAll = ownFrom === null || entry.nextOffset > ownFrom;
        const isKnown =
          entry.leader.leaderId === leader.leaderId && (none(leader) || entry.leader.epoch === leader.epoch);
        if (!knowsAll || isKnown) continue;
        entry.leader = leader;
        entry.listener.leaderChanged(leader);
      }
    } finally {
      this.delivering = false;
    }
  }

  private deliverCommitted(entry: Registered, highWatermark: number): void {
    const latest = this.snapshots.latestId;
    const behind = entry.nextOffset < this.log.logStartOffset || entry.nextOffset === 0;
    // Nothing before it is known how much more is committed: what came after the snapshot is part of the beginning.
    const isDue = latest !== null && latest.offset > entry.nextOffset && latest.offset <= highWatermark;
    if (behind && isDue) {
      const { lastContainedLogTimeMs, sizeBytes, records } = this.snapshots.read(latest);
      entry.listener.snapshot({ id: latest, lastContainedLogTimeMs, sizeBytes, records });
      entry.nextOffset = latest.offset;
    }
    while (entry.nextOffset < highWatermark) {
      const batches = [...decodeBatches(this.log.readCopy(entry.nextOffset, READ_BYTES, highWatermark, true))];
      const last = batches.at(-1);
      assert(last !== undefined, "what is committed can be read");
      assert(batches[0]?.baseOffset === entry.nextOffset, "batches follow each other");
      entry.nextOffset = last.lastOffset + 1;
      entry.listener.committed(batches);
    }
  }
}
