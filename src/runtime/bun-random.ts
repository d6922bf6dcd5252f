/** Randomness that nobody can guess: ids of clusters, directories, topics and members come from it. */
import { assert } from "../../base/assert.ts";
import type { Random } from "../../base/ports.ts";

const LIMIT_MAX = 2 ** 53;

export class BunRandom implements Random {
  below(limit: number): number {
    assert(Number.isInteger(limit) && limit > 0 && limit <= LIMIT_MAX, "a whole limit in 1 … 2^53");
    const words = new Uint32Array(2);
    const fair = LIMIT_MAX - (LIMIT_MAX % limit); // every remainder is equally frequent below this
    for (;;) {
      crypto.getRandomValues(words);
      const value = (words[0]! & 0x1f_ffff) * 2 ** 32 + words[1]!;
      if (value < fair) return value % limit;
    }
  }

  bytes(length: number): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(length));
  }
}
