/**
 * Apache Kafka of earlier releases as peers, each at the features that it knows: as brokers of our controller, and as
 * controllers of our brokers. Every record that we write into the metadata log is one that they can read.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { KafkaJSProtocolError } from "kafkajs";
import { ApiVersions, type ApiVersionsResponse } from "../../protocol/generated/api-versions.ts";
import { clientOf } from "../cluster/kafkajs-load.ts";
import { LoadTool } from "../cluster/load.ts";
import type { ClusterNode } from "../lib/cluster.ts";
import { available, jars } from "../lib/place.ts";
import { script } from "../lib/tools.ts";
import { type AnyMessage, Wire } from "../oracle/raw/wire.ts";
import { Scenario } from "./scenario.ts";

setDefaultTimeout(120_000);

const have = available("Java with Apache Kafka 4.0.1, 4.2.0 and 4.3.1", ["4.0.1", "4.2.0", "4.3.1"].every(jars));

async function metadataVersionOn({ bootstrap }: ClusterNode): Promise<number | undefined> {
  const wire = await Wire.open(bootstrap);
  const request = { clientSoftwareName: "test", clientSoftwareVersion: "1" };
  const answer = await wire.exchange(ApiVersions as AnyMessage, 3, request).finally(() => wire.close());
  if (!("response" in answer)) throw new Error("ApiVersions was not answered");
  const { finalizedFeatures } = answer.response as ApiVersionsResponse;
  return finalizedFeatures.find(({ name }) => name === "metadata.version")?.maxVersionLevel;
}

/** Each broker hears of a topic in its own time, and kafkajs asks any of them. */
async function heardOf<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await ask();
    } catch (cause) {
      if (!(cause instanceof KafkaJSProtocolError) || cause.type !== "UNKNOWN_TOPIC_OR_PARTITION") throw cause;
    }
    await Bun.sleep(50);
  }
}

describe.skipIf(!have)("earlier releases", () => {
  const tool = new LoadTool();
  const running: Scenario[] = [];
  beforeAll(() => tool.compile());
  afterAll(async () => {
    await Promise.all(running.map((each) => each.dispose()));
    tool.dispose();
  });

  async function started(...args: Parameters<typeof Scenario.start> extends [unknown, ...infer Rest] ? Rest : never) {
    const scenario = await Scenario.start(tool, ...args);
    running.push(scenario);
    return scenario;
  }

  /** What writes records of many types, and what makes the brokers change their places. */
  async function used(on: Scenario, leaves: number): Promise<void> {
    const { cluster } = on;
    const admin = clientOf(cluster).admin();
    await admin.connect();
    const topics = ["staying", "going"].map((topic) => ({ topic, numPartitions: 2, replicationFactor: 1 }));
    await admin.createTopics({ topics, waitForLeaders: false });
    await heardOf(() => admin.createPartitions({ topicPartitions: [{ topic: "staying", count: 4 }] }));
    const configEntries = [{ name: "retention.ms", value: "1000000" }];
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: "staying", configEntries }] });
    await heardOf(() => admin.deleteTopics({ topics: ["going"] }));
    const node = cluster.node(leaves);
    await node.stop();
    if (cluster.brokers.length > 1) await on.progress();
    await node.start();
    await on.inSync();
    await on.progress();
    const described = await heardOf(() => admin.fetchTopicMetadata({ topics: ["staying"] }));
    expect(described.topics[0]?.partitions.map(({ leader }) => leader >= 0)).toEqual([true, true, true, true]);
    await admin.disconnect();
  }

  /** What Kafka says of a record that it cannot read or use. */
  function complaints(node: ClusterNode): string[] {
    return node.output.split("\n").filter((line) => /Encountered .* fault|UnsupportedVersionException/.test(line));
  }

  test("brokers of 4.0.1 and 4.2.0 with our controller, at the features of 4.0", async () => {
    const on = await started(
      ["odradek", "apache", "apache"],
      { controllers: 1, brokers: 2 },
      {
        releases: [undefined, "4.0.1", "4.2.0"],
        features: "4.0",
      },
    );
    await used(on, 2);
    for (const node of on.cluster.brokers) {
      expect(await metadataVersionOn(node)).toBe(25);
      expect(complaints(node)).toEqual([]);
    }
    const upgrade = ["--bootstrap-server", on.cluster.bootstrap, "upgrade", "--metadata", "4.2"];
    const { exitCode, stderr, stdout } = await script("kafka-features", upgrade);
    expect(stdout + stderr).toContain("Broker 2 only supports versions 7-25");
    expect(exitCode).toBe(1);
    expect(await on.verdict()).toEqual([]);
  });

  test.each([
    ["4.0.1", "4.0", 25],
    ["4.2.0", "4.2", 29],
  ])("our broker with a controller of %s, at the features of %s", async (release, features, level) => {
    const on = await started(["apache", "odradek"], { controllers: 1, brokers: 1 }, { releases: [release], features });
    await used(on, 2);
    expect(await metadataVersionOn(on.cluster.node(2))).toBe(level);
    expect(complaints(on.cluster.node(1))).toEqual([]);
    expect(await on.verdict()).toEqual([]);
  });
});
