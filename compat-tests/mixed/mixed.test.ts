/**
 * Clusters of Odradek's and Apache Kafka's processes: each kind as brokers of the other's controllers, both as voters
 * of one quorum and replicas of one partition, and each as the successor of the other on its data directories.
 * `npm run mixed` goes on with that for as long as one likes.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { LoadTool } from "../cluster/load.ts";
import type { ClusterOptions } from "../lib/cluster.ts";
import type { Kind } from "../lib/launch.ts";
import { available, jars } from "../lib/place.ts";
import { Scenario } from "./scenario.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

describe.skipIf(!have)("a cluster of both kinds", () => {
  const tool = new LoadTool();
  let scenario: Scenario | undefined;
  beforeAll(() => tool.compile());
  afterAll(async () => {
    await scenario?.dispose();
    tool.dispose();
  });

  async function started(kinds: readonly Kind[], nodes: ClusterOptions["nodes"]): Promise<Scenario> {
    await scenario?.dispose();
    scenario = await Scenario.start(tool, kinds, nodes);
    return scenario;
  }

  test.each([
    ["odradek", "apache"],
    ["apache", "odradek"],
  ] as const)(
    "%s brokers serve, leave and come back with an %s controller",
    async (broker, controller) => {
      const on = await started([controller, broker, broker], { controllers: 1, brokers: 2 });
      const node = on.cluster.node(2);
      await node.stop();
      await on.progress();
      await node.start();
      await on.inSync();
      await on.progress();
      expect(await on.verdict()).toEqual([]);
    },
    240_000,
  );

  test("voters of both kinds elect each other, and replicas of both kinds lead and follow each other", async () => {
    const on = await started(["odradek", "apache", "odradek"], 3);
    const passed = new Set<string>(); // from which kind to which the leadership of the quorum went
    while (!passed.has("odradek to apache") || !passed.has("apache to odradek")) {
      const leader = on.cluster.node((await on.quorumLeader()).id);
      await leader.kill();
      passed.add(`${leader.kind} to ${on.cluster.node((await on.quorumLeader()).id).kind}`);
      await on.progress();
      await leader.start();
      await on.inSync();
      await on.preferredLeaders();
    }
    await on.progress();
    expect(await on.verdict()).toEqual([]);
  }, 600_000);

  test("a running cluster of Apache's nodes becomes one of Odradek's and goes back, node by node", async () => {
    const on = await started(["apache", "apache", "apache"], 3);
    for (const kind of ["odradek", "apache"] as const) {
      for (const node of on.cluster.nodes) {
        await node.stop();
        await on.progress();
        await node.start(kind);
        await on.inSync();
      }
    }
    await on.progress();
    expect(await on.verdict()).toEqual([]);
  }, 600_000);
});
