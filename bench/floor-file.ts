/** What a limit writes: as it comes, checked as a broker checks it, and synced in groups where that is asked for. */
import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32c } from "../protocol/records/crc32c.ts";

/** As a broker's segment of the default size. */
const FILE_BYTES_MAX = 2 ** 30;

/** Earlier files stay, as a broker's segments do: a file that is emptied again takes its dirty pages with it. */
export class FloorFile {
  private readonly directory = mkdtempSync(join(tmpdir(), "odradek-floor-"));
  private count = 0;
  private file = this.next();
  private position = 0;
  private syncing = false;
  private waiting: (() => void)[] = [];

  append(bytes: Uint8Array): void {
    crc32c(bytes, 0, bytes.length);
    if (this.position + bytes.length > FILE_BYTES_MAX && !this.syncing) {
      closeSync(this.file);
      this.file = this.next();
      this.position = 0;
    }
    writeSync(this.file, bytes, 0, bytes.length, this.position);
    this.position += bytes.length;
  }

  /** Calls back once all that was appended before is on the device; what comes meanwhile is in the next sync. */
  synced(done: () => void): void {
    this.waiting.push(done);
    if (!this.syncing) this.sync();
  }

  remove(): void {
    closeSync(this.file);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private sync(): void {
    const served = this.waiting;
    this.waiting = [];
    this.syncing = true;
    fdatasync(this.file, (failure) => {
      if (failure) throw failure;
      this.syncing = false;
      for (const done of served) done();
      if (this.waiting.length > 0) this.sync();
    });
  }

  private next(): number {
    return openSync(join(this.directory, `${this.count++}.log`), "w");
  }
}
