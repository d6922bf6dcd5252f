/**
 * A partition moves to the other log directory of its node (KIP-113) by Apache's own script, at Apache's broker and at
 * ours: the same lines are printed, the partition is where it was sent, and all that it held can be read. Apache looks
 * past the mark that a crash of ours may leave in a copy.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { COPY_MARK_FILE } from "../../storage/files.ts";
import { type Broker, startApache, startOdradek } from "../lib/brokers.ts";
import { available, jars, temporary } from "../lib/place.ts";
import { ScriptHost } from "../lib/script-host.ts";

setDefaultTimeout(120_000);

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const topic = "moved";
const records = 400;

async function write({ bootstrap }: Broker): Promise<void> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: records }, (_, n) => ({ value: `${n}`.padEnd(100, ".") }));
  await producer.send({ topic, acks: -1, messages });
  await producer.disconnect();
}

describe.skipIf(!have)("a partition that moves to another log directory", () => {
  const place = temporary("log-move");
  let scripts: ScriptHost;
  const brokers: Broker[] = [];
  const printed = new Map<string, readonly string[]>();
  const numbers = Array.from({ length: records }, (_, n) => n);
  beforeAll(() => {
    scripts = new ScriptHost();
  });

  async function valuesOf({ bootstrap }: Broker): Promise<number[]> {
    const all = ["--topic", topic, "--from-beginning", "--max-messages", String(records)];
    const { stdout } = await scripts.run("kafka-console-consumer", ["--bootstrap-server", bootstrap, ...all]);
    const lines = stdout.trim().split("\n");
    return lines.map((value) => Number.parseInt(value, 10));
  }

  afterAll(async () => {
    await scripts?.stop();
    for (const broker of brokers) await broker.dispose();
    place.remove();
  });

  test.each(["apache", "odradek"] as const)("of %s is there, with all its records", async (kind) => {
    const paths = [join(place.path, kind, "a"), join(place.path, kind, "b")] as const;
    const settings = { "log.dirs": paths.join(), "metadata.log.dir": paths[0] };
    const broker = await (kind === "apache" ? startApache({ settings }) : startOdradek({ settings }));
    brokers.push(broker);
    const to = ["--bootstrap-server", broker.bootstrap];
    await write(broker);
    const isIn = (path: string) => existsSync(join(path, `${topic}-0`));
    const [home, other] = isIn(paths[0]) ? paths : [paths[1], paths[0]];
    const plan = join(place.path, `${kind}.json`);
    const move = (path: string) => {
      const partitions = [{ topic, partition: 0, replicas: [1], log_dirs: [path] }];
      writeFileSync(plan, JSON.stringify({ version: 1, partitions }));
    };
    const lines: string[] = [];
    const reassign = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout } = await scripts.run("kafka-reassign-partitions", [
        ...to,
        "--reassignment-json-file",
        plan,
        ...args,
      ]);
      return `${exitCode} ${stdout.replaceAll(home, "HOME").replaceAll(other, "OTHER")}`;
    };

    move(join(place.path, "nowhere"));
    lines.push((await reassign("--execute")).replaceAll(join(place.path, "nowhere"), "NOWHERE"));
    move(other);
    lines.push(await reassign("--execute"));
    let state = "";
    for (let tries = 0; tries < 100 && !state.includes("completed successfully"); tries++) {
      state = await reassign("--verify");
    }
    lines.push(state, await reassign("--verify"));
    printed.set(kind, lines);
    expect([isIn(home), isIn(other)]).toEqual([false, true]);
    const described = await scripts.run("kafka-log-dirs", [...to, "--describe", "--topic-list", topic]);
    expect(described.stdout.match(/"isFuture":(true|false)/g)).toEqual(['"isFuture":false']);
    expect(await valuesOf(broker)).toEqual(numbers);
    await broker.stop();
  });

  test("with the mark of a copy in it is opened by Apache, which leaves the mark alone", async () => {
    const [ours] = brokers.filter(({ kind }) => kind === "odradek") as [Broker];
    const home = ["a", "b"].map((name) => join(place.path, "odradek", name, `${topic}-0`)).find(existsSync) as string;
    writeFileSync(join(home, COPY_MARK_FILE), "");
    const apache = await ours.succeededBy("apache");
    brokers.push(apache);
    expect(await valuesOf(apache)).toEqual(numbers);
    await apache.stop();
    expect(existsSync(join(home, COPY_MARK_FILE))).toBe(true);
  });

  test("prints what Apache's prints", () => {
    expect(printed.get("odradek")).toEqual(printed.get("apache") ?? []);
    expect(printed.get("apache")?.length).toBe(4);
  });
});
