/**
 * Follower reads (KIP-392) and fetch sessions on two nodes of Apache Kafka 4.3.1 and on two of Odradek, in two racks,
 * with the selector that knows racks: raw answers of leader and follower are compared field by field, and Java's
 * consumer goes where its rack is.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { type Cluster, startCluster } from "../lib/cluster.ts";
import { available, jars } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { javaFlags } from "../lib/tools.ts";
import {
  addition,
  deletedCases,
  deletion,
  followerCases,
  leaderCases,
  move,
  movedCases,
  setUp,
  TOPIC,
} from "./cases/follower-reads.ts";
import { sorts } from "./masks.ts";
import type { Case } from "./raw/case.ts";
import { loadDefinitions } from "./raw/fill.ts";
import { differencesOf, noticesMutation } from "./raw/judge.ts";
import { runCase } from "./raw/run.ts";

setDefaultTimeout(120_000);

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null && loadDefinitions());

const start = (kind: Cluster["kind"]) =>
  startCluster({
    kind,
    nodes: 2,
    settings: { "replica.selector.class": "org.apache.kafka.common.replica.RackAwareReplicaSelector" },
    own: [{ "broker.rack": "near" }, { "broker.rack": "far" }],
  });

describe.skipIf(!have)("follower reads", () => {
  let clusters: [apache: Cluster, odradek: Cluster];
  beforeAll(async () => {
    clusters = await Promise.all([start("apache"), start("odradek")]);
  });
  afterAll(() => Promise.all((clusters ?? []).map((cluster) => cluster.dispose())));

  async function alike(one: Case, node: number, leader = 1): Promise<void> {
    const runs = clusters.map((cluster) => {
      const leaderPort = Number(cluster.node(leader).bootstrap.split(":")[1]);
      return runCase(cluster.node(node), one, sorts, [["leader's port", leaderPort]]);
    });
    const [theirs = [], ours = []] = await Promise.all(runs);
    expect(differencesOf(theirs, ours)).toEqual([]);
    expect(noticesMutation(theirs), "a mutation is noticed").toBe(true);
  }

  test(setUp.title, () => alike(setUp, 1));
  for (const one of leaderCases) test(`leader: ${one.title}`, () => alike(one, 1));
  for (const one of followerCases) test(`follower: ${one.title}`, () => alike(one, 2));

  test("Java's consumer reads where its rack is", async () => {
    const outputs = clusters.map(async (cluster) => {
      const args = [join(import.meta.dir, "RackReader.java"), cluster.node(1).bootstrap, TOPIC, "6", "near,far,lost"];
      const { stdout } = await run(["java", ...javaFlags, "-cp", `${jars("4.3.1")}/*`, ...args]);
      return stdout.trimEnd().split("\n");
    });
    const values = "a b c d e f";
    const expected = [`near: ${values} from the leader`, `far: ${values} from 2`, `lost: ${values} from the leader`];
    expect(await Promise.all(outputs)).toEqual([expected, expected]);
  });

  test(deletion.title, () => alike(deletion, 1));
  for (const one of deletedCases) {
    test(`leader: ${one.title}`, () => alike(one, 1));
    test(`follower: ${one.title}`, () => alike(one, 2));
  }

  test(move.title, () => alike(move, 1));
  test(addition.title, () => alike(addition, 2, 2));
  for (const one of movedCases) {
    test(`leader: ${one.title}`, () => alike(one, 2, 2));
    test(`follower: ${one.title}`, () => alike(one, 1, 2));
  }
});
