/** Disk faults as windows of time: within one, some operations fail or take long. */
import type { Dice } from "./dice.ts";
import type { DiskFaults } from "./disk.ts";
import type { World } from "./world.ts";

interface Window {
  readonly untilMs: number;
  readonly code: string;
  /** Null for all. */
  readonly operations: ReadonlySet<string> | null;
  readonly paths: RegExp;
  readonly probability: number;
}

const reads = new Set(["read", "readInto", "view", "load"]);
const writes = new Set(["write", "truncate", "rename", "open"]);
const growing = new Set(["write", "makeDirectory", "syncDirectory", "sync"]);
const syncs = new Set(["sync", "syncDirectory"]);

export class DiskWeather implements DiskFaults {
  private readonly world: World;
  private readonly dice: Dice;
  private windows: Window[] = [];
  private stalledUntilMs = 0;
  private stallMeanMs = 0;

  constructor(world: World, dice: Dice) {
    this.world = world;
    this.dice = dice;
  }

  failReads(): void {
    this.fail("EIO", reads, this.dice.between(1, 400));
  }

  failWrites(): void {
    this.fail("EIO", writes, this.dice.between(1, 400));
  }

  failSyncs(): void {
    this.fail("EIO", syncs, this.dice.between(1, 400));
  }

  /** Nothing new fits; what is there can be read and overwritten. */
  fill(): void {
    this.fail("ENOSPC", growing, this.dice.between(50, 5_000));
  }

  /** Of several disks one does not work. */
  failBelow(directory: string, forMs: number): void {
    const paths = new RegExp(`^${directory}(/|$)`);
    this.windows.push({ untilMs: this.world.nowMs + forMs, code: "EIO", operations: null, paths, probability: 1 });
  }

  stall(): void {
    this.stalledUntilMs = this.world.nowMs + this.dice.between(100, 6_000);
    this.stallMeanMs = this.dice.pick([50, 300, 2_000]);
  }

  clear(): void {
    this.windows = [];
    this.stalledUntilMs = 0;
  }

  failure(operation: string, path: string): string | null {
    if (this.windows.length === 0) return null;
    this.windows = this.windows.filter(({ untilMs }) => untilMs > this.world.nowMs);
    for (const { operations, paths, code, probability } of this.windows) {
      if ((operations === null || operations.has(operation)) && paths.test(path) && this.dice.chance(probability))
        return code;
    }
    return null;
  }

  stallMs(): number {
    return this.world.nowMs < this.stalledUntilMs ? this.dice.exponential(this.stallMeanMs) : 0;
  }

  private fail(code: string, operations: ReadonlySet<string>, forMs: number): void {
    const { dice } = this;
    const paths = dice.pick([/./, /\/topic-/, /__consumer_offsets/, /__cluster_metadata/, /checkpoint/]);
    const probability = dice.pick([0.02, 0.3, 1]);
    this.windows.push({ untilMs: this.world.nowMs + forMs, code, operations, paths, probability });
  }
}
