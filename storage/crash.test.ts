/** Random work, syncs, power cuts and kills against a model: nothing synced is lost, and what is left is a prefix. */
import { describe, expect, test } from "bun:test";
import { Prng } from "../base/prng.ts";
import { buildControlBatch } from "../protocol/records/builder.ts";
import type { Log } from "./log.ts";
import { LogDirectory } from "./log-dir.ts";
import { allBytes, append, batchAt, type Fixture, fixture, opened, settle } from "./testing/log-fixture.ts";

const topicId = "S7lkWmYJQbS8F3X3Ho0dCw";

/** What the log should hold: one entry per batch. */
interface Model {
  readonly batches: { readonly offset: number; readonly bytes: Uint8Array }[];
  logEnd: number;
  logStart: number;
  /** Acknowledged by a sync. */
  durable: number;
  /** No crash leaves less: truncations are synced before they return. */
  epoch: number;
}

async function open(made: Fixture): Promise<LogDirectory> {
  const { disk, clock } = made;
  const { random, logger, settings } = made.options;
  const recoveryPointBytes = () => 1500;
  const doors = { disk, clock, random, logger, path: "/data" };
  const opening = LogDirectory.open({ ...doors, settingsFor: () => settings, recoveryPointBytes });
  await settle(clock);
  return opening;
}

async function finish(made: Fixture, promise: Promise<unknown>): Promise<void> {
  await settle(made.clock);
  await promise;
}

class Run {
  readonly random: Prng;
  readonly made: Fixture;
  directory!: LogDirectory;
  log!: Log;
  readonly model: Model = { batches: [], logEnd: 0, logStart: 0, durable: 0, epoch: 1 };
  readonly unfinished: Promise<unknown>[] = [];
  crashes = 0;
  lost = 0;

  constructor(seed: number) {
    this.random = new Prng(seed);
    this.made = fixture({ segmentBytes: 500 + this.random.below(800), retentionBytes: 2000, retentionMs: -1 });
  }

  async start(): Promise<void> {
    this.directory = await open(this.made);
    this.log = await this.directory.create("orders", 0, topicId);
  }

  async step(): Promise<void> {
    const { random, log, model, made } = this;
    const choice = random.below(100);
    if (choice < 60) {
      const count = 1 + random.below(4);
      if (random.below(20) === 0) model.epoch++;
      const offset = log.logEndOffset;
      const bytes = append(log, { count, epoch: model.epoch, valueBytes: 10 + random.below(80) });
      model.batches.push({ offset, bytes });
      model.logEnd = offset + count;
    } else if (choice < 72) {
      const upTo = log.logEndOffset;
      await finish(made, log.sync());
      expect(log.durableOffset).toBeGreaterThanOrEqual(upTo);
      model.durable = log.durableOffset;
    } else if (choice < 76) {
      this.unfinished.push(log.sync().catch(() => {})); // a crash may come before it is done
    } else if (choice < 80) {
      log.updateHighWatermark(log.durableOffset);
      await finish(made, this.directory.checkpoint());
    } else if (choice < 83) {
      log.applyRetention(made.clock.nowMs());
      this.startMoved();
    } else if (choice < 86) {
      const to = log.logStartOffset + random.below(log.highWatermark - log.logStartOffset + 1);
      log.advanceLogStart(to, "records deleted");
      this.startMoved();
    } else if (choice < 89 && model.batches.length > 0) await this.truncate();
    else if (choice < 91) made.clock.advance(60_000);
    else if (choice < 94) await this.stopCleanly();
    else await this.crash();
  }

  private startMoved(): void {
    const { model, log } = this;
    model.logStart = log.logStartOffset;
    model.durable = Math.max(model.durable, model.logStart);
  }

  private async truncate(): Promise<void> {
    const { model, log, random, made } = this;
    const batch = model.batches[random.below(model.batches.length)];
    if (batch === undefined || batch.offset < log.logStartOffset) return;
    model.batches.splice(model.batches.indexOf(batch));
    await finish(made, log.truncateTo(batch.offset));
    model.logEnd = batch.offset;
    model.durable = log.durableOffset;
    model.epoch++;
  }

  async stopCleanly(): Promise<void> {
    await finish(this.made, this.directory.close(1));
    this.made.clock.dropTimers();
    this.made.disk.crash(); // a clean stop leaves nothing to lose
    this.model.durable = this.model.logEnd;
    await this.start();
    this.check();
  }

  private async crash(): Promise<void> {
    const { random, made, model } = this;
    this.crashes++;
    const kind = random.below(3);
    if (kind === 0) made.disk.kill();
    else made.disk.crash(kind === 1 ? "none" : random);
    if (kind === 0) model.durable = model.logEnd;
    await this.endProcess();
    await this.start();
    this.check();
  }

  /** What the process had under way comes to nothing before the next one begins. */
  private async endProcess(): Promise<void> {
    const { disk, clock } = this.made;
    clock.dropTimers();
    disk.fault = () => "EIO";
    await settle(clock);
    disk.fault = () => null;
    clock.dropTimers();
    this.unfinished.length = 0;
  }

