/**
 * Our placement of replicas against Kafka's StripedReplicaPlacer, both with the same numbers in place of chance: the
 * same replicas in the same order, over racks, fenced brokers and full rounds. Needs Java and Kafka's jars.
 */
import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Random } from "../../../base/ports.ts";
import { Prng } from "../../../base/prng.ts";
import { available } from "../../../protocol/comparison/available.ts";
import { libsComplete, libsDirectory } from "../../../protocol/generate/main.ts";
import { placeReplicas, type UsableBroker } from "../controller/placement.ts";

const needs = { "Kafka's jars": existsSync(libsComplete), Java: Bun.which("java") !== null };
const ready = available("comparison with Kafka's placement", needs, process.env.CI === "true");

/** As Placements.java has them. */
class Numbers implements Pick<Random, "below"> {
  private state: number;
  constructor(seed: number) {
    this.state = seed;
  }
  below(limit: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) | 0;
    return (this.state >>> 8) % limit;
  }
}

interface Scenario {
  readonly seed: number;
  readonly partitions: number;
  readonly factor: number;
  readonly brokers: readonly UsableBroker[];
}

/** Racks of one letter: Java's hash maps then have them in the order of their names, those without a rack first. */
function scenario(seed: number): Scenario {
  const random = new Prng(seed);
  const racks = [null, "a", "b", "c", "d"].slice(random.below(2), 1 + random.below(5));
  const count = 1 + random.below(9);
  const brokers = Array.from({ length: count }, (_, index) => ({
    id: index * (1 + random.below(3)) + 10 * index,
    rack: racks.length === 0 ? null : (racks[random.below(racks.length)] as string | null),
    fenced: index > 0 && random.below(4) === 0,
  }));
  return { seed, partitions: 1 + random.below(40), factor: 1 + random.below(count), brokers };
}

const lineOf = ({ seed, partitions, factor, brokers }: Scenario) =>
  [seed, partitions, factor, ...brokers.map(({ id, rack, fenced }) => `${id}:${rack ?? ""}:${fenced}`)].join(" ");

describe.skipIf(!ready)("with Kafka's placement", () => {
  test("the same numbers place the same replicas", () => {
    const scenarios = Array.from({ length: 300 }, (_, index) => scenario(1 + index));
    const directory = mkdtempSync(join(tmpdir(), "odradek-placements-"));
    try {
      const path = join(directory, "scenarios");
      writeFileSync(path, scenarios.map((each) => `${lineOf(each)}\n`).join(""));
      const program = join(import.meta.dirname, "Placements.java");
      const run = Bun.spawnSync(["java", "-cp", `${libsDirectory}/*`, program, path]);
      expect(run.exitCode, run.stderr.toString().slice(0, 2000)).toBe(0);
      const theirs = run.stdout.toString().trimEnd().split("\n");
      const ours = scenarios.map(({ seed, partitions, factor, brokers }) =>
        placeReplicas(brokers, partitions, factor, new Numbers(seed)),
      );
      expect(ours).toEqual(theirs.map((line) => JSON.parse(line)));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
