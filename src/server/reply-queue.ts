/**
 * The replies of one connection, in the order of their requests. Those that are ready when a turn ends leave in one
 * write: pieces below 32 KiB are copied together, larger views go to the socket by reference. What the socket does not
 * take waits for its drain event.
 */
import { assert } from "../../base/assert.ts";
import type { Clock, Link } from "../../base/ports.ts";
import { WRITE_BYTES_MIN } from "../../protocol/bytes/writer.ts";

/** Where small pieces are copied together. One for all connections: a write ends before the next begins. */
export const GATHER_BYTES = 256 << 10;

/**
 * A mapped view of a failing disk: the socket takes nothing and reports drain at once, for ever (EFAULT in the kernel).
 * A healthy socket takes something at each drain.
 */
const IDLE_DRAINS_MAX = 16;

const settled = Promise.resolve();

/** The place of one request's reply. */
export class ReplySlot {
  /** Null until the handler has answered; empty where it answers nothing. */
  chunks: readonly Uint8Array[] | null = null;
  /** How far the socket is: chunks before `next` are gone, and `offset` bytes of that one. */
  next = 0;
  offset = 0;
  /** Instead of a reply, the connection closes when its turn has come. */
  closes = false;
  readonly overlaps: boolean;
  /** What its request keeps in memory. */
  requestBytes: number;
  /** Array elements of the decoded request. */
  elements = 0;
  /** The request, where its memory is used again once it has been answered. */
  frame: Uint8Array | null = null;
  #whenSent: (() => void)[] | null = null;
  #sent = false;

  constructor(overlaps: boolean, requestBytes: number) {
    this.overlaps = overlaps;
    this.requestBytes = requestBytes;
  }

