/**
 * A compacted log beside a model of it: random keyed writes, tombstones, transactions, compactions, kills and power
 * cuts. The last value of every key is kept, offsets never change, nothing that was deleted comes back.
 */
import { Prng } from "../../base/prng.ts";
import * as batch from "../../protocol/records/batch.ts";
import { type BatchOptions, buildBatch, buildControlBatch, type NewRecord } from "../../protocol/records/builder.ts";
import { readRecords } from "../../protocol/records/cursor.ts";
import { LogCleaner } from "../cleaner.ts";
import type { Log } from "../log.ts";
import { LogDirectory } from "../log-dir.ts";
import { type Fixture, fixture, settle, silent } from "./log-fixture.ts";

const topicId = "S7lkWmYJQbS8F3X3Ho0dCw";
const utf8 = new TextEncoder();
const decoder = new TextDecoder();
const text = (bytes: Uint8Array | null) => (bytes === null ? null : decoder.decode(bytes));

interface Written {
  readonly offset: number;
  readonly key: string;
  readonly value: string | null;
  readonly timestamp: number;
  /** Of its transaction, -1 where it is in none. */
  readonly transactional: number;
}

const json = (record: Written | undefined): string => JSON.stringify(record) ?? "nothing";

const same = (a: Written | undefined, b: Written | undefined): boolean =>
  a?.offset === b?.offset && a?.key === b?.key && a?.value === b?.value && a?.timestamp === b?.timestamp;

export interface CompactionCounts {
  records: number;
  tombstones: number;
  compactions: number;
  kills: number;
  powerCuts: number;
  /** Unsynced offsets that went with the power. */
  lost: number;
}

interface Options {
  readonly keys: number;
  readonly transactions: boolean;
}

export class CompactedLog {
  readonly random: Prng;
  readonly made: Fixture;
  readonly options: Options;
  directory!: LogDirectory;
  log!: Log;
  cleaner!: LogCleaner;
  /** Committed records by offset, in order of offsets; those of aborted transactions are not among them. */
  readonly written = new Map<number, Written>();
  /** Last record of each key. */
  readonly last = new Map<string, Written>();
  /** Offsets that were once seen to be gone. */
  readonly gone = new Set<number>();
  readonly counts: CompactionCounts = { records: 0, tombstones: 0, compactions: 0, kills: 0, powerCuts: 0, lost: 0 };
  /** What was appended ends here; `attemptedEnd` with an append that failed, of which nobody knows. */
  private logEnd = 0;
  private attemptedEnd = 0;
  private syncedEnd = 0;
  /** Then recovery believes the device, not the memory. */
  private syncFailed = false;
  private readonly sequences = new Map<number, number>();

  constructor(seed: number, options: Options) {
    this.options = options;
    this.random = new Prng(seed);
    this.made = fixture({
      segmentBytes: 600 + this.random.below(2000),
      segmentMs: 1 << 30,
      cleanupDelete: false,
      cleanupCompact: true,
      minCleanableRatio: this.random.below(2) === 0 ? 0 : 0.5,
      deleteRetentionMs: this.random.below(3) === 0 ? 0 : 50_000,
      fileDeleteDelayMs: 1000,
    });
  }

  async start(): Promise<void> {
    const { disk, clock } = this.made;
    const { random, logger, settings } = this.made.options;
    this.directory = await this.finish(
      LogDirectory.open({ disk, clock, random, logger, path: "/data", settingsFor: () => settings }),
    );
    this.log = await this.finish(this.directory.create("orders", 0, topicId));
    this.log.updateHighWatermark(this.log.logEndOffset);
    this.cleaner = new LogCleaner({
      clock,
      random: this.random,
      logger: silent,
      directories: [this.directory],
      settings: {
        enabled: true,
        backoffMs: 1000,
        mapBytes: 24 * (this.random.below(4) === 0 ? 40 : 4096),
        mapLoadFactor: 0.9,
        ioBytes: 1 << 14,
        bytesPerSecondMax: Number.MAX_VALUE,
      },
    });
  }

  /** Lets the clock's pauses pass until the promise is settled. */
  async finish<Result>(promise: Promise<Result>, meanwhile: () => void = () => {}): Promise<Result> {
    let settled = false;
    const noted = promise.finally(() => {
      settled = true;
    });
    noted.catch(() => {});
    while (!settled) {
      meanwhile();
      await settle(this.made.clock);
    }
    return noted;
  }

