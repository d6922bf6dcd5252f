/** The snapshot files of one metadata log directory: which there are, reading, writing and deleting them. */
import type { Clock, Disk, Logger } from "../../../base/ports.ts";
import type { OffsetAndEpoch } from "../state.ts";
import {
  compareSnapshots,
  type DecodedSnapshot,
  decodeSnapshot,
  encodeSnapshot,
  parseSnapshotName,
  type SnapshotContent,
  snapshotFileName,
} from "./snapshot.ts";

interface Kept {
  readonly id: OffsetAndEpoch;
  readonly sizeBytes: number;
  /** From its header, once it was asked for. */
  lastContainedLogTimeMs: number | null;
}

export class Snapshots {
  private readonly disk: Disk;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly path: string;
  /** Oldest first. */
  private kept: Kept[] = [];

  /** Lists what is there; what a crash left half written is removed. */
  constructor(disk: Disk, clock: Clock, logger: Logger, path: string) {
    this.disk = disk;
    this.clock = clock;
    this.logger = logger;
    this.path = path;
    for (const { name, directory } of disk.list(path)) {
      if (directory) continue;
      const file = `${path}/${name}`;
      const id = parseSnapshotName(name);
      if (id !== null) this.keep(id, disk.info(file)?.sizeBytes ?? 0, null);
      else if (name.endsWith(".checkpoint.part") || name.endsWith(".checkpoint.deleted")) disk.unlink(file);
    }
  }

  private keep(id: OffsetAndEpoch, sizeBytes: number, lastContainedLogTimeMs: number | null): void {
    this.kept.push({ id, sizeBytes, lastContainedLogTimeMs });
    this.kept.sort((a, b) => compareSnapshots(a.id, b.id));
  }

  get latestId(): OffsetAndEpoch | null {
    return this.kept.at(-1)?.id ?? null;
  }

  get earliestId(): OffsetAndEpoch | null {
    return this.kept[0]?.id ?? null;
  }

  read(id: OffsetAndEpoch): DecodedSnapshot & { sizeBytes: number } {
    const path = `${this.path}/${snapshotFileName(id)}`;
    const file = this.disk.open(path, { readOnly: true });
    try {
      const sizeBytes = this.disk.sizeBytes(file);
      return { ...decodeSnapshot(this.disk.read(file, 0, sizeBytes), path), sizeBytes };
    } finally {
      this.disk.close(file);
    }
  }

  /** At most `maxBytes` of the file from `position` on; null where there is no such snapshot. */
  readPart(id: OffsetAndEpoch, position: number, maxBytes: number): { bytes: Uint8Array; sizeBytes: number } | null {
    const kept = this.kept.find((other) => compareSnapshots(other.id, id) === 0);
    if (kept === undefined) return null;
    const { sizeBytes } = kept;
    if (position < 0 || position >= sizeBytes) return { bytes: new Uint8Array(0), sizeBytes };
    const file = this.disk.open(`${this.path}/${snapshotFileName(id)}`, { readOnly: true });
    try {
      return { bytes: this.disk.read(file, position, Math.min(maxBytes, sizeBytes - position)), sizeBytes };
    } finally {
      this.disk.close(file);
    }
  }

  /** A snapshot of the leader is on disk now. */
  found(id: OffsetAndEpoch, sizeBytes: number): void {
    if (this.kept.some((other) => compareSnapshots(other.id, id) === 0)) return;
    this.keep(id, sizeBytes, null);
  }

  async write(id: OffsetAndEpoch, content: Omit<SnapshotContent, "epoch" | "nowMs">): Promise<void> {
    if (this.kept.some((other) => compareSnapshots(other.id, id) === 0)) return;
    const chunks = encodeSnapshot({ ...content, epoch: id.epoch, nowMs: this.clock.nowMs() });
    this.keep(id, await writeSnapshot(this.disk, this.path, id, chunks), content.lastContainedLogTimeMs);
  }

  /**
   * The snapshot that the log may now start at, because the ones before it are too old or take too much room together
   * with the log; null where all stay. The latest always stays.
   */
  retainedFrom(retentionMs: number, retentionBytes: number, logSizeBytes: number): OffsetAndEpoch | null {
    let totalBytes = logSizeBytes + this.kept.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    let first = 0;
    while (first < this.kept.length - 1) {
      const kept = this.kept[first]!;
      const { sizeBytes } = kept;
      const tooMuch = retentionBytes >= 0 && totalBytes > retentionBytes;
      if (!tooMuch && retentionMs >= 0) kept.lastContainedLogTimeMs ??= this.read(kept.id).lastContainedLogTimeMs;
      const ageMs = this.clock.nowMs() - (kept.lastContainedLogTimeMs ?? 0);
      if (!tooMuch && (retentionMs < 0 || ageMs <= retentionMs)) break;
      totalBytes -= sizeBytes;
      first++;
    }
    return first === 0 ? null : (this.kept[first]?.id ?? null);
  }

  deleteBefore(id: OffsetAndEpoch): void {
    const gone = this.kept.filter((other) => compareSnapshots(other.id, id) < 0);
    this.kept = this.kept.filter((other) => compareSnapshots(other.id, id) >= 0);
    for (const old of gone) this.disk.unlink(`${this.path}/${snapshotFileName(old.id)}`);
    if (gone.length > 0) this.logger.info(`Deleted ${gone.length} metadata snapshot(s) before offset ${id.offset}`);
  }
}

/** Written beside, synced, then renamed: a snapshot is there whole or not at all. Returns its size. */
export async function writeSnapshot(
  disk: Disk,
  directory: string,
  id: OffsetAndEpoch,
  chunks: Iterable<Uint8Array>,
): Promise<number> {
  const path = `${directory}/${snapshotFileName(id)}`;
  const partial = `${path}.part`;
  const file = disk.open(partial);
  let sizeBytes = 0;
  try {
    disk.truncate(file, 0);
    for (const chunk of chunks) {
      disk.write(file, sizeBytes, [chunk]);
      sizeBytes += chunk.length;
    }
    await disk.sync(file);
  } finally {
    disk.close(file);
  }
  disk.rename(partial, path);
  await disk.syncDirectory(directory);
  return sizeBytes;
}
