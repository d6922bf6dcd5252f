/**
 * A world in one thread: a heap of (time, sequence) events. Pop the first, set the virtual clock, run it, let every
 * promise settle, repeat. Nothing in it reads a real clock, socket, file or random number, so a seed is a history.
 */
import { assert } from "../../base/assert.ts";
import type { Cancel } from "../../base/ports.ts";
import { Dice } from "./dice.ts";
import { settlePromises } from "./microtasks.ts";
import { Trace } from "./trace.ts";

interface Scheduled {
  timeMs: number;
  sequence: number;
  readonly owner: Life | null;
  run: (() => void) | null;
}

/** What the simulated world found wrong: the seed has failed. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly invariant: string;
  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`);
    this.invariant = invariant;
  }
}

/**
 * One process from its start to its end. Events belong to a life: those of an ended one never run, those of a paused
 * one wait.
 */
export class Life {
  readonly name: string;
  /** The host fails at this moment: what the code still does in its turn leaves no trace in the world. */
  doomed = false;
  alive = true;
  paused = false;
  private readonly waiting: Scheduled[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get acts(): boolean {
    return this.alive && !this.doomed;
  }

  hold(event: Scheduled): void {
    this.waiting.push(event);
  }

  release(): readonly Scheduled[] {
    return this.waiting.splice(0);
  }
}

export class World {
  readonly seed: number;
  readonly trace: Trace;
  nowMs = 0;
  /** The first thing found wrong. */
  violation: Violation | null = null;
  private readonly heap: Scheduled[] = [];
  private sequence = 0;
  private afterEvent: (() => void)[] = [];

  constructor(seed: number, print: ((line: string) => void) | null = null) {
    this.seed = seed;
    this.trace = new Trace(print);
  }

  dice(label: string): Dice {
    return new Dice(this.seed, label);
  }

  note(what: string): void {
    this.trace.note(this.nowMs, what);
  }

  /** Wrong is wrong: the first violation ends the run. */
  fail(invariant: string, detail: string): void {
    if (this.violation !== null) return;
    this.violation = new Violation(invariant, detail);
    this.note(`VIOLATION ${this.violation.message}`);
  }

  at(delayMs: number, run: () => void, owner: Life | null = null): Cancel {
    return this.atTime(this.nowMs + delayMs, run, owner);
  }

  /** A moment that is computed as a delay and back again may come before one that it equals. */
  atTime(timeMs: number, run: () => void, owner: Life | null = null): Cancel {
    assert(timeMs >= this.nowMs, "events lie ahead");
    const event: Scheduled = { timeMs, sequence: this.sequence++, owner, run };
    this.push(event);
    return () => {
      event.run = null;
    };
  }

  /** Resolves after so much virtual time; never for a life that ends before. */
  sleep(delayMs: number, owner: Life | null = null): Promise<void> {
    return new Promise((resolve) => this.at(delayMs, resolve, owner));
  }

  /** Runs once the present event and its promises are through, before the next. */
  afterThis(run: () => void): void {
    this.afterEvent.push(run);
  }

  pause(life: Life): void {
    life.paused = true;
  }

  /** Late timers and input then come all at once, in their order. */
  resume(life: Life): void {
    life.paused = false;
    for (const event of life.release()) {
      event.timeMs = this.nowMs;
      event.sequence = this.sequence++;
      this.push(event);
    }
  }

  /** Until the time has come, something is wrong, or `done` holds. False where nothing is left to happen. */
  run(untilMs: number, done: () => boolean = () => false): boolean {
    settlePromises();
    while (this.violation === null && !done()) {
      const event = this.heap[0];
      if (event === undefined) return false;
      if (event.timeMs > untilMs) {
        this.nowMs = untilMs;
        return true;
      }
      this.pop();
      this.step(event);
    }
    return true;
  }

  /** Checks between events: a log that cannot be read is a violation too, not the end of the simulator. */
  check(run: () => void): void {
    try {
      run();
    } catch (failure) {
      this.fail("no check fails", stackOf(failure));
    }
  }

  private step(event: Scheduled): void {
    const { run, owner } = event;
    if (run === null || owner?.alive === false) return;
    if (owner?.paused === true) {
      owner.hold(event);
      return;
    }
    this.nowMs = Math.max(this.nowMs, event.timeMs);
    try {
      run();
    } catch (failure) {
      if (owner?.doomed !== true) this.fail("no event fails", stackOf(failure));
    }
    settlePromises();
    if (this.afterEvent.length === 0) return;
    for (const each of this.afterEvent.splice(0)) each();
    settlePromises();
  }

  private push(event: Scheduled): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (!before(event, heap[above] as Scheduled)) break;
      heap[at] = heap[above] as Scheduled;
      at = above;
    }
    heap[at] = event;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Scheduled;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Scheduled, heap[below] as Scheduled)) below++;
      if (!before(heap[below] as Scheduled, last)) break;
      heap[at] = heap[below] as Scheduled;
      at = below;
    }
    heap[at] = last;
  }
}

function before(a: Scheduled, b: Scheduled): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.sequence < b.sequence);
}

export function stackOf(failure: unknown): string {
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}
