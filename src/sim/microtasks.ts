/**
 * The one thing that the simulator asks of the platform: run every pending promise callback, now. Without I/O of their
 * own, what they do then depends on nothing but their order, which is the order in which they were queued.
 */
import { drainMicrotasks } from "bun:jsc";

/** Returns when no promise callback is left, also those that the callbacks add. */
export function settlePromises(): void {
  drainMicrotasks();
}
