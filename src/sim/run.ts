/** What every run has, of one node or of several: its clients, its patience, and what is told of it at the end. */

import type { SimDisk } from "./disk.ts";
import { verifyStopped } from "./disk-check.ts";
import type { Mortal } from "./faults.ts";
import { GroupModel } from "./group-model.ts";
import { SimMember } from "./member.ts";
import { SimProducer } from "./producer.ts";
import { readBack } from "./read-back.ts";
import { SimReader } from "./reader.ts";
import type { Counts, Scenario } from "./scenario.ts";
import { World } from "./world.ts";

export interface RunOptions<Fault> {
  readonly seed: number;
  readonly without?: ReadonlySet<Fault>;
  readonly print?: (line: string) => void;
}

export interface RunResult<Fault> {
  readonly seed: number;
  readonly hash: string;
  readonly violation: string | null;
  readonly faults: readonly Fault[];
  readonly counts: Counts;
  readonly simulatedMs: number;
  readonly events: number;
}

/** How long progress may take once nothing is wrong any more. */
export const PROGRESS_MS = 120_000;

/** Runs one world to its end, or to the first thing found wrong. */
export function runWorld<Fault>(
  { seed, print = undefined }: RunOptions<Fault>,
  faults: Iterable<Fault>,
  run: (world: World) => Counts,
): RunResult<Fault> {
  const world = new World(seed, print ?? null);
  const counts = run(world);
  return {
    seed,
    hash: world.trace.hash,
    violation: world.violation?.message ?? null,
    faults: [...faults],
    counts,
    simulatedMs: world.nowMs,
    events: world.trace.events,
  };
}

export class Clients {
  private readonly producers: readonly SimProducer[];
  private readonly readers: readonly SimReader[];
  private readonly groups: readonly (readonly SimMember[])[];

  constructor(scenario: Scenario) {
    const { world, plan } = scenario;
    this.producers = plan.producers.map((each, n) => new SimProducer(scenario, each, `producer-${n}`));
    this.readers = Array.from({ length: plan.readers }, (_, n) => new SimReader(scenario, `reader-${n}`));
    this.groups = plan.groups.map((size, n) => {
      const model = new GroupModel(world, `group-${n}`);
      scenario.onDiskLost(() => model.diskLost());
      return Array.from({ length: size }, (_, m) => new SimMember(scenario, model, `member-${n}-${m}`));
    });
  }

  start(): void {
    for (const each of [...this.producers, ...this.readers, ...this.groups.flat()]) each.start();
  }

  /** Those who may end at any moment. */
  get mortals(): readonly Mortal[] {
    return [...this.producers, ...this.groups.flat()];
  }

  /** No producer waits for an answer. */
  get areIdle(): boolean {
    return this.producers.every((producer) => producer.isIdle);
  }

  get areStable(): boolean {
    return this.groups.every(isStable);
  }
}

/** Those who live are the group, all of them in one generation. */
function isStable(members: readonly SimMember[]): boolean {
  const living = members.filter(({ isGone }) => !isGone);
  const generation = living[0]?.generation;
  return living.every((member) => {
    return member.isStable && member.generation === generation && member.generationSize === living.length;
  });
}

/** Nothing is wrong any more: then this is owed. */
export function within(world: World, what: string, holds: () => boolean): void {
  if (world.violation !== null) return;
  world.run(world.nowMs + PROGRESS_MS, holds);
  if (!holds()) world.fail("progress", `${what} within ${PROGRESS_MS / 1000} s after the world has healed`);
}

/** Reads everything back. */
export function readAll(scenario: Scenario, name: string): void {
  let done = false;
  if (scenario.world.violation === null) {
    void readBack(scenario, name).then(() => {
      done = true;
    });
  }
  within(scenario.world, "everything can be read", () => done);
}

/** Of a node that has stopped. */
export function verifyFiles(world: World, disk: SimDisk, directory = "/data"): void {
  let done = false;
  void verifyStopped(world, disk, directory).then(() => {
    done = true;
  });
  within(world, "the files can be verified", () => done);
}
