/** Walks the batches of a log file by plain reads: headers only (`HeaderWalk`), or whole batches (`WholeWalk`). */
import type { Disk, FileId } from "../base/ports.ts";
import * as batch from "../protocol/records/batch.ts";
import { lastOffsetOf, SMALLEST_BATCH_BYTES, smallestBytes } from "./batch-facts.ts";

/** Reads small blocks and looks at one header after the other. `bytes`/`at` are valid until the next step. */
export class HeaderWalk {
  bytes: Uint8Array;
  /** Where in `bytes` the header lies. */
  at = 0;
  /** Where in the file the batch begins. */
  position = 0;
  sizeBytes = 0;
  private readonly disk: Disk;
  private readonly file: FileId;
  private readonly end: number;
  private bufferPosition = 0;
  private buffered = 0;

  constructor(disk: Disk, file: FileId, from: number, end: number, buffer: Uint8Array) {
    this.disk = disk;
    this.file = file;
    this.end = end;
    this.bytes = buffer;
    this.position = from;
  }

  /** Moves to the next whole batch; false at the end, or where what follows is no batch. */
  next(): boolean {
    const position = this.position + this.sizeBytes;
    if (position + batch.HEADER_SIZE > this.bufferPosition + this.buffered || position < this.bufferPosition) {
      if (position >= this.end) return false;
      this.bufferPosition = position;
      this.buffered = this.disk.readInto(this.file, position, this.bytes);
    }
    const at = position - this.bufferPosition;
    const available = Math.min(this.bufferPosition + this.buffered, this.end) - position;
    if (available < SMALLEST_BATCH_BYTES) return false;
    const sizeBytes = batch.sizeBytes(this.bytes, at);
    if (sizeBytes < smallestBytes(this.bytes, at) || position + sizeBytes > this.end) return false;
    this.at = at;
    this.position = position;
    this.sizeBytes = sizeBytes;
    return true;
  }

  /** The next step comes to this batch once more. */
  again(): void {
    this.sizeBytes = 0;
  }

  get lastOffset(): number {
    return lastOffsetOf(this.bytes, this.at);
  }

  /** After `next` was false: whether that was the end, and not something that is no batch. */
  get reachedEnd(): boolean {
    return this.position + this.sizeBytes >= this.end;
  }
}

/** Reads large blocks and gives each batch whole. */
export class WholeWalk {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  position: number;
  sizeBytes = 0;
  private readonly disk: Disk;
  private readonly file: FileId;
  private readonly end: number;
  private readonly blockBytes: number;
  private bufferPosition = 0;
  private buffered = 0;

  constructor(disk: Disk, file: FileId, from: number, end: number, blockBytes = 1 << 20) {
    this.disk = disk;
    this.file = file;
    this.end = end;
    this.position = from;
    this.blockBytes = Math.min(blockBytes, Math.max(end - from, batch.HEADER_SIZE));
  }

  /** As HeaderWalk's, and the whole batch lies in `bytes`. */
  next(): boolean {
    const position = this.position + this.sizeBytes;
    if (position + SMALLEST_BATCH_BYTES > this.end || !this.fill(position, SMALLEST_BATCH_BYTES)) return false;
    const sizeBytes = batch.sizeBytes(this.bytes, position - this.bufferPosition);
    if (sizeBytes < smallestBytes(this.bytes, position - this.bufferPosition) || position + sizeBytes > this.end)
      return false;
    if (!this.fill(position, sizeBytes)) return false;
    this.at = position - this.bufferPosition;
    this.position = position;
    this.sizeBytes = sizeBytes;
    return true;
  }

  private fill(position: number, length: number): boolean {
    if (position >= this.bufferPosition && position + length <= this.bufferPosition + this.buffered) return true;
    const wanted = Math.max(length, Math.min(this.blockBytes, this.end - position));
    if (this.bytes.length < wanted) this.bytes = new Uint8Array(wanted);
    this.bufferPosition = position;
    this.buffered = this.disk.readInto(this.file, position, this.bytes.subarray(0, wanted));
    return this.buffered >= length;
  }
}
