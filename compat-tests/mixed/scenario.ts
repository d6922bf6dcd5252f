/**
 * One mixed cluster with a replicated topic under load: a Java producer at its defaults (acks=all, idempotent) and a
 * consumer group of kafkajs.
 */
import type { Admin } from "kafkajs";
import { judge } from "../cluster/history.ts";
import { clientOf, KafkajsConsumer } from "../cluster/kafkajs-load.ts";
import type { LoadTool, Producer, Target } from "../cluster/load.ts";
import { isrFull, partitionsOf } from "../cluster/partitions.ts";
import { type Cluster, type ClusterOptions, startCluster } from "../lib/cluster.ts";
import type { Kind } from "../lib/launch.ts";
import { differenceOf, electPreferred, type QuorumLeader, quorumLeader } from "./views.ts";

const PER_SECOND = 500;
const PARTITIONS = 3;

export class Scenario {
  readonly cluster: Cluster;
  private readonly tool: LoadTool;
  private readonly target: Target;
  private readonly admin: Admin;
  private readonly producer: Producer;
  private readonly consumer: KafkajsConsumer;

  private constructor(cluster: Cluster, tool: LoadTool, target: Target, admin: Admin) {
    this.cluster = cluster;
    this.tool = tool;
    this.target = target;
    this.admin = admin;
    this.producer = tool.produce(target, "java", PER_SECOND);
    this.consumer = new KafkajsConsumer(target, "readers");
  }

  static async start(
    tool: LoadTool,
    kinds: readonly Kind[],
    nodes: ClusterOptions["nodes"],
    more: Pick<ClusterOptions, "releases" | "features" | "dynamicQuorum"> = {},
  ): Promise<Scenario> {
    const cluster = await startCluster({
      ...more,
      kind: "odradek",
      kinds,
      nodes,
      settings: {
        // Who is gone is missed in seconds.
        "broker.session.timeout.ms": "6000",
        "broker.heartbeat.interval.ms": "500",
        // A node gives up at a quorum that is not there in time: on a busy machine JVMs need longer than its minute.
        "initial.broker.registration.timeout.ms": "180000",
      },
    });
    try {
      return await Scenario.on(cluster, tool);
    } catch (error) {
      await cluster.dispose(); // nobody else has it yet
      throw error;
    }
  }

  private static async on(cluster: Cluster, tool: LoadTool): Promise<Scenario> {
    const target = { bootstrap: cluster.bootstrap, topic: "orders", partitions: PARTITIONS };
    const admin = clientOf(target).admin();
    await admin.connect();
    const replicas = Math.min(3, cluster.brokers.length);
    const configEntries = [{ name: "min.insync.replicas", value: `${Math.max(1, replicas - 1)}` }];
    const topic = { topic: target.topic, numPartitions: PARTITIONS, replicationFactor: replicas, configEntries };
    await admin.createTopics({ topics: [topic], waitForLeaders: false });
    const scenario = new Scenario(cluster, tool, target, admin);
    await scenario.progress();
    await scenario.consumer.start();
    return scenario;
  }

  async dispose(): Promise<void> {
    this.producer.kill();
    await this.admin.disconnect();
    await this.cluster.dispose();
  }

  /** Resolves when each partition has acknowledged a record that was sent from now on, or some moments before. */
  async progress(): Promise<void> {
    const nowMs = Date.now();
    for (let partition = 0; partition < PARTITIONS; partition++) {
      await this.producer.acknowledgedAfter(nowMs + 100, partition);
    }
  }

  /** Resolves when every partition has all its replicas in sync again. */
  inSync(): Promise<void> {
    return isrFull(this.admin, this.target);
  }

  /** Resolves when each node leads the partition that it is the first replica of: the three lead one each. */
  async preferredLeaders(): Promise<void> {
    for (;;) {
      const partitions = await partitionsOf(this.admin, this.target);
      if (partitions.every(({ leader, replicas: [first] }) => leader === first)) return;
      await electPreferred(this.cluster.brokers.find(({ isRunning }) => isRunning)?.bootstrap as string);
    }
  }

  async quorumLeader(): Promise<QuorumLeader> {
    for (;;) {
      const found = await quorumLeader(this.cluster);
      if (found !== null) return found;
      await Bun.sleep(50);
    }
  }

  get acknowledged(): number {
    return this.producer.acknowledged.length;
  }

  /** Ends the load; what is wrong with what was acknowledged, read by all, and left on the disks: nothing. */
  async verdict(): Promise<string[]> {
    await this.inSync();
    await this.producer.stop();
    const { acknowledged, failed } = this.producer;
    const { lost, doubled, reordered } = judge(acknowledged, await this.tool.read(this.target));
    await this.consumer.hasSeen(acknowledged.map(({ value }) => value));
    await this.consumer.stop();
    return [
      ...failed,
      ...lost.map((each) => `lost: ${each}`),
      ...doubled.map((each) => `twice: ${each}`),
      ...reordered.map((each) => `out of order: ${each}`),
      ...(await this.differences()),
    ];
  }

  /** The last records reach the followers a moment after they are acknowledged. */
  private async differences(): Promise<string[]> {
    for (let look = 0; ; look++) {
      const found = Array.from({ length: PARTITIONS }, (_, partition) => {
        const name = `${this.target.topic}-${partition}`;
        const difference = differenceOf(this.cluster.brokers, name);
        return difference === null ? [] : [`${name}: ${difference}`];
      }).flat();
      if (found.length === 0 || look === 50) return found;
      await Bun.sleep(100);
    }
  }
}
