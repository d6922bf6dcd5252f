/** Which files are mapped: one map per file, least recently used first out, never unmapped under a view. */
import { assert } from "../../base/assert.ts";
import type { FileId, FileView } from "../../base/ports.ts";
import type { SystemCalls } from "./bun-mmap.ts";

/** Linux allows 65,530 maps per process by default. */
const MAPS_MAX = 8000;

/** A file that grows is mapped at the next multiple of this: a segment of Kafka's default size is mapped once. */
const GROWTH_BYTES = 2 ** 30;

/**
 * Neighbouring views share one ArrayBuffer. Each new one counts as its length of live heap and brings the next
 * collection nearer: with one per megabyte that was fetched, collecting took an eighth of the processor time. Few and
 * small ones for the same reason: a collector that believes in a large heap lets as much garbage pile up.
 */
const WINDOW_BYTES = 8 << 20;
const WINDOWS_MAX = 8;

interface MappedFile {
  readonly address: number;
  readonly length: number;
  views: number;
  /** Replaced, evicted or closed: unmapped with its last view. */
  retired: boolean;
}

/** A range of a map that was made an ArrayBuffer. */
interface Window {
  readonly map: MappedFile;
  readonly start: number;
  readonly bytes: Uint8Array;
}

export class MappedFiles {
  /** In order of use, the least recent first. */
  readonly #maps = new Map<FileId, MappedFile>();
  /** The one made last comes last. */
  readonly #windows: Window[] = [];
  readonly #system: SystemCalls;
  readonly #mapsMax: number;

  constructor(system: SystemCalls, mapsMax = MAPS_MAX) {
    this.#system = system;
    this.#mapsMax = mapsMax;
  }

  get count(): number {
    return this.#maps.size;
  }

  /** Null where the system refuses another map. `grows`: more will be written through this handle. */
  view(file: FileId, position: number, length: number, sizeBytes: number, grows: boolean): FileView | null {
    const map = this.#use(file, position + length, sizeBytes, grows);
    if (map === null) return null;
    const bytes = this.#bytes(map, position, length);
    map.views++;
    let held = true;
    const release = () => {
      assert(held, "a view is released once");
      held = false;
      map.views--;
      if (map.retired && map.views === 0) this.#system.unmap(map.address, map.length);
    };
    return { bytes, release };
  }

  /** False also where nothing can be known: then the caller loads the range. */
  resident(file: FileId, position: number, length: number, sizeBytes: number, grows: boolean): boolean {
    const map = this.#use(file, position + length, sizeBytes, grows);
    return map !== null && this.#system.resident(map.address, position, length);
  }

  forget(file: FileId): void {
    const map = this.#maps.get(file);
    if (map === undefined) return;
    this.#maps.delete(file);
    this.#retire(map);
  }

  /** Sequential readers ask next for what follows: a window begins where it is first wanted. */
  #bytes(map: MappedFile, position: number, length: number): Uint8Array {
    for (const { map: of, start, bytes } of this.#windows) {
      const from = position - start;
      if (of === map && from >= 0 && from + length <= bytes.length) return bytes.subarray(from, from + length);
    }
    const windowBytes = Math.min(WINDOW_BYTES, map.length - position);
    if (windowBytes <= length) return this.#system.bytes(map.address, position, length);
    const bytes = this.#system.bytes(map.address, position, windowBytes);
    if (this.#windows.length === WINDOWS_MAX) this.#windows.shift();
    this.#windows.push({ map, start: position, bytes });
    return bytes.subarray(0, length);
  }

  #use(file: FileId, end: number, sizeBytes: number, grows: boolean): MappedFile | null {
    const present = this.#maps.get(file);
    if (present !== undefined) {
      this.#maps.delete(file);
      if (present.length >= end) {
        this.#maps.set(file, present);
        return present;
      }
      this.#retire(present);
    }
    const length = grows ? Math.ceil(sizeBytes / GROWTH_BYTES) * GROWTH_BYTES : sizeBytes;
    const address = this.#system.map(file, length);
    if (address === null) return null;
    const map: MappedFile = { address, length, views: 0, retired: false };
    this.#maps.set(file, map);
    if (this.#maps.size > this.#mapsMax) this.#evictOldest();
    return map;
  }

  #evictOldest(): void {
    const oldest = this.#maps.keys().next();
    if (!oldest.done) this.forget(oldest.value);
  }

  #retire(map: MappedFile): void {
    map.retired = true;
    const others = this.#windows.filter((window) => window.map !== map);
    this.#windows.splice(0, this.#windows.length, ...others);
    if (map.views === 0) this.#system.unmap(map.address, map.length);
  }
}
