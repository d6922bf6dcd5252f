/**
 * Random keyed writes, tombstones, transactions, compactions, kills and power cuts against a model: the last value of
 * every key is kept, offsets never change, nothing that was deleted comes back.
 */
import { describe, expect, test } from "bun:test";
import { Prng } from "../base/prng.ts";
import * as batch from "../protocol/records/batch.ts";
import { type BatchOptions, buildBatch, buildControlBatch, type NewRecord } from "../protocol/records/builder.ts";
import { readRecords } from "../protocol/records/cursor.ts";
import { LogCleaner } from "./cleaner.ts";
import type { Log } from "./log.ts";
import { LogDirectory } from "./log-dir.ts";
import { type Fixture, fixture, settle, silent } from "./testing/log-fixture.ts";

const topicId = "S7lkWmYJQbS8F3X3Ho0dCw";
const utf8 = new TextEncoder();
const decoder = new TextDecoder();
const text = (bytes: Uint8Array | null) => (bytes === null ? null : decoder.decode(bytes));

interface Written {
  readonly offset: number;
  readonly key: string;
  readonly value: string | null;
  readonly timestamp: number;
}

const same = (a: Written | undefined, b: Written | undefined): boolean =>
  a?.offset === b?.offset && a?.key === b?.key && a?.value === b?.value && a?.timestamp === b?.timestamp;

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
  records = 0;
  compactions = 0;
  crashes = 0;
  private logEnd = 0;
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
  async finish<Result>(promise: Promise<Result>): Promise<Result> {
    let settled = false;
    const noted = promise.finally(() => {
      settled = true;
    });
    noted.catch(() => {});
    while (!settled) await settle(this.made.clock);
    return noted;
  }

  /** One batch, or a whole transaction. */
  async write(): Promise<void> {
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
      this.log.append(marker, "coordinator");
      this.logEnd = this.log.logEndOffset;
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
    this.log.append(bytes, "client");
    this.logEnd = this.log.logEndOffset;
    for (const { offset, key, value, timestamp } of readRecords(bytes)) {
      this.records++;
      if (!committed) continue;
      const record = { offset, key: text(key) as string, value: text(value), timestamp };
      this.written.set(offset, record);
      this.last.set(record.key, record);
    }
  }

  async sync(): Promise<void> {
    await this.finish(this.log.sync());
    this.log.updateHighWatermark(this.log.durableOffset);
  }

  async compact(): Promise<boolean> {
    const cleaned = await this.finish(this.cleaner.round());
    if (cleaned) this.compactions++;
    return cleaned;
  }

  /** The process or the power goes; then everything that was synced is there again. */
  async crash(kind: "kill" | "power"): Promise<void> {
    const { made } = this;
    this.crashes++;
    made.disk.fault = () => null;
    if (kind === "kill") made.disk.kill();
    else made.disk.crash(this.random.below(2) === 0 ? "none" : this.random);
    made.clock.dropTimers();
    await this.start();
    this.forgetLost();
    this.check();
  }

  /** Producers go on from what is left. */
  private forgetLost(): void {
    const end = this.log.logEndOffset;
    expect(end).toBe(this.logEnd); // the tests sync before they crash
    for (const { producerId, lastSequence } of this.log.producers.active()) {
      this.sequences.set(producerId, lastSequence + 1);
    }
  }

  /** Reads the whole log and holds it against all that was ever written. */
  check(): void {
    const seen = this.readAll();
    const present = new Set<number>();
    let before = -1;
    for (const record of seen) {
      if (record.offset <= before) throw new Error(`offset ${record.offset} behind ${before}`);
      before = record.offset;
      if (!same(record, this.written.get(record.offset)))
        expect(record).toEqual(this.written.get(record.offset) as Written);
      if (this.gone.has(record.offset)) throw new Error(`offset ${record.offset} was gone and is back`);
      present.add(record.offset);
    }
    const latest = new Map<string, Written>();
    for (const record of seen) latest.set(record.key, record);
    for (const [key, record] of this.last) {
      const found = latest.get(key);
      // The tombstone, or nothing at all.
      if (record.value === null && (found?.value ?? null) === null) continue;
      if (!same(found, record)) expect(found).toEqual(record);
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
      for (let at = 0; at < bytes.length; at += batch.sizeBytes(bytes, at)) {
        if (!batch.isValid(bytes, at)) throw new Error(`the batch at ${next} is not valid`);
        next = batch.lastOffset(bytes, at) + 1;
        if (batch.isControl(bytes, at)) continue;
        const base = batch.baseOffset(bytes, at);
        const own = batch.isTransactional(bytes, at) ? aborted.get(batch.producerId(bytes, at)) : undefined;
        if (own?.some(({ firstOffset, lastOffset }) => base >= firstOffset && base <= lastOffset)) continue;
        for (const { offset, key, value, timestamp } of readRecords(bytes, at)) {
          records.push({ offset, key: text(key) as string, value: text(value), timestamp });
        }
      }
    }
    return records;
  }
}

