/** What a disk holds of a log, whatever the programs say: what they have written, or what a power cut leaves of it. */
import * as batch from "../../protocol/records/batch.ts";
import { forEachBatch, readRecords } from "../../protocol/records/cursor.ts";
import { decodeBatches, decodeControl } from "../raft/driver/batches.ts";
import { compareSnapshots, decodeSnapshot, parseSnapshotName } from "../raft/driver/snapshot.ts";
import type { VoterSet } from "../raft/state.ts";
import type { SimDisk } from "./disk.ts";

const utf8 = new TextDecoder();

export const isSound = (bytes: Uint8Array, at: number, sizeBytes: number): boolean =>
  sizeBytes >= batch.HEADER_SIZE && batch.isValid(bytes.subarray(at, at + sizeBytes), 0);

interface Segment {
  readonly path: string;
  readonly baseOffset: number;
  readonly read: () => Uint8Array;
}

/** In their order, as programs see them or as the device holds them. */
function segmentFiles(disk: SimDisk, directory: string, durable: boolean): Segment[] {
  if (disk.info(directory) === null) return [];
  const segments: Segment[] = [];
  for (const [path, file] of durable ? disk.durableFiles(directory) : disk.filesBelow(directory)) {
    if (!path.endsWith(".log")) continue;
    const baseOffset = Number(path.slice(directory.length + 1, -".log".length));
    const read = () => (durable ? file.durableContent() : file.read(0, file.sizeBytes));
    segments.push({ path, baseOffset, read });
  }
  return segments.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** With what is in them. */
export function segmentsOf(
  disk: SimDisk,
  directory: string,
  durable: boolean,
): (readonly [path: string, bytes: Uint8Array])[] {
  return segmentFiles(disk, directory, durable).map(({ path, read }) => [path, read()] as const);
}

/** One past the last offset on the device; what a snapshot of the metadata has is there, too. */
export function durableEnd(disk: SimDisk, directory: string): number {
  let end = 0;
  for (const [path] of disk.durableFiles(directory)) {
    end = Math.max(end, parseSnapshotName(path.slice(directory.length + 1))?.offset ?? 0);
  }
  for (const [, bytes] of segmentsOf(disk, directory, true)) {
    let torn = false;
    forEachBatch(bytes, (at, sizeBytes) => {
      torn ||= !isSound(bytes, at, sizeBytes);
      if (!torn) end = Math.max(end, batch.lastOffset(bytes, at) + 1);
    });
  }
  return end;
}

/** Whether a batch (with this CRC, if given) begins at the offset, or the log begins only behind it by now. */
export function holdsBatch(
  disk: SimDisk,
  directory: string,
  durable: boolean,
  offset: number,
  crc: number | null,
): boolean {
  const segments = segmentFiles(disk, directory, durable);
  const [first] = segments;
  if (first === undefined) return false;
  if (first.baseOffset > offset) return true;
  const found = batchAt(segments, offset);
  return found !== null && (crc === null || batch.crc(found, 0) === crc);
}

/** Of which leader epoch the producer's batch at the offset is; null where another one is, or none. */
export function epochOfBatch(disk: SimDisk, directory: string, offset: number, id: string): number | null {
  const found = batchAt(segmentFiles(disk, directory, false), offset);
  return found === null || batchId(found) !== id ? null : batch.partitionLeaderEpoch(found, 0);
}

/** The sound batch that begins at the offset. */
function batchAt(segments: readonly Segment[], offset: number): Uint8Array | null {
  const bytes = segments.findLast(({ baseOffset }) => baseOffset <= offset)?.read();
  let found: Uint8Array | null = null;
  if (bytes === undefined) return null;
  forEachBatch(bytes, (at, sizeBytes) => {
    if (found === null && batch.baseOffset(bytes, at) === offset && isSound(bytes, at, sizeBytes)) {
      found = bytes.subarray(at, at + sizeBytes);
    }
  });
  return found;
}

/** What the producers of the simulator call a batch: it is in the value of each of its records. */
export function batchId(bytes: Uint8Array): string {
  return utf8.decode(readRecords(bytes)[0]?.value ?? new Uint8Array(0)).split("/")[0] as string;
}

/** The voter sets of a metadata log, in their order: of its snapshots, and of what follows them. */
export function votersOnDisk(disk: SimDisk, directory: string): VoterSet[] {
  if (disk.info(directory) === null) return [];
  const found: { readonly offset: number; readonly epoch: number; readonly voters: VoterSet }[] = [];
  for (const [path, file] of disk.filesBelow(directory)) {
    const id = parseSnapshotName(path.slice(directory.length + 1));
    if (id === null) continue;
    const { voters } = decodeSnapshot(file.read(0, file.sizeBytes), path);
    if (voters !== null) found.push({ ...id, voters });
  }
  for (const [, bytes] of segmentsOf(disk, directory, false)) {
    forEachBatch(bytes, (at, sizeBytes) => {
      if (!isSound(bytes, at, sizeBytes) || !batch.isControl(bytes, at)) return;
      const epoch = batch.partitionLeaderEpoch(bytes, at);
      for (const { control } of decodeBatches(bytes.subarray(at, at + sizeBytes))) {
        for (const entry of control) {
          const record = decodeControl(entry);
          if (record?.type === "voters") found.push({ offset: entry.offset, epoch, voters: record.voters });
        }
      }
    });
  }
  return found.sort(compareSnapshots).map(({ voters }) => voters);
}
