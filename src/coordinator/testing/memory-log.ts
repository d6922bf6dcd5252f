/** Partitions in memory for tests: appends are committed when the test says so, and fail when it says so. */
import { assert } from "../../../base/assert.ts";
import type { Cancel } from "../../../base/ports.ts";
import { type ErrorName, KafkaError } from "../../../protocol/errors.ts";
import * as batch from "../../../protocol/records/batch.ts";
import type { PartitionEvents, PartitionRange, PartitionWriter } from "../partition-writer.ts";

interface Partition {
  batches: Uint8Array[];
  endOffset: number;
  highWatermark: number;
  readonly events: Set<PartitionEvents>;
}

export class MemoryLog implements PartitionWriter {
  /** Makes every append fail until it is null again. */
  failure: ErrorName | null = null;
  batchBytes = 1_000_000;
  partitions = 1;
  /** How many batches were appended, ever. */
  appends = 0;
  private readonly held = new Map<number, Partition>();

  partitionCount(): number {
    return this.partitions;
  }

  append(_topic: string, partition: number, leaderEpoch: number, bytes: Uint8Array): number {
    if (this.failure !== null) throw new KafkaError(this.failure);
    if (bytes.length > this.batchBytes) throw new KafkaError("MESSAGE_TOO_LARGE");
    assert(batch.isValid(bytes, 0), "a batch has its CRC");
    const log = this.partition(partition);
    batch.setBaseOffset(bytes, 0, log.endOffset);
    batch.setPartitionLeaderEpoch(bytes, 0, leaderEpoch);
    log.batches.push(bytes);
    log.endOffset = batch.lastOffset(bytes, 0) + 1;
    this.appends++;
    return log.endOffset - 1;
  }

  batchBytesMax(): number {
    return this.batchBytes;
  }

  follow(_topic: string, partition: number, events: PartitionEvents): Cancel {
    const log = this.partition(partition);
    log.events.add(events);
    return () => log.events.delete(events);
  }

  range(_topic: string, partition: number): PartitionRange {
    const { endOffset, highWatermark } = this.partition(partition);
    return { startOffset: 0, endOffset, highWatermark };
  }

  async read(_topic: string, partition: number, offset: number, bytesMax: number): Promise<Uint8Array> {
    const read: number[] = [];
    for (const bytes of this.partition(partition).batches) {
      if (batch.lastOffset(bytes, 0) < offset) continue;
      if (read.length > 0 && read.length + bytes.length > bytesMax) break;
      read.push(...bytes);
    }
    return Uint8Array.from(read);
  }

  // What a test does

  /** Everything appended is committed now. */
  commit(): void {
    for (const log of this.held.values()) {
      if (log.highWatermark === log.endOffset) continue;
      log.highWatermark = log.endOffset;
      for (const events of [...log.events]) events.committed(log.highWatermark);
    }
  }

  lose(partition = 0): void {
    for (const events of [...this.partition(partition).events]) events.lost();
  }

  /** Puts a batch there as another leader would have. */
  put(bytes: Uint8Array, partition = 0): void {
    this.append("", partition, 0, bytes);
    const log = this.partition(partition);
    log.highWatermark = log.endOffset;
  }

  batchesOf(partition = 0): readonly Uint8Array[] {
    return this.partition(partition).batches;
  }

  private partition(index: number): Partition {
    let log = this.held.get(index);
    if (log === undefined) {
      log = { batches: [], endOffset: 0, highWatermark: 0, events: new Set() };
      this.held.set(index, log);
    }
    return log;
  }
}

/** Keeps what was logged. */
export class MemoryLogger {
  readonly lines: string[] = [];
  debug(): void {}
  info(message: string): void {
    this.lines.push(`info ${message}`);
  }
  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }
  error(message: string): void {
    this.lines.push(`error ${message}`);
  }
}
