/** Draws of one labelled stream: every concern has its own, so that a change in one leaves the others as they were. */
import { assert } from "../../base/assert.ts";
import type { Random } from "../../base/ports.ts";
import { Prng } from "../../base/prng.ts";

export class Dice implements Random {
  private readonly prng: Prng;

  constructor(seed: number, label: string) {
    this.prng = new Prng(hashText(label, Math.imul(seed ^ (seed / 0x1_0000_0000), 0x9e3779b1)));
  }

  below(limit: number): number {
    return this.prng.below(limit);
  }

  bytes(length: number): Uint8Array {
    return this.prng.bytes(length);
  }

  /** In [0, 1). */
  unit(): number {
    return this.prng.uint32() / 0x1_0000_0000;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + this.prng.below(high - low + 1);
  }

  /** Exponentially distributed, as times between independent events are. */
  exponential(mean: number): number {
    return -Math.log(1 - this.unit()) * mean;
  }

  pick<T>(from: readonly T[]): T {
    assert(from.length > 0, "there is something to pick from");
    return from[this.prng.below(from.length)] as T;
  }

  shuffled<T>(from: readonly T[]): T[] {
    const list = [...from];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.prng.below(i + 1);
      [list[i], list[j]] = [list[j] as T, list[i] as T];
    }
    return list;
  }
}

/** FNV-1a, 32 bits. */
export function hashText(text: string, from = 0x811c9dc5): number {
  let hash = from >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
