/**
 * Apache's administration scripts against a cluster of Apache Kafka 4.3.1 and one of Odradek: every line that they
 * print is the same after the same normalisation. Known differences stand in `known.json` with their reason; that list
 * may only shrink.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cluster, startCluster } from "../lib/cluster.ts";
import { available, jars, temporary } from "../lib/place.ts";
import { ScriptHost } from "../lib/script-host.ts";
import { replicationRow, rules } from "../oracle/normalise.ts";
import known from "./known.json";
import { recordKinds } from "./metadata-files.ts";
import { type Happening, type Run, type Step, steps } from "./steps.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const UNTIL_MS = 30_000;
const LEARNS_MS = 10_000;

interface Side {
  readonly cluster: Cluster;
  readonly host: ScriptHost;
  readonly files: { readonly path: string; remove(): void };
}

async function startSide(kind: Cluster["kind"]): Promise<Side> {
  const cluster = await startCluster({ kind, nodes: { controllers: 1, brokers: 3 }, logDirs: 2 });
  return { cluster, host: new ScriptHost(), files: temporary(`${kind}-files`) };
}

const title = (step: Step, index: number) =>
  "node" in step
    ? `${index} ${step.what} node ${step.node}`
    : `${index} ${step.script}${step.controller ? " (controller)" : ""} ${step.args.join(" ")}`.slice(0, 150);

/** Nodes come and go: the script asks whoever is up. */
function address({ cluster }: Side, { controller }: Run): string[] {
  if (controller) return ["--bootstrap-controller", cluster.node(1).controller];
  const up = cluster.brokers.filter(({ isRunning }) => isRunning);
  return ["--bootstrap-server", up.map(({ bootstrap }) => bootstrap).join(",")];
}

const addressFirst = new Set(["kafka-features", "kafka-metadata-quorum"]);

async function answer(side: Side, step: Run, index: number): Promise<string> {
  const args = step.args.map((arg, at) => {
    const content = /^\{file:(.*)\}$/.exec(arg)?.[1];
    if (content === undefined) return arg;
    mkdirSync(side.files.path, { recursive: true });
    const file = join(side.files.path, `${index}-${at}.json`);
    writeFileSync(
      file,
      content.replace(/<data (\d)(b?)>/g, (_, id, second) => directory(side, id, second)),
    );
    return file;
  });
  const to = address(side, step);
  const whole = addressFirst.has(step.script) ? [...to, ...args] : [...args, ...to];
  const lateMs = Date.now() + UNTIL_MS;
  for (;;) {
    const { exitCode, stdout, stderr } = await side.host.run(step.script, whole, step.input ?? "");
    const printed = normalised(`exit ${exitCode}\n${stdout}\n--\n${withoutTraces(stderr)}`, side.cluster);
    if (step.until === undefined || step.until.test(stdout) || Date.now() > lateMs) return printed;
  }
}

const directory = ({ cluster }: Side, id: string, second: string) =>
  cluster.node(Number(id)).logDirs[second === "" ? 0 : 1] as string;

/** Stack traces name lines of Apache's own client code: they are the same wherever the message is. */
const withoutTraces = (text: string) =>
  text
    .split("\n")
    .filter((line) => !/^\s+at |^\s+\.\.\. \d+ more/.test(line))
    .join("\n");

