/**
 * Every line that Apache's scripts print, against Apache Kafka 4.3.1 and against Odradek, equal after the same
 * normalisation. Differences that are known stand in `scripts.known.json` with their reason; that list may only shrink.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Broker, startApache, startOdradek } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import { ScriptHost } from "../lib/script-host.ts";
import missingApis from "./apis.missing.json";
import { normalise } from "./normalise.ts";
import known from "./scripts.known.json";
import { type Step, steps } from "./scripts.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

interface Side {
  readonly broker: Broker;
  readonly host: ScriptHost;
}

const name = ({ script, args, controller }: Step) =>
  `${script}${controller ? " (controller)" : ""} ${args.join(" ")}`.slice(0, 150);

async function answer({ broker, host }: Side, step: Step, index: number): Promise<string> {
  const args = step.args.map((arg, at) => {
    const content = /^\{file:(.*)\}$/.exec(arg)?.[1];
    if (content === undefined) return arg;
    const file = join(dirname(broker.directory), `files/${index}-${at}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  });
  const to = step.controller ? ["--bootstrap-controller", broker.controller] : ["--bootstrap-server", broker.bootstrap];
  // `kafka-metadata-quorum --bootstrap-server X describe`: the address comes first there, anywhere elsewhere.
  const address = step.script === "kafka-features" || step.script === "kafka-metadata-quorum" ? to : [];
  const tail = address.length === 0 ? to : [];
  const done = await host.run(step.script, [...address, ...args, ...tail], step.input ?? "");
  const printed = step.script === "kafka-broker-api-versions" ? registeredOnly(done.stdout) : done.stdout;
  return normalise(`exit ${done.exitCode}\n${printed}\n--\n${withoutTraces(done.stderr)}`, broker);
}

/** Without the lines of APIs of which it is known that they are missing (raw.test.ts holds that list to the truth). */
function registeredOnly(text: string): string {
  const missing = new Set(Object.values<number>(missingApis.broker));
  return text
    .split("\n")
    .filter((line) => !missing.has(Number(/\((\d+)\): /.exec(line)?.[1])))
    .join("\n");
}

/** Stack traces name lines of Apache's own client code: they are the same wherever the message is. */
const withoutTraces = (text: string) =>
  text
    .split("\n")
    .filter((line) => !/^\s+at |^\s+\.\.\. \d+ more/.test(line))
    .join("\n");

describe.skipIf(!have)("what Apache's scripts print", () => {
  let apache: Side;
  let odradek: Side;
  beforeAll(async () => {
    const [original, ours] = await Promise.all([startApache(), startOdradek()]);
    apache = { broker: original, host: new ScriptHost() };
    odradek = { broker: ours, host: new ScriptHost() };
  });
  afterAll(async () => {
    for (const side of [apache, odradek]) {
      await side?.host.stop();
      await side?.broker.dispose();
    }
  });

  const reasons = new Map(Object.entries(known as Record<string, string>));
  steps.forEach((step, index) => {
    const title = `${index} ${name(step)}`;
    test(title, async () => {
      const [theirs, ours] = await Promise.all([answer(apache, step, index), answer(odradek, step, index)]);
      if (reasons.has(title))
        expect(ours, "is known to differ; if it no longer does, take it from the list").not.toBe(theirs);
      else expect(ours).toBe(theirs);
    });
  });

  test("the list of known differences names steps that exist", () => {
    const titles = new Set(steps.map((step, index) => `${index} ${name(step)}`));
    expect([...reasons.keys()].filter((title) => !titles.has(title))).toEqual([]);
  });
});
