/**
 * What waits on a partition: acks=all produces for the high watermark, fetches for bytes. A waiter is registered with
 * each partition it needs, keeps a running count, and is finished exactly once: by enough progress, an error, its
 * timer or the end of its connection. A partition only ever tells its waiters that something moved.
 */
import type { Cancel, Clock } from "../../base/ports.ts";
import type { ErrorName } from "../../protocol/errors.ts";

/** Of whoever follows what one partition commits. */
export interface CommitEvents {
  committed(highWatermark: number): void;
  lost(): void;
}

/**
 * One request (Produce with acks=all, DeleteRecords) over all its partitions: `finish` runs when the last one is
 * settled.
 */
export class PendingOffsets {
  private readonly finish: () => void;
  private readonly cancelTimer: Cancel;
  private readonly waiters: OffsetWaiter[] = [];
  private left = 0;
  private sealed = false;

  constructor(clock: Clock, timeoutMs: number, finish: () => void) {
    this.finish = finish;
    this.cancelTimer = clock.after(Math.max(0, timeoutMs), () => {
      for (const waiter of this.waiters) settle(waiter, "REQUEST_TIMED_OUT");
    });
  }

  /** One more partition to wait for; `settled` gets null or the error, once. */
  waitFor(queue: OffsetQueue, requiredOffset: number, settled: (error: ErrorName | null) => void): void {
    this.left++;
    const waiter: OffsetWaiter = {
      requiredOffset,
      settled: (error) => {
        settled(error);
        this.left--;
        this.finishIfDone();
      },
    };
    this.waiters.push(waiter);
    queue.add(waiter);
  }

  /** All partitions are known: from now on the last one settled finishes the request. */
  seal(): void {
    this.sealed = true;
    this.finishIfDone();
  }

  private finishIfDone(): void {
    if (!this.sealed || this.left > 0) return;
    this.cancelTimer();
    this.finish();
  }
}

interface OffsetWaiter {
  readonly requiredOffset: number;
  /** Null once it has run, whoever did it. */
  settled: ((error: ErrorName | null) => void) | null;
}

function settle(waiter: OffsetWaiter, error: ErrorName | null): void {
  const { settled } = waiter;
  waiter.settled = null;
  settled?.(error);
}

/** Waiters of one partition in the order of their offsets, which is the order in which they were appended. */
export class OffsetQueue {
  private waiters: OffsetWaiter[] = [];
  private head = 0;

  get isEmpty(): boolean {
    return this.head === this.waiters.length;
  }

  add(waiter: OffsetWaiter): void {
    this.waiters.push(waiter);
  }

  /** Settles everything up to the offset. A retried batch stands behind later ones, and waits for them. */
  passed(highWatermark: number, error: ErrorName | null = null): void {
    if (this.isEmpty) return;
    const { waiters } = this;
    while (this.head < waiters.length) {
      const waiter = waiters[this.head] as OffsetWaiter;
      if (waiter.requiredOffset > highWatermark && waiter.settled !== null) break;
      this.head++;
      settle(waiter, error);
    }
    if (this.head === waiters.length) this.clear();
    else if (this.head > 1024) {
      this.waiters = waiters.slice(this.head);
      this.head = 0;
    }
  }

  /** Nothing more will pass here. */
  fail(error: ErrorName): void {
    const { waiters, head } = this;
    this.clear();
    for (let i = head; i < waiters.length; i++) settle(waiters[i] as OffsetWaiter, error);
  }

  private clear(): void {
    this.waiters = [];
    this.head = 0;
  }
}

/** A long poll: reads once again and answers when its partitions together have the bytes it wants, or when it must. */
export class ParkedFetch {
  private readonly parts: ParkedPart[] = [];
  private readonly cancels: Cancel[] = [];
  private readonly minBytes: number;
  private readonly answer: () => void;
  private bytes = 0;
  private done = false;

  constructor(minBytes: number, answer: () => void) {
    this.minBytes = minBytes;
    this.answer = answer;
  }

  /** Registers with a partition; `foundBytes` is what could be read there now. */
  watch(
    set: FetchWaiters,
    foundBytes: number,
    maxBytes: number,
    available: () => number,
    isUrgent: (() => boolean) | null = null,
  ): void {
    const countedBytes = Math.min(foundBytes, maxBytes);
    this.bytes += countedBytes;
    const part: ParkedPart = { fetch: this, set, countedBytes, maxBytes, available, isUrgent };
    this.parts.push(part);
    set.add(part);
  }

  /** All partitions are known: there may be enough already. */
  check(): void {
    if (this.bytes >= this.minBytes) this.complete();
  }

  /** Undone when the fetch is finished: a timer, the connection's end. */
  until(cancel: Cancel): void {
    if (this.done) cancel();
    else this.cancels.push(cancel);
  }

  /** The partition has more (or its visible end moved); the fetch is answered once there is enough. */
  progress(part: ParkedPart): void {
    if (this.done) return;
    if (part.isUrgent?.() === true) {
      this.complete();
      return;
    }
    const bytes = Math.min(part.available(), part.maxBytes);
    this.bytes += bytes - part.countedBytes;
    part.countedBytes = bytes;
    if (this.bytes >= this.minBytes) this.complete();
  }

  /** Answers with what there is. */
  complete(): void {
    if (!this.release()) return;
    this.answer();
  }

  /** Goes without an answer: the connection is gone. */
  abandon(): void {
    this.release();
  }

  private release(): boolean {
    if (this.done) return false;
    this.done = true;
    for (const part of this.parts) part.set.remove(part);
    for (const cancel of this.cancels) cancel();
    return true;
  }
}

export interface ParkedPart {
  readonly fetch: ParkedFetch;
  readonly set: FetchWaiters;
  countedBytes: number;
  readonly maxBytes: number;
  /** The bytes that the fetch could now read here. */
  readonly available: () => number;
  /** There is something else to tell, however many bytes there are. */
  readonly isUrgent: (() => boolean) | null;
}

/** The fetches parked on one partition. */
export class FetchWaiters {
  private readonly parts = new Set<ParkedPart>();

  get isEmpty(): boolean {
    return this.parts.size === 0;
  }
  add(part: ParkedPart): void {
    this.parts.add(part);
  }
  remove(part: ParkedPart): void {
    this.parts.delete(part);
  }
  progressed(): void {
    if (this.parts.size > 0) for (const part of [...this.parts]) part.fetch.progress(part);
  }
  /** Leadership, epoch or log are gone: whatever is read now is the answer. */
  wakeAll(): void {
    for (const part of [...this.parts]) part.fetch.complete();
  }
}
