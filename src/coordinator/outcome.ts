/**
 * What one operation on a shard wants, as a value. The runtime sets the timers, hands out `answers`, applies and
 * appends `records`, and holds `reply` until they (or, where there are none, what the operation has read) are
 * committed.
 */
import type { ErrorName } from "../../protocol/errors.ts";

/** A record as bytes: the key is framed by its type, the value by its version; a null value is a tombstone. */
export interface ShardRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** A record as it was read from the log, or as it is about to be appended. */
export interface AppliedRecord extends ShardRecord {
  readonly offset: number;
  /** Of its batch; -1 outside of a transaction. */
  readonly producerId: number;
}

/** Names one request that a shard answers when it likes, by now or by a later outcome; never used twice. */
export type Ticket = number;

/** The response of a request that will never have one, as Kafka drops it: its ticket is forgotten. */
export const unanswered: unique symbol = Symbol("unanswered");

export interface TicketAnswer {
  readonly ticket: Ticket;
  readonly response: unknown;
}

/** Sets the timer of that key in place of the one before; `event` null cancels it. */
export interface TimerChange<Event> {
  readonly key: string;
  readonly afterMs: number;
  readonly event: Event | null;
}

export interface Outcome<Reply, Event> {
  readonly reply: Reply;
  readonly records: readonly ShardRecord[];
  /**
   * False: the records may be split over several batches, of which a later one can fail alone (clean-up of many keys).
   */
  readonly atomic: boolean;
  readonly timers: readonly TimerChange<Event>[];
  /** Answers to requests with a ticket; they do not wait for the records. */
  readonly answers: readonly TicketAnswer[];
  /**
   * Not null: the records are not applied to the living shard, whose state runs ahead of them (classic group members
   * are no records); the event goes to `Shard.settled` once they are committed or refused, which finishes the change.
   */
  readonly after: Event | null;
}

/**
 * One partition's worth of a coordinator: pure decisions over its state. Operations read and change it in memory and
 * return an Outcome; nothing here knows a clock, a log or a socket.
 */
export interface Shard<State, Event> {
  /**
   * Never changed in place, only replaced: keeping an old one is how the runtime reverts and reads what is committed.
   */
  state: State;
  /** The only way records change the state, while loading and while living. */
  apply(record: AppliedRecord): void;
  /** A transaction of the producer ended here. */
  applyMarker(producerId: number, committed: boolean): void;
  /** All records are applied. */
  loaded(nowMs: number): Outcome<void, Event>;
  /** The partition is no longer ours: the last answers to requests with a ticket. */
  unloaded(): readonly TicketAnswer[];
  /** A timer is due. */
  fire(event: Event, nowMs: number): Outcome<void, Event>;
  /** The records of an outcome with `after` are committed, or refused with the error. */
  settled(event: Event, error: ErrorName | null, nowMs: number): Outcome<void, Event>;
}

/** An outcome that only replies. */
export function replyOnly<Reply, Event>(reply: Reply): Outcome<Reply, Event> {
  return { reply, records: [], atomic: true, timers: [], answers: [], after: null };
}
