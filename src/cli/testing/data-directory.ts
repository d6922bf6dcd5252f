/** Data directories with every kind of file in them, as a whole node leaves them behind a clean stop. */
import { assert } from "../../../base/assert.ts";
import type { Logger } from "../../../base/ports.ts";
import { Prng } from "../../../base/prng.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import type { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { buildBatch, RecordBatchBuilder } from "../../../protocol/records/builder.ts";
import type { Codec } from "../../../protocol/records/codecs.ts";
import { LogCleaner } from "../../../storage/cleaner.ts";
import type { Log } from "../../../storage/log.ts";
import { LogDirectory, type LogDirectoryOptions } from "../../../storage/log-dir.ts";
import { defaultLogSettings } from "../../../storage/settings.ts";
import { type Image, imageOf } from "../../../storage/testing/images.ts";
import { alterTopic, createTopic } from "../../broker/testing/admin.ts";
import { MemoryNode } from "../../broker/testing/memory-node.ts";

export const home = "/data";
export const topic = "orders";
/** Compacted. */
export const tableTopic = "prices";
export const baseTimestamp = 1_700_000_000_000;
const METADATA_LOG = "__cluster_metadata";
/** The node is stopped and started again so often that its partitions have seen some leader epochs. */
const LIVES = 4;
/** What the metadata then says: each stop begins an epoch without a leader, each start one with. */
export const leaderEpoch = 2 * LIVES - 1;
const utf8 = new TextEncoder();
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const settings = { ...defaultLogSettings, segmentIndexBytes: 240, indexIntervalBytes: 150, segmentBytes: 1500 };
const tableSettings = { ...settings, cleanupDelete: false, cleanupCompact: true, minCleanableRatio: 0 };
const cleanerSettings = { enabled: true, backoffMs: 0, mapBytes: 1 << 14, mapLoadFactor: 0.9, ioBytes: 1 << 14 };

/** Of the node that the directory belongs to. */
export const nodeSettings = {
  "log.dirs": home,
  "log.index.size.max.bytes": "1024",
  "auto.create.topics.enable": "false",
  "metadata.log.max.record.bytes.between.snapshots": "1200",
};

/** `metadataEnd` is where the metadata log ends, as its node would say it; reads need not know it. */
export function directoryOptions(disk: MemoryDisk, clock: FakeClock, metadataEnd = 0): LogDirectoryOptions {
  const alsoSynced = () => [{ topic: METADATA_LOG, partition: 0, offset: metadataEnd }];
  const settingsFor = (name: string) => (name === tableTopic ? tableSettings : settings);
  return { disk, clock, random: new Prng(3), logger: silent, path: home, settingsFor, alsoSynced };
}

/** Runs a promise to its end on a clock that only the test moves. */
export async function finish<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let done = false;
  const settled = promise.finally(() => {
    done = true;
  });
  settled.catch(() => {});
  for (let n = 0; !done && n < 100_000; n++) {
    clock.advance(0);
    await Promise.resolve();
  }
  return settled;
}

/** Fills one log, batch by batch. */
class Filler {
  readonly log: Log;
  epoch = 0;
  private n = 0;
  private readonly sequences = new Map<number, number>();

  constructor(log: Log) {
    this.log = log;
    log.epochs.clear();
  }

  data(producerId: number, count: number, codec: Codec, isTransactional = false, keys = count): void {
    const n = this.n++;
    const records = Array.from({ length: count }, (_, i) => ({
      timestamp: baseTimestamp + n,
      key: utf8.encode(`k${(n * 3 + i) % keys}`),
      value: utf8.encode(`value ${n}`.padEnd(40, ".")),
    }));
    const baseSequence = this.sequences.get(producerId) ?? 0;
    this.sequences.set(producerId, baseSequence + count);
    const identity = producerId < 0 ? {} : { producerId, producerEpoch: 0, baseSequence };
    this.append(buildBatch(records, { ...this.place(), ...identity, isTransactional, codec }));
  }

  marker(producerId: number, type: "ABORT" | "COMMIT"): void {
    const facts = { ...this.place(), producerId, producerEpoch: 0, isControl: true, isTransactional: true };
    const builder = new RecordBatchBuilder(facts);
    builder.appendControl(baseTimestamp + 100, type, new Uint8Array([0, 0, 0, 0, 0, 5]));
    this.append(builder.build());
  }

  private place() {
    return { baseOffset: this.log.logEndOffset, partitionLeaderEpoch: this.epoch };
  }

  private append(bytes: Uint8Array): void {
    this.log.append(bytes, "coordinator");
  }
}

/** Two segments, three epochs, two producers, an aborted and a committed transaction, records deleted. */
function fillSample(log: Log): void {
  const filler = new Filler(log);
  for (let n = 0; n < 12; n++) {
    filler.epoch = Math.floor(n / 4);
    const codec = n % 3 === 1 ? "gzip" : "none";
    filler.data(5, 2, codec);
    if (n === 2 || n === 6) filler.data(9, 2, codec, true);
    if (n === 4) filler.marker(9, "ABORT");
    if (n === 8) filler.marker(9, "COMMIT");
  }
}

