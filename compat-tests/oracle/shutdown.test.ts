/** What a node says and leaves when it is asked to end, of Apache Kafka 4.3.1 and of Odradek. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startApache, startOdradek } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";

setDefaultTimeout(120_000);

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

test.skipIf(!have).each([
  ["true", true],
  ["false", false],
])("controlled.shutdown.enable=%s: whether it first asks the controller", async (value, asks) => {
  const settings = { "controlled.shutdown.enable": value };
  const brokers = await Promise.all([startApache({ settings }), startOdradek({ settings })]);
  try {
    const seen = await Promise.all(
      brokers.map(async (broker) => {
        const exitCode = await broker.stop();
        const isClean = existsSync(join(broker.directory, ".kafka_cleanshutdown"));
        return {
          ended: exitCode === 0 || exitCode === 143,
          isClean,
          asks: /controlled shutdown/.test(broker.output()),
        };
      }),
    );
    expect(seen).toEqual([seen[0], seen[0]] as typeof seen);
    expect(seen[0]).toEqual({ ended: true, isClean: true, asks });
  } finally {
    await Promise.all(brokers.map((broker) => broker.dispose()));
  }
});
