/**
 * What a group has been told, and what it may be told next (RELIABILITY: G1-G5): one assignment per generation, no
 * partition with two owners in it, generations that only grow, and committed offsets that behave as one register.
 */
import type { World } from "./world.ts";

interface Commit {
  /** Unique; stands in the metadata of the commit. */
  readonly id: string;
  readonly offset: number;
  readonly beganMs: number;
  endedMs: number;
  outcome: "pending" | "acknowledged" | "refused" | "unknown";
}

interface Generation {
  readonly round: string;
  readonly owners: Map<string, string>;
}

export class GroupModel {
  readonly name: string;
  /** The latest generation that some member knows to be complete. */
  completed = 0;
  private generations = new Map<number, Generation>();
  private commits = new Map<string, Commit[]>();
  private made = 0;
  private readonly world: World;

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
  }

  diskLost(): void {
    this.completed = 0;
    this.generations = new Map();
    this.commits = new Map();
  }

  /** A member was given this by SyncGroup. `round` names the leader's decision. */
  assigned(generation: number, member: string, round: string, partitions: readonly string[]): void {
    let known = this.generations.get(generation);
    if (known === undefined) {
      known = { round, owners: new Map() };
      this.generations.set(generation, known);
    }
    if (known.round !== round) {
      this.fail("G5 a generation has one assignment", `generation ${generation}: ${known.round} and ${round}`);
    }
    for (const partition of partitions) {
      const owner = known.owners.get(partition);
      if (owner !== undefined && owner !== member) {
        this.fail("G1 a partition has one owner", `${partition} in generation ${generation}: ${owner} and ${member}`);
      }
      known.owners.set(partition, member);
    }
    this.completed = Math.max(this.completed, generation);
  }

  joined(generation: number, completedBefore: number): void {
    if (generation >= completedBefore) return;
    this.fail("G5 generations grow", `generation ${generation} after ${completedBefore}`);
  }

  commitBegins(partition: string, offset: number): Commit {
    const id = `${this.name}/${++this.made}`;
    const commit: Commit = { id, offset, beganMs: this.world.nowMs, endedMs: Infinity, outcome: "pending" };
    const commits = this.commits.get(partition);
    if (commits === undefined) this.commits.set(partition, [commit]);
    else commits.push(commit);
    return commit;
  }

  commitEnds(commit: Commit, outcome: "acknowledged" | "refused" | "unknown"): void {
    commit.outcome = outcome;
    if (outcome === "acknowledged") commit.endedMs = this.world.nowMs;
  }

  /** What OffsetFetch said between `beganMs` and now; `id` is "" where it knows of no commit. */
  fetched(partition: string, id: string, offset: number, beganMs: number): void {
    const commits = this.commits.get(partition) ?? [];
    const found = commits.find((commit) => commit.id === id);
    if (id !== "" && found === undefined) {
      this.fail("G4 only what was committed is fetched", `${partition}: ${id} at ${offset}`);
    } else if (found !== undefined && (found.offset !== offset || found.outcome === "refused")) {
      this.fail(
        "G4 a committed offset is exact",
        `${partition}: ${id} is ${found.offset} (${found.outcome}), not ${offset}`,
      );
    }
    const visibleMs = found?.endedMs ?? -1;
    const newer = commits.find((commit) => commit.beganMs > visibleMs && commit.endedMs < beganMs);
    if (newer === undefined) return;
    const detail = `${partition}: ${id === "" ? "nothing" : id} although ${newer.id} was acknowledged after it`;
    this.fail("G4 no acknowledged commit is lost", detail);
  }

  private fail(invariant: string, detail: string): void {
    this.world.fail(invariant, `${this.name}: ${detail}`);
  }
}

export type { Commit };
