/**
 * Compaction beside Apache's: Apache fills compacted topics and stops, then each cleans its own copy of the directory.
 * What is left must be the same: names, batches, records, indexes, checkpoint, times of change. Three times: the second
 * one drops tombstones that the first has stamped and stamps the markers of what it has removed; the third drops these.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Admin, CompressionCodecs, CompressionTypes, ConfigResourceTypes, Kafka, logLevel } from "kafkajs";
import { type Broker, startApache } from "../lib/brokers.ts";
import { installKafkajsCodecs } from "../lib/kafkajs-codecs.ts";
import { available, jars } from "../lib/place.ts";
import { ScriptHost } from "../lib/script-host.ts";

installKafkajsCodecs(CompressionCodecs, CompressionTypes);
const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

const topics = {
  values: {},
  tombstones: { "delete.retention.ms": "0" },
  kept: {},
  codecs: { "delete.retention.ms": "0" },
  transactions: { "delete.retention.ms": "0" },
};
type Topic = keyof typeof topics;
const rounds = ["first", "second", "third"];
const offsetsTopic = "__consumer_offsets";
const compacted = [...Object.keys(topics), offsetsTopic].map((topic) => `${topic}-0`);
const segmentBytes = "6000";

const quiet = { "log.cleaner.enable": "false" };
const cleaning = {
  "log.cleaner.enable": "true",
  "log.cleaner.backoff.ms": "100",
  "log.cleaner.dedupe.buffer.size": "2000000",
};

const kafkaOf = (broker: Broker) => new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });

async function withAdmin<T>(broker: Broker, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaOf(broker).admin();
  await admin.connect();
  return use(admin).finally(() => admin.disconnect());
}

async function createTopics(broker: Broker): Promise<void> {
  await withAdmin(broker, async (admin) => {
    const created = Object.entries(topics).map(([topic, own]) => {
      const config = {
        "cleanup.policy": "compact",
        "internal.segment.bytes": segmentBytes,
        "index.interval.bytes": "500",
        "min.cleanable.dirty.ratio": "0.01",
        ...own,
      };
      return { topic, configEntries: Object.entries(config).map(([name, value]) => ({ name, value })) };
    });
    await admin.createTopics({ topics: created });
  });
  await commits(kafkaOf(broker), "group-0", 0); // the topic is made for it
  await withAdmin(broker, async (admin) => {
    const configEntries = [
      { name: "cleanup.policy", value: "compact" },
      { name: "internal.segment.bytes", value: segmentBytes },
      { name: "min.cleanable.dirty.ratio", value: "0.01" },
    ];
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: offsetsTopic, configEntries }];
    await admin.alterConfigs({ validateOnly: false, resources });
  });
}

/** Messages that repeat a few keys often and many seldom; every fourth a tombstone where asked for. */
function messages(round: string, n: number, tombstones: boolean) {
  return Array.from({ length: 1 + (n % 6) }, (_, i) => {
    const key = `key-${(n * 7 + i * 5) % (n % 3 === 1 ? 160 : 12)}`;
    const value = tombstones && (n + i) % 4 === 0 ? null : `${round} ${n} ${i} `.padEnd(60 + ((n * 13) % 90), "x");
    return { key, value, ...(i % 3 === 0 ? { headers: { trace: `${n}`, né: "ü" } } : {}) };
  });
}

async function fill(broker: Broker, round: string): Promise<void> {
  const kafka = kafkaOf(broker);
  const plain = kafka.producer();
  const idempotent = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const once = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await Promise.all([plain.connect(), idempotent.connect(), once.connect()]);
  // All that it wrote will be replaced: its batch stays, empty, for its sequence.
  for (const topic of Object.keys(topics))
    await once.send({ topic, messages: messages(round, 2, topic !== "values"), acks: -1 });
  await once.disconnect();
  for (let n = 0; n < 200; n++) {
    const producer = n % 3 === 0 ? idempotent : plain;
    for (const topic of ["values", "tombstones", "kept"] as const) {
      await producer.send({ topic, messages: messages(round, n, topic !== "values"), acks: -1 });
    }
    await producer.send({ topic: "codecs", messages: messages(round, n, true), acks: -1, compression: n % 5 });
  }
  await transactions(kafka, round);
  await Promise.all([0, 1, 2, 3, 4].map((group) => commits(kafka, `group-${group}`, group)));
  if (round === "second") await withAdmin(broker, (admin) => admin.deleteGroups(["group-3"]));
  await Promise.all([plain.disconnect(), idempotent.disconnect()]);
}

/** Of two topics, again and again; the last ones are `lastCommit`. */
async function commits(kafka: Kafka, groupId: string, group: number): Promise<void> {
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topics: ["values", "kept"] });
  const joined = new Promise((done) => consumer.on(consumer.events.GROUP_JOIN, done));
  await consumer.run({ autoCommit: false, eachMessage: async () => {} });
  await joined;
  for (let n = 0; n < 30; n++) {
    const topic = n % 2 === 0 ? "values" : "kept";
    await consumer.commitOffsets([{ topic, partition: 0, offset: `${group * 100 + n}` }]);
  }
  await consumer.disconnect();
}

