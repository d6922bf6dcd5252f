/**
 * One shard on its partition. The host loads it, runs operations on it, appends the records of one turn as one batch
 * (group commit) and holds replies until they are committed. Where an append fails, the state goes back to what the log
 * holds and everything that built on the lost records is refused.
 */
import { assert } from "../../base/assert.ts";
import type { Cancel, Clock, Logger } from "../../base/ports.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { RecordBatchBuilder } from "../../protocol/records/builder.ts";
import type { Codec } from "../../protocol/records/codecs.ts";
import { errorNameOf } from "./errors.ts";
import { type Outcome, type Shard, type ShardRecord, type Ticket, type TicketAnswer, unanswered } from "./outcome.ts";
import type { PartitionWriter } from "./partition-writer.ts";
import { replay } from "./replay.ts";
import { Timers } from "./timers.ts";

export type MaybePromise<T> = T | Promise<T>;
export type Operation<S, Reply, Event> = (shard: S, nowMs: number, ticket: Ticket) => Outcome<Reply, Event>;

export interface HostOptions {
  readonly topic: string;
  readonly writer: PartitionWriter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a reply waits for its records to be committed. */
  readonly writeTimeoutMs: () => number;
  /** How much of the log is read and applied at a time. */
  readonly loadBytesMax: () => number;
  readonly codec: () => Codec;
}

/** Loading and active are as they sound; failed: loading failed or the log is gone; closed: this node gave it up. */
export type HostStatus = "loading" | "active" | "failed" | "closed";

interface Waiter<Event> {
  readonly after: Event | null;
  readonly done: (error: unknown) => void;
}

interface OpenBatch<Event> {
  readonly builder: RecordBatchBuilder;
  readonly waiters: Waiter<Event>[];
  nextOffset: number;
}

/** Appended, not yet committed. */
interface Written<State, Event> {
  readonly endOffset: number;
  /** The state with all of its records applied. */
  readonly state: State;
  waiters: Waiter<Event>[];
  cancelTimeout: Cancel;
}

interface Slot {
  answered: boolean;
  response: unknown;
  resolve: ((response: unknown) => void) | null;
  reject: ((error: unknown) => void) | null;
}

const committed = null;
const nothing = (): void => {};
const slack = 512;

export class ShardHost<State, Event, S extends Shard<State, Event>> {
  readonly partition: number;
  leaderEpoch: number;
  status: HostStatus = "loading";
  private readonly options: HostOptions;
  private readonly shard: S;
  private readonly timers: Timers<Event>;
  private readonly tickets = new Map<Ticket, Slot>();
  private nextTicket = 1;
  /** The records of this turn. */
  private open: OpenBatch<Event> | null = null;
  private written: Written<State, Event>[] = [];
  private endOffset = 0;
  /** Where the log ended when it was loaded. */
  private loadedOffset = 0;
  /** The state at `endOffset`: what a failed append goes back to. */
  private writtenState: State;
  private committedState: State;
  private stopFollowing: Cancel = nothing;
  private readonly gone: (host: ShardHost<State, Event, S>) => void;

  /** `gone` is called when the log is lost or out of step, after everything waiting was refused. */
  constructor(
    partition: number,
    leaderEpoch: number,
    shard: S,
    options: HostOptions,
    gone: (host: ShardHost<State, Event, S>) => void,
  ) {
    this.partition = partition;
    this.leaderEpoch = leaderEpoch;
    this.shard = shard;
    this.options = options;
    this.gone = gone;
    this.writtenState = shard.state;
    this.committedState = shard.state;
    this.timers = new Timers(options.clock, (event) => this.fire(event));
  }

