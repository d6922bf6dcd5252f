/** A data directory with every kind of file in it, as a whole node leaves it behind a clean stop. */
import { DiskError } from "../../../base/ports.ts";
import { Prng } from "../../../base/prng.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import type { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { buildBatch, RecordBatchBuilder } from "../../../protocol/records/builder.ts";
import type { Log } from "../../../storage/log.ts";
import { LogDirectory, type LogDirectoryOptions } from "../../../storage/log-dir.ts";
import { defaultLogSettings } from "../../../storage/settings.ts";
import { type Image, imageOf } from "../../../storage/testing/images.ts";
import { createTopic } from "../../broker/testing/admin.ts";
import { MemoryNode } from "../../broker/testing/memory-node.ts";

export const home = "/data";
export const partition = `${home}/orders-0`;
/** Where the metadata log of such a directory ends: its node would say so. */
export const metadataEnd = 21;
const utf8 = new TextEncoder();

export function directoryOptions(disk: MemoryDisk, clock: FakeClock): LogDirectoryOptions {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const settings = { ...defaultLogSettings, segmentIndexBytes: 240, indexIntervalBytes: 150, segmentBytes: 1500 };
  const alsoSynced = () => [{ topic: "__cluster_metadata", partition: 0, offset: metadataEnd }];
  return { disk, clock, random: new Prng(3), logger: silent, path: home, settingsFor: () => settings, alsoSynced };
}

/** Runs a promise to its end on a clock that only the test moves. */
export async function finish<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let done = false;
  const settled = promise.finally(() => {
    done = true;
  });
  settled.catch(() => {});
  for (let n = 0; !done && n < 10_000; n++) {
    clock.advance(0);
    await Promise.resolve();
  }
  return settled;
}

/** The records of one batch, and the marker of a transaction. */
function data(log: Log, n: number, producerId: number, isTransactional: boolean): Uint8Array {
  const records = Array.from({ length: 2 }, (_, i) => ({
    timestamp: 1_700_000_000_000 + n,
    key: utf8.encode(`k${i}`),
    value: utf8.encode(`value ${n}`.padEnd(40, ".")),
  }));
  const baseSequence = 2 * n;
  const epoch = Math.floor(n / 4);
  const codec = n % 3 === 1 ? "gzip" : "none";
  const baseOffset = log.logEndOffset;
  const place = { baseOffset, partitionLeaderEpoch: epoch, producerId, producerEpoch: 0, baseSequence };
  return buildBatch(records, { ...place, isTransactional, codec });
}

function marker(log: Log, producerId: number, type: "ABORT" | "COMMIT", epoch: number): Uint8Array {
  const place = { baseOffset: log.logEndOffset, partitionLeaderEpoch: epoch, producerId, producerEpoch: 0 };
  const builder = new RecordBatchBuilder({ ...place, isControl: true, isTransactional: true });
  builder.appendControl(1_700_000_000_100, type, new Uint8Array([0, 0, 0, 0, 0, 5]));
  return builder.build();
}

/** A formatted node, one topic, two segments with producers and an aborted transaction; stopped cleanly. */
export async function writtenDirectory(): Promise<Image> {
  const node = await MemoryNode.start({ "log.dirs": home });
  await createTopic(node, "orders");
  await node.stop();
  const { disk } = node;
  const clock = new FakeClock();
  const directory = await finish(clock, LogDirectory.open(directoryOptions(disk, clock)));
  const log = directory.log("orders", 0);
  if (log === null) throw new DiskError("open", partition, "ENOENT");
  log.epochs.clear();
  for (let n = 0; n < 12; n++) {
    log.append(data(log, n, 5, false), "coordinator");
    if (n === 2 || n === 6) log.append(data(log, n, 9, true), "coordinator");
    if (n === 4) log.append(marker(log, 9, "ABORT", 1), "coordinator");
    if (n === 8) log.append(marker(log, 9, "COMMIT", 2), "coordinator");
  }
  await finish(clock, log.sync());
  log.updateHighWatermark(log.logEndOffset);
  await finish(clock, directory.close(7));
  return imageOf(disk);
}
