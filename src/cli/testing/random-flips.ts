/** Many flips, counted: all bits of the sample, and random ones of directories that differ with the seed. */
import { assert } from "../../../base/assert.ts";
import { Prng } from "../../../base/prng.ts";
import type { Image } from "../../../storage/testing/images.ts";
import { home, writtenDirectory } from "./data-directory.ts";
import { cannotBeFound, type Flip, judge, judgePartitions, type Truths, truthsOf, type Verdict } from "./flips.ts";
import { answersOf } from "./node-flips.ts";

const PARTITIONS = 12;
const TABLES = 4;

export interface FlipCounts {
  flips: number;
  refused: number;
  same: number;
  moved: number;
  wrong: number;
  missed: number;
  unfindable: number;
}

interface Subject {
  readonly image: Image;
  readonly truths: Truths;
  readonly name: string;
}

export class FlipRun {
  readonly counts: FlipCounts = { flips: 0, refused: 0, same: 0, moved: 0, wrong: 0, missed: 0, unfindable: 0 };
  /** The first few, as sentences. */
  readonly failures: string[] = [];
  directories = 0;
  private readonly seed: number;
  private readonly onProgress: () => void;

  constructor(seed: number, onProgress: () => void = () => {}) {
    this.seed = seed;
    this.onProgress = onProgress;
  }

  /** Every bit of every file of the sample, one at a time. */
  async everyBit(): Promise<void> {
    const image = await writtenDirectory({ partitions: 1, tables: 1, seed: null });
    const [truths, answers] = [await truthsOf(image), await answersOf(image)];
    for (const [path, { length }] of image) {
      for (let bit = 0; bit < length * 8; bit++)
        this.take({ image, truths, name: "the sample" }, await judge(image, { truths, answers }, { path, bit }));
    }
  }

  /** At least so many random flips: one in each partition of a directory at a time. */
  async random(flips: number, perDirectory: number): Promise<void> {
    const end = this.counts.flips + flips;
    while (this.counts.flips < end) {
      const seed = this.seed + this.directories++;
      const image = await writtenDirectory({ partitions: PARTITIONS, tables: TABLES, seed });
      const truths = await truthsOf(image);
      const random = new Prng(seed);
      const places = [...truths.keys()].map((name) => filesOf(image, `${home}/${name}/`));
      const until = Math.min(end, this.counts.flips + perDirectory);
      while (this.counts.flips < until) {
        const drawn = places.map((files) => drawFlip(files, random));
        for (const verdict of await judgePartitions(image, truths, drawn))
          this.take({ image, truths, name: `seed ${seed}` }, verdict);
      }
    }
  }

  private take({ image, truths, name }: Subject, verdict: Verdict): void {
    const { counts } = this;
    const { served, found, why, flip } = verdict;
    counts.flips++;
    counts[served]++;
    const isUnfindable = !found && cannotBeFound(image, truths, verdict);
    if (isUnfindable) counts.unfindable++;
    else if (!found) counts.missed++;
    if ((served === "wrong" || !(found || isUnfindable)) && this.failures.length < 20) {
      this.failures.push(`${name}, ${flip.path} bit ${flip.bit}: ${found ? "found" : "not found"}, ${served} ${why}`);
    }
    this.onProgress();
  }
}

type Files = readonly (readonly [path: string, bytes: number])[];

function filesOf(image: Image, directory: string): Files {
  const files = [...image].filter(([path, { length }]) => path.startsWith(directory) && length > 0);
  return files.map(([path, { length }]) => [path, length]);
}

/** Half of the draws take each file as often as another, half each byte: small files have their share. */
function drawFlip(files: Files, random: Prng): Flip {
  if (random.below(2) === 0) {
    const [path, bytes] = files[random.below(files.length)] as Files[number];
    return { path, bit: random.below(8 * bytes) };
  }
  let bit = random.below(8 * files.reduce((sum, [, bytes]) => sum + bytes, 0));
  for (const [path, bytes] of files) {
    if (bit < 8 * bytes) return { path, bit };
    bit -= 8 * bytes;
  }
  assert(false, "a bit lies in one of the files");
}