const seeds = (count: number, from = 0) => Array.from({ length: count }, (_, n) => n + from);

describe("a compacted log", () => {
  const count = Number(process.env.COMPACTION_SEEDS ?? 8);
  let records = 0;
  test.each(seeds(count))(
    "keeps the last value of every key (seed %d)",
    async (seed) => {
      const run = new CompactedLog(seed, { keys: 5 + (seed % 4) * 40, transactions: seed % 2 === 1 });
      await run.start();
      for (let step = 0; step < 60; step++) {
        for (let n = run.random.below(160); n >= 0; n--) await run.write();
        await run.sync();
        while (await run.compact());
        run.check();
        if (run.random.below(4) === 0) run.made.clock.jumpWall(run.random.below(120_000));
      }
      expect(run.compactions).toBeGreaterThan(3);
      const kept = run.written.size - run.gone.size;
      expect(kept).toBeLessThan(run.written.size / 2); // it did compact
      records += run.records;
    },
    60_000,
  );

  test("in tens of thousands of writes, a quarter of a million with COMPACTION_SEEDS=24", () => {
    expect(records).toBeGreaterThan(count * 10_000);
  });

  test.each(seeds(20, 100))(
    "survives a stop at any disk operation, by chance (seed %d)",
    async (seed) => {
      const run = new CompactedLog(seed, { keys: 30, transactions: seed % 2 === 1 });
      await run.start();
      for (let step = 0; step < 25; step++) {
        for (let n = run.random.below(40); n >= 0; n--) await run.write();
        await run.sync();
        let left = run.random.below(step % 3 === 0 ? 400 : 60);
        run.made.disk.fault = () => (left-- <= 0 ? "EIO" : null);
        await run.compact();
        await run.crash(run.random.below(2) === 0 ? "kill" : "power");
        if (run.random.below(3) === 0) await run.compact();
        if (run.random.below(4) === 0) run.made.clock.jumpWall(run.random.below(120_000));
        run.check();
      }
      expect(run.crashes).toBe(25);
    },
    60_000,
  );

  /** The same log each time, so that the n-th operation of its compaction is the same one. */
  async function filled(seed: number): Promise<CompactedLog> {
    const run = new CompactedLog(seed, { keys: 20, transactions: true });
    await run.start();
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 60; n++) await run.write();
      await run.sync();
      if (round === 0) await run.compact();
      run.made.clock.jumpWall(100_000);
    }
    return run;
  }

  test.each([
    ["kill", 2],
    ["power", 3],
  ] as const)(
    "survives a stop at every disk operation of a compaction: %s (seed %d)",
    async (kind, seed) => {
      const leftovers = new Set<string>();
      for (let at = 0; ; at++) {
        const run = await filled(seed);
        let operations = 0;
        run.made.disk.fault = () => (operations++ >= at ? "EIO" : null);
        await run.compact();
        run.made.disk.fault = () => null;
        const suffixes = run.made.disk.list("/data/orders-0").map(({ name }) => name.replace(/^\d+/, ""));
        for (const suffix of suffixes) if (/cleaned|swap/.test(suffix)) leftovers.add(suffix);
        await run.crash(kind);
        const names = run.made.disk.list("/data/orders-0").map(({ name }) => name);
        expect(names.filter((name) => /\.(cleaned|swap|deleted)$/.test(name))).toEqual([]);
        while (await run.compact());
        run.check();
        if (operations <= at) break; // nothing failed: the compaction has no further operation
        if (at > 5000) throw new Error("a compaction without an end");
      }
      for (const file of [".log", ".index", ".timeindex", ".txnindex"]) {
        expect(leftovers).toContain(`${file}.cleaned`);
        expect(leftovers).toContain(`${file}.swap`);
      }
    },
    120_000,
  );
});
