/**
 * What requests of very many structures, and very large replies, leave behind. The collector of the platform goes by
 * what a process of its size may hold, so a few such at once would take gigabytes until it comes round; here it is
 * asked in time.
 */
import type { Work } from "../../base/ports.ts";

/** Fewer array elements than this are everyday work, which the collector keeps up with by itself. */
const LARGE_ELEMENTS = 10_000;
/** About 250 in the request, and as many in the answer. */
const ELEMENT_BYTES = 512;
const GARBAGE_BYTES_MAX = 128 << 20;

export class Garbage {
  readonly #work: Work;
  #bytes = 0;

  constructor(work: Work) {
    this.#work = work;
  }

  /** A request of so many array elements was decoded. */
  made(elements: number): void {
    if (elements >= LARGE_ELEMENTS) this.#bytes += elements * ELEMENT_BYTES;
  }

  /** Buffers of so many bytes were made for replies, which need them no longer than until they are sent. */
  wrote(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Between requests, when nothing on the stack refers to the last one. */
  reclaimIfDue(): void {
    if (this.#bytes < GARBAGE_BYTES_MAX) return;
    this.#bytes = 0;
    this.#work.reclaim();
  }
}