  afterSent(run: () => void): void {
    if (this.#sent) run();
    else if (this.#whenSent === null) this.#whenSent = [run];
    else this.#whenSent.push(run);
  }

  /** Also where the connection is gone: the views can be released. */
  sent(): void {
    this.#sent = true;
    if (this.#whenSent === null) return;
    for (const run of this.#whenSent) run();
    this.#whenSent = null;
  }
}

export interface ReplyQueueEvents {
  /** The handler has answered and the answer is gone: nothing of the request is needed any more. */
  answered(slot: ReplySlot): void;
  /** Something was written or became free to start: look for the next request. */
  progressed(): void;
  /** Every reply before a slot that closes has been written. */
  ended(): void;
  /** The socket never takes the rest. */
  stuck(): void;
}

export class ReplyQueue {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #gather: Uint8Array;
  readonly #events: ReplyQueueEvents;
  readonly #slots: ReplySlot[] = [];
  /** Copied pieces that the socket did not take. */
  #rest: Uint8Array | null = null;
  #gathered = 0;
  #writtenBytes = 0;
  /** Slots whose request nothing may overlap. */
  #exclusive = 0;
  #blocked = false;
  #flushAtTurnEnd = false;
  #flushSoon = false;
  #idleDrains = 0;
  #closed = false;
  /** Of the requests whose replies are in this queue. */
  requestBytes = 0;

  constructor(link: Link, clock: Clock, gather: Uint8Array, events: ReplyQueueEvents) {
    this.#link = link;
    this.#clock = clock;
    this.#gather = gather;
    this.#events = events;
  }

  get length(): number {
    return this.#slots.length;
  }

  /** Every reply so far has been written. */
  get isEmpty(): boolean {
    return this.#slots.length === 0 && this.#rest === null;
  }

  /** Every reply under way is to a request that the next of its kind may overlap, and the client reads them. */
  get mayOverlap(): boolean {
    return !this.#blocked && this.#exclusive === 0;
  }

  reserve(overlaps: boolean, requestBytes: number): ReplySlot {
    const slot = new ReplySlot(overlaps, requestBytes);
    this.#slots.push(slot);
    this.requestBytes += requestBytes;
    if (!overlaps) this.#exclusive++;
    return slot;
  }

  /** The request turned out larger than its bytes. */
  weigh(slot: ReplySlot, moreBytes: number): void {
    slot.requestBytes += moreBytes;
    this.requestBytes += moreBytes;
  }

  /** The handler has answered at once: the reply leaves with the others of this turn. */
  fill(slot: ReplySlot, chunks: readonly Uint8Array[]): void {
    this.#place(slot, chunks);
    this.#flushLater();
  }

  /**
   * The handler has waited for something: its client too, so the reply does not wait for the end of one more turn, only
   * for those that were settled together with it.
   */
  fillLate(slot: ReplySlot, chunks: readonly Uint8Array[]): void {
    this.#place(slot, chunks);
    if (this.#closed || this.#flushAtTurnEnd || this.#flushSoon) return;
    this.#flushSoon = true;
    void settled.then(() => {
      this.#flushSoon = false;
      this.#flushReady();
    });
  }

  #place(slot: ReplySlot, chunks: readonly Uint8Array[]): void {
    assert(slot.chunks === null, "a request is answered once");
    slot.chunks = chunks;
  }

  /** Closes the connection in place of the slot's reply. */
  fillWithEnd(slot: ReplySlot): void {
    slot.closes = true;
    this.fill(slot, []);
  }

  #flushLater(): void {
    if (this.#closed || this.#flushAtTurnEnd) return;
    this.#flushAtTurnEnd = true;
    this.#clock.turnEnd(this.#turnEnded);
  }

  drained(): void {
    if (this.#closed || !this.#blocked) return;
    this.#blocked = false;
    if (this.#flush()) this.#idleDrains = 0;
    else if (this.#blocked) this.#idleDrains++;
    if (this.#idleDrains < IDLE_DRAINS_MAX) this.#events.progressed();
    else this.#events.stuck();
  }

  /** The connection is gone: nothing more is written, views are released; handlers still at work end unheard. */
  close(): void {
    this.#closed = true;
    this.#rest = null;
    for (const slot of this.#slots.splice(0)) slot.sent();
  }

  readonly #turnEnded = (): void => {
    this.#flushAtTurnEnd = false;
    this.#flushReady();
  };

  #flushReady(): void {
    if (this.#closed || this.#blocked) return;
    this.#flush();
    this.#events.progressed();
  }

  /** Writes what is ready, as far as the socket takes it; false where it took nothing. */
  #flush(): boolean {
    const before = this.#writtenBytes;
    if (this.#writeRest()) this.#writeSlots();
    return this.#writtenBytes > before;
  }

  #write(bytes: Uint8Array): number {
    const taken = this.#link.write(bytes);
    this.#writtenBytes += taken;
    this.#blocked = taken < bytes.length;
    return taken;
  }

  #writeRest(): boolean {
    if (this.#rest === null) return true;
    const taken = this.#write(this.#rest);
    this.#rest = this.#blocked ? this.#rest.subarray(taken) : null;
    return !this.#blocked;
  }

  #writeSlots(): void {
    let done = 0;
    let ends = false;
    for (const slot of this.#slots) {
      ends = slot.closes;
      if (ends || slot.chunks === null || !this.#writeSlot(slot, slot.chunks)) break;
      done++;
    }
    if (!this.#blocked) this.#writeGathered();
    if (done === 1) this.#sent(this.#slots.shift()!);
    else if (done > 1) for (const slot of this.#slots.splice(0, done)) this.#sent(slot);
    if (ends && !this.#blocked) this.#events.ended();
  }

  #sent(slot: ReplySlot): void {
    this.requestBytes -= slot.requestBytes;
    if (!slot.overlaps) this.#exclusive--;
    slot.sent();
    if (slot.frame !== null) this.#events.answered(slot);
  }

  /** True once all of it is gone or copied. */
  #writeSlot(slot: ReplySlot, chunks: readonly Uint8Array[]): boolean {
    for (; slot.next < chunks.length; slot.next++) {
      const chunk = chunks[slot.next]!;
      if (chunk.length < WRITE_BYTES_MIN) {
        if (this.#gathered + chunk.length > this.#gather.length && !this.#writeGathered()) return false;
        this.#gather.set(chunk, this.#gathered);
        this.#gathered += chunk.length;
        continue;
      }
      if (!this.#writeGathered()) return false;
      slot.offset += this.#write(slot.offset === 0 ? chunk : chunk.subarray(slot.offset));
      if (this.#blocked) return false;
      slot.offset = 0;
    }
    return true;
  }

  #writeGathered(): boolean {
    if (this.#gathered === 0) return true;
    const bytes = this.#gather.subarray(0, this.#gathered);
    this.#gathered = 0;
    const taken = this.#write(bytes);
    if (this.#blocked) this.#rest = bytes.slice(taken);
    return !this.#blocked;
  }
}
