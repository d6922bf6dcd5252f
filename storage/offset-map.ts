/**
 * The offset at which each key was last seen, in a bounded piece of memory: 24 bytes for a key, however long it is.
 * Keys are known by 128 bits of a hash that is keyed at random for each map, so that nobody can make two of them
 * collide. The table is many small ones that grow alone: no insertion has to wait for the whole of it to be copied.
 */
import { assert } from "../base/assert.ts";
import type { Random } from "../base/ports.ts";
import { int32 } from "../protocol/records/batch.ts";

/** 16 bytes of hash and an offset, as Apache counts its memory: the same setting holds the same number of keys. */
const SLOT_BYTES = 24;
const SLOT_WORDS = SLOT_BYTES / 4;
const SLOT_DOUBLES = SLOT_BYTES / 8;
const SHARDS = 256;
/** Below, one table is small enough. */
const SHARDED_SLOTS_MIN = 65_536;
const SLOTS_AT_FIRST = 16;
const BUFFER_BYTES_MAX = 0x7fff_ffff;

export class OffsetMap {
  /** As many keys as the memory has room for. */
  readonly slots: number;
  /** The last offset that the map knows of; every key up to it is in the map. */
  latestOffset = -1;
  size = 0;
  private readonly hash: KeyedHash;
  private readonly shards: Shard[];

  constructor(memoryBytes: number, random: Random) {
    this.slots = Math.floor(Math.min(memoryBytes, BUFFER_BYTES_MAX) / SLOT_BYTES);
    this.hash = new KeyedHash(random.bytes(16));
    const shards = this.slots < SHARDED_SLOTS_MIN ? 1 : SHARDS;
    const share = Math.ceil(this.slots / shards);
    this.shards = Array.from({ length: shards }, () => new Shard(share));
  }

  /** The key is `length` bytes at `at`. -1 where it is not known. */
  get(bytes: Uint8Array, at: number, length: number): number {
    const { hash } = this;
    hash.digest(bytes, at, length);
    return this.shard().get(hash.words);
  }

  put(bytes: Uint8Array, at: number, length: number, offset: number): void {
    const { hash } = this;
    hash.digest(bytes, at, length);
    if (this.shard().put(hash.words, offset)) this.size++;
    this.latestOffset = offset;
  }

  private shard(): Shard {
    return this.shards[((this.hash.words[3] as number) >>> 0) % this.shards.length] as Shard;
  }
}

/** One open-addressed table: four words of hash and, as a double, the offset plus one; zero is empty. */
class Shard {
  private readonly share: number;
  private capacity = SLOTS_AT_FIRST;
  private used = 0;
  private words: Int32Array;
  private offsets: Float64Array;

  constructor(share: number) {
    this.share = share;
    const table = new ArrayBuffer(this.capacity * SLOT_BYTES);
    this.words = new Int32Array(table);
    this.offsets = new Float64Array(table);
  }

  get(hash: Int32Array): number {
    return (this.offsets[this.find(hash) * SLOT_DOUBLES + 2] as number) - 1;
  }

  /** True where the key is new. */
  put(hash: Int32Array, offset: number): boolean {
    let slot = this.find(hash);
    const known = this.offsets[slot * SLOT_DOUBLES + 2] !== 0;
    if (!known && this.mustGrow()) {
      this.grow();
      slot = this.find(hash);
    }
    this.words.set(hash, slot * SLOT_WORDS);
    this.offsets[slot * SLOT_DOUBLES + 2] = offset + 1;
    if (!known) this.used++;
    return !known;
  }

  /** The slot of the hash, or the empty one where it belongs. One slot is always empty. */
  private find(hash: Int32Array): number {
    const { words, offsets, capacity } = this;
    const a = hash[0] as number;
    const b = hash[1] as number;
    const c = hash[2] as number;
    const d = hash[3] as number;
    let slot = (a >>> 0) % capacity;
    for (;;) {
      if (offsets[slot * SLOT_DOUBLES + 2] === 0) return slot;
      const at = slot * SLOT_WORDS;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot;
      slot = slot + 1 === capacity ? 0 : slot + 1;
    }
  }

  /** At three quarters; a shard that has its share only when it is nearly full, where chance gave it more than that. */
  private mustGrow(): boolean {
    return this.used >= (this.capacity < this.share ? this.capacity * 0.75 : this.capacity * 0.98 - 1);
  }

  private grow(): void {
    const { words, offsets, capacity } = this;
    const share = Math.ceil(this.share * 1.02) + 2;
    this.capacity = capacity < this.share ? Math.min(capacity * 2, share) : Math.ceil(capacity * 1.1) + 1;
    const table = new ArrayBuffer(this.capacity * SLOT_BYTES);
    this.words = new Int32Array(table);
    this.offsets = new Float64Array(table);
    for (let old = 0; old < capacity; old++) {
      const offset = offsets[old * SLOT_DOUBLES + 2] as number;
      if (offset === 0) continue;
      const hash = words.subarray(old * SLOT_WORDS, old * SLOT_WORDS + 4);
      const slot = this.find(hash);
      this.words.set(hash, slot * SLOT_WORDS);
      this.offsets[slot * SLOT_DOUBLES + 2] = offset;
    }
    assert(this.used < this.capacity, "a table keeps an empty slot");
  }
}

/** HalfSipHash-2-4 with all of its state keyed, and drawn out to 128 bits. */
class KeyedHash {
  /** The last digest. */
  readonly words = new Int32Array(4);
  private readonly key: Int32Array;
  private readonly state = new Int32Array(4);

  constructor(key: Uint8Array) {
    this.key = Int32Array.from({ length: 4 }, (_, n) => int32(key, n * 4));
  }

  digest(bytes: Uint8Array, at: number, length: number): void {
    const { state, key, words } = this;
    state[0] = key[0] as number;
    state[1] = key[1] as number;
    state[2] = 0x6c79_6765 ^ (key[2] as number);
    state[3] = 0x7465_6462 ^ (key[3] as number);
    const whole = at + (length & ~3);
    let from = at;
    for (; from < whole; from += 4) this.absorb(int32(bytes, from));
    let last = length << 24;
    for (let shift = 0; from < at + length; shift += 8) last |= (bytes[from++] as number) << shift;
    this.absorb(last);
    state[2] = (state[2] as number) ^ 0xee;
    for (let n = 0; n < 4; n++) {
      rounds(state, 4);
      words[n] = (state[1] as number) ^ (state[3] as number);
      state[1] = (state[1] as number) ^ (0xdd + n);
    }
  }

  private absorb(word: number): void {
    const { state } = this;
    state[3] = (state[3] as number) ^ word;
    rounds(state, 2);
    state[0] = (state[0] as number) ^ word;
  }
}

function rounds(state: Int32Array, count: number): void {
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  for (let n = 0; n < count; n++) {
    a = (a + b) | 0;
    b = ((b << 5) | (b >>> 27)) ^ a;
    a = (a << 16) | (a >>> 16);
    c = (c + d) | 0;
    d = ((d << 8) | (d >>> 24)) ^ c;
    a = (a + d) | 0;
    d = ((d << 7) | (d >>> 25)) ^ a;
    c = (c + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ c;
    c = (c << 16) | (c >>> 16);
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}
