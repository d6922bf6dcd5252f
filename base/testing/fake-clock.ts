/** A clock for unit tests: time moves only when the test says so. */
import type { Cancel, Clock } from "../ports.ts";

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

export class FakeClock implements Clock {
  private wallMs: number;
  private monotonicMs = 0;
  private order = 0;
  private timers: Timer[] = [];
  private endings: (() => void)[] = [];

  constructor(nowMs = 1_700_000_000_000) {
    this.wallMs = nowMs;
  }

  nowMs(): number {
    return this.wallMs;
  }

  ticksMs(): number {
    return this.monotonicMs;
  }

  after(delayMs: number, fire: () => void): Cancel {
    const timer = { dueMs: this.monotonicMs + delayMs, order: this.order++, fire };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Runs in the next microtask, as the end of a turn would; `endTurn` runs it at once. */
  turnEnd(run: () => void): void {
    if (this.endings.length === 0) queueMicrotask(() => this.endTurn());
    this.endings.push(run);
  }

  endTurn(): void {
    const endings = this.endings;
    this.endings = [];
    for (const run of endings) run();
  }

  /** Moves both clocks and fires what falls due, in order of time. */
  advance(ms: number): void {
    const untilMs = this.monotonicMs + ms;
    for (;;) {
      const due = this.timers.filter((timer) => timer.dueMs <= untilMs);
      const next = due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.wallMs += next.dueMs - this.monotonicMs;
      this.monotonicMs = next.dueMs;
      next.fire();
    }
    this.wallMs += untilMs - this.monotonicMs;
    this.monotonicMs = untilMs;
  }

  /** As `advance`, and lets promises settle after each step of `stepMs`. */
  async run(ms: number, stepMs = ms): Promise<void> {
    for (let moved = 0; moved < ms; moved += stepMs) {
      this.advance(Math.min(stepMs, ms - moved));
      for (let i = 0; i < 20; i++) await Promise.resolve();
    }
  }

  /** The process that set them has ended. */
  dropTimers(): void {
    this.timers = [];
    this.endings = [];
  }

  /** The wall clock alone jumps, as an operator or NTP would make it. */
  jumpWall(ms: number): void {
    this.wallMs += ms;
  }

  get pendingTimers(): number {
    return this.timers.length;
  }
}
