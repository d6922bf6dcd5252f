/**
 * One client: cuts its bytes into requests and starts them in order. Consecutive Produce requests may overlap (appended
 * in the order of arrival, answered in that order); any other starts when every earlier reply has been written. What
 * cannot start waits here, and the socket is paused so that little can.
 */
import type { Clock, Link, LinkEvents, Logger } from "../../base/ports.ts";
import { type FrameBuffers, FrameCutter, FrameError } from "../../protocol/frame-cutter.ts";
import type { ListenerKind } from "../apis/api.ts";
import type { Counted } from "./connection-limits.ts";
import { apiKeyOf, BadRequest, type Dispatch, type Outcome, PRODUCE_KEY, stackOf } from "./dispatch.ts";
import type { Garbage } from "./garbage.ts";
import { javaHostText } from "./host-text.ts";
import type { InputBudget, InputReader } from "./input-budget.ts";
import { ReplyQueue, type ReplyQueueEvents, type ReplySlot } from "./reply-queue.ts";
import type { ConnectionFacts } from "./request.ts";
import type { ServerSettings } from "./settings.ts";
import type { Deferred, Turn } from "./turn.ts";

/** Overlapping Produce requests of one connection: enough to keep a disk sync busy, not enough to fill the memory. */
const OVERLAPS_MAX = 128;
const OVERLAPPED_BYTES_MAX = 32 << 20;
/** With no more than this left for the next turn the socket is not paused: that and going on are system calls. */
const DEFERRED_BYTES_MAX = 16 << 10;
/** What an element of a decoded array takes at most, about, beside its bytes. */
const ELEMENT_BYTES = 128;

/** What the connections of a server share. */
export interface ConnectionWorld {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: ServerSettings;
  readonly dispatch: Dispatch;
  readonly garbage: Garbage;
  readonly budget: InputBudget;
  readonly turn: Turn;
  readonly gather: Uint8Array;
  readonly frameBuffers: FrameBuffers;
  /** The connection is gone. */
  closed(connection: Connection): void;
  /** A client sent what no client should: one line, not one per attempt. */
  reportBadInput(connection: Connection, reason: string): void;
}

/** The listener that it came by. */
export interface Origin {
  readonly name: string;
  readonly kind: ListenerKind;
}

/** Most of ten thousand are idle: what only some of them need is made when they do. */
export class Connection implements LinkEvents, ReplyQueueEvents, InputReader, Counted, Deferred, ConnectionFacts {
  readonly clientHost: string;
  readonly isProtected: boolean;
  lastActiveMs: number;
  readonly #world: ConnectionWorld;
  readonly #link: Link;
  readonly #origin: Origin;
  readonly #number: number;
  readonly #cutter: FrameCutter;
  /** Whole requests, of which those before `#next` have been started. */
  readonly #frames: Uint8Array[] = [];
  #next = 0;
  #frameBytes = 0;
  readonly #replies: ReplyQueue;
  #whenClosed: Set<() => void> | null = null;
  /** Bytes of requests not started, as the budget knows them. */
  #heldBytes = 0;
  #paused = false;
  /** What waits, waits for nothing but the next turn. */
  #deferred = false;
  #admitted = true;
  #closed = false;
  /** Nothing more is read or started; the connection closes once what it has begun is answered. */
  #ending = false;

  constructor(world: ConnectionWorld, link: Link, origin: Origin, number: number, isProtected: boolean) {
    this.#world = world;
    this.#link = link;
    this.#cutter = new FrameCutter(world.frameBuffers);
    this.#origin = origin;
    this.#number = number;
    this.clientHost = javaHostText(link.remote.host);
    this.isProtected = isProtected;
    this.lastActiveMs = world.clock.ticksMs();
    this.#replies = new ReplyQueue(link, world.clock, world.gather, this);
  }

  get host(): string {
    return this.clientHost;
  }

  /** As Apache puts it together. */
  get id(): string {
    const { local, remote } = this.#link;
    return `${javaHostText(local.host)}:${local.port}-${this.clientHost}:${remote.port}-0-${this.#number}`;
  }

  get listener(): string {
    return this.#origin.name;
  }

  get listenerKind(): ListenerKind {
    return this.#origin.kind;
  }

  get principal(): string {
    return "User:ANONYMOUS";
  }

  admitted(): void {
    this.#admitted = true;
    this.lastActiveMs = this.#world.clock.ticksMs();
    this.#start();
  }

  waits(): void {
    this.#admitted = false;
    this.#adjustReading();
  }

  displaced(): void {
    this.destroy();
  }

