/**
 * Offset and time index against the log, in step with a walk over its batches: every entry must describe a batch that
 * is there. A missing entry does no harm and is not looked for.
 */
import type { Disk } from "../../base/ports.ts";
import { int32, int64, NO_TIMESTAMP } from "../../protocol/records/batch.ts";
import type { VerifyReport } from "./report.ts";

const BLOCK_ENTRIES = 4096;

/** Entries of one size, read in blocks, one after the other. */
class Entries {
  readonly path: string;
  readonly lengthBytes: number;
  /** Of the entry to look at now. */
  at = 0;
  bytes: Uint8Array = new Uint8Array(0);
  private n = 0;
  private readonly count: number;
  private readonly entryBytes: number;
  private readonly disk: Disk;

  constructor(disk: Disk, path: string, entryBytes: number) {
    this.disk = disk;
    this.path = path;
    this.entryBytes = entryBytes;
    this.lengthBytes = disk.info(path)?.sizeBytes ?? 0;
    this.count = Math.floor(this.lengthBytes / entryBytes);
    this.fill();
  }

  get done(): boolean {
    return this.n >= this.count;
  }

  get aligned(): boolean {
    return this.lengthBytes % this.entryBytes === 0;
  }

  /** Where in the file the entry lies. */
  get position(): number {
    return this.n * this.entryBytes;
  }

  /** All zeros: room that was allocated and never used. */
  get unused(): boolean {
    return this.bytes.subarray(this.at, this.at + this.entryBytes).every((byte) => byte === 0);
  }

  next(): void {
    this.n++;
    this.at += this.entryBytes;
    if (this.at >= this.bytes.length) this.fill();
  }

  private fill(): void {
    this.at = 0;
    if (this.done) return;
    const file = this.disk.open(this.path, { readOnly: true });
    try {
      const length = Math.min(BLOCK_ENTRIES, this.count - this.n) * this.entryBytes;
      this.bytes = this.disk.read(file, this.position, length);
    } finally {
      this.disk.close(file);
    }
  }
}

export interface IndexContext {
  readonly disk: Disk;
  readonly report: VerifyReport;
  readonly baseOffset: number;
  /** False: the next start builds the index again, whatever is in it. */
  readonly trusted: boolean;
}

abstract class IndexCheck {
  protected readonly entries: Entries;
  protected readonly context: IndexContext;

  constructor(context: IndexContext, path: string, entryBytes: number) {
    this.context = context;
    this.entries = new Entries(context.disk, path, entryBytes);
    context.report.file();
    context.report.read(this.entries.lengthBytes);
    if (!this.entries.aligned) this.wrong("its length is not a whole number of entries");
  }

  /** Entries behind the log. Unused room is no damage: a start that is interrupted as it builds the index leaves it. */
  end(): void {
    const { entries, context } = this;
    if (entries.done) return;
    if (!entries.unused) this.wrong("its entry lies behind the end of the log", entries.position);
    else if (context.trusted) {
      context.report.note(
        entries.path,
        "it was not trimmed to its entries; the next start builds it again",
        entries.position,
      );
    }
  }

  protected wrong(message: string, position: number | null = null): void {
    const { report, trusted } = this.context;
    if (trusted) report.damage(this.entries.path, message, position);
    else report.note(this.entries.path, `${message}; the next start builds it again`, position);
  }
}

export class OffsetIndexCheck extends IndexCheck {
  constructor(context: IndexContext, path: string) {
    super(context, path, 8);
  }

  batch(position: number, lastOffset: number): void {
    const { entries } = this;
    while (!entries.done && !entries.unused && int32(entries.bytes, entries.at + 4) <= position) {
      const indexed = int32(entries.bytes, entries.at + 4);
      const offset = this.context.baseOffset + int32(entries.bytes, entries.at);
      if (indexed < position)
        this.wrong(`its entry points at byte ${indexed}, where no batch begins`, entries.position);
      else if (offset !== lastOffset) {
        this.wrong(
          `its entry for byte ${indexed} says offset ${offset}, the batch ends at ${lastOffset}`,
          entries.position,
        );
      }
      entries.next();
    }
  }
}

export class TimeIndexCheck extends IndexCheck {
  private largest: number = NO_TIMESTAMP;
  private last: number = NO_TIMESTAMP;

  constructor(context: IndexContext, path: string) {
    super(context, path, 12);
  }

  batch(baseOffset: number, lastOffset: number, maxTimestamp: number): void {
    this.largest = Math.max(this.largest, maxTimestamp);
    const { entries } = this;
    while (!entries.done && !entries.unused) {
      const offset = this.context.baseOffset + int32(entries.bytes, entries.at + 8);
      if (offset > lastOffset) return;
      const timestamp = int64(entries.bytes, entries.at);
      if (offset < baseOffset) this.wrong(`its entry names offset ${offset}, which is in no batch`, entries.position);
      else if (timestamp !== maxTimestamp || timestamp !== this.largest || timestamp <= this.last) {
        const found = `the batch of offset ${offset} has ${maxTimestamp} and the largest up to it is ${this.largest}`;
        this.wrong(`its entry says timestamp ${timestamp}; ${found}`, entries.position);
      }
      this.last = timestamp;
      entries.next();
    }
  }
}
