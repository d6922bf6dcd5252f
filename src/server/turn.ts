/**
 * Bounds the requests handled in one turn of the loop, and the replies written at its end: a flood of either must not
 * keep heartbeats and timers waiting.
 * Who is over the bound goes on in the next turn, in order.
 */
import type { Clock } from "../../base/ports.ts";

const TURN_BYTES_MAX = 4 << 20;
const TURN_MS_MAX = 5;

export class Turn {
  readonly #clock: Clock;
  readonly #later = new Set<() => void>();
  #bytes = 0;
  #beganMs = -1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True: handle it now. Otherwise `goOn` is called in the next turn. */
  takes(bytes: number, goOn: () => void): boolean {
    const nowMs = this.#clock.ticksMs();
    if (this.#beganMs < 0) {
      this.#beganMs = nowMs;
      this.#clock.turnEnd(this.#ended);
    }
    // Small requests can cost time, large ones cost memory bandwidth: either ends the turn.
    if (this.#bytes > 0 && (this.#bytes + bytes > TURN_BYTES_MAX || nowMs - this.#beganMs > TURN_MS_MAX)) {
      this.#later.add(goOn);
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  /** A reply of so many bytes will be written at the end of this turn. */
  answers(bytes: number): void {
    if (this.#beganMs >= 0) this.#bytes += bytes;
  }

  readonly #ended = (): void => {
    this.#beganMs = -1;
    this.#bytes = 0;
    if (this.#later.size > 0) this.#clock.turnEnd(this.#goOn); // after the replies of this turn have left
  };

  readonly #goOn = (): void => {
    this.#beganMs = -1;
    this.#bytes = 0;
    const later = [...this.#later];
    this.#later.clear();
    for (const goOn of later) goOn();
  };
}
