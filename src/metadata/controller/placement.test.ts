import { expect, test } from "bun:test";
import { testRandom } from "../testing/random-records.ts";
import { placeReplicas, type UsableBroker } from "./placement.ts";

function brokers(count: number, racks: number): UsableBroker[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    rack: racks === 0 ? null : `rack-${id % racks}`,
    fenced: false,
  }));
}

test.each([
  [1, 0, 1],
  [3, 0, 2],
  [6, 3, 3],
  [6, 2, 3],
  [9, 3, 2],
])("%d brokers on %d racks, factor %d: replicas differ, leaders and replicas are even", (count, racks, factor) => {
  const partitions = count * 10;
  const placed = placeReplicas(brokers(count, racks), partitions, factor, testRandom(3));
  const leads = new Array(count).fill(0);
  const hosts = new Array(count).fill(0);
  for (const replicas of placed) {
    expect(new Set(replicas).size).toBe(factor);
    leads[replicas[0]!]++;
    for (const id of replicas) hosts[id]++;
  }
  expect(Math.max(...leads) - Math.min(...leads)).toBeLessThanOrEqual(4);
  expect(Math.max(...hosts) - Math.min(...hosts)).toBeLessThanOrEqual(factor * 4);
});

test("with as many racks as replicas, each replica is on another rack", () => {
  for (const replicas of placeReplicas(brokers(9, 3), 50, 3, testRandom(8))) {
    expect(new Set(replicas.map((id) => id % 3)).size).toBe(3);
  }
});

test("a fenced broker hosts only where it must, and never leads", () => {
  const some = brokers(3, 0).map((broker) => ({ ...broker, fenced: broker.id === 1 }));
  for (const replicas of placeReplicas(some, 20, 2, testRandom(1))) expect(replicas).not.toContain(1);
  for (const replicas of placeReplicas(some, 20, 3, testRandom(1))) expect(replicas[2]).toBe(1);
});

test.each([
  [0, 1, "Invalid replication factor 0: the replication factor must be positive."],
  [
    4,
    1,
    "The target replication factor of 4 cannot be reached because only 3 broker(s) are registered or some brokers " +
      "have all their log directories cordoned.",
  ],
] as const)("factor %d is refused", (factor, partitions, message) => {
  expect(() => placeReplicas(brokers(3, 0), partitions, factor, testRandom(1))).toThrow(message);
});
