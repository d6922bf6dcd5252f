/** Which files are mapped: one map per file, least recently used first out, never unmapped under a view. */
import { assert } from "../../base/assert.ts";
import type { FileId, FileView } from "../../base/ports.ts";
import type { SystemCalls } from "./bun-mmap.ts";

/** Linux allows 65,530 maps per process by default. */
const MAPS_MAX = 8000;

/** A file that grows is mapped at the next multiple of this: a segment of Kafka's default size is mapped once. */
const GROWTH_BYTES = 2 ** 30;

interface MappedFile {
  readonly address: number;
  readonly length: number;
  views: number;
  /** Replaced, evicted or closed: unmapped with its last view. */
  retired: boolean;
}

export class MappedFiles {
  /** In order of use, the least recent first. */
  readonly #maps = new Map<FileId, MappedFile>();
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
    const bytes = this.#system.bytes(map.address, position, length);
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
    if (map.views === 0) this.#system.unmap(map.address, map.length);
  }
}
