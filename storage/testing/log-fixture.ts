/** A log on a disk in memory, and batches for it. */

import type { Logger } from "../../base/ports.ts";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { type BatchOptions, buildBatch } from "../../protocol/records/builder.ts";
import { Log } from "../log.ts";
import { defaultLogSettings, type LogOptions, type LogSettings } from "../settings.ts";

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export interface Fixture {
  readonly disk: MemoryDisk;
  readonly clock: FakeClock;
  readonly options: LogOptions;
}

export function fixture(settings: Partial<LogSettings> = {}, options: Partial<LogOptions> = {}): Fixture {
  const clock = new FakeClock();
  const disk = new MemoryDisk(() => clock.nowMs());
  disk.makeDirectory("/data");
  disk.crash("all"); // what is here now is durable
  return {
    disk,
    clock,
    options: {
      disk,
      clock,
      random: new Prng(1),
      logger: silent,
      path: "/data/orders-0",
      topic: "orders",
      partition: 0,
      settings: { ...defaultLogSettings, segmentIndexBytes: 800, indexIntervalBytes: 100, ...settings },
      ...options,
    },
  };
}

export interface TestBatch extends BatchOptions {
  readonly count?: number;
  readonly timestamp?: number;
  readonly valueBytes?: number;
  readonly epoch?: number;
}

const utf8 = new TextEncoder();

/** A batch whose values name their offsets. */
export function batchAt(baseOffset: number, options: TestBatch = {}): Uint8Array {
  const { count = 1, timestamp = 1_700_000_000_000, valueBytes = 10, epoch = 0, ...rest } = options;
  const records = Array.from({ length: count }, (_, n) => ({
    timestamp: timestamp + n,
    key: utf8.encode(`k${(baseOffset + n) % 7}`),
    value: utf8.encode(`v${baseOffset + n}`.padEnd(valueBytes, ".")),
  }));
  return buildBatch(records, { ...rest, baseOffset, partitionLeaderEpoch: epoch });
}

/** Appends at the end of the log; returns the bytes. */
export function append(log: Log, options: TestBatch = {}): Uint8Array {
  const bytes = batchAt(log.logEndOffset, options);
  log.append(bytes, "client");
  return bytes;
}

export async function opened(made: Fixture, options: Partial<LogOptions> = {}): Promise<Log> {
  const opening = Log.open({ ...made.options, ...options });
  await settle(made.clock);
  return opening;
}

/** Lets promises, ends of turns and pauses of zero length come to rest. */
export async function settle(clock: FakeClock): Promise<void> {
  for (let i = 0; i < 30; i++) {
    clock.advance(0);
    await Promise.resolve();
  }
}

export function allBytes(log: Log): Uint8Array {
  const pieces: Uint8Array[] = [];
  let offset = log.logStartOffset;
  while (offset < log.logEndOffset) {
    const bytes = log.readCopy(offset, 1 << 30, log.logEndOffset, true);
    if (bytes.length === 0) break;
    pieces.push(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    let at = 0;
    while (at < bytes.length) {
      offset = Number(view.getBigInt64(at)) + view.getInt32(at + 23) + 1;
      at += 12 + view.getInt32(at + 8);
    }
  }
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}
