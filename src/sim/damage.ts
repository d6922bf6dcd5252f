/**
 * What a disk does to files while no process has them open: bits flip, files get lost. Indexes and snapshots follow
 * from the records, so the node must do without. Of a record it has the only copy: it may refuse the partition, and
 * must neither show wrong bits nor take the damage for a torn tail and cut it off. So the bits are put back at last,
 * as from a backup, and then everything is owed again.
 */
import * as batch from "../../protocol/records/batch.ts";
import { forEachBatch } from "../../protocol/records/cursor.ts";
import { HIGH_WATERMARKS_FILE, RECOVERY_POINTS_FILE } from "../../storage/checkpoint.ts";
import { CLEAN_SHUTDOWN_FILE } from "../../storage/clean-shutdown.ts";
import type { Dice } from "./dice.ts";
import type { SimDisk } from "./disk.ts";
import type { FileImage } from "./file-image.ts";
import type { World } from "./world.ts";

type Found = readonly [path: string, file: FileImage];

interface PromisedBatch {
  readonly path: string;
  readonly file: FileImage;
  readonly at: number;
  readonly sizeBytes: number;
  /** The file up to the end of its last one. */
  readonly promisedBytes: number;
}

const DATA = "/data";
const INDEX_ENTRY_BYTES = 8;
const utf8 = new TextDecoder();

export class Damage {
  /** Directories whose records are not as they were written. */
  readonly directories = new Set<string>();
  private repairs: (() => void)[] = [];
  private readonly world: World;
  private readonly disk: SimDisk;
  private readonly roots: readonly string[];

  constructor(world: World, disk: SimDisk, roots: readonly string[] = [DATA]) {
    this.world = world;
    this.disk = disk;
    this.roots = roots;
  }

  flipIndex(dice: Dice): void {
    const found = this.indexes(dice);
    if (found === null) return;
    const [path, file] = found;
    for (let flips = dice.between(1, 3); flips > 0; flips--) {
      // The sign of an offset sends a search astray for good; any other bit may do less.
      const isSign = path.endsWith(".index") && dice.chance(0.5);
      const entry = dice.below(Math.ceil(file.sizeBytes / INDEX_ENTRY_BYTES)) * INDEX_ENTRY_BYTES;
      if (isSign) file.flipBit(entry, 7);
      else file.flipBit(dice.below(file.sizeBytes), dice.below(8));
    }
    this.world.note(`bits flip in ${path}`);
  }

  loseIndex(dice: Dice): void {
    this.lose(this.indexes(dice));
  }

  /** After a clean stop a log without snapshots is one without producers: then none is lost. */
  loseSnapshots(dice: Dice, mayLose: (topic: string) => boolean): void {
    if (this.disk.info(`${DATA}/${CLEAN_SHUTDOWN_FILE}`) !== null) return;
    const found = this.files(/\.snapshot$/).filter(([path]) => mayLose(topicOf(path)));
    for (const each of dice.shuffled(found).slice(0, dice.between(1, 4))) this.lose(each);
  }

  /** In a record that has been synced, as the checkpoints say it: there a wrong bit is no torn tail. */
  flipRecord(dice: Dice): string | null {
    const found = this.promisedBatch(dice);
    if (found === null) return null;
    const { path, file, at, sizeBytes } = found;
    const position = at + dice.between(batch.HEADER_SIZE, sizeBytes - 1);
    const bit = dice.below(8);
    file.flipBit(position, bit);
    this.world.note(`a bit flips in ${path} at ${position}`);
    this.directories.add(directoryOf(path));
    this.repairs.push(() => file.flipBit(position, bit));
    return directoryOf(path);
  }

  /** The same, of a sector: it may hold the beginnings and ends of several batches. Nothing puts it back. */
  zeroSector(dice: Dice): string | null {
    const found = this.promisedBatch(dice);
    if (found === null) return null;
    const { path, file, at, sizeBytes, promisedBytes } = found;
    const position = at + dice.below(sizeBytes);
    file.zeroSector(position, promisedBytes);
    this.world.note(`a sector of ${path} is zeros at ${position}`);
    this.directories.add(directoryOf(path));
    return directoryOf(path);
  }

  private promisedBatch(dice: Dice): PromisedBatch | null {
    const promised = this.promised();
    const logs = this.files(/\.log$/).filter(([path]) => promised.has(directoryOf(path)));
    if (logs.length === 0) return null;
    const [path, file] = dice.pick(logs);
    const places: [at: number, sizeBytes: number][] = [];
    const bytes = file.read(0, file.sizeBytes);
    forEachBatch(bytes, (at, sizeBytes) => {
      const isWhole = at + sizeBytes <= bytes.length && sizeBytes > batch.HEADER_SIZE;
      if (isWhole && batch.lastOffset(bytes, at) < (promised.get(directoryOf(path)) ?? 0)) places.push([at, sizeBytes]);
    });
    const [lastAt, lastBytes] = places.at(-1) ?? [0, 0];
    if (places.length === 0) return null;
    const [at, sizeBytes] = dice.pick(places);
    return { path, file, at, sizeBytes, promisedBytes: lastAt + lastBytes };
  }

  get isRepairable(): boolean {
    return this.repairs.length > 0;
  }

  /** Every record is again as it was written, where it still is. */
  repair(): void {
    for (const repair of this.repairs.splice(0)) repair();
    this.directories.clear();
    this.world.note("the records are put back");
  }

  private lose(found: Found | null): void {
    if (found === null) return;
    this.disk.unlink(found[0]);
    this.world.note(`${found[0]} is lost`);
  }

  /** Mostly of sealed segments: the last ones are built again after an unclean stop. */
  private indexes(dice: Dice): Found | null {
    const all = this.files(/\.(index|timeindex)$/).filter(([, { sizeBytes }]) => sizeBytes > 0);
    const last = new Map<string, string>();
    for (const [path] of all) {
      const directory = directoryOf(path);
      const base = baseOf(path);
      if (base > (last.get(directory) ?? "")) last.set(directory, base);
    }
    const sealed = all.filter(([path]) => baseOf(path) !== last.get(directoryOf(path)));
    const from = sealed.length > 0 && dice.chance(0.8) ? sealed : all;
    return from.length === 0 ? null : dice.pick(from);
  }

  /** Of the topics of clients. */
  private files(suffix: RegExp): Found[] {
    return this.roots
      .filter((root) => this.disk.info(root) !== null)
      .flatMap((root) => [...this.disk.filesBelow(root)])
      .filter(([path]) => /^\/data\d?\/topic-\d+-\d+\//.test(path) && suffix.test(path));
  }

  /** Directory → the offset below which all has been synced. */
  private promised(): Map<string, number> {
    const promised = new Map<string, number>();
    const files = this.roots.flatMap((root) =>
      [RECOVERY_POINTS_FILE, HIGH_WATERMARKS_FILE].map((file) => [root, file]),
    );
    for (const [root, file] of files) {
      const content = this.disk.contentOf(`${root}/${file}`);
      for (const line of content === null ? [] : utf8.decode(content).split("\n").slice(2)) {
        const [topic, partition, offset] = line.split(" ");
        const directory = `${root}/${topic}-${partition}`;
        if (Number(offset) > (promised.get(directory) ?? 0)) promised.set(directory, Number(offset));
      }
    }
    return promised;
  }
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const baseOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1).split(".")[0] as string;
/** "/data/topic-0-1/..." → "topic-0" */
const topicOf = (path: string): string => (path.split("/")[2] as string).replace(/-\d+$/, "");
