/**
 * A node works, and before each of its disk operations the power might go: of what was not synced at that moment every
 * mixture of sectors, sizes and directory entries may be left. Each such image is recovered as a start would, and
 * every record that was acknowledged by then must be in it, as it was written.
 */
import { Prng } from "../../../base/prng.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import type { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { baseOffset, crc, lastOffset, sizeBytes } from "../../../protocol/records/batch.ts";
import { buildBatch } from "../../../protocol/records/builder.ts";
import type { Log } from "../../../storage/log.ts";
import { LogDirectory } from "../../../storage/log-dir.ts";
import { createTopic, deleteRecords, produceBatch } from "../../broker/testing/admin.ts";
import { MemoryNode } from "../../broker/testing/memory-node.ts";
import { beforeEachWrite, CrashRun, type History, type Verdict } from "./crash-run.ts";
import { directoryOptions, finish, home, topic } from "./data-directory.ts";

export interface CrashOptions {
  /** Apache's page-cache rule where false. */
  readonly flushBeforeAck: boolean;
  readonly seed: number;
}

interface Acknowledged {
  readonly offset: number;
  readonly crc: number;
}

/** A moment, and what the client knew at it. */
interface Moment {
  readonly disk: MemoryDisk;
  readonly acknowledged: number;
  /** Records below may be gone: somebody has asked for their deletion. */
  readonly deletedTo: number;
  readonly written: number;
}

const BATCHES = 24;
const IMAGES_PER_OPERATION = 4;
/** Of a history this share of the operations is looked at, so that there are many histories. */
const OPERATIONS = 3;

export const crashRun = ({ flushBeforeAck, seed }: CrashOptions, onProgress: () => void = () => {}) =>
  new CrashRun((each) => new RecordHistory(each, flushBeforeAck), seed, onProgress);

/** One node's life, with the images of the disk along it. */
class RecordHistory implements History<Moment> {
  readonly snapshotCount = 0;
  private readonly acknowledged: Acknowledged[] = [];
  readonly moments: Moment[] = [];
  private readonly random: Prng;
  private readonly seed: number;
  private readonly flushBeforeAck: boolean;
  private deletedTo = 0;
  private written = 0;

  constructor(seed: number, flushBeforeAck: boolean) {
    this.seed = seed;
    this.random = new Prng(seed);
    this.flushBeforeAck = flushBeforeAck;
  }

  get acknowledgedCount(): number {
    return this.acknowledged.length;
  }

  async run(): Promise<void> {
    const { random } = this;
    const node = await MemoryNode.start({
      "log.dirs": home,
      "odradek.flush.before.ack": String(this.flushBeforeAck),
      "log.initial.task.delay.ms": "20",
      "log.flush.offset.checkpoint.interval.ms": "20",
      "log.flush.start.offset.checkpoint.interval.ms": "20",
      "replica.high.watermark.checkpoint.interval.ms": "20",
      "odradek.recovery.point.bytes": "2000",
    });
    const segmentBytes = String(700 + random.below(900));
    await createTopic(node, topic, { "segment.index.bytes": "240", "internal.segment.bytes": segmentBytes });
    this.watch(node);
    for (let n = 0; n < BATCHES; ) {
      const group = Array.from({ length: 1 + random.below(3) }, () => this.produce(node, n++));
      await Promise.all(group);
      if (random.below(8) === 0) await this.deleteRecords(node);
      if (random.below(4) === 0) await node.clock.run(random.below(60));
    }
    node.disk.fault = () => null;
    await node.stop();
  }

  private watch(node: MemoryNode): void {
    const survival = new Prng(this.seed ^ 0x5eed);
    beforeEachWrite(node, this.random, () => {
      if (this.random.below(OPERATIONS) !== 0) return;
      for (let n = 0; n < IMAGES_PER_OPERATION; n++) {
        const { deletedTo, written } = this;
        const disk = node.disk.crashImage(n === 0 ? "none" : survival, "__cluster_metadata-0");
        this.moments.push({ disk, acknowledged: this.acknowledged.length, deletedTo, written });
      }
    });
  }

  async judge(moment: Moment): Promise<Verdict> {
    const { log, damage } = await recovered(moment.disk, this.flushBeforeAck);
    const fault = damage ?? faultOf(log, moment, this.acknowledged.slice(0, moment.acknowledged));
    return { fault, unacknowledgedGone: Math.max(0, moment.written - (log?.logEndOffset ?? 0)) };
  }

  private async produce(node: MemoryNode, n: number): Promise<void> {
    const { random } = this;
    const value = new Uint8Array(10 + random.below(120)).fill(n);
    const count = 1 + random.below(3);
    const records = Array.from({ length: count }, (_, i) => ({ timestamp: 1_000 * n + i, key: null, value }));
    const codec = random.below(4) === 0 ? "gzip" : "none";
    const bytes = buildBatch(records, { codec });
    const checksum = crc(bytes, 0);
    this.written += count;
    const { error, offset } = await produceBatch(node, topic, bytes);
    if (error !== "NONE") throw new Error(`a batch is refused: ${error}`);
    this.acknowledged.push({ offset, crc: checksum });
  }

  private async deleteRecords(node: MemoryNode): Promise<void> {
    const offset = this.random.below(Math.max(1, ...this.acknowledged.map((each) => each.offset)));
    this.deletedTo = Math.max(this.deletedTo, offset);
    await deleteRecords(node, topic, offset);
  }
}

async function recovered(
  disk: MemoryDisk,
  highWatermarksAreSynced: boolean,
): Promise<{ readonly log: Log | null; readonly damage: string | null }> {
  const clock = new FakeClock();
  const options = { ...directoryOptions(disk, clock), highWatermarksAreSynced };
  const directory = await finish(clock, LogDirectory.open(options));
  const [damage] = directory.damaged.values();
  return { log: directory.log(topic, 0), damage: damage === undefined ? null : `fenced: ${damage.message}` };
}

/** Null where all that was acknowledged is there; otherwise what is wrong. */
function faultOf(log: Log | null, { deletedTo }: Moment, acknowledged: readonly Acknowledged[]): string | null {
  if (log === null) return acknowledged.length === 0 ? null : "there is no log";
  if (log.logStartOffset > deletedTo) return `the log starts at ${log.logStartOffset}, deleted was up to ${deletedTo}`;
  const present = batchesOf(log);
  for (const { offset, crc: checksum } of acknowledged) {
    if (offset < log.logStartOffset) continue;
    if (present.get(offset) !== checksum)
      return `offset ${offset} was acknowledged, the log ends at ${log.logEndOffset}`;
  }
  return null;
}

/** Checksums by base offset. */
function batchesOf(log: Log): Map<number, number> {
  const found = new Map<number, number>();
  for (let offset = log.logStartOffset; offset < log.logEndOffset; ) {
    const bytes = log.readCopy(offset, 1 << 20, log.logEndOffset, true);
    for (let at = 0; at < bytes.length; at += sizeBytes(bytes, at)) {
      found.set(baseOffset(bytes, at), crc(bytes, at));
      offset = lastOffset(bytes, at) + 1;
    }
    if (bytes.length === 0) break;
  }
  return found;
}
