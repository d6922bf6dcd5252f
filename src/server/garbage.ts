/**
 * What requests of very many structures leave behind. The collector of the platform goes by what a process of its size
 * may hold, so a few such requests at once would take gigabytes until it comes round; here it is asked in time.
 */
import type { Work } from "../../base/ports.ts";

/** Fewer array elements than this are everyday work, which the collector keeps up with by itself. */
const LARGE_ELEMENTS = 10_000;
/** About 250 bytes each in the request, and as many in the answer: some 128 MiB. */
const ELEMENTS_MAX = 250_000;

export class Garbage {
  readonly #work: Work;
  #elements = 0;

  constructor(work: Work) {
    this.#work = work;
  }

  /** A request of so many array elements was decoded. */
  made(elements: number): void {
    if (elements >= LARGE_ELEMENTS) this.#elements += elements;
  }

  /** Between requests, when nothing on the stack refers to the last one. */
  reclaimIfDue(): void {
    if (this.#elements < ELEMENTS_MAX) return;
    this.#elements = 0;
    this.#work.reclaim();
  }
}
