/**
 * R7: the metadata that a snapshot and the log after it give is what an older snapshot, or nothing, and all of the log
 * give. Looked at while the node is down, from its files alone.
 */
import type { MetadataImage } from "../metadata/image.ts";
import { ImageLoader } from "../metadata/loader.ts";
import { readRecord, writeRecord } from "../metadata/records/serde.ts";
import { snapshotRecords } from "../metadata/snapshot.ts";
import { type DecodedBatch, decodeBatches } from "../raft/driver/batches.ts";
import { compareSnapshots, decodeSnapshot, parseSnapshotName } from "../raft/driver/snapshot.ts";
import type { OffsetAndEpoch } from "../raft/state.ts";
import type { SimDisk } from "./disk.ts";
import type { World } from "./world.ts";

const METADATA_LOG = "/data/__cluster_metadata-0";

export function checkImages(world: World, disk: SimDisk): void {
  const log = readLog(disk);
  const snapshots = readSnapshots(disk);
  const first = log[0]?.baseOffset ?? 0;
  // The log must go on where a snapshot ends; the one of a freshly formatted directory is empty.
  const usable = snapshots.filter(({ offset }) => offset >= first);
  const [oldest, latest] = [usable[0], usable.at(-1)];
  if (oldest === undefined || latest === undefined || oldest === latest) return;
  const byLatest = textOf(imageFrom(disk, latest, log));
  const byOldest = textOf(imageFrom(disk, oldest, log));
  if (byLatest === byOldest) return;
  const detail = `from offset ${oldest.offset} on the log gives another image than the snapshot at ${latest.offset}`;
  world.fail("R7 a snapshot is what replay gives", detail);
}

function readLog(disk: SimDisk): DecodedBatch[] {
  const names = disk
    .list(METADATA_LOG)
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".log"));
  return names.sort().flatMap((name) => {
    return [...decodeBatches(disk.contentOf(`${METADATA_LOG}/${name}`) ?? new Uint8Array(0))];
  });
}

function readSnapshots(disk: SimDisk): (OffsetAndEpoch & { readonly path: string })[] {
  const found = disk.list(METADATA_LOG).flatMap(({ name }) => {
    const id = parseSnapshotName(name);
    return id === null ? [] : [{ ...id, path: `${METADATA_LOG}/${name}` }];
  });
  return found.sort(compareSnapshots);
}

function imageFrom(
  disk: SimDisk,
  { path, offset, epoch }: OffsetAndEpoch & { readonly path: string },
  log: readonly DecodedBatch[],
): MetadataImage {
  const { records, lastContainedLogTimeMs } = decodeSnapshot(disk.contentOf(path) ?? new Uint8Array(0), path);
  const loader = new ImageLoader();
  loader.loadSnapshot(records.map(readRecord), { offset: offset - 1, epoch, timestampMs: lastContainedLogTimeMs });
  const after = log.filter(({ baseOffset, records }) => baseOffset >= offset && records.length > 0);
  loader.load(
    after.map(({ baseOffset, epoch, appendTimeMs, records }) => {
      return { baseOffset, epoch, timestampMs: appendTimeMs, records: records.map(readRecord) };
    }),
  );
  return loader.image;
}

/** The same for equal images, whatever order their parts came in. */
function textOf(image: MetadataImage): string {
  return [...snapshotRecords(image)]
    .map((record) => writeRecord(record).join())
    .sort()
    .join("\n");
}
