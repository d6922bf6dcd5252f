/** A leader's snapshot on its way here: written beside, synced when it is whole, then renamed. */
import type { Disk, FileId } from "../../../base/ports.ts";
import type { OffsetAndEpoch } from "../state.ts";
import { decodeSnapshot, snapshotFileName } from "./snapshot.ts";

export class SnapshotDownload {
  readonly id: OffsetAndEpoch;
  /** Of the leader that it comes from. */
  readonly epoch: number;
  sizeBytes = 0;
  private readonly disk: Disk;
  private readonly directory: string;
  private readonly path: string;
  private file: FileId | null;

  constructor(disk: Disk, directory: string, id: OffsetAndEpoch, epoch: number) {
    this.disk = disk;
    this.directory = directory;
    this.id = id;
    this.epoch = epoch;
    this.path = `${directory}/${snapshotFileName(id)}`;
    this.file = disk.open(this.partial);
    disk.truncate(this.file, 0);
  }

  private get partial(): string {
    return `${this.path}.part`;
  }

  append(bytes: Uint8Array): void {
    if (this.file === null) return;
    this.disk.write(this.file, this.sizeBytes, [bytes]);
    this.sizeBytes += bytes.length;
  }

  /** Checks the whole file and syncs it. Throws where it is damaged. */
  async finish(): Promise<void> {
    const { file, disk } = this;
    if (file === null) return;
    decodeSnapshot(disk.read(file, 0, this.sizeBytes), this.partial);
    await disk.sync(file);
    this.closeFile();
    disk.rename(this.partial, this.path);
    await disk.syncDirectory(this.directory);
  }

  /** It is not wanted any more. */
  abandon(): void {
    const path = this.file === null ? this.path : this.partial;
    this.closeFile();
    if (this.disk.info(path) !== null) this.disk.unlink(path);
  }

  private closeFile(): void {
    if (this.file !== null) this.disk.close(this.file);
    this.file = null;
  }
}