  /** The model takes what survived for what is. */
  private check(): void {
    const { log, model } = this;
    expect(log.logEndOffset).toBeGreaterThanOrEqual(model.durable);
    expect(log.logEndOffset).toBeLessThanOrEqual(model.logEnd);
    this.lost += model.logEnd - log.logEndOffset;
    const kept = model.batches.filter(({ offset }) => offset < log.logEndOffset);
    const present = log.logEndOffset === log.logStartOffset ? new Uint8Array(0) : allBytes(log);
    const expected = kept.filter(({ offset }) => offset >= firstBatchOffset(present, log.logEndOffset));
    expect(offsetsIn(present)).toEqual(expected.map(({ offset }) => offset));
    expect(present).toEqual(new Uint8Array(expected.flatMap(({ bytes }) => [...bytes])));
    expect(firstBatchOffset(present, log.logEndOffset)).toBeLessThanOrEqual(
      Math.max(model.logStart, log.logStartOffset),
    );
    model.batches.splice(0, model.batches.length, ...kept);
    model.logEnd = log.logEndOffset;
    model.durable = log.durableOffset;
    expect(log.durableOffset).toBe(log.logEndOffset);
    for (const { epoch, startOffset } of log.epochs.entries()) {
      expect(epoch).toBeLessThanOrEqual(model.epoch);
      expect(startOffset).toBeLessThanOrEqual(log.logEndOffset);
    }
  }
}

function offsetsIn(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const offsets: number[] = [];
  for (let at = 0; at < bytes.length; at += 12 + view.getInt32(at + 8)) offsets.push(Number(view.getBigInt64(at)));
  return offsets;
}

function firstBatchOffset(bytes: Uint8Array, otherwise: number): number {
  return bytes.length === 0 ? otherwise : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0));
}

describe("a log under power cuts", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("loses nothing that was synced (seed %d)", async (seed) => {
    const run = new Run(seed);
    await run.start();
    for (let i = 0; i < 150; i++) await run.step();
    await run.stopCleanly();
  });

  test("the model can see a loss: unsynced records do vanish", async () => {
    let lost = 0;
    for (let seed = 100; seed < 110; seed++) {
      const run = new Run(seed);
      await run.start();
      for (let i = 0; i < 100; i++) await run.step();
      lost += run.lost;
    }
    expect(lost).toBeGreaterThan(10);
  });
});

test("after a failed sync the next start believes the device, not the memory", async () => {
  const made = fixture();
  const log = await opened(made);
  append(log);
  await finish(made, log.sync());
  append(log);
  made.disk.fault = (operation) => (operation === "sync" ? "EIO" : null);
  const failing = log.sync();
  failing.catch(() => {});
  await settle(made.clock);
  await expect(failing).rejects.toThrow("EIO");
  made.disk.fault = () => null;
  made.disk.kill();
  expect((await opened(made, { cleanShutdown: false, recoveryPoint: 0 })).logEndOffset).toBe(1);
});

test("the end of a log syncs each of its files once: where that fails, it has not been asked again", async () => {
  const made = fixture();
  const log = await opened(made);
  append(log);
  await finish(made, log.sync());
  const synced: string[] = [];
  made.disk.fault = (operation, path) => {
    if (operation === "sync") synced.push(path);
    return null;
  };
  await finish(made, log.close());
  expect(synced).toContain("/data/orders-0/00000000000000000000.log");
  expect(synced).toEqual([...new Set(synced)]);
});

test("aborted transactions that recovery has taken back do not return with the next power cut", async () => {
  const made = fixture({ segmentBytes: 100_000 });
  const log = await opened(made);
  const transaction = { producerId: 7, producerEpoch: 0, isTransactional: true };
  append(log, { ...transaction, baseSequence: 0 });
  const marker = buildControlBatch("ABORT", new Uint8Array(6), 1, { ...transaction, baseOffset: 1 });
  log.append(marker, "coordinator");
  log.roll();
  await finish(made, log.sync());
  made.disk.crash("none");
  // The device has lost the batches; what was written of the index stays.
  made.disk.plant("/data/orders-0/00000000000000000000.log", new Uint8Array(0));
  const recovered = await opened(made, { cleanShutdown: false, recoveryPoint: 0 });
  expect(recovered.logEndOffset).toBe(0);
  for (let n = 0; n < 2; n++) append(recovered);
  recovered.roll();
  await finish(made, recovered.sync());
  made.disk.crash("none");
  const again = await opened(made, { cleanShutdown: false, recoveryPoint: 2 });
  expect(again.abortedTransactions(0, 2)).toEqual([]);
});

test("an index that is full takes no more entries, and what lies behind is still found", async () => {
  const made = fixture({ segmentIndexBytes: 40, indexIntervalBytes: 0, segmentBytes: 100_000 });
  const log = await opened(made);
  const batches = Array.from({ length: 20 }, (_, n) => batchAt(n, { timestamp: 1_000 + n }));
  log.append(new Uint8Array(batches.flatMap((bytes) => [...bytes])), "replication");
  await finish(made, log.sync());
  made.disk.kill();
  const again = await opened(made, { cleanShutdown: false, recoveryPoint: 0 });
  expect(again.segmentCount).toBe(1);
  expect(again.readCopy(19, 1, 20, true)).toEqual(batches[19] as Uint8Array);
  expect(again.offsetForTimestamp(1_019)?.offset).toBe(19);
});

test.each([
  ["time index", "timeindex"],
  ["offset index", "index"],
])("a clean start builds a %s again whose last entry names an offset that is not there", async (_, suffix) => {
  const made = fixture({ segmentIndexBytes: 400, indexIntervalBytes: 0, segmentBytes: 100_000 });
  const log = await opened(made);
  for (let n = 0; n < 5; n++) append(log, { timestamp: 1_000 + n });
  await finish(made, log.close());
  const path = `/data/orders-0/00000000000000000000.${suffix}`;
  const bytes = made.disk.contentOf(path).slice();
  bytes[bytes.length - (suffix === "index" ? 6 : 2)] = 7; // the offset of the last entry
  made.disk.plant(path, bytes);
  const again = await opened(made, { cleanShutdown: true });
  for (let n = 5; n < 10; n++) append(again, { timestamp: 1_000 + n });
  again.roll();
  expect(again.offsetForTimestamp(1_009)?.offset).toBe(9);
});
