/**
 * Where each leader epoch begins in a log (KIP-101, KIP-279, KIP-320): `leader-epoch-checkpoint`. Changes take effect
 * in memory at once; `save` makes them durable, and the log calls nothing durable before that has happened.
 */
import { assert } from "../base/assert.ts";
import { checkpointText, parseCheckpoint, readText, replaceFile } from "./checkpoint.ts";
import type { FilePool } from "./file-pool.ts";

export const LEADER_EPOCHS_FILE = "leader-epoch-checkpoint";
export const UNKNOWN_EPOCH = -1;
export const UNKNOWN_OFFSET = -1;

export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

export class LeaderEpochs {
  /** The file could not be understood: the log fills the list from its batches. */
  readonly fault: string | null;
  private readonly files: FilePool;
  private readonly path: string;
  /** Both fields ascend. */
  private list: EpochEntry[] = [];
  private changes = 0;
  private saved = 0;
  private saving: Promise<void> = Promise.resolve();

  constructor(files: FilePool, directory: string) {
    this.files = files;
    this.path = `${directory}/${LEADER_EPOCHS_FILE}`;
    const lines = parseCheckpoint(readText(files.disk, this.path) ?? "", 2);
    const entries = typeof lines === "string" ? lines : parseEntries(lines);
    this.fault = typeof entries === "string" ? entries : null;
    if (typeof entries !== "string") for (const { epoch, startOffset } of entries) this.assign(epoch, startOffset);
    this.saved = this.fault === null ? this.changes : -1;
  }

  get latest(): EpochEntry | null {
    return this.list.at(-1) ?? null;
  }

  get earliest(): EpochEntry | null {
    return this.list[0] ?? null;
  }

  entries(): readonly EpochEntry[] {
    return this.list;
  }

  /**
   * An epoch begins: when its leader starts, or with its first batch. Later entries that contradict it go, such as that
   * of an epoch which this replica led without a record before it follows one who has more of an earlier epoch.
   */
  assign(epoch: number, startOffset: number): void {
    assert(epoch >= 0 && startOffset >= 0, "epochs and offsets are not negative");
    const { latest } = this;
    if (latest !== null && latest.epoch === epoch && latest.startOffset <= startOffset) return;
    this.changes++;
    while (this.latest !== null && (this.latest.epoch > epoch || this.latest.startOffset >= startOffset)) {
      this.list.pop();
    }
    if (this.latest?.epoch !== epoch) this.list.push({ epoch, startOffset });
  }

  /**
   * Batches of the epoch lie from one offset to the other. Where the list says otherwise it is older than they are: of
   * what it has from there on, the batches that follow say what holds.
   */
  correct(epoch: number, firstOffset: number, lastOffset: number): void {
    if (this.epochFor(firstOffset) !== epoch || this.epochFor(lastOffset) !== epoch) this.assign(epoch, firstOffset);
  }

  /**
   * Where the epoch asked for ends: the largest epoch at or below it, and the start of the next. Both -1 where that is
   * not known. An epoch below all known ones ends where the first begins.
   */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEnd {
    const unknown = { epoch: UNKNOWN_EPOCH, endOffset: UNKNOWN_OFFSET };
    if (epoch === UNKNOWN_EPOCH) return unknown;
    if (this.latest?.epoch === epoch) return { epoch, endOffset: logEndOffset };
    const next = this.list.findIndex((entry) => entry.epoch > epoch);
    if (next < 0) return unknown;
    const endOffset = (this.list[next] as EpochEntry).startOffset;
    return { epoch: this.list[next - 1]?.epoch ?? epoch, endOffset };
  }

  /** The epoch of the record at the offset, null where unknown. */
  epochFor(offset: number): number | null {
    return this.list.findLast((entry) => entry.startOffset <= offset)?.epoch ?? null;
  }

  previousEpoch(epoch: number): number | null {
    return this.list.findLast((entry) => entry.epoch < epoch)?.epoch ?? null;
  }

  truncateFromEnd(endOffset: number): void {
    const kept = this.list.filter((entry) => entry.startOffset < endOffset);
    if (kept.length === this.list.length) return;
    this.list = kept;
    this.changes++;
  }

  /** The epoch in which the offset lies now begins with it. */
  truncateFromStart(startOffset: number): void {
    const first = this.list.findLastIndex((entry) => entry.startOffset <= startOffset);
    if (first < 0) return;
    const { epoch, startOffset: before } = this.list[first] as EpochEntry;
    if (first === 0 && before === startOffset) return;
    this.list = [{ epoch, startOffset }, ...this.list.slice(first + 1)];
    this.changes++;
  }

  clear(): void {
    if (this.list.length === 0) return;
    this.list = [];
    this.changes++;
  }

  get isSaved(): boolean {
    return this.saved === this.changes;
  }

  /** Resolves when every change before the call is durable; one write at a time. */
  save(): Promise<void> {
    this.saving = this.saving.then(() => (this.isSaved ? undefined : this.files.whileSyncing(() => this.write())));
    return this.saving;
  }

  private async write(): Promise<void> {
    const upTo = this.changes;
    const lines = this.list.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`);
    await replaceFile(this.files.disk, this.path, checkpointText(lines));
    this.saved = upTo;
  }
}

function parseEntries(lines: readonly string[][]): EpochEntry[] | string {
  const entries: EpochEntry[] = [];
  for (const [epoch, startOffset] of lines) {
    if (!/^\d+$/.test(epoch as string) || !/^\d+$/.test(startOffset as string)) return "an entry is not a number";
    const entry = { epoch: Number(epoch), startOffset: Number(startOffset) };
    const last = entries.at(-1);
    if (last !== undefined && (entry.epoch <= last.epoch || entry.startOffset <= last.startOffset)) {
      return "its entries do not ascend";
    }
    entries.push(entry);
  }
  return entries;
}
