/**
 * What unclean elections take from a partition that allows them, and no more: of all that earlier leaders have promised
 * only what the replica that was elected did not have. That an election was one is read from the metadata log.
 */

import { KafkaError } from "../../../protocol/errors.ts";
import type { PartitionChangeRecord } from "../../../protocol/generated/records/metadata/partition-change-record.ts";
import * as batchView from "../../../protocol/records/batch.ts";
import { forEachBatch } from "../../../protocol/records/cursor.ts";
import type { EpochEntry } from "../../../storage/index.ts";
import { type MetadataImage, NO_LEADER, type PartitionRegistration, RECOVERING } from "../../metadata/image.ts";
import { readRecord } from "../../metadata/records/serde.ts";
import { mergePartition } from "../../metadata/records/topics.ts";
import type { Replica } from "../../partition/replica.ts";
import { decodeBatches } from "../../raft/driver/batches.ts";
import type { SimDisk } from "../disk.ts";
import { batchId, segmentsOf } from "../log-files.ts";
import type { Losses } from "../model.ts";

const METADATA_LOG = "/data/__cluster_metadata-0";
const READ_BYTES = 1 << 20;

interface Election {
  readonly epoch: number;
  /** What the elected replica had: null until it has been seen to lead. */
  had: Content | null;
}

interface Content {
  readonly from: number;
  readonly end: number;
  readonly batches: ReadonlyMap<number, string>;
  readonly epochs: readonly EpochEntry[];
}

/** Of one partition. */
export class UncleanElections implements Losses {
  private readonly elections: Election[] = [];

  get any(): boolean {
    return this.elections.length > 0;
  }

  /** Some elected replica has not been looked into yet. */
  get isOpen(): boolean {
    return this.elections.some(({ had }) => had === null);
  }

  add(epoch: number): void {
    this.elections.push({ epoch, had: null });
  }

  /** Looks into a replica that leads: whether it was awaited. */
  look(leader: Replica): boolean {
    const open = this.elections.filter(({ had, epoch }) => had === null && epoch <= leader.leaderEpoch);
    for (const election of open) election.had = contentBefore(leader, election.epoch);
    return open.length > 0;
  }

  isVoid(offset: number, id: string, epoch: number | null): boolean {
    return this.elections.some((election) => {
      if (epoch !== null && epoch >= election.epoch) return false;
      const { had } = election;
      return had === null || (offset >= had.from && had.batches.get(offset) !== id);
    });
  }

  /** Up to where counts what was committed in a log of these epochs: as far as an elected replica shared it. */
  endOf(epochs: readonly EpochEntry[]): number {
    const latest = epochs.at(-1)?.epoch ?? -1;
    const ends = this.elections.map(({ epoch, had }) => {
      if (latest >= epoch) return Infinity;
      return had === null ? 0 : sharedEnd(epochs, had);
    });
    return Math.min(...ends, Infinity);
  }
}

/** Logs that have a batch of an epoch have the same up to it (KIP-101): they part where an epoch ends elsewhere. */
function sharedEnd(epochs: readonly EpochEntry[], had: Content): number {
  for (const [n, { epoch, startOffset }] of epochs.entries()) {
    const at = had.epochs.findIndex((entry) => entry.epoch === epoch);
    if (at < 0 && (had.epochs[0]?.epoch ?? Infinity) < epoch) return Math.min(startOffset, had.end);
    if (at < 0) continue; // deleted there, or here
    const end = epochs[n + 1]?.startOffset ?? Infinity;
    const endThere = had.epochs[at + 1]?.startOffset ?? had.end;
    if (end !== endThere) return Math.min(end, endThere);
  }
  return had.end;
}

/** What of earlier epochs a replica has on its device, or in its memory where that counts; up to damage. */
function contentBefore({ log, heldOffset }: Replica, epoch: number): Content {
  const batches = new Map<number, string>();
  const from = log.logStartOffset;
  let end = from;
  for (let at = from; at < heldOffset; ) {
    const before = at;
    const bytes = readUndamaged(log, at, heldOffset);
    forEachBatch(bytes, (position, sizeBytes) => {
      at = batchView.lastOffset(bytes, position) + 1;
      if (batchView.partitionLeaderEpoch(bytes, position) >= epoch || at > heldOffset) return;
      batches.set(batchView.baseOffset(bytes, position), batchId(bytes.subarray(position, position + sizeBytes)));
      end = Math.max(end, at);
    });
    if (at === before) break;
  }
  const epochs = log.epochs.entries().filter((entry) => entry.epoch < epoch);
  return { from, end, batches, epochs };
}

function readUndamaged(log: Replica["log"], offset: number, end: number): Uint8Array {
  try {
    return log.readCopy(offset, READ_BYTES, end, true);
  } catch (cause) {
    if (cause instanceof KafkaError && cause.error === "CORRUPT_MESSAGE") return new Uint8Array(0);
    throw cause;
  }
}

/** The leader epochs between two images whose leader was not known to have everything. */
export function uncleanEpochs(
  before: PartitionRegistration | undefined,
  after: PartitionRegistration,
  changes: () => Iterable<PartitionChangeRecord>,
): number[] {
  if (before === undefined) return after.leaderRecoveryState === RECOVERING ? [after.leaderEpoch] : [];
  if (after.partitionEpoch <= before.partitionEpoch + 1) return isUnclean(before, after) ? [after.leaderEpoch] : [];
  const found: number[] = [];
  let at = before;
  for (const change of changes()) {
    const next = mergePartition(at, change);
    if (isUnclean(at, next)) found.push(next.leaderEpoch);
    at = next;
  }
  if (at.partitionEpoch === after.partitionEpoch) return found;
  // The log is gone behind a snapshot: the two ends must do.
  const wasUnclean = isUnclean(before, after) || after.leaderRecoveryState === RECOVERING;
  return wasUnclean ? [after.leaderEpoch] : [];
}

/** The leader was not among those of whom it is known that they have everything. */
function isUnclean(before: PartitionRegistration, { leader, leaderEpoch }: PartitionRegistration): boolean {
  if (leader === NO_LEADER || leaderEpoch === before.leaderEpoch || leader === before.leader) return false;
  return !before.isr.includes(leader) && !before.elr.includes(leader);
}

/** What a metadata log says of one partition, after one image and up to another. */
export function* changesBetween(
  disk: SimDisk,
  from: MetadataImage,
  to: MetadataImage,
  topicId: string,
  index: number,
): Generator<PartitionChangeRecord> {
  for (const [, bytes] of segmentsOf(disk, METADATA_LOG, false)) {
    for (const { baseOffset, lastOffset, records } of decodeBatches(bytes)) {
      if (baseOffset <= from.provenance.offset || lastOffset > to.provenance.offset) continue;
      for (const each of records) {
        const { type, value } = readRecord(each);
        if (type !== "PartitionChangeRecord") continue;
        if (value.topicId === topicId && value.partitionId === index) yield value;
      }
    }
  }
}
