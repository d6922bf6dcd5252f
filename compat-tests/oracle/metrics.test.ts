/**
 * What Odradek shows to Prometheus under Kafka's names is what a broker of Apache Kafka 4.3.1 has among its MBeans,
 * with the same labels and values, as the JMX exporter's example for Kafka names them.
 */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { type Broker, startApache, startOdradek } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { javaFlags } from "../lib/tools.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

/** How far a broker's metadata log has come is its own. */
const own = ["kafka_server_raft_metrics_high_watermark"];

type Samples = ReadonlyMap<string, number>;

/** Three partitions and one, with records in the first, some of them deleted. */
async function fill({ bootstrap }: Broker): Promise<void> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = [
    { topic: "measured", numPartitions: 3 },
    { topic: "beside.it", numPartitions: 1 },
  ];
  await admin.createTopics({ topics, waitForLeaders: true });
  const producer = kafka.producer();
  await producer.connect();
  for (let n = 0; n < 5; n++) {
    const messages = [{ partition: 0, timestamp: String(1_700_000_000_000 + n), value: `record ${n}` }];
    await producer.send({ topic: "measured", acks: -1, messages });
  }
  await producer.disconnect();
  await admin.fetchTopicOffsets("measured"); // or kafkajs does not know its leaders
  await admin.deleteTopicRecords({ topic: "measured", partitions: [{ partition: 0, offset: "2" }] });
  await admin.disconnect();
}

/** Both say where their data lies. */
const placeless = (sample: string, { directory }: Broker): string => sample.replace(directory, "DIRECTORY");

async function shownBy(broker: Broker): Promise<Samples> {
  const url = /http:\/\/\S+\/metrics/.exec(broker.output())?.[0] as string;
  const lines = (await (await fetch(url)).text()).split("\n").filter((line) => line.startsWith("kafka_"));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(" ");
      return [placeless(line.slice(0, space), broker), Number(line.slice(space))];
    }),
  );
}

async function beansOf(broker: Broker): Promise<Samples> {
  const beans = await run(["java", ...javaFlags, join(import.meta.dir, "Beans.java"), String(broker.pid)]);
  expect([beans.exitCode, beans.stderr]).toEqual([0, ""]);
  const samples = new Map<string, number>();
  for (const line of beans.stdout.trimEnd().split("\n")) {
    const [domain, properties, attribute, value] = line.split("\t") as [string, string, string, string];
    const name = exported(domain, properties, attribute);
    if (name !== null) samples.set(placeless(name, broker), Number(value));
  }
  return samples;
}

/** The exporter's rules for gauges: of a type with names, and of one whose attributes are the metrics. */
function exported(domain: string, properties: string, attribute: string): string | null {
  const [[, type], ...others] = properties.split(",").map((pair) => pair.split("=")) as [string[], ...string[][]];
  const [named, ...labels] = others;
  const metric = named === undefined ? attribute : named[0] === "name" && attribute === "Value" ? named[1] : null;
  if (metric === null) return null;
  const name = `${domain}_${type}_${metric}`.replaceAll(/[.-]/g, "_").toLowerCase();
  if (labels.length === 0) return name;
  return `${name}{${labels.map(([label, value = ""]) => `${label}="${value.replaceAll('"', "")}"`).join(",")}}`;
}

/** Ours that Apache does not have, or has with another value. */
async function differences(ours: Broker, apache: Broker): Promise<string[]> {
  const [shown, beans] = await Promise.all([shownBy(ours), beansOf(apache)]);
  expect(shown.size).toBeGreaterThan(25);
  return [...shown].flatMap(([name, value]) => {
    const theirs = beans.get(name);
    const isAlike = own.includes(name) ? theirs !== undefined : theirs === value;
    return isAlike ? [] : [`${name}: ${value}, Apache's ${theirs}`];
  });
}

test.skipIf(!have)(
  "names, labels and values are those of Apache's beans",
  async () => {
    const settings = { "odradek.metrics.listener": "127.0.0.1:0", "auto.create.topics.enable": "false" };
    const brokers = await Promise.all([startOdradek({ settings }), startApache({ settings })]);
    try {
      await Promise.all(brokers.map(fill));
      let found = await differences(...brokers);
      // Either may learn of its topics a moment later.
      for (let tries = 0; found.length > 0 && tries < 3; tries++) found = await differences(...brokers);
      expect(found).toEqual([]);
    } finally {
      await Promise.all(brokers.map((broker) => broker.dispose()));
    }
  },
  120_000,
);
