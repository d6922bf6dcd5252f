/**
 * What Apache's broker answers about settings is kept as facts in src/config/testdata/answers.json, which our own unit
 * tests are compared with. Here the facts are compared with a real broker; UPDATE_FACTS=1 writes them anew.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type Broker, startApache } from "../lib/brokers.ts";
import { available, jars, root } from "../lib/place.ts";
import { run } from "../lib/process.ts";

const libs = jars("4.3.1");
const have = available("Java with Apache Kafka 4.3.1", libs !== null);
const facts = join(root, "src/config/testdata/answers.json");

/** Beside what every broker of these tests is given. */
const settings = {
  "num.network.threads": "3",
  "num.partitions": "2",
  "log.retention.hours": "100",
  "log.roll.ms": "3600000",
  "log.cleaner.min.cleanable.ratio": "0.25",
  "log.cleanup.policy": "delete , compact",
  "delegation.token.secret.key": "secret",
  "listener.name.plaintext.max.connections": "5000",
  "log.initial.task.delay.ms": "20000",
  "my.plugin.setting": "abc",
};

describe.skipIf(!have)("what Apache's broker answers about settings", () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startApache({ settings });
  });
  afterAll(() => broker?.dispose());

  test("is what the facts say", async () => {
    const directory = import.meta.dir;
    const program = [join(directory, "ConfigAnswers.java"), broker.bootstrap, "1"];
    const asked = await run(["java", "-cp", `${libs}/*`, ...program, join(directory, "config-alterations.txt")]);
    const text = asked.stdout
      .replaceAll(broker.bootstrap, "localhost:9092")
      .replaceAll(broker.controller, "localhost:9093")
      .replaceAll(broker.directory, "/data");
    const answers = JSON.parse(text);
    if (process.env.UPDATE_FACTS === "1") await Bun.write(facts, text);
    expect(answers).toEqual(await Bun.file(facts).json());
  }, 60_000);
});