  /** Replays the partition. Resolves when the shard is active or cannot be; it never rejects. */
  async load(): Promise<void> {
    const { clock, logger } = this.options;
    const startedMs = clock.ticksMs();
    try {
      const records = await this.replayAll();
      if (this.status !== "loading") return;
      this.activate();
      const tookMs = Math.round(clock.ticksMs() - startedMs);
      if (records > 0) logger.info(`${this.name} loaded: ${records} records in ${tookMs} ms`);
    } catch (error) {
      if (this.status === "failed" || this.status === "closed") return;
      // Losing the lead while loading is nothing to tell anybody: the image brings the resignation, or a new election.
      const level = errorNameOf(error) === "NOT_LEADER_OR_FOLLOWER" ? "debug" : "error";
      logger[level](`${this.name} cannot be loaded: ${String(error)}`);
      this.unload("failed");
    }
  }

  /** An operation whose reply waits for its records. Throws or rejects with KafkaError. */
  write<Reply>(operation: Operation<S, Reply, Event>): MaybePromise<Reply> {
    this.requireActive();
    const outcome = operation(this.shard, this.options.clock.nowMs(), 0);
    this.takeEffects(outcome);
    if (outcome.records.length === 0 && !this.pending) return outcome.reply;
    return new Promise((resolve, reject) => {
      this.hold(outcome, (error) => (error === committed ? resolve(outcome.reply) : reject(error)));
    });
  }

  /** An operation that is answered by its ticket, now or by a later outcome. Throws or rejects with KafkaError. */
  park<Reply>(operation: Operation<S, void, Event>): MaybePromise<Reply> {
    this.requireActive();
    const ticket = this.nextTicket++;
    const slot: Slot = { answered: false, response: undefined, resolve: null, reject: null };
    this.tickets.set(ticket, slot);
    let refusal: unknown = committed;
    try {
      const outcome = operation(this.shard, this.options.clock.nowMs(), ticket);
      this.takeEffects(outcome);
      this.hold(outcome, (error) => {
        if (error === committed || slot.answered) return;
        this.tickets.delete(ticket);
        refusal = error;
        slot.reject?.(error);
      });
    } catch (error) {
      this.tickets.delete(ticket);
      throw error;
    }
    if (slot.answered) return slot.response as Reply;
    if (refusal !== committed) throw refusal;
    return new Promise<Reply>((resolve, reject) => {
      slot.resolve = resolve as (response: unknown) => void;
      slot.reject = reject;
    });
  }

  /**
   * Reads what is committed. What was loaded may have been committed, and told so, under an earlier leader: until this
   * one knows, the shard is being loaded, as an offset is not available (KIP-207). Apache answers with what it knows.
   * Throws KafkaError.
   */
  read<Reply>(question: (shard: S, state: State, nowMs: number) => Reply): Reply {
    this.requireActive();
    const uncommitted = this.written[0];
    if (uncommitted !== undefined && uncommitted.endOffset <= this.loadedOffset) {
      throw new KafkaError("COORDINATOR_LOAD_IN_PROGRESS", `what ${this.name} holds is not known to be committed`);
    }
    return question(this.shard, this.committedState, this.options.clock.nowMs());
  }

  close(): void {
    if (this.status === "closed") return;
    this.unload("closed");
  }

  private get name(): string {
    return `${this.options.topic}-${this.partition}`;
  }

  private get pending(): boolean {
    return this.open !== null || this.written.length > 0;
  }

  private requireActive(): void {
    if (this.status === "active") return;
    if (this.status === "loading") throw new KafkaError("COORDINATOR_LOAD_IN_PROGRESS", `${this.name} is being loaded`);
    throw new KafkaError("NOT_COORDINATOR", `${this.name} is not served here`);
  }

  // Loading

  private async replayAll(): Promise<number> {
    const { writer, topic, clock } = this.options;
    let offset = writer.range(topic, this.partition).startOffset;
    let records = 0;
    while (this.status === "loading") {
      const { endOffset, highWatermark } = writer.range(topic, this.partition);
      if (offset >= endOffset) break;
      const bytes = await writer.read(topic, this.partition, offset, this.options.loadBytesMax());
      if (this.status !== "loading") break;
      const slice = replay(this.shard, bytes, offset, (nextOffset) => this.loadedTo(nextOffset, highWatermark));
      if (slice.nextOffset === offset) break; // what is left of the log was compacted away
      offset = slice.nextOffset;
      records += slice.records;
      await new Promise<void>((resume) => clock.after(0, resume)); // other work of the node comes between slices
    }
    this.endOffset = Math.max(offset, this.status === "loading" ? writer.range(topic, this.partition).endOffset : 0);
    return records;
  }

