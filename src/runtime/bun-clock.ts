/** The machine's clocks and Bun's event loop. */
import type { Cancel, Clock } from "../../base/ports.ts";

/** setTimeout fires at once beyond this. */
const DELAY_MS_MAX = 2 ** 31 - 1;

export class BunClock implements Clock {
  #atTurnEnd: (() => void)[] = [];

  nowMs(): number {
    return Date.now();
  }

  ticksMs(): number {
    return performance.now();
  }

  after(delayMs: number, fire: () => void): Cancel {
    const dueMs = performance.now() + delayMs;
    const wait = () => {
      const leftMs = dueMs - performance.now();
      if (leftMs <= 0) fire();
      else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), DELAY_MS_MAX)); // it was early by a fraction
    };
    let timer = setTimeout(wait, Math.min(Math.max(0, Math.ceil(delayMs)), DELAY_MS_MAX));
    return () => clearTimeout(timer);
  }

  turnEnd(run: () => void): void {
    if (this.#atTurnEnd.push(run) === 1) setImmediate(this.#endTurn);
  }

  /** What a callback adds runs in the next turn, so that input is not starved. If one throws, the rest still run. */
  readonly #endTurn = (): void => {
    const callbacks = this.#atTurnEnd;
    this.#atTurnEnd = [];
    for (const run of callbacks) {
      try {
        run();
      } catch (failure) {
        reportError(failure);
      }
    }
  };
}
