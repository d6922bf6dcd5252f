/** Collects what an operation wants while it decides; `outcome` hands it over as a value. */
import {
  type Outcome,
  type ShardRecord,
  type Ticket,
  type TicketAnswer,
  type TimerChange,
  unanswered,
} from "./outcome.ts";

export class Draft<Event> {
  private readonly records: ShardRecord[] = [];
  private readonly timers: TimerChange<Event>[] = [];
  private readonly answers: TicketAnswer[] = [];
  private after: Event | null = null;
  private atomic = true;

  write(record: ShardRecord): void {
    this.records.push(record);
  }

  /** The records are not applied to the living shard; `event` comes back once they are committed or refused. */
  writeAhead(record: ShardRecord, event: Event): void {
    this.records.push(record);
    this.after = event;
  }

  /** The records may end up in several batches. */
  splittable(): void {
    this.atomic = false;
  }

  setTimer(key: string, afterMs: number, event: Event): void {
    this.timers.push({ key, afterMs, event });
  }

  cancelTimer(key: string): void {
    this.timers.push({ key, afterMs: 0, event: null });
  }

  answer(ticket: Ticket, response: unknown): void {
    this.answers.push({ ticket, response });
  }

  /** The request gets no answer: its client has sent another in its place, or is out of the group. */
  abandon(ticket: Ticket | null): void {
    if (ticket !== null) this.answers.push({ ticket, response: unanswered });
  }

  get recordsCount(): number {
    return this.records.length;
  }

  outcome<Reply>(reply: Reply): Outcome<Reply, Event> {
    const { records, atomic, timers, answers, after } = this;
    return { reply, records, atomic, timers, answers, after };
  }
}
