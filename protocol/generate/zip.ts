/** Reads the entries of a zip archive (a jar) that is in memory: stored or deflated, below 4 GiB. */
import { inflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  read(): Uint8Array;
}

const END_OF_DIRECTORY = 0x0605_4b50;
const DIRECTORY_ENTRY = 0x0201_4b50;

export function entriesOf(archive: Buffer): ZipEntry[] {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error("not a zip archive");
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error("a damaged zip archive");
    const deflated = archive.readUInt16LE(at + 10) === 8;
    const sizeBytes = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const header = archive.readUInt32LE(at + 42);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    entries.push({ name, read: () => contentOf(archive, header, sizeBytes, deflated) });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

function contentOf(archive: Buffer, header: number, sizeBytes: number, deflated: boolean): Uint8Array {
  // The name and extra field of the entry's own header may differ in length from the directory's.
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const content = archive.subarray(start, start + sizeBytes);
  return deflated ? inflateRawSync(content) : content;
}
