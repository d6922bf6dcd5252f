/**
 * Apache's `kafka-dump-log` on the files that Odradek wrote: segments, indexes, `__consumer_offsets`, the metadata log
 * and
 * its checkpoints. And the first metadata records of both brokers, type by type, for the same format, start and topics.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Admin, Kafka, logLevel } from "kafkajs";
import { type Broker, startApache, startOdradek } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import { ScriptHost } from "../lib/script-host.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

/** What the tool prints where a file is not as it should be. */
const complaints = /mismatch|corrupt|invalid|isvalid: false|out of order|non-consecutive|not valid|exception|error/i;

/** The tool says this of every segment that does not begin at offset 0, Apache's own too. */
const falseAlarm = /^Non-consecutive offsets in .*\n +-1 is followed by \d+\n?/gm;

async function withAdmin<T>(broker: Broker, use: (kafka: Kafka, admin: Admin) => Promise<T>): Promise<T> {
  const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const result = await use(kafka, admin);
  await admin.disconnect();
  return result;
}

/** Small segments, so that several are sealed with their indexes; a group with commits; a topic deleted again. */
async function fill(broker: Broker): Promise<void> {
  await withAdmin(broker, async (kafka, admin) => {
    const configEntries = [
      { name: "segment.bytes", value: "1048576" },
      { name: "index.interval.bytes", value: "1024" },
    ];
    await admin.createTopics({ topics: [{ topic: "filled", numPartitions: 1, configEntries }] });
    await admin.createTopics({ topics: [{ topic: "gone", numPartitions: 2 }] });
    await admin.deleteTopics({ topics: ["gone"] });
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (let i = 0; i < 46; i++) {
      const messages = Array.from({ length: 100 }, (_, j) => ({ key: `${i}`, value: "x".repeat(700 + j) }));
      await producer.send({ topic: "filled", messages, acks: -1 });
    }
    await producer.disconnect();
    const consumer = kafka.consumer({ groupId: "readers" });
    await consumer.connect();
    await consumer.subscribe({ topic: "filled", fromBeginning: true });
    const enough = Promise.withResolvers<void>();
    let seen = 0;
    await consumer.run({
      eachBatch: async ({ batch }) => {
        seen += batch.messages.length;
        if (seen >= 4600) enough.resolve();
      },
    });
    await enough.promise;
    await consumer.disconnect();
  });
}

