/**
 * Power cuts, counted: lives of a node of which images are taken before its disk operations, and the judgement of each
 * image. What a life does, and what must be left of it, its own file says.
 */
import type { Prng } from "../../../base/prng.ts";
import type { MemoryNode } from "../../broker/testing/memory-node.ts";

export interface CrashCounts {
  histories: number;
  images: number;
  /** What a client had been told of, over all histories. */
  acknowledged: number;
  /** Images in which something acknowledged is missing. */
  losing: number;
  /** Records above what was acknowledged, gone with the power. */
  unacknowledgedGone: number;
  /** Of the metadata, over all histories. */
  snapshots: number;
}

export interface Verdict {
  /** What is wrong, as a sentence; null where all that was acknowledged is there. */
  readonly fault: string | null;
  readonly unacknowledgedGone: number;
}

/** The life that a seed gives. A moment is an image, and what the client knew when it was taken. */
export interface History<Moment> {
  readonly moments: readonly Moment[];
  readonly acknowledgedCount: number;
  readonly snapshotCount: number;
  run(): Promise<void>;
  judge(moment: Moment): Promise<Verdict>;
}

export class CrashRun<Moment> {
  readonly counts: CrashCounts = {
    histories: 0,
    images: 0,
    acknowledged: 0,
    losing: 0,
    unacknowledgedGone: 0,
    snapshots: 0,
  };
  /** The first few losses and refusals, as sentences. */
  readonly failures: string[] = [];
  private readonly begin: (seed: number) => History<Moment>;
  private readonly firstSeed: number;
  private readonly onProgress: () => void;

  constructor(begin: (seed: number) => History<Moment>, firstSeed: number, onProgress: () => void) {
    this.begin = begin;
    this.firstSeed = firstSeed;
    this.onProgress = onProgress;
  }

  async images(count: number): Promise<void> {
    const { counts } = this;
    const end = counts.images + count;
    while (counts.images < end) {
      const seed = this.firstSeed + counts.histories++;
      const history = this.begin(seed);
      await history.run();
      counts.acknowledged += history.acknowledgedCount;
      counts.snapshots += history.snapshotCount;
      for (const moment of history.moments) {
        if (counts.images >= end) return;
        this.note(await history.judge(moment), seed);
      }
    }
  }

  private note({ fault, unacknowledgedGone }: Verdict, seed: number): void {
    const { counts, failures } = this;
    counts.images++;
    counts.unacknowledgedGone += unacknowledgedGone;
    if (fault !== null) {
      counts.losing++;
      if (failures.length < 20) failures.push(`seed ${seed}, image ${counts.images}: ${fault}`);
    }
    this.onProgress();
  }
}

const reading = new Set(["read", "info", "list", "view", "load", "space"]);
/** A disk operation that changes something. */
export const writing = (operation: string): boolean => !reading.has(operation);

/** Images are taken before an operation is done; syncs take a while, so that others come between. */
export function beforeEachWrite({ disk, clock }: MemoryNode, random: Prng, look: (path: string) => void): void {
  disk.gate = () => new Promise((done) => void clock.after(random.below(12), done));
  disk.fault = (operation, path) => {
    if (writing(operation)) look(path);
    return null;
  };
}
