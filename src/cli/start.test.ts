import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssertionError } from "../../base/assert.ts";
import { DiskError, ListenError } from "../../base/ports.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import type { StaticConfig } from "../config/static-config.ts";
import { lineLogger } from "../runtime/logger.ts";
import { machinePorts } from "../runtime/ports.ts";
import { parseArguments, type StartArguments } from "./arguments.ts";
import { type RunningNode, type StartNode, start, type Terminal } from "./start.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "odradek-start-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const node: RunningNode = {
  clusterId: "4L6g3nShT-eMCtK--X86sw",
  formatted: true,
  listeners: {
    broker: [{ name: "PLAINTEXT", host: "localhost", port: 9092 }],
    controller: [{ name: "CONTROLLER", host: "::1", port: 9093 }],
  },
  stop: async () => {},
};

/** Runs a start against a node that the test gives. */
function launch(argv: readonly string[], startNode: StartNode) {
  const printed: string[] = [];
  const errors: string[] = [];
  const stops: ((signal: string) => void)[] = [];
  const terminal: Terminal = {
    version: "0.0.0",
    workingDirectory: folder,
    print: (text) => void printed.push(text),
    printError: (text) => void errors.push(text),
    onStopSignal: (stop) => void stops.push(stop),
    sinceBeginMs: () => 99.6,
  };
  const clock = new FakeClock();
  const ports = { ...machinePorts(() => lineLogger("info", clock, (line) => printed.push(line))), clock };
  const parts = { ports, mapped: true, terminal, startNode };
  const exit = start(parseArguments(["start", ...argv]) as StartArguments, parts);
  const signal = (name: string) => {
    for (const stop of stops) stop(name);
  };
  return { exit, signal, printed, errors, clock };
}

test("a start prints one block, and SIGTERM ends it in order with exit code 0", async () => {
  const order: string[] = [];
  const up = Promise.withResolvers<void>();
  const running = launch([], async () => {
    up.resolve();
    return { ...node, stop: async () => void order.push("stopped") };
  });
  await up.promise;
  await Promise.resolve();
  running.signal("SIGTERM");
  running.signal("SIGTERM"); // the launcher passes on what the terminal sent to both
  expect(await running.exit).toBe(0);
  expect(order).toEqual(["stopped"]);
  expect(running.errors).toEqual([]);
  const block = running.printed.find((text) => text.startsWith("Odradek"));
  expect(block).toBe(`Odradek 0.0.0 is ready: node 1 of cluster 4L6g3nShT-eMCtK--X86sw, after 100 ms
  PLAINTEXT   localhost:9092
  CONTROLLER  [::1]:9093
  data        ${folder}/data (new)
  try it      kafka-console-producer.sh --bootstrap-server localhost:9092 --topic hello
`);
});

test("the file and the overrides reach the node; notes are logged, open listeners warned of", async () => {
  writeFileSync(
    join(folder, "old.properties"),
    "broker.id=5\nlisteners=PLAINTEXT://:9192\nlog.dirs=logs\nzookeeper.connect=localhost:2181\n",
  );
  const seen = Promise.withResolvers<StaticConfig>();
  const running = launch(["old.properties", "--override", "num.partitions=3"], async ({ config }) => {
    seen.resolve(config);
    return node;
  });
  const config = await seen.promise;
  expect([config.nodeId, config.logDirs]).toEqual([5, [`${folder}/logs`]]);
  expect(config.values.get("num.partitions")?.value).toBe(3);
  await Promise.resolve();
  running.signal("SIGINT");
  await running.exit;
  const log = running.printed.join("");
  expect(log).toContain("zookeeper.connect is not needed");
  expect(log).toContain("warn  Anyone who reaches this machine may read and write: PLAINTEXT (port 9192) asks for no");
});

const fails =
  (failure: unknown): StartNode =>
  () =>
    Promise.reject(failure);

test.each<[string, unknown, string]>([
  [
    "a port in use",
    new ListenError({ host: "localhost", port: 9092 }, "EADDRINUSE"),
    "Cannot listen on localhost:9092: the port is in use, perhaps by another broker.\n",
  ],
  ["a full disk", new DiskError("write", "/data/x", "ENOSPC"), "Cannot write /data/x: the disk is full.\n"],
  ["a read-only disk", new DiskError("mkdir", "/data", "EROFS"), "Cannot write /data: the file system is read-only.\n"],
  ["a locked directory", new Error("/data is in use by another process"), "/data is in use by another process.\n"],
])("%s is one sentence and exit code 1", async (_, failure, sentence) => {
  const running = launch([], fails(failure));
  expect(await running.exit).toBe(1);
  expect(running.errors).toEqual([sentence]);
});

test("a bug shows its stack", async () => {
  const running = launch([], fails(new AssertionError("two is one")));
  expect(await running.exit).toBe(1);
  expect(running.errors[0]).toStartWith("This is a bug of Odradek: AssertionError: two is one\n    at");
});

const never: StartNode = () => Promise.reject(new Error("not reached"));

test.each([
  ["no such file", "none.properties", () => {}, "There is no file FOLDER/none.properties.\n"],
  ["a folder", "sub", (path: string) => mkdirSync(path), "FOLDER/sub is a directory; a properties file is wanted.\n"],
  [
    "a bad value",
    "bad.properties",
    (path: string) => writeFileSync(path, "process.roles=broker,controller\nnode.id=many\n"),
    "FOLDER/bad.properties: Invalid value many for configuration node.id: Not a number of type INT.\n",
  ],
])("%s as properties file is one sentence", async (_, name, prepare, sentence) => {
  prepare(join(folder, name));
  const running = launch([name], never);
  expect(await running.exit).toBe(1);
  expect(running.errors).toEqual([sentence.replace("FOLDER", folder)]);
});

test.skipIf(process.getuid?.() === 0)("an unreadable file is one sentence", async () => {
  const path = join(folder, "secret.properties");
  writeFileSync(path, "");
  chmodSync(path, 0);
  const running = launch([path], never);
  expect(await running.exit).toBe(1);
  expect(running.errors).toEqual([`Cannot open ${path}: this user may not.\n`]);
});

test("a second signal after a while does not wait for the node", async () => {
  const up = Promise.withResolvers<void>();
  const running = launch([], async () => {
    up.resolve();
    return { ...node, stop: () => new Promise<void>(() => {}) };
  });
  await up.promise;
  running.signal("SIGTERM");
  running.clock.advance(1001);
  running.signal("SIGTERM");
  expect(await running.exit).toBe(1);
});
