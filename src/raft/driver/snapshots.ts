/** The snapshot files of one metadata log directory: which there are, reading, writing and deleting them. */
import type { Cancel, Disk } from "../../../base/ports.ts";
import type { OffsetAndEpoch } from "../state.ts";
import type { RaftOptions } from "./options.ts";
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

type SnapshotOptions = Pick<RaftOptions, "disk" | "clock" | "logger" | "path" | "settings" | "onFatal">;

const DELETED_SUFFIX = ".deleted";

export class Snapshots {
  private readonly options: SnapshotOptions;
  private readonly disk: Disk;
  private readonly path: string;
  /** Oldest first. */
  private kept: Kept[] = [];
  private readonly deletions = new Set<Cancel>();

  /** Lists what is there; what a crash left half written is removed. */
  constructor(options: SnapshotOptions) {
    const { disk, path } = options;
    this.options = options;
    this.disk = disk;
    this.path = path;
    for (const { name, directory } of disk.list(path)) {
      if (directory) continue;
      const file = `${path}/${name}`;
      const id = parseSnapshotName(name);
      if (id !== null) this.keep(id, disk.info(file)?.sizeBytes ?? 0, null);
      else if (name.endsWith(".checkpoint.part") || name.endsWith(`.checkpoint${DELETED_SUFFIX}`)) disk.unlink(file);
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
    const chunks = encodeSnapshot({ ...content, epoch: id.epoch, nowMs: this.options.clock.nowMs() });
    this.keep(id, await writeSnapshot(this.disk, this.path, id, chunks), content.lastContainedLogTimeMs);
  }

  /**
   * The snapshot that the log may start at once the earliest has gone, because that one is too old or takes too much
   * room together with the others and the log; null where it stays. The latest always stays.
   */
  nextStart(logSizeBytes: number): OffsetAndEpoch | null {
    const { retentionMs, retentionBytes } = this.options.settings;
    const [earliest, next] = this.kept;
    if (earliest === undefined || next === undefined) return null;
    const totalBytes = this.kept.reduce((total, { sizeBytes }) => total + sizeBytes, logSizeBytes);
    if (retentionBytes >= 0 && totalBytes > retentionBytes) return next.id;
    if (retentionMs < 0) return null;
    earliest.lastContainedLogTimeMs ??= this.read(earliest.id).lastContainedLogTimeMs;
    return this.options.clock.nowMs() - earliest.lastContainedLogTimeMs > retentionMs ? next.id : null;
  }

  /** Their files are renamed at once, and unlinked when the delay is over. */
  deleteBefore(id: OffsetAndEpoch): void {
    const { disk, clock, logger, settings, onFatal } = this.options;
    const gone = this.kept.filter((other) => compareSnapshots(other.id, id) < 0);
    if (gone.length === 0) return;
    this.kept = this.kept.filter((other) => compareSnapshots(other.id, id) >= 0);
    const paths = gone.map((old) => `${this.path}/${snapshotFileName(old.id)}`);
    for (const path of paths) disk.rename(path, path + DELETED_SUFFIX);
    logger.info(`Marked ${gone.length} metadata snapshot(s) before offset ${id.offset} for deletion`);
    const cancel = clock.after(settings.snapshotDeleteDelayMs, () => {
      this.deletions.delete(cancel);
      try {
        for (const path of paths) disk.unlink(path + DELETED_SUFFIX);
      } catch (error) {
        onFatal(error);
      }
    });
    this.deletions.add(cancel);
  }

  /** What is marked stays marked; the next start removes it. */
  close(): void {
    for (const cancel of this.deletions) cancel();
    this.deletions.clear();
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
