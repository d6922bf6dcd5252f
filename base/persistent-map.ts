/**
 * A map that never changes: `with` and `without` answer a new map that shares all but the path to the changed entry
 * with the old one (a hash array mapped trie, 32 branches a level). Keeping an old state costs nothing, reverting to it
 * is dropping the new one. Keys are strings or numbers. Iteration order is fixed by the keys, not by insertion.
 */
type Key = string | number;
type Entry<K, V> = readonly [K, V];
type Slot<K, V> = Branch<K, V> | Leaf<K, V>;
/** Slots in the order of the bits set in `bitmap`. */
interface Branch<K, V> {
  readonly bitmap: number;
  readonly slots: readonly Slot<K, V>[];
}
/** The entries of one hash: one of them, unless hashes collide. */
interface Leaf<K, V> {
  readonly hash: number;
  readonly entries: readonly Entry<K, V>[];
}

export class PersistentMap<K extends Key, V> implements Iterable<Entry<K, V>> {
  readonly size: number;
  private readonly root: Branch<K, V>;

  private constructor(root: Branch<K, V>, size: number) {
    this.root = root;
    this.size = size;
  }

  static empty<K extends Key, V>(): PersistentMap<K, V> {
    return new PersistentMap<K, V>({ bitmap: 0, slots: [] }, 0);
  }

  static of<K extends Key, V>(entries: Iterable<Entry<K, V>>): PersistentMap<K, V> {
    let map = PersistentMap.empty<K, V>();
    for (const [key, value] of entries) map = map.with(key, value);
    return map;
  }

  get(key: K): V | undefined {
    const hash = hashOf(key);
    let node: Branch<K, V> = this.root;
    for (let shift = 0; ; shift += 5) {
      const bit = bitOf(hash, shift);
      if ((node.bitmap & bit) === 0) return undefined;
      const slot = node.slots[indexOf(node.bitmap, bit)]!;
      if (isLeaf(slot)) return slot.entries.find((entry) => entry[0] === key)?.[1];
      node = slot;
    }
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  with(key: K, value: V): PersistentMap<K, V> {
    const grows = this.has(key) ? 0 : 1;
    return new PersistentMap(insert(this.root, hashOf(key), 0, [key, value]), this.size + grows);
  }

  without(key: K): PersistentMap<K, V> {
    if (!this.has(key)) return this;
    return new PersistentMap(remove(this.root, hashOf(key), 0, key), this.size - 1);
  }

  /** Visits each key whose value is not the same in both maps; what the maps share is never walked. */
  static differences<K extends Key, V>(
    before: PersistentMap<K, V>,
    after: PersistentMap<K, V>,
    visit: (key: K, before: V | undefined, after: V | undefined) => void,
  ): void {
    compare(before.root, after.root, visit);
  }

  *[Symbol.iterator](): Generator<Entry<K, V>> {
    yield* entriesOf(this.root);
  }

  *keys(): Generator<K> {
    for (const [key] of entriesOf(this.root)) yield key;
  }

  *values(): Generator<V> {
    for (const [, value] of entriesOf(this.root)) yield value;
  }
}

function isLeaf<K, V>(slot: Slot<K, V>): slot is Leaf<K, V> {
  return "entries" in slot;
}

function bitOf(hash: number, shift: number): number {
  return 1 << ((hash >>> shift) & 31);
}

/** How many bits below `bit` are set: the slot's place in the dense array. */
function indexOf(bitmap: number, bit: number): number {
  let rest = bitmap & (bit - 1);
  rest -= (rest >>> 1) & 0x5555_5555;
  rest = (rest & 0x3333_3333) + ((rest >>> 2) & 0x3333_3333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

function insert<K, V>(node: Branch<K, V>, hash: number, shift: number, entry: Entry<K, V>): Branch<K, V> {
  const bit = bitOf(hash, shift);
  const index = indexOf(node.bitmap, bit);
  if ((node.bitmap & bit) === 0) {
    return { bitmap: node.bitmap | bit, slots: node.slots.toSpliced(index, 0, { hash, entries: [entry] }) };
  }
  const slot = node.slots[index]!;
  return { bitmap: node.bitmap, slots: node.slots.with(index, insertAt(slot, hash, shift + 5, entry)) };
}

function insertAt<K, V>(slot: Slot<K, V>, hash: number, shift: number, entry: Entry<K, V>): Slot<K, V> {
  if (!isLeaf(slot)) return insert(slot, hash, shift, entry);
  if (slot.hash === hash) {
    const others = slot.entries.filter((other) => other[0] !== entry[0]);
    return { hash, entries: [...others, entry] };
  }
  // Two hashes share the path so far: the old leaf moves one level down, and the new one joins it there.
  const deeper: Branch<K, V> = { bitmap: bitOf(slot.hash, shift), slots: [slot] };
  return insert(deeper, hash, shift, entry);
}

/** The key is there. A branch that runs empty leaves its parent. */
function remove<K, V>(node: Branch<K, V>, hash: number, shift: number, key: K): Branch<K, V> {
  const bit = bitOf(hash, shift);
  const index = indexOf(node.bitmap, bit);
  const slot = node.slots[index]!;
  const rest = isLeaf(slot)
    ? { hash, entries: slot.entries.filter((entry) => entry[0] !== key) }
    : remove(slot, hash, shift + 5, key);
  const empty = isLeaf(rest) ? rest.entries.length === 0 : rest.bitmap === 0;
  if (empty) return { bitmap: node.bitmap & ~bit, slots: node.slots.toSpliced(index, 1) };
  return { bitmap: node.bitmap, slots: node.slots.with(index, rest) };
}

type Visit<K, V> = (key: K, before: V | undefined, after: V | undefined) => void;
function compare<K, V>(before: Slot<K, V> | undefined, after: Slot<K, V> | undefined, visit: Visit<K, V>): void {
  if (before === after) return;
  if (before !== undefined && after !== undefined && !isLeaf(before) && !isLeaf(after)) {
    for (let bits = before.bitmap | after.bitmap; bits !== 0; bits &= bits - 1) {
      const bit = bits & -bits;
      compare(slotAt(before, bit), slotAt(after, bit), visit);
    }
    return;
  }
  // One side is a leaf or missing: few entries, or all of them new or gone.
  const old = new Map(before === undefined ? [] : entriesIn(before));
  for (const [key, value] of after === undefined ? [] : entriesIn(after)) {
    const was = old.get(key);
    old.delete(key);
    if (was !== value) visit(key, was, value);
  }
  for (const [key, value] of old) visit(key, value, undefined);
}

function slotAt<K, V>(node: Branch<K, V>, bit: number): Slot<K, V> | undefined {
  return (node.bitmap & bit) === 0 ? undefined : node.slots[indexOf(node.bitmap, bit)];
}

function entriesIn<K, V>(slot: Slot<K, V>): Iterable<Entry<K, V>> {
  return isLeaf(slot) ? slot.entries : entriesOf(slot);
}

function* entriesOf<K, V>(node: Branch<K, V>): Generator<Entry<K, V>> {
  for (const slot of node.slots) {
    yield* entriesIn(slot);
  }
}

/** FNV-1a over the UTF-16 units, then mixed, so that short and similar keys spread over all levels. */
function hashOf(key: Key): number {
  let hash = 0x811c_9dc5;
  if (typeof key === "number") hash ^= key | 0;
  else for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
