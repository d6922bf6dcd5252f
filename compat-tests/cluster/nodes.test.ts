/** `odradek start --nodes 3`: three processes that are one cluster, kept alive, and gone together. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { propertiesOf } from "../../src/cli/nodes.ts";
import { freePorts } from "../lib/launch.ts";
import { folder, root, temporary } from "../lib/place.ts";

const { path, remove } = temporary("nodes");
const data = folder(path, "data");
let child: Bun.Subprocess<"ignore", "pipe", "pipe">;
let output = "";
let ports: number[];

/** As the command writes them, on ports that are free here. */
async function writeProperties(): Promise<void> {
  ports = await freePorts(6);
  for (const id of [1, 2, 3]) {
    const text = propertiesOf(id, 3, data).replaceAll(
      /localhost:(\d+)/g,
      (_, port) => `localhost:${ports[port - 9092]}`,
    );
    writeFileSync(join(data, `node-${id}.properties`), text);
  }
}

async function said(what: RegExp): Promise<void> {
  while (!what.test(output)) {
    if (child.exitCode !== null) throw new Error(output);
    await Bun.sleep(20);
  }
}

async function follow(stream: ReadableStream<Uint8Array>): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream() as never)) output += text;
}

beforeAll(async () => {
  await writeProperties();
  const command = ["node", join(root, "bin/odradek.mjs"), "start", "--nodes", "3"];
  child = Bun.spawn(command, { cwd: path, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  void follow(child.stdout);
  void follow(child.stderr);
  await said(/All 3 nodes are ready/);
});
afterAll(async () => {
  child.kill("SIGKILL");
  await child.exited;
  remove();
});

const client = () => new Kafka({ brokers: [`localhost:${ports[0]}`], logLevel: logLevel.NOTHING });

test("the three are one cluster, and a new topic has a copy on each", async () => {
  expect(output).toContain(`--bootstrap-server localhost:${ports[0]},localhost:${ports[2]},localhost:${ports[4]}\n`);
  const admin = client().admin();
  await admin.connect();
  expect((await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId).toSorted()).toEqual([1, 2, 3]);
  await admin.createTopics({ topics: [{ topic: "three" }], waitForLeaders: true });
  const { topics } = await admin.fetchTopicMetadata({ topics: ["three"] });
  expect(topics[0]?.partitions[0]?.isr.toSorted()).toEqual([1, 2, 3]);
  await admin.disconnect();
});

test("a node that is killed starts again", async () => {
  process.kill(pidOf(2), "SIGKILL");
  await said(/Node 2 has ended \(SIGKILL\); it starts again in 1 s/);
  await said(/(2 \| Odradek .* is ready: node 2[\s\S]*){2}/);
});

test("asked to end, all end in order and cleanly", async () => {
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
  for (const id of [1, 2, 3]) expect(existsSync(join(data, `node-${id}`, ".kafka_cleanshutdown"))).toBe(true);
});

/** Of the process that was started with that node's file. */
function pidOf(id: number): number {
  const file = join(data, `node-${id}.properties`);
  for (const pid of new Bun.Glob("*").scanSync({ cwd: "/proc", onlyFiles: false })) {
    if (/^\d+$/.test(pid) && commandOf(pid).split("\0").includes(file)) return Number(pid);
  }
  throw new Error(`no process runs ${file}`);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it has ended
  }
}