  /** One batch, or a whole transaction. */
  write(): void {
    const { random } = this;
    const kind = this.options.transactions ? random.below(10) : 9;
    if (kind > 3) this.append(this.batchOf(kind > 6 ? {} : this.producer(random.below(3), 3)), true);
    else {
      const producerId = 100 + random.below(3);
      const committed = kind > 0;
      for (let n = random.below(3); n >= 0; n--) {
        this.append(this.batchOf({ ...this.producer(producerId, 2), isTransactional: true }), committed);
      }
      const value = new Uint8Array(6);
      const options = { producerId, producerEpoch: 0, isTransactional: true, baseOffset: this.log.logEndOffset };
      const marker = buildControlBatch(committed ? "COMMIT" : "ABORT", value, this.made.clock.nowMs(), {
        ...options,
        partitionLeaderEpoch: 0,
      });
      this.put(marker);
    }
    this.made.clock.jumpWall(random.below(50));
  }

  private producer(id: number, countMax: number): BatchOptions & { readonly countMax: number } {
    return { producerId: id, producerEpoch: 0, baseSequence: this.sequences.get(id) ?? 0, countMax };
  }

  private batchOf(options: BatchOptions & { readonly countMax?: number }): Uint8Array {
    const { random, log } = this;
    const { countMax = 5, ...rest } = options;
    const records: NewRecord[] = Array.from({ length: 1 + random.below(countMax) }, (_, n) => ({
      timestamp: this.made.clock.nowMs() - random.below(20),
      key: utf8.encode(`key-${random.below(this.options.keys)}`),
      value: random.below(5) === 0 ? null : utf8.encode(`${log.logEndOffset + n}`.padEnd(random.below(60), ".")),
      headers: random.below(8) === 0 ? [{ key: "h", value: utf8.encode("1") }] : [],
    }));
    const codec = random.below(4) === 0 ? "gzip" : "none";
    if (rest.producerId !== undefined) {
      this.sequences.set(rest.producerId, (rest.baseSequence as number) + records.length);
    }
    return buildBatch(records, { ...rest, codec, baseOffset: log.logEndOffset, partitionLeaderEpoch: 0 });
  }

  private append(bytes: Uint8Array, committed: boolean): void {
    const transactional = batch.isTransactional(bytes, 0) ? batch.producerId(bytes, 0) : -1;
    for (const { offset, key, value, timestamp } of readRecords(bytes)) {
      this.counts.records++;
      if (value === null) this.counts.tombstones++;
      if (!committed) continue;
      const record = { offset, key: text(key) as string, value: text(value), timestamp, transactional };
      this.written.set(offset, record);
      this.last.set(record.key, record);
    }
    this.put(bytes);
  }

  private put(bytes: Uint8Array): void {
    this.attemptedEnd = batch.lastOffset(bytes, 0) + 1;
    this.log.append(bytes, batch.isControl(bytes, 0) ? "coordinator" : "client");
    this.logEnd = this.attemptedEnd;
  }

  async sync(): Promise<void> {
    await this.finish(this.log.sync());
    this.syncedEnd = this.log.durableOffset;
    this.log.updateHighWatermark(this.syncedEnd);
  }

  /** `meanwhile` is called again and again until it is done. */
  async compact(meanwhile: () => void = () => {}): Promise<boolean> {
    let failure: unknown = null;
    const cleaned = await this.finish(this.cleaner.round(), () => {
      try {
        if (failure === null) meanwhile();
      } catch (error) {
        failure = error; // the compaction ends by itself
      }
    });
    if (failure !== null) throw failure;
    this.syncedEnd = Math.max(this.syncedEnd, this.log.durableOffset);
    if (cleaned) this.counts.compactions++;
    return cleaned;
  }

  /** After so many disk operations every further one fails: the end has begun. */
  failAfter(operations: number): void {
    let left = operations;
    this.made.disk.fault = (operation) => {
      if (left-- > 0) return null;
      if (operation === "sync") this.syncFailed = true;
      return "EIO";
    };
  }

  /** The process or the power goes; then everything that was synced is there again. */
  async crash(kind: "kill" | "power"): Promise<void> {
    const { made, counts } = this;
    if (kind === "kill") {
      counts.kills++;
      made.disk.kill();
    } else {
      counts.powerCuts++;
      made.disk.crash(this.random.below(2) === 0 ? "none" : this.random);
    }
    made.clock.dropTimers();
    made.disk.fault = () => "EIO"; // nothing of the old process comes any more
    await settle(made.clock);
    made.disk.fault = () => null;
    made.clock.dropTimers();
    await this.start();
    this.takeWhatIsLeft(kind === "kill" && !this.syncFailed ? this.logEnd : this.syncedEnd);
    this.syncFailed = false;
    await this.sync();
    this.check();
  }

