/** xoshiro128**: small, fast, seeded; the same seed gives the same stream everywhere. Not for secrets. */
import { assert } from "./assert.ts";
import type { Random } from "./ports.ts";

export class Prng implements Random {
  private readonly state = new Uint32Array(4);

  constructor(seed: number) {
    // splitmix32 spreads a small seed over the state.
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.state[i] = z ^ (z >>> 15);
    }
  }

  uint32(): number {
    const s = this.state;
    const s1 = s[1] as number;
    const scaled = Math.imul(s1, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const s2 = (s[2] as number) ^ (s[0] as number);
    const s3 = (s[3] as number) ^ s1;
    s[1] = s1 ^ s2;
    s[0] = (s[0] as number) ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  below(limit: number): number {
    assert(limit > 0 && Number.isSafeInteger(limit), "a limit is a positive whole number");
    const unit = this.uint32() * 0x20_0000 + (this.uint32() >>> 11);
    return Math.floor((unit / 2 ** 53) * limit);
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.uint32() & 0xff;
    return bytes;
  }
}
