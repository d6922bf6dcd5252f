/** confluent-kafka (librdkafka), aiokafka and kafka-python: every compression each of them has, through a group. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { available, cache } from "../lib/place.ts";
import { run } from "../lib/process.ts";

const python = join(cache, "python/bin/python");
const have = available("Python clients", existsSync(join(cache, "python/.complete")));

describe.skipIf(!have)("Python clients", () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startSubject();
  });
  afterAll(() => broker.dispose());

  const codecs = ["none", "gzip", "snappy", "lz4", "zstd"];
  const cases = ["confluent", "aiokafka", "kafka-python"].flatMap((client) => codecs.map((codec) => [client, codec]));
  test.each(cases)("%s gets back what it sent: %s", async (client, codec) => {
    const script = join(import.meta.dir, "clients.py");
    const done = await run([python, script, client as string, broker.bootstrap, codec as string, "2000"]);
    expect({ exitCode: done.exitCode, error: done.exitCode === 0 ? "" : done.stderr }).toEqual({
      exitCode: 0,
      error: "",
    });
    expect(JSON.parse(done.stdout)).toEqual({ client, codec, received: 2000 });
  });
});