function normalised(text: string, { nodes }: Cluster): string {
  let result = text;
  for (const { id, bootstrap, controller, logDirs } of nodes) {
    const [first, second] = logDirs as [string, string];
    result = result.replaceAll(second, `<data ${id}b>`).replaceAll(first, `<data ${id}>`);
    for (const [name, host] of [
      ["broker", bootstrap],
      ["controller", controller],
    ] as const) {
      result = result.replaceAll(host, `<${name} ${id}>`);
      const port = host.split(":")[1] as string;
      if (port !== "0") result = result.replaceAll(new RegExp(`\\b${port}\\b`, "g"), `<${name} port ${id}>`);
    }
  }
  for (const { pattern, to } of rules) result = result.replace(pattern, to);
  result = result.replace(/adminclient-\d+/g, "adminclient-<n>"); // counted in one JVM, and some steps run again
  return sortedObservers(sortedDirectories(result).replace(replicationRow, "$1<n> <lag> <time> <time> "))
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

interface Described {
  readonly broker: number;
  readonly logDirs: readonly { readonly logDir: string; readonly partitions?: readonly { partition: string }[] }[];
}

/**
 * Directories, too, come in the order of a map; sizes are as the producer has cut its batches. In which of them a
 * replica lies for which the plan named none is as the broker likes, by what else comes at that moment.
 */
function sortedDirectories(text: string): string {
  return text
    .replace(/^\{"brokers":.*$/m, (json) => {
      const { brokers } = JSON.parse(json) as { brokers: Described[] };
      const sorted = brokers
        .toSorted((a, b) => a.broker - b.broker)
        .map(({ broker, logDirs }) => ({
          broker,
          logDirs: logDirs.map(({ partitions, ...rest }) => JSON.stringify(rest)).sort(),
          partitions: logDirs.flatMap(({ partitions = [] }) => partitions.map((each) => JSON.stringify(each))).sort(),
        }));
      return JSON.stringify(sorted).replace(/\\"size\\":[1-9]\d*/g, "size <n>");
    })
    .replace(/(Current partition replica assignment\n\n)(.*)/, (_, head: string, json: string) => {
      return head + json.replace(/<data (\d)b>/g, "<data $1>");
    });
}

/** Apache tells of observers in the order of a map. */
function sortedObservers(text: string): string {
  const sorted = (rows: string, split: RegExp, join: string) => rows.split(split).sort().join(join);
  return text
    .replace(/(^\d+\s.* Observer\s*\n)+/gm, (rows) => `${sorted(rows.trimEnd(), /\n/, "\n")}\n`)
    .replace(/(?<=CurrentObservers: +\[).*(?=\]$)/gm, (rows) => sorted(rows, /, (?=\{)/, ", "));
}

const looks = /^(--describe|--list|describe|list-endpoints|cluster-id)$/;
const onlyLooks = ({ args }: Run) => args.some((arg) => looks.test(arg)) && !args.includes("--execute");

/**
 * A broker learns of a change a moment after the controller has answered for it, and a script asks any broker: what
 * only looks is asked again until the two clusters say the same, and for a few seconds at most.
 */
async function answers(sides: readonly Side[], step: Run, index: number, differs: boolean): Promise<string[]> {
  const lateMs = Date.now() + LEARNS_MS;
  for (;;) {
    const [theirs = "", ours = ""] = await Promise.all(sides.map((side) => answer(side, step, index)));
    if (theirs === ours || differs || !onlyLooks(step) || Date.now() > lateMs) return [theirs, ours];
  }
}

async function happen({ cluster }: Side, { node, what }: Happening): Promise<void> {
  if (what === "stop") await cluster.node(node).stop();
  else if (what === "kill") await cluster.node(node).kill();
  else await cluster.node(node).start();
}

describe.skipIf(!have)("what Apache's scripts print of a cluster", () => {
  let sides: [theirs: Side, ours: Side] | [Side] | [] = [];
  beforeAll(async () => {
    sides = [await startSide("apache")];
    sides = [sides[0], await startSide("odradek")];
  });
  afterAll(async () => {
    for (const side of sides) {
      await side.host.stop();
      await side.cluster.dispose();
      side.files.remove();
    }
  });

  const reasons = new Map(Object.entries(known as Record<string, string>));
  steps.forEach((step, index) => {
    test(title(step, index), async () => {
      if ("node" in step) {
        await Promise.all(sides.map((side) => happen(side, step)));
        return;
      }
      const differs = reasons.has(title(step, index)) || step.quiet === true;
      const [theirs, ours] = await answers(sides, step, index, differs);
      if (step.quiet) return;
      if (step.shows !== undefined) expect(theirs, "the step shows what it is for").toMatch(step.shows);
      if (reasons.has(title(step, index))) {
        expect(ours, "is known to differ; if it no longer does, take it from the list").not.toBe(theirs as string);
      } else expect(ours).toBe(theirs as string);
    });
  });

  test("kafka-dump-log finds the same kinds of records in both metadata logs", async () => {
    const [theirs, ours] = await Promise.all(sides.map(({ cluster, host }) => recordKinds(cluster.node(1), host)));
    expect(ours).toEqual(theirs as string[]);
  });

  test("the list of known differences names steps that exist", () => {
    const titles = new Set(steps.map(title));
    expect([...reasons.keys()].filter((each) => !titles.has(each))).toEqual([]);
  });
});
