/**
 * Three nodes as processes, under the load of a Java and a kafkajs producer (acks=all, idempotent) and a kafkajs group:
 * the leader of a partition is killed and comes back. Nothing acknowledged is lost, nothing is doubled, order is kept.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Admin } from "kafkajs";
import { type Cluster, startCluster } from "../lib/cluster.ts";
import { available, jars } from "../lib/place.ts";
import { script } from "../lib/tools.ts";
import { judge } from "./history.ts";
import { clientOf, KafkajsConsumer, KafkajsProducer } from "./kafkajs-load.ts";
import { LoadTool, type Target } from "./load.ts";
import { isrFull, leaderOf } from "./partitions.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const kind = process.env.COMPAT_AGAINST === "apache" ? "apache" : "odradek";

describe.skipIf(!have)("three combined nodes", () => {
  const tool = new LoadTool();
  let cluster: Cluster;
  let target: Target;
  let admin: Admin;

  beforeAll(async () => {
    [cluster] = await Promise.all([startCluster({ kind, nodes: 3 }), tool.compile()]);
    target = { bootstrap: cluster.bootstrap, topic: "spools", partitions: 3 };
    admin = clientOf(target).admin();
    await admin.connect();
  });
  afterAll(async () => {
    await admin?.disconnect();
    await cluster?.dispose();
    tool.dispose();
  });

  test("kafka-topics creates a topic with three replicas, and describes it as Apache's does", async () => {
    const at = ["--bootstrap-server", cluster.bootstrap, "--topic", "spools"];
    const wanted = ["--partitions", "3", "--replication-factor", "3", "--config", "min.insync.replicas=2"];
    expect((await script("kafka-topics", [...at, "--create", ...wanted])).stdout).toBe("Created topic spools.\n");
    const { stdout } = await script("kafka-topics", [...at, "--describe"]);
    const masked = stdout
      .replace(/TopicId: \S{22}/, "TopicId: ID")
      .replace(/(Leader|Replicas|Isr): ([123](?:,[123])*)/g, (_, name, ids: string) => {
        return `${name}: ${ids.split(",").toSorted().join() === "1,2,3" ? "ALL" : ids.replace(/^[123]$/, "ONE")}`;
      });
    const line = (partition: number) =>
      `\tTopic: spools\tPartition: ${partition}\tLeader: ONE\tReplicas: ALL\tIsr: ALL\tElr: \tLastKnownElr: \n`;
    expect(masked).toBe(
      `Topic: spools\tTopicId: ID\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n${line(0)}${line(1)}${line(2)}`,
    );
    const leaders = [...stdout.matchAll(/Leader: (\d)\tReplicas: (\d)/g)].map(([, leader, first]) => [leader, first]);
    for (const [leader, first] of leaders) expect(leader).toBe(first as string);
    expect(new Set(leaders.map(([leader]) => leader)).size).toBe(3);
  });

  test("a leader is killed under load and comes back: nothing lost, nothing doubled, order kept", async () => {
    const java = tool.produce(target, "java", 100);
    const kafkajs = new KafkajsProducer(target, "kafkajs");
    const consumer = new KafkajsConsumer(target, "readers");
    await Promise.all([java.acknowledgedAfter(0), kafkajs.start(), consumer.start()]);
    const killed = await leaderOf(admin, target, 0);
    const killedAtMs = Date.now();
    await cluster.node(killed).kill();
    for (const partition of [0, 1, 2]) await java.acknowledgedAfter(killedAtMs + 100, partition);
    expect(await leaderOf(admin, target, 0)).not.toBe(killed);
    await cluster.node(killed).start();
    await isrFull(admin, target);
    await Promise.all([java.stop(), kafkajs.stop()]);
    const acknowledged = [...java.acknowledged, ...kafkajs.acknowledged];
    const verdict = judge(acknowledged, await tool.read(target));
    expect(java.failed).toEqual([]);
    expect(kafkajs.acknowledged.length).toBeGreaterThan(0);
    expect(verdict).toMatchObject({ lost: [], doubled: [], reordered: [] });
    await consumer.hasSeen(acknowledged.map(({ value }) => value));
    await consumer.stop();
  });
});
