/** What a disk holds of a log, whatever the programs say: what they have written, or what a power cut leaves of it. */
import * as batch from "../../protocol/records/batch.ts";
import { forEachBatch } from "../../protocol/records/cursor.ts";
import { parseSnapshotName } from "../raft/driver/snapshot.ts";
import type { SimDisk } from "./disk.ts";

export const isSound = (bytes: Uint8Array, at: number, sizeBytes: number): boolean =>
  sizeBytes >= batch.HEADER_SIZE && batch.isValid(bytes.subarray(at, at + sizeBytes), 0);

/** The segments in their order, as programs see them or as the device holds them. */
export function segmentsOf(
  disk: SimDisk,
  directory: string,
  durable: boolean,
): (readonly [path: string, bytes: Uint8Array])[] {
  if (disk.info(directory) === null) return [];
  const files = durable
    ? [...disk.durableFiles(directory)]
    : [...disk.filesBelow(directory)].map(([path, file]) => [path, file.read(0, file.sizeBytes)] as const);
  return files.filter(([path]) => path.endsWith(".log")).sort(([a], [b]) => (a < b ? -1 : 1));
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
  const segments = segmentsOf(disk, directory, durable);
  const first = segments[0];
  if (first === undefined) return false;
  let found = Number(first[0].slice(directory.length + 1, -".log".length)) > offset;
  for (const [, bytes] of segments) {
    forEachBatch(bytes, (at, sizeBytes) => {
      if (!isSound(bytes, at, sizeBytes) || batch.baseOffset(bytes, at) !== offset) return;
      found ||= crc === null || batch.crc(bytes, at) === crc;
    });
  }
  return found;
}