  /** The model forgets what was lost, and what belonged to transactions of which the end was lost. */
  private takeWhatIsLeft(least: number): void {
    const { log, written, gone, last } = this;
    const end = log.logEndOffset;
    if (end < least || end > this.attemptedEnd) {
      throw new Error(`the log ends at ${end}: ${least} were sure, ${this.attemptedEnd} were appended`);
    }
    this.counts.lost += this.attemptedEnd - end;
    const aborted = this.abortOpenTransactions();
    // Compacted logs may have gaps: of what was never synced a later segment may be left without an earlier one.
    const present = new Set(this.readAll().map(({ offset }) => offset));
    for (const [offset, { transactional }] of written) {
      const isLost = offset >= least && !present.has(offset);
      if (!isLost && offset < (aborted.get(transactional) ?? Number.POSITIVE_INFINITY)) continue;
      written.delete(offset);
    }
    for (const offset of gone) if (offset >= end) gone.delete(offset);
    last.clear();
    for (const record of written.values()) last.set(record.key, record);
    this.sequences.clear();
    for (const { producerId, lastSequence } of log.producers.active()) this.sequences.set(producerId, lastSequence + 1);
  }

  /** As a coordinator does; the first offset of each, by producer. */
  private abortOpenTransactions(): Map<number, number> {
    const { log, made } = this;
    const aborted = new Map<number, number>();
    this.logEnd = log.logEndOffset;
    for (const { producerId, producerEpoch, currentTxnStartOffset } of log.producers.active()) {
      if (currentTxnStartOffset < 0) continue;
      aborted.set(producerId, currentTxnStartOffset);
      const options = { producerId, producerEpoch, isTransactional: true, baseOffset: log.logEndOffset };
      this.put(
        buildControlBatch("ABORT", new Uint8Array(6), made.clock.nowMs(), { ...options, partitionLeaderEpoch: 0 }),
      );
    }
    this.attemptedEnd = this.logEnd;
    return aborted;
  }

  /** Reads the whole log and holds it against all that was ever written. */
  check(): void {
    const seen = this.readAll();
    const present = new Set<number>();
    let before = -1;
    for (const record of seen) {
      if (record.offset <= before) throw new Error(`offset ${record.offset} behind ${before}`);
      before = record.offset;
      const written = this.written.get(record.offset);
      if (!same(record, written)) throw new Error(`${json(record)} is there, and ${json(written)} was written`);
      if (this.gone.has(record.offset)) throw new Error(`offset ${record.offset} was gone and is back`);
      present.add(record.offset);
    }
    const latest = new Map<string, Written>();
    for (const record of seen) latest.set(record.key, record);
    for (const [key, record] of this.last) {
      const found = latest.get(key);
      // The tombstone, or nothing at all.
      if (record.value === null && (found?.value ?? null) === null) continue;
      if (!same(found, record)) throw new Error(`the last of ${key} is ${json(found)}, not ${json(record)}`);
    }
    for (const offset of this.written.keys()) {
      if (present.has(offset)) continue;
      this.gone.add(offset);
    }
  }

  /** What a consumer of committed records gets. */
  private readAll(): Written[] {
    const { log } = this;
    const aborted = new Map<number, { readonly firstOffset: number; readonly lastOffset: number }[]>();
    for (const each of log.abortedTransactions(log.logStartOffset, log.logEndOffset)) {
      aborted.set(each.producerId, [...(aborted.get(each.producerId) ?? []), each]);
    }
    const records: Written[] = [];
    for (let next = log.logStartOffset; next < log.logEndOffset; ) {
      const bytes = log.readCopy(next, 1 << 30, log.logEndOffset, true);
      if (bytes.length === 0) break;
      for (let at = 0; at < bytes.length; at += batch.sizeBytes(bytes, at)) {
        if (!batch.isValid(bytes, at)) throw new Error(`the batch at ${next} is not valid`);
        next = batch.lastOffset(bytes, at) + 1;
        if (batch.isControl(bytes, at)) continue;
        const base = batch.baseOffset(bytes, at);
        const own = batch.isTransactional(bytes, at) ? aborted.get(batch.producerId(bytes, at)) : undefined;
        if (own?.some(({ firstOffset, lastOffset }) => base >= firstOffset && base <= lastOffset)) continue;
        for (const { offset, key, value, timestamp } of readRecords(bytes, at)) {
          records.push({ offset, key: text(key) as string, value: text(value), timestamp, transactional: -1 });
        }
      }
    }
    return records;
  }
}
