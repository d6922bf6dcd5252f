/** A broker joins a running cluster, leads, and leaves in good order, while producers notice nothing. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Admin } from "kafkajs";
import { type Cluster, startCluster } from "../lib/cluster.ts";
import { available, jars } from "../lib/place.ts";
import { clientOf, KafkajsProducer } from "./kafkajs-load.ts";
import { leaderOf } from "./partitions.ts";

const isApache = process.env.COMPAT_AGAINST === "apache";
const have = available("Java with Apache Kafka 4.3.1", !isApache || jars("4.3.1") !== null);

describe.skipIf(!have)("one controller and two brokers", () => {
  let cluster: Cluster;
  let admin: Admin;
  const steady = () => ({ bootstrap: cluster.bootstrap, topic: "steady", partitions: 2 });
  /** Knows of no node but the new one. */
  const moved = () => ({ bootstrap: cluster.node(4).bootstrap, topic: "moved", partitions: 1 });

  beforeAll(async () => {
    const nodes = { controllers: 1, brokers: 3 };
    cluster = await startCluster({ kind: isApache ? "apache" : "odradek", nodes, late: [4] });
  });
  afterAll(async () => {
    await admin?.disconnect();
    await cluster?.dispose();
  });

  test("a third broker joins, is a bootstrap server, leads and leaves: no batch fails or comes twice", async () => {
    admin = clientOf(steady()).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: "steady", numPartitions: 2, replicationFactor: 2 }] });
    const before = new KafkajsProducer(steady(), "before");
    await before.start();
    await cluster.node(4).start();
    const newcomer = clientOf(moved()).admin();
    await newcomer.connect();
    const replicaAssignment = [{ partition: 0, replicas: [4, 2, 3] }];
    await newcomer.createTopics({ topics: [{ topic: "moved", replicaAssignment }] });
    await newcomer.disconnect();
    expect(await leaderOf(admin, moved(), 0)).toBe(4);
    const through = new KafkajsProducer(moved(), "through");
    await through.start();
    await more(through);
    expect(await cluster.node(4).stop()).toBe(isApache ? 143 : 0); // a JVM ends so after SIGTERM
    expect([2, 3]).toContain(await leaderOf(admin, moved(), 0));
    await Promise.all([more(through), more(before)]);
    await Promise.all([through.stop(), before.stop()]);
    for (const { acknowledged } of [through, before]) {
      for (const [, each] of Map.groupBy(acknowledged, ({ partition }) => partition)) {
        expect(each.map(({ offset }) => offset)).toEqual(each.map((_, offset) => offset));
      }
    }
  });
});

/** Resolves when the producer has been told of some more. */
async function more({ acknowledged }: KafkajsProducer): Promise<void> {
  const wanted = acknowledged.length + 50;
  while (acknowledged.length < wanted) await Bun.sleep(20);
}
