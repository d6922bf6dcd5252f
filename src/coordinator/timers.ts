/**
 * The timers of one shard, by key. Setting a key again replaces its timer; a deadline that moves later (every heartbeat
 * does that) costs no new timer of the clock: the old one fires, sees the new deadline and waits for the rest.
 */
import type { Cancel, Clock } from "../../base/ports.ts";
import type { TimerChange } from "./outcome.ts";

interface Armed<Event> {
  event: Event;
  deadlineMs: number;
  /** When the clock's own timer fires; never after the deadline. */
  firesMs: number;
  cancel: Cancel;
}

export class Timers<Event> {
  private readonly clock: Clock;
  private readonly fire: (event: Event) => void;
  private readonly armed = new Map<string, Armed<Event>>();

  constructor(clock: Clock, fire: (event: Event) => void) {
    this.clock = clock;
    this.fire = fire;
  }

  get size(): number {
    return this.armed.size;
  }

  set({ key, afterMs, event }: TimerChange<Event>): void {
    if (event === null) {
      this.cancel(key);
      return;
    }
    const deadlineMs = this.clock.ticksMs() + afterMs;
    const timer = this.armed.get(key);
    if (timer !== undefined && timer.firesMs <= deadlineMs) {
      timer.event = event;
      timer.deadlineMs = deadlineMs;
      return;
    }
    timer?.cancel();
    this.arm(key, event, deadlineMs, afterMs);
  }

  cancelAll(): void {
    for (const timer of this.armed.values()) timer.cancel();
    this.armed.clear();
  }

  private cancel(key: string): void {
    this.armed.get(key)?.cancel();
    this.armed.delete(key);
  }

  private arm(key: string, event: Event, deadlineMs: number, afterMs: number): void {
    const cancel = this.clock.after(afterMs, () => this.wake(key));
    this.armed.set(key, { event, deadlineMs, firesMs: deadlineMs, cancel });
  }

  private wake(key: string): void {
    const timer = this.armed.get(key);
    if (timer === undefined) return;
    const leftMs = timer.deadlineMs - this.clock.ticksMs();
    if (leftMs > 0) {
      this.arm(key, timer.event, timer.deadlineMs, leftMs);
      return;
    }
    this.armed.delete(key);
    this.fire(timer.event);
  }
}
