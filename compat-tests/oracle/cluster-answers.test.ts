/**
 * A new leader that does not know yet how far its records are committed (KIP-207), and brokers without a controller:
 * raw answers of Apache Kafka 4.3.1 and of Odradek, compared field by field. Most of what a broker passes on to the
 * controller is answered after a minute; COMPAT_PATIENCE_MS=75000 waits for that.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { code } from "../../protocol/errors.ts";
import { type Cluster, startCluster } from "../lib/cluster.ts";
import { available, jars } from "../lib/place.ts";
import { append, certain, election, followed, setUp, uncertain, withoutController } from "./cases/cluster-answers.ts";
import { sorts } from "./masks.ts";
import type { Case } from "./raw/case.ts";
import { loadDefinitions } from "./raw/fill.ts";
import { differencesOf, noticesMutation } from "./raw/judge.ts";
import { runCase } from "./raw/run.ts";

setDefaultTimeout(240_000);

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null && loadDefinitions());

const patienceMs = Number(process.env.COMPAT_PATIENCE_MS ?? 3_000);
const start = (kind: Cluster["kind"]) =>
  startCluster({
    kind,
    nodes: { controllers: 1, brokers: 3 },
    // Who is stopped stays a member, and in sync.
    settings: { "broker.session.timeout.ms": "600000", "replica.lag.time.max.ms": "600000" },
  });

describe.skipIf(!have)("answers of a cluster", () => {
  let clusters: [apache: Cluster, odradek: Cluster];
  beforeAll(async () => {
    clusters = await Promise.all([start("apache"), start("odradek")]);
  });
  afterAll(() => Promise.all((clusters ?? []).map((cluster) => cluster.dispose())));

  /** Returns the error codes that both have answered. */
  async function alike(one: Case, node: number): Promise<string[]> {
    const [theirs = [], ours = []] = await Promise.all(
      clusters.map((cluster) => runCase(cluster.node(node), one, sorts)),
    );
    expect(differencesOf(theirs, ours), one.title).toEqual([]);
    const isCompared = theirs.some(({ quiet }) => !quiet);
    expect(!isCompared || noticesMutation(theirs), `${one.title}: a mutation is noticed`).toBe(true);
    const leaves = theirs.filter(({ quiet }) => !quiet).flatMap((answer) => [...answer.leaves]);
    return leaves.flatMap(([path, value]) => (/errorCode$/.test(path) ? [value] : []));
  }

  test("a leader that does not know how far its records are committed says so (KIP-207)", async () => {
    await alike(setUp, 2);
    for (const cluster of clusters) cluster.node(4).pause();
    await alike(append, 2);
    await alike(followed, 3);
    await alike(election, 2);
    const errors = new Set<string>();
    for (const one of uncertain) for (const each of await alike(one, 3)) errors.add(each);
    const named = ["NONE", "LEADER_NOT_AVAILABLE", "OFFSET_NOT_AVAILABLE"] as const;
    expect([...errors].sort()).toEqual(named.map((name) => String(code(name))).sort());
    for (const cluster of clusters) cluster.node(4).resume();
    await alike(certain, 3);
  });

  test("without a controller InitProducerId is refused at once, and what is for the controller waits", async () => {
    await Promise.all(clusters.map((cluster) => cluster.node(1).kill()));
    await Promise.all(withoutController(patienceMs).map((one) => alike(one, 2)));
  });
});