const lastCommit = (group: number, topic: string) => `${group * 100 + (topic === "values" ? 28 : 29)}`;

/** Committed and aborted in turn, two at a time now and then. */
async function transactions(kafka: Kafka, round: string): Promise<void> {
  const producers = ["a", "b"].map((name) =>
    kafka.producer({ transactionalId: `${round}-${name}`, idempotent: true, maxInFlightRequests: 1 }),
  );
  for (const producer of producers) await producer.connect();
  const topic: Topic = "transactions";
  for (let n = 0; n < 40; n++) {
    const open = [];
    for (const producer of n % 4 === 0 ? producers : producers.slice(n % 2, (n % 2) + 1))
      open.push(await producer.transaction());
    for (let i = 0; i < 3; i++) {
      for (const transaction of open)
        await transaction.send({ topic, messages: messages(`${round} ${i}`, n, true), acks: -1 });
    }
    for (const [i, transaction] of open.entries())
      await ((n + i) % 3 === 0 ? transaction.abort() : transaction.commit());
  }
  for (const producer of producers) await producer.disconnect();
}

/** What `properties` of lib/brokers.ts wrote, with these settings. */
function setSettings(broker: Broker, settings: Readonly<Record<string, string>>): void {
  const file = join(broker.directory, "..", "server.properties");
  const kept = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("log.cleaner."));
  writeFileSync(
    file,
    `${[...kept, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join("\n")}\n`,
  );
}

const checkpointOf = (directory: string): string[] => {
  const file = join(directory, "cleaner-offset-checkpoint");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(2) : [];
  return lines.filter((line) => compacted.includes(line.split(" ").slice(0, 2).join("-"))).sort();
};

/** Until every log has an entry that changed, and none changes for a while. */
async function cleaned(broker: Broker, before: readonly string[]): Promise<void> {
  let seen = "";
  let since = Date.now();
  const until = Date.now() + 40_000;
  for (;;) {
    const now = checkpointOf(broker.directory);
    if (now.join() !== seen) {
      seen = now.join();
      since = Date.now();
    }
    const complete = now.length === compacted.length && now.every((line) => !before.includes(line));
    if (complete && Date.now() - since > 1500) return;
    if (Date.now() > until) throw new Error(`${broker.kind} does not clean: ${seen}\n${broker.output()}`);
    await Bun.sleep(100);
  }
}

const copy = (from: string, to: string) => {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
};