  private loadedTo(endOffset: number, highWatermark: number): void {
    if (endOffset <= highWatermark) this.committedState = this.shard.state;
    else this.written.push({ endOffset, state: this.shard.state, waiters: [], cancelTimeout: nothing });
  }

  private activate(): void {
    const { writer, topic, clock } = this.options;
    this.status = "active";
    this.loadedOffset = this.endOffset;
    this.writtenState = this.shard.state;
    this.stopFollowing = writer.follow(topic, this.partition, {
      committed: (highWatermark) => this.commit(highWatermark),
      lost: () => this.lost(),
    });
    this.commit(writer.range(topic, this.partition).highWatermark);
    const outcome = this.shard.loaded(clock.nowMs());
    this.takeEffects(outcome);
    this.hold(outcome, nothing);
  }

  // Operations

  private fire(event: Event): void {
    if (this.status !== "active") return;
    this.runInside(() => this.shard.fire(event, this.options.clock.nowMs()));
  }

  /** An operation of the shard's own: nobody waits for its reply, so a failure is only logged. */
  private runInside(operation: () => Outcome<void, Event>): void {
    try {
      const outcome = operation();
      this.takeEffects(outcome);
      if (this.status === "active") this.hold(outcome, nothing);
    } catch (error) {
      this.options.logger.error(`${this.name}: ${String(error)}`);
    }
  }

  private takeEffects(outcome: Outcome<unknown, Event>): void {
    if (this.status === "active") for (const timer of outcome.timers) this.timers.set(timer);
    this.deliver(outcome.answers);
  }

  private deliver(answers: readonly TicketAnswer[]): void {
    for (const { ticket, response } of answers) {
      const slot = this.tickets.get(ticket);
      if (slot === undefined) continue; // refused before, because an append failed
      this.tickets.delete(ticket);
      if (response === unanswered) continue;
      slot.answered = true;
      slot.response = response;
      slot.resolve?.(response);
    }
  }

  /** Appends the records and calls `done` when they, or all that came before, are committed or refused. */
  private hold(outcome: Outcome<unknown, Event>, done: (error: unknown) => void): void {
    const waiter: Waiter<Event> = { after: outcome.after, done };
    if (outcome.records.length > 0) {
      this.append(outcome, waiter);
      return;
    }
    assert(outcome.after === null, "only records can be settled");
    const last = this.written.at(-1);
    if (this.open !== null) this.open.waiters.push(waiter);
    else if (last !== undefined) last.waiters.push(waiter);
    else done(committed);
  }

  private append(outcome: Outcome<unknown, Event>, waiter: Waiter<Event>): void {
    const nowMs = this.options.clock.nowMs();
    try {
      const bytesMax = this.options.writer.batchBytesMax(this.options.topic, this.partition);
      if (outcome.atomic) this.makeRoom(outcome.records, bytesMax);
      for (const record of outcome.records) {
        if (!outcome.atomic) this.makeRoom([record], bytesMax);
        const batch = this.openBatch();
        if (outcome.after === null) this.shard.apply({ ...record, offset: batch.nextOffset, producerId: -1 });
        batch.builder.append(nowMs, record.key, record.value);
        batch.nextOffset++;
      }
    } catch (error) {
      // Either an earlier batch failed, which took the state back before this operation, or a record cannot be applied.
      this.failOpen(error);
      this.settle(waiter, error);
      return;
    }
    this.openBatch().waiters.push(waiter);
  }

  /** Starts a new batch where the records would make the open one too large. */
  private makeRoom(records: readonly ShardRecord[], bytesMax: number): void {
    if (this.open === null) return;
    let bytes = this.open.builder.sizeBytes;
    for (const record of records) bytes += record.key.length + (record.value?.length ?? 0) + 32;
    if (bytes > bytesMax) this.flush();
  }