describe.skipIf(!have)("what Apache's kafka-dump-log reads", () => {
  let odradek: Broker;
  let apache: Broker;
  let host: ScriptHost;
  let live: string[];

  beforeAll(async () => {
    [apache, odradek] = await Promise.all([startApache(), startOdradek()]);
    host = new ScriptHost();
    await Promise.all([fill(apache), fill(odradek)]);
    live = [await dumpIndexes(odradek), await dumpIndexes(apache)];
    expect(await odradek.stop()).toBe(0);
    await apache.stop();
  });
  afterAll(async () => {
    await host?.stop();
    await apache?.dispose();
    await odradek?.dispose();
  });

  const files = (broker: Broker, topic: string, suffix: string) =>
    readdirSync(join(broker.directory, topic))
      .filter((file) => file.endsWith(suffix))
      .sort()
      .map((file) => join(broker.directory, topic, file));

  async function dump(paths: readonly string[], ...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await host.run("kafka-dump-log", ["--files", paths.join(","), ...args]);
    expect(stderr.replace(falseAlarm, "").trim()).toBe("");
    expect(exitCode).toBe(0);
    return stdout;
  }

  /** All that is said of the indexes, without directory and times. */
  async function dumpIndexes(broker: Broker): Promise<string> {
    const paths = [...files(broker, "filled-0", ".index"), ...files(broker, "filled-0", ".timeindex")];
    const { stdout, stderr } = await host.run("kafka-dump-log", ["--files", paths.join(",")]);
    return (stdout + stderr).replaceAll(broker.directory, "").replace(/timestamp: [1-9]\d*/g, "timestamp: <ms>");
  }

  test("indexes of a directory in use, the growing segment's too", () => {
    expect(live[0]).toMatch(/^offset: 4[1-5]99 position: [1-9]\d+$/m);
    expect(live[0]).toBe(live[1] as string);
  });

  test("segments of a topic, record by record", async () => {
    const logs = files(odradek, "filled-0", ".log");
    expect(logs.length).toBeGreaterThan(2);
    const text = await dump(logs, "--deep-iteration", "--print-data-log");
    expect(text.match(/^\| offset: /gm)?.length).toBe(4600);
    expect(text.match(complaints)).toBeNull();
    expect(text).toContain("isvalid: true");
  });

  test("offset and time indexes agree with their segments", async () => {
    const indexes = [...files(odradek, "filled-0", ".index"), ...files(odradek, "filled-0", ".timeindex")];
    expect(indexes.length).toBeGreaterThan(4);
    const text = await dump(indexes, "--verify-index-only");
    expect(text.match(complaints)).toBeNull();
    const sanity = async (broker: Broker) => {
      const all = [...files(broker, "filled-0", ".index"), ...files(broker, "filled-0", ".timeindex")];
      return (await dump(all, "--index-sanity-check")).replaceAll(broker.directory, "");
    };
    expect(await sanity(odradek)).toBe(await sanity(apache)); // the same files, sane or empty alike
  });

  test("producer snapshots", async () => {
    const snapshots = files(odradek, "filled-0", ".snapshot");
    expect(snapshots.length).toBeGreaterThan(0);
    const text = await dump(snapshots);
    expect(text).toMatch(/producerId: \d+ producerEpoch: 0 .*lastSequence: \d+/);
    expect(text.match(complaints)).toBeNull();
  });

  test("__consumer_offsets with the offsets decoder", async () => {
    const partitions = readdirSync(odradek.directory).filter((name) => name.startsWith("__consumer_offsets-"));
    expect(partitions.length).toBe(50);
    const logs = partitions.flatMap((partition) => files(odradek, partition, ".log"));
    const text = await dump(logs, "--offsets-decoder");
    expect(text).toMatch(/"type":"1".*"group":"readers".*"topic":"filled"/);
    expect(text).toMatch(/"type":"2".*"group":"readers"/);
    expect(text.match(complaints)).toBeNull();
  });

  const decoder = "--cluster-metadata-decoder";

  /** Type and version of each metadata record, NoOp aside: they follow idle time. */
  async function recordTypes(broker: Broker): Promise<string[]> {
    const text = await dump(files(broker, "__cluster_metadata-0", ".log"), decoder);
    expect(text.match(/isvalid: false|corrupt|mismatch/i)).toBeNull();
    const types = [...text.matchAll(/payload: \{"type":"([A-Z_]+)","version":(\d+)/g)].map(
      ([, type, v]) => `${type} v${v}`,
    );
    const controls = [...text.matchAll(/(LeaderChange|KRaftVersion|KRaftVoters)\b/g)].map(([name]) => name);
    const named = [...controls.slice(0, 3), ...types.filter((type) => !type.startsWith("NO_OP"))];
    // Apache unfences (v0) and reports cordoned directories (v3) in either order, as its heartbeats fall.
    const changes = named.findIndex((type) => type.startsWith("BROKER_REGISTRATION_CHANGE"));
    return [...named.slice(0, changes), ...named.slice(changes, changes + 2).sort(), ...named.slice(changes + 2)];
  }

  test("the first 30 metadata records are Apache's, type by type", async () => {
    const [theirs, ours] = await Promise.all([recordTypes(apache), recordTypes(odradek)]);
    expect(ours.length).toBeGreaterThan(30);
    expect(ours.slice(0, 30)).toEqual(theirs.slice(0, 30));
  });

  test("bootstrap.checkpoint and the first snapshot are Apache's, header and footer included", async () => {
    for (const path of ["bootstrap.checkpoint", "__cluster_metadata-0/00000000000000000000-0000000000.checkpoint"]) {
      const read = async (broker: Broker) => {
        const text = await dump([join(broker.directory, path)], decoder);
        return text
          .replaceAll(broker.directory, "")
          .replace(/(?<=[":])[A-Za-z0-9_-]{22}(?=")/g, "<uuid>")
          .replace(/"(port|endPort)":\d+/g, '"port":<port>')
          .replace(
            /(LogAppendTime|CreateTime|lastContainedLogTimestamp|crc|size|position|validBytes)"?(: ?|=)\d+/gi,
            "$1 <n>",
          );
      };
      expect(await read(odradek)).toBe(await read(apache));
    }
  });
});