  data(bytes: Uint8Array): void {
    if (this.#closed || this.#ending) return;
    this.lastActiveMs = this.#world.turn.nowMs;
    const before = this.#frames.length;
    try {
      this.#cutter.push(bytes, this.#world.settings.requestBytesMax(), this.#frames);
    } catch (failure) {
      if (!(failure instanceof FrameError)) throw failure;
      this.#ending = true; // what came before is still answered
      this.#world.reportBadInput(this, failure.message);
    }
    for (let i = before; i < this.#frames.length; i++) this.#frameBytes += this.#frames[i]!.length;
    this.#start();
  }

  drain(): void {
    this.lastActiveMs = this.#world.clock.ticksMs();
    this.#replies.drained();
  }

  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#dropFrames();
    this.#replies.close();
    this.#world.budget.forget(this, this.#heldBytes);
    this.#heldBytes = 0;
    for (const run of [...(this.#whenClosed ?? [])]) run();
    this.#whenClosed = null;
    this.#world.closed(this);
  }

  answered(slot: ReplySlot): void {
    if (slot.frame !== null) this.#world.frameBuffers.giveBack(slot.frame);
    slot.frame = null;
  }

  progressed(): void {
    if (!this.#closed) this.#start();
  }

  stuck(): void {
    this.#world.logger.warn(`The reply to ${this.id} cannot be read from disk: its connection is closed.`);
    this.destroy();
  }

  mayReadAgain(): void {
    this.#adjustReading();
  }

  destroy(): void {
    this.#link.destroy();
    this.closed();
  }

  /** Closed for idleness unless it waits for something of ours. */
  closeIfIdle(nowMs: number): void {
    const isWaiting = !this.#admitted || this.#world.budget.isWaiting(this);
    if (isWaiting || nowMs - this.lastActiveMs <= this.#world.settings.idleMsMax()) return;
    this.#world.logger.debug(`Closing ${this.id}: idle.`);
    this.destroy();
  }

  ended(): void {
    this.#link.end();
    this.closed();
  }

  /** Answers what it has begun, starts nothing more, then closes. */
  stop(): void {
    this.#ending = true;
    this.#dropFrames();
    this.#start();
  }

  goOn(): void {
    this.#start();
  }

  /** Starts what may start. */
  #start(): void {
    this.#deferred = false;
    while (this.#next < this.#frames.length && !this.#closed) {
      const frame = this.#frames[this.#next]!;
      const overlaps = apiKeyOf(frame) === PRODUCE_KEY;
      if (!this.#mayStart(overlaps)) break;
      if (!this.#world.turn.takes(frame.length, this, overlaps)) {
        this.#deferred = true;
        break;
      }
      this.#next++;
      this.#frameBytes -= frame.length;
      this.#handle(frame, overlaps);
    }
    if (this.#closed) return;
    if (this.#next === this.#frames.length) this.#dropFrames();
    if (this.#ending && this.#frames.length === 0 && this.#replies.isEmpty) {
      this.ended();
      return;
    }
    this.#countHeld();
    this.#adjustReading();
  }

  #dropFrames(): void {
    this.#frames.length = 0;
    this.#next = 0;
    this.#frameBytes = 0;
  }

  #mayStart(overlaps: boolean): boolean {
    const replies = this.#replies;
    if (!this.#admitted) return false; // what came before the socket was paused
    if (replies.isEmpty) return true;
    const isRoom = replies.length < OVERLAPS_MAX && replies.requestBytes < OVERLAPPED_BYTES_MAX;
    return overlaps && replies.mayOverlap && isRoom && !this.#world.budget.isOver;
  }

  #handle(frame: Uint8Array, overlaps: boolean): void {
    const slot = this.#replies.reserve(overlaps, frame.length);
    if (overlaps) slot.frame = frame; // a Produce leaves nothing but what it has written to the log
    this.#world.garbage.reclaimIfDue();
    try {
      const outcome = this.#world.dispatch.handle(frame, this, slot);
      this.#replies.weigh(slot, slot.elements * ELEMENT_BYTES);
      if (outcome instanceof Promise) this.#answerLater(slot, outcome);
      else this.#answer(slot, outcome);
    } catch (failure) {
      this.#failed(slot, failure);
    }
  }

  #answerLater(slot: ReplySlot, outcome: Promise<Outcome>): void {
    outcome.then(
      (settled) => {
        this.lastActiveMs = this.#world.turn.nowMs; // the client was not idle while it waited
        this.#answer(slot, settled, true);
      },
      (failure) => this.#failed(slot, failure),
    );
  }

  #answer(slot: ReplySlot, outcome: Outcome, isLate = false): void {
    if (this.#closed) return;
    if (outcome === null) {
      this.#replies.fillWithEnd(slot);
      return;
    }
    if (isLate) this.#replies.fillLate(slot, outcome);
    else this.#replies.fill(slot, outcome);
    for (const chunk of outcome) this.#world.turn.answers(chunk.length);
  }

  #failed(slot: ReplySlot, failure: unknown): void {
    if (failure instanceof BadRequest) this.#world.reportBadInput(this, failure.message);
    else this.#world.logger.error(`Closing ${this.id} after an unexpected failure: ${stackOf(failure)}`);
    this.#answer(slot, null);
  }

  #countHeld(): void {
    const bytes = this.#cutter.heldBytes + this.#replies.requestBytes + this.#frameBytes;
    const change = bytes - this.#heldBytes;
    this.#heldBytes = bytes;
    this.#world.budget.changed(this, change, this.#cutter.midFrame);
  }

  #adjustReading(): void {
    if (this.#closed) return;
    const isRoom = this.#frames.length === 0 || (this.#deferred && this.#frameBytes <= DEFERRED_BYTES_MAX);
    const reads = this.#admitted && !this.#ending && isRoom && this.#world.budget.admits(this);
    if (reads !== this.#paused) return;
    this.#paused = !reads;
    if (reads) this.#link.resume();
    else this.#link.pause();
  }

  onClose(run: () => void): () => void {
    if (this.#closed) {
      run();
      return () => {};
    }
    this.#whenClosed ??= new Set();
    this.#whenClosed.add(run);
    return () => this.#whenClosed?.delete(run);
  }
}
