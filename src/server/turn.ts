/**
 * Bounds the requests handled in one turn of the loop, and the replies written at its end: a flood of either must not
 * keep heartbeats and timers waiting.
 * Who is over the bound goes on in the next turn, in order.
 */
import type { Clock } from "../../base/ports.ts";

const TURN_BYTES_MAX = 4 << 20;
const TURN_MS_MAX = 5;
/** What takes long is seen at once, of quick requests so many: to ask the clock costs as much as to decode a header. */
const LOOK_BYTES = 16 << 10;
const LOOK_REQUESTS = 8;

export interface Deferred {
  /** The next turn has come. */
  goOn(): void;
}

export class Turn {
  readonly #clock: Clock;
  readonly #later = new Set<Deferred>();
  #bytes = 0;
  #beganMs = -1;
  #lookedMs = -1;
  /** Since the clock was asked. */
  #unseenBytes = 0;
  #unseenRequests = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `isQuick`: its bytes say what it costs. True: handle it now. Otherwise who asks goes on in the next turn. */
  takes(bytes: number, asking: Deferred, isQuick = false): boolean {
    if (this.#beganMs < 0) {
      this.#look();
      this.#beganMs = this.#lookedMs;
      this.#clock.turnEnd(this.#ended);
    } else if (!isQuick || this.#unseenRequests >= LOOK_REQUESTS || this.#unseenBytes >= LOOK_BYTES) this.#look();
    // Small requests can cost time, large ones cost memory bandwidth: either ends the turn.
    const tookMs = this.#lookedMs - this.#beganMs;
    if (this.#bytes > 0 && (this.#bytes + bytes > TURN_BYTES_MAX || tookMs > TURN_MS_MAX)) {
      this.#later.add(asking);
      return false;
    }
    this.#bytes += bytes;
    this.#unseenBytes += bytes;
    this.#unseenRequests++;
    return true;
  }

  /** Monotonic, and no older than a few requests. */
  get nowMs(): number {
    return this.#beganMs < 0 ? this.#clock.ticksMs() : this.#lookedMs;
  }

  #look(): void {
    this.#lookedMs = this.#clock.ticksMs();
    this.#unseenBytes = 0;
    this.#unseenRequests = 0;
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
    for (const each of later) each.goOn();
  };
}