  private openBatch(): OpenBatch<Event> {
    if (this.open !== null) return this.open;
    const batch: OpenBatch<Event> = {
      builder: new RecordBatchBuilder({ codec: this.options.codec() }, slack),
      waiters: [],
      nextOffset: this.endOffset,
    };
    this.open = batch;
    this.options.clock.turnEnd(() => {
      if (this.open !== batch) return;
      try {
        this.flush();
      } catch {
        // Logged, and every waiter of the batch knows.
      }
    });
    return batch;
  }

  /** @throws what the append threw, after the batch was taken back and its waiters refused. */
  private flush(): void {
    const batch = this.open;
    if (batch === null) return;
    let lastOffset: number;
    try {
      const { writer, topic } = this.options;
      lastOffset = writer.append(topic, this.partition, this.leaderEpoch, batch.builder.build());
    } catch (error) {
      this.options.logger.warn(`${this.name}: ${batch.builder.count} records not written: ${String(error)}`);
      this.failOpen(error);
      throw error;
    }
    if (lastOffset + 1 !== batch.nextOffset) {
      const message = `${this.name}: expected to write up to ${batch.nextOffset - 1}, wrote up to ${lastOffset}`;
      this.options.logger.error(`${message}; loading it again`);
      this.lost();
      throw new KafkaError("NOT_COORDINATOR", message);
    }
    this.open = null;
    this.endOffset = batch.nextOffset;
    this.writtenState = this.shard.state;
    const entry: Written<State, Event> = {
      endOffset: batch.nextOffset,
      state: this.shard.state,
      waiters: batch.waiters,
      cancelTimeout: nothing,
    };
    entry.cancelTimeout = this.options.clock.after(this.options.writeTimeoutMs(), () => this.timeOut(entry));
    this.written.push(entry);
  }

  private failOpen(error: unknown): void {
    const batch = this.open;
    if (batch === null) return;
    this.open = null;
    this.shard.state = this.writtenState;
    for (const waiter of batch.waiters) this.settle(waiter, error);
  }

  private commit(highWatermark: number): void {
    if (this.status !== "active") return;
    for (;;) {
      const first = this.written[0];
      if (first === undefined || first.endOffset > highWatermark) return;
      this.written.shift();
      first.cancelTimeout();
      this.committedState = first.state;
      for (const waiter of first.waiters) this.settle(waiter, committed);
    }
  }

  /** The records may still be committed; nobody waits for them any longer. */
  private timeOut(entry: Written<State, Event>): void {
    const waiters = entry.waiters;
    entry.waiters = [];
    const error = new KafkaError("REQUEST_TIMED_OUT", `${this.name}: not committed in time`);
    for (const waiter of waiters) this.settle(waiter, error);
  }

  private settle(waiter: Waiter<Event>, error: unknown): void {
    const event = waiter.after;
    if (event !== null) {
      const name = error === committed ? null : errorNameOf(error);
      this.runInside(() => this.shard.settled(event, name, this.options.clock.nowMs()));
    }
    waiter.done(error);
  }

  // The end

  private lost(): void {
    if (this.status === "failed" || this.status === "closed") return;
    this.unload("failed");
    this.gone(this);
  }

  private unload(status: "failed" | "closed"): void {
    const wasActive = this.status === "active";
    this.status = status;
    this.stopFollowing();
    this.timers.cancelAll();
    const error = new KafkaError("NOT_COORDINATOR", `${this.name} is no longer served here`);
    const written = this.written;
    this.written = [];
    for (const entry of written) {
      entry.cancelTimeout();
      for (const waiter of entry.waiters) this.settle(waiter, error);
    }
    this.failOpen(error);
    if (wasActive) this.deliver(this.shard.unloaded());
    for (const slot of this.tickets.values()) slot.reject?.(error);
    this.tickets.clear();
  }
}