/** Of eight keys the last values, in what compaction leaves of several segments, and a dirty rest. */
function fillTable(log: Log, random: Prng): void {
  const filler = new Filler(log);
  for (let n = 10 + random.below(10); n > 0; n--) {
    if (n === 7) filler.epoch++;
    const codec = codecs[random.below(codecs.length)] ?? "none";
    filler.data(random.below(2) === 0 ? 5 : -1, 1 + random.below(4), codec, false, 8);
  }
}

async function compact(clock: FakeClock, directory: LogDirectory): Promise<void> {
  const random = new Prng(4);
  const settings = { ...cleanerSettings, bytesPerSecondMax: Number.MAX_VALUE };
  const cleaner = new LogCleaner({ clock, random, logger: silent, directories: [directory], settings });
  while (await finish(clock, cleaner.round()));
  clock.advance(tableSettings.fileDeleteDelayMs);
}

const codecs = ["none", "none", "none", "gzip", "snappy", "lz4", "zstd"] as const;
/** By what is drawn; 0 is a marker. */
const producers = [0, 9, 9, 5, 5, -1];

function fillRandomly(log: Log, random: Prng): void {
  const filler = new Filler(log);
  let open = false;
  for (let n = 4 + random.below(6); n > 0; n--) {
    if (random.below(4) === 0) filler.epoch = Math.min(leaderEpoch, filler.epoch + 1 + random.below(2));
    if (random.below(6) === 0) log.roll();
    const codec = codecs[random.below(codecs.length)] ?? "none";
    const choice = random.below(6);
    if (choice === 0 && open) filler.marker(9, random.below(3) === 0 ? "COMMIT" : "ABORT");
    const isTransactional = choice === 1 || choice === 2;
    open = choice > 0 && (open || isTransactional);
    if (choice > 0) filler.data(producers[choice] as number, 1 + random.below(3), codec, isTransactional);
  }
  if (open) filler.marker(9, "ABORT");
}

export interface DirectoryPlan {
  readonly partitions: number;
  /** Of a compacted topic. */
  readonly tables: number;
  /** Null: the sample that is always the same. */
  readonly seed: number | null;
}

/** A formatted node and two topics; their partitions filled, some records deleted, some compacted; stopped cleanly. */
export async function writtenDirectory({ partitions, tables, seed }: DirectoryPlan): Promise<Image> {
  const disk = await stoppedNode(partitions, tables);
  const clock = new FakeClock();
  const metadataEnd = endOf(disk, `${home}/${METADATA_LOG}-0`);
  const directory = await finish(clock, LogDirectory.open(directoryOptions(disk, clock, metadataEnd)));
  for (let n = 0; n < partitions; n++) {
    const random = seed === null ? null : new Prng(seed * 1_000 + n);
    const log = logOf(directory, topic, n);
    if (random === null) fillSample(log);
    else fillRandomly(log, random);
    await commit(clock, log);
    if (random === null || random.below(2) === 0) log.advanceLogStart(Math.min(3, log.logEndOffset), "records deleted");
  }
  for (let n = 0; n < tables; n++) {
    const log = logOf(directory, tableTopic, n);
    fillTable(log, new Prng((seed ?? 0) * 1_000 + 500 + n));
    await commit(clock, log);
  }
  await compact(clock, directory);
  await finish(clock, directory.close(7));
  return imageOf(disk);
}

/** Its metadata: a snapshot, and a change after it. */
async function stoppedNode(partitions: number, tables: number): Promise<MemoryDisk> {
  const node = await MemoryNode.start(nodeSettings);
  await createTopic(node, topic, { "segment.index.bytes": "1024" }, partitions);
  if (tables > 0) await createTopic(node, tableTopic, { "cleanup.policy": "compact" }, tables);
  await alterTopic(node, topic, { "retention.ms": "-1" });
  await node.stop();
  for (let n = 1; n < LIVES; n++) await (await MemoryNode.start(nodeSettings, node.disk)).stop();
  return node.disk;
}

function logOf(directory: LogDirectory, name: string, partition: number): Log {
  const log = directory.log(name, partition);
  assert(log !== null, "the node has made its partitions");
  return log;
}

async function commit(clock: FakeClock, log: Log): Promise<void> {
  await finish(clock, log.sync());
  log.updateHighWatermark(log.logEndOffset);
}

/** The producer snapshot of a clean stop is named after the end of its log. */
function endOf(disk: MemoryDisk, directory: string): number {
  const names = disk.list(directory).map(({ name }) => name);
  return Math.max(...names.filter((name) => name.endsWith(".snapshot")).map((name) => Number(name.split(".")[0])));
}
