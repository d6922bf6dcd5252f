/**
 * Cuts a stream of bytes into Kafka's frames: an int32 size, then that many bytes. A frame that lies in one chunk is a
 * view of it; one that spans chunks is copied into a buffer that grows with the bytes received, never with the size
 * announced.
 */

/** A size that no frame can have. The connection is closed, as Apache does. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

const SIZE_BYTES = 4;
const BUFFER_BYTES_MIN = 4 << 10;
/** How much larger than its content the buffer may get: fewer copies for more memory. */
const GROWTH_FACTOR = 2;

const nothing = new Uint8Array(0);

export class FrameCutter {
  /** The announced size of the frame under way; -1 while its size is incomplete. */
  #size = -1;
  #sizeByteCount = 0;
  #sizeSoFar = 0;
  #buffer = nothing;
  #filled = 0;

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
      const grown = new Uint8Array(Math.min(this.#size, Math.max(filled * GROWTH_FACTOR, BUFFER_BYTES_MIN)));
      grown.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = grown;
    }
    this.#buffer.set(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to), this.#filled);
    this.#filled = filled;
  }
}
