/**
 * Cuts a stream of bytes into Kafka's frames: an int32 size, then that many bytes. A frame that lies in one chunk is a
 * view of it; one that spans chunks is copied into a buffer that grows with the bytes received, never with the size
 * announced. Buffers of large frames come from a store, where their owner may put them back: the pages of a fresh one
 * cost as much as the copy.
 */
import { assert } from "../base/assert.ts";

/** A size that no frame can have. The connection is closed, as Apache does. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

const SIZE_BYTES = 4;
const BUFFER_BYTES_MIN = 4 << 10;
/** How much larger than its content the buffer may get: fewer copies for more memory. */
const GROWTH_FACTOR = 4;
/** What a producer with Kafka's defaults sends at most, and a little. */
const KEPT_BUFFER_BYTES = (1 << 20) + (64 << 10);
const KEPT_FRAME_BYTES_MIN = 256 << 10;
/** About as many large requests as a turn of the loop takes. */
const KEPT_BUFFERS_MAX = 8;

const nothing = new Uint8Array(0);

/** Buffers for large frames, used again and again. */
export class FrameBuffers {
  readonly #free: Uint8Array[] = [];

  /** Null where a frame of that size gets a buffer of its own. */
  take(frameBytes: number): Uint8Array | null {
    if (frameBytes < KEPT_FRAME_BYTES_MIN || frameBytes > KEPT_BUFFER_BYTES) return null;
    return this.#free.pop() ?? new Uint8Array(KEPT_BUFFER_BYTES);
  }

  /**
   * Nobody has a view of the frame any more. One that is never given back is collected as all memory is.
   */
  giveBack(frame: Uint8Array): void {
    if (frame.length >= KEPT_FRAME_BYTES_MIN) this.#keep(frame);
  }

  #keep({ buffer, byteOffset }: Uint8Array): void {
    if (buffer.byteLength !== KEPT_BUFFER_BYTES || byteOffset !== 0) return;
    assert(buffer instanceof ArrayBuffer, "frames do not lie in shared memory");
    assert(!this.#free.some((free) => free.buffer === buffer), "a buffer is given back once");
    if (this.#free.length < KEPT_BUFFERS_MAX) this.#free.push(new Uint8Array(buffer));
  }
}

export class FrameCutter {
  /** The announced size of the frame under way; -1 while its size is incomplete. */
  #size = -1;
  #sizeByteCount = 0;
  #sizeSoFar = 0;
  #buffer: Uint8Array = nothing;
  #filled = 0;
  readonly #buffers: FrameBuffers | null;

  constructor(buffers: FrameBuffers | null = null) {
    this.#buffers = buffers;
  }

  /** What the unfinished frame keeps in memory. */
  get heldBytes(): number {
    return this.#buffer.length;
  }

  /** A frame has begun and is not whole. */
  get midFrame(): boolean {
    return this.#size >= 0 || this.#sizeByteCount > 0;
  }

  /** Appends every frame that is now whole to `frames`. @throws FrameError */
  push(chunk: Uint8Array, sizeMax: number, frames: Uint8Array[]): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#size < 0) at = this.#readSize(chunk, at, sizeMax);
      if (this.#size < 0) return;
      const missing = this.#size - this.#filled;
      const end = Math.min(at + missing, chunk.length);
      if (this.#filled === 0 && end - at === missing) {
        frames.push(chunk.subarray(at, end));
        this.#begin();
      } else if (end > at) {
        this.#keep(chunk, at, end);
        if (this.#filled === this.#size) {
          frames.push(this.#buffer.subarray(0, this.#filled));
          this.#begin();
        }
      }
      at = end;
    }
  }

  #begin(): void {
    this.#size = -1;
    this.#sizeByteCount = 0;
    this.#sizeSoFar = 0;
    this.#buffer = nothing;
    this.#filled = 0;
  }

  #readSize(chunk: Uint8Array, from: number, sizeMax: number): number {
    let at = from;
    while (at < chunk.length && this.#sizeByteCount < SIZE_BYTES) {
      this.#sizeSoFar = (this.#sizeSoFar << 8) | chunk[at++]!;
      this.#sizeByteCount++;
    }
    if (this.#sizeByteCount < SIZE_BYTES) return at;
    const size = this.#sizeSoFar;
    if (size <= 0) throw new FrameError(`a request of ${size} bytes was announced`);
    if (size > sizeMax) throw new FrameError(`a request of ${size} bytes was announced, ${sizeMax} are allowed`);
    this.#size = size;
    return at;
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const filled = this.#filled + to - from;
    if (filled > this.#buffer.length) {
      const length = Math.min(this.#size, Math.max(filled * GROWTH_FACTOR, BUFFER_BYTES_MIN));
      const kept = length === this.#size ? this.#buffers?.take(length) : null;
      const grown = kept ?? new Uint8Array(length);
      grown.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = grown;
    }
    this.#buffer.set(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to), this.#filled);
    this.#filled = filled;
  }
}
