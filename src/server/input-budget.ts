/**
 * Bounds the memory of requests that are not finished, over all connections. Over the bound nobody reads on in the
 * middle of a frame, except the connection that began its own first: so there is always one that comes to its end, or
 * goes idle and is closed. Those with small requests are not held up by those with large ones.
 */
export interface InputReader {
  /** There may be room again. */
  mayReadAgain(): void;
}

export class InputBudget {
  readonly #bytesMax: () => number;
  /** Connections in the middle of a frame, the first to begin first. */
  readonly #midFrame = new Set<InputReader>();
  readonly #waiting = new Set<InputReader>();
  #heldBytes = 0;

  constructor(bytesMax: () => number) {
    this.#bytesMax = bytesMax;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get isOver(): boolean {
    return this.#heldBytes > this.#bytesMax();
  }

  /** What the reader holds has changed by so many bytes, and it is in the middle of a frame or not. */
  changed(reader: InputReader, bytes: number, midFrame: boolean): void {
    this.#heldBytes += bytes;
    if (!midFrame && this.#midFrame.size === 0 && this.#waiting.size === 0) return;
    const wasFirst = this.#isFirst(reader);
    if (midFrame) this.#midFrame.add(reader);
    else this.#midFrame.delete(reader);
    if (this.#waiting.size > 0 && (bytes < 0 || (wasFirst && !midFrame))) this.#wake();
  }

  /** Whether the reader may read on; otherwise it pauses, and is called when it may. */
  admits(reader: InputReader): boolean {
    if (this.#midFrame.size === 0 || !this.isOver || !this.#midFrame.has(reader) || this.#isFirst(reader)) return true;
    this.#waiting.add(reader);
    return false;
  }

  isWaiting(reader: InputReader): boolean {
    return this.#waiting.has(reader);
  }

  /** The reader is gone. */
  forget(reader: InputReader, bytes: number): void {
    this.#waiting.delete(reader);
    this.changed(reader, -bytes, false);
  }

  #isFirst(reader: InputReader): boolean {
    for (const first of this.#midFrame) return first === reader;
    return false;
  }

  #wake(): void {
    const room = !this.isOver;
    for (const reader of [...this.#waiting]) {
      if (!room && !this.#isFirst(reader)) continue;
      this.#waiting.delete(reader);
      reader.mayReadAgain();
    }
  }
}