describe.skipIf(!have)("the same directory, compacted by Apache and by Odradek", () => {
  let broker: Broker;
  let host: ScriptHost;
  const results: Record<string, string> = {};

  /**
   * Ends with Apache's result in place, stopped; Odradek's is beside it. A time is stored as its distance from the
   * delete horizon: the wait makes all of them take three bytes, whoever comes first.
   */
  async function cleanTwice(round: string): Promise<void> {
    const data = broker.directory;
    const filled = `${data}.${round}.filled`;
    const before = checkpointOf(data);
    copy(data, filled);
    await Bun.sleep(8_300);
    setSettings(broker, cleaning);
    for (const kind of ["odradek", "apache"] as const) {
      copy(filled, data);
      broker = await broker.succeededBy(kind);
      await cleaned(broker, before);
      if (kind === "odradek") await offsetsAreThere(round);
      await broker.stop();
      results[`${round} ${kind}`] = `${data}.${round}.${kind}`;
      copy(data, `${data}.${round}.${kind}`);
    }
  }

  /** The coordinator loads what compaction has left. */
  async function offsetsAreThere(round: string): Promise<void> {
    const offsets = await withAdmin(broker, async (admin) => {
      const found = [];
      for (let n = 0; n < 5; n++) {
        for (const topic of ["values", "kept"]) {
          const [of] = await admin.fetchOffsets({ groupId: `group-${n}`, topics: [topic] });
          found.push(of?.partitions[0]?.offset);
        }
      }
      return found;
    });
    const expected = (group: number, topic: string) =>
      round === "second" && group === 3 ? "-1" : lastCommit(group, topic);
    expect(offsets).toEqual([0, 1, 2, 3, 4].flatMap((group) => [expected(group, "values"), expected(group, "kept")]));
  }

  beforeAll(async () => {
    broker = await startApache({ settings: { ...quiet, "offsets.topic.num.partitions": "1" } });
    host = new ScriptHost();
    await createTopics(broker);
    await fill(broker, "first");
    await broker.stop();
    await cleanTwice("first");
    for (const round of rounds.slice(1)) {
      setSettings(broker, quiet);
      broker = await broker.succeededBy("apache");
      await fill(broker, round);
      await broker.stop();
      await cleanTwice(round);
    }
  }, 400_000);
  afterAll(async () => {
    await host?.stop();
    await broker?.dispose();
  });

  const files = (round: string, kind: string, topic: string) => {
    const folder = join(results[`${round} ${kind}`] as string, topic);
    return readdirSync(folder)
      .filter((file) => /\.(log|index|timeindex|txnindex)$/.test(file))
      .sort()
      .map((file) => join(folder, file));
  };
  const both = <T>(read: (kind: string) => T): [T, T] => [read("odradek"), read("apache")];
  /** The last segment is the active one, which nobody compacts. */
  const sealed = (paths: readonly string[]) => {
    const active = paths.findLast((path) => path.endsWith(".log")) as string;
    return paths.filter((path) => path.slice(0, path.lastIndexOf(".")) !== active.slice(0, -4));
  };
  const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

  async function dump(paths: readonly string[]): Promise<string> {
    const args = [
      "--files",
      paths.filter((path) => path.endsWith(".log")).join(","),
      "--print-data-log",
      "--deep-iteration",
    ];
    const { exitCode, stdout } = await host.run("kafka-dump-log", args);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("isvalid: false");
    return stdout.replace(/^Dumping .*\//gm, "Dumping ");
  }

  /** Each ran at its own time, and compressed with its own library. */
  const masked = (text: string) =>
    text
      .replace(/deleteHorizonMs: OptionalLong\[\d+\]/g, "deleteHorizonMs: <set>")
      .replace(/(?<=<set>.*)crc: \d+/g, "crc: <n>");
  const unsized = (text: string) => masked(text).replace(/(position|size|crc|valid[bB]ytes): \d+/g, "$1 <n>");

  describe.each(rounds)("the %s time", (round) => {
    test("up to the same offsets", () => {
      const [ours, theirs] = both((kind) => checkpointOf(results[`${round} ${kind}`] as string));
      expect(ours).toEqual(theirs);
      expect(ours).toHaveLength(compacted.length);
    });

    test.each(compacted)("%s: the same files, with the same times of change", (topic) => {
      const timed = (kind: string) =>
        sealed(files(round, kind, topic))
          .filter((path) => !path.endsWith(".txnindex"))
          .map((path) => [nameOf(path), Math.floor(statSync(path).mtimeMs)]);
      const [ours, theirs] = both((kind) => files(round, kind, topic).map(nameOf));
      expect(ours).toEqual(theirs);
      expect(timed("odradek")).toEqual(timed("apache"));
      const sizeOf = (folder: string) =>
        readdirSync(folder).reduce(
          (sum, file) => sum + (file.endsWith(".log") ? statSync(join(folder, file)).size : 0),
          0,
        );
      const before = sizeOf(join(`${broker.directory}.${round}.filled`, topic));
      expect(sizeOf(join(results[`${round} odradek`] as string, topic))).toBeLessThan(before * 0.8);
    });

    test("values: the same bytes", () => {
      const [ours, theirs] = both((kind) => files(round, kind, "values-0").map((path) => readFileSync(path)));
      expect(ours.length).toBeGreaterThan(4);
      expect(ours).toEqual(theirs);
    });

    test.each(["values-0", "tombstones-0", "kept-0", "transactions-0", `${offsetsTopic}-0`])(
      "%s: the same batches and records",
      async (topic) => {
        const [ours, theirs] = await Promise.all(both((kind) => dump(files(round, kind, topic))));
        expect(masked(ours).split("\n")).toEqual(masked(theirs).split("\n"));
      },
    );

    test("codecs: the same batches and records", async () => {
      const [ours, theirs] = await Promise.all(both((kind) => dump(files(round, kind, "codecs-0"))));
      expect(unsized(ours).split("\n")).toEqual(unsized(theirs).split("\n"));
      for (const codec of ["gzip", "snappy", "lz4", "zstd"]) expect(ours).toContain(`compresscodec: ${codec}`);
    });

    test.each(["tombstones-0", "kept-0", "transactions-0"])("%s: the same indexes", (topic) => {
      const indexes = (kind: string) =>
        sealed(files(round, kind, topic))
          .filter((path) => !path.endsWith(".log"))
          .map((path) => [nameOf(path), readFileSync(path)]);
      const [ours, theirs] = both(indexes);
      expect(ours).toEqual(theirs);
    });
  });

  test("the cases have come up", async () => {
    const first = await dump(files("first", "apache", "tombstones-0"));
    const second = await dump(files("second", "apache", "tombstones-0"));
    const markers = (round: string) => dump(files(round, "apache", "transactions-0"));
    expect(first).toMatch(/deleteHorizonMs: OptionalLong\[\d+\]/);
    expect(first).toMatch(/count: 0 /); // an emptied batch
    const goneOf = (before: string, after: string, what: RegExp) =>
      [...before.matchAll(what)].filter(([, offset]) => !after.includes(`baseOffset: ${offset} `)).length;
    expect(goneOf(first, second, /^baseOffset: (\d+) .*OptionalLong\[/gm)).toBeGreaterThan(0);
    const stampedMarker = /^baseOffset: (\d+) .*isControl: true deleteHorizonMs: OptionalLong\[/gm;
    expect(goneOf(await markers("second"), await markers("third"), stampedMarker)).toBeGreaterThan(0);
    expect(files("first", "apache", "transactions-0").some((path) => path.endsWith(".txnindex"))).toBe(true);
  });
});
