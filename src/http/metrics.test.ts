/** What a node says of itself to Prometheus, and that damage on its disks is among it. */
import { afterEach, expect, test } from "bun:test";
import type { MemoryDisk } from "../../base/testing/memory-disk.ts";
import type { Services } from "../apis/services.ts";
import { createTopic, fetchPartition, produce } from "../broker/testing/admin.ts";
import { MemoryNode } from "../broker/testing/memory-node.ts";
import { textOf } from "./exposition.ts";
import { metricsOf } from "./metrics.ts";

let running: MemoryNode | null = null;

async function start(disk?: MemoryDisk): Promise<MemoryNode> {
  running = await MemoryNode.start({ "log.dirs": "/a,/b" }, disk);
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = null;
});

/** By name and labels, as Prometheus keeps them. */
function shown(node: MemoryNode): Map<string, number> {
  const text = textOf(metricsOf(node.broker?.services as Services));
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

const logPath = (node: MemoryNode, topic: string): string =>
  ["/a", "/b"]
    .map((each) => `${each}/${topic}-0/00000000000000000000.log`)
    .find((path) => node.disk.info(path)) as string;

const directoryOf = (path: string) => path.slice(0, 2);

async function read(node: MemoryNode, topic: string) {
  return (await fetchPartition(node, topic, 0, 10_000, 0)).error;
}

async function filled(topics: number, configs: Readonly<Record<string, string>> = {}): Promise<MemoryNode> {
  const node = await start();
  for (let n = 0; n < topics; n++) {
    await createTopic(node, `t${n}`, configs);
    for (let batches = 0; batches < 3; batches++) await produce(node, `t${n}`);
  }
  return node;
}

test("partitions, logs and the controller, under the names of the JMX exporter", async () => {
  const metrics = shown(await filled(3));
  const of = (name: string) => metrics.get(name);
  expect(of("kafka_server_replicamanager_partitioncount")).toBe(3);
  expect(of("kafka_server_replicamanager_leadercount")).toBe(3);
  expect(of("kafka_server_replicamanager_atminisrpartitioncount")).toBe(3);
  expect(of("kafka_server_replicamanager_underreplicatedpartitions")).toBe(0);
  expect(of('kafka_log_log_logendoffset{topic="t1",partition="0"}')).toBe(3);
  expect(of("kafka_controller_kafkacontroller_activecontrollercount")).toBe(1);
  expect(of("kafka_controller_kafkacontroller_globalpartitioncount")).toBe(3);
  expect(of("kafka_server_raft_metrics_current_leader")).toBe(1);
  expect([...metrics].filter(([name, value]) => /^odradek_|offline/.test(name) && value !== 0)).toEqual([]);
});

test("a directory that fails: itself, its replicas, and that nobody leads them", async () => {
  const node = await filled(4);
  const failing = "/b"; // the metadata log is in the other
  const its = ["t0", "t1", "t2", "t3"].filter((topic) => logPath(node, topic).startsWith(failing));
  const lost = its.length;
  node.disk.fault = (operation, path) => (operation === "write" && path.startsWith(failing) ? "EIO" : null);
  await produce(node, its[0] as string);
  await node.clock.run(1000, 5);
  node.disk.fault = () => null;
  const metrics = shown(node);
  expect(metrics.get("kafka_log_logmanager_offlinelogdirectorycount")).toBe(1);
  expect(metrics.get(`kafka_log_logmanager_logdirectoryoffline{logDirectory="${failing}"}`)).toBe(1);
  expect(metrics.get("kafka_server_replicamanager_offlinereplicacount")).toBe(lost);
  expect(metrics.get("kafka_server_replicamanager_partitioncount")).toBe(4);
  expect(metrics.get("kafka_server_replicamanager_leadercount")).toBe(4 - lost);
  expect(metrics.get("kafka_controller_kafkacontroller_offlinepartitionscount")).toBe(lost);
});

test("a damaged batch is counted when it is read, once however often", async () => {
  const before = await filled(1, { "internal.segment.bytes": "200" });
  const path = logPath(before, "t0");
  await before.stop();
  before.disk.plant(path, before.disk.contentOf(path).fill(7, 100, 110));
  const node = await start(before.disk);
  const corrupt = () => shown(node).get(`odradek_log_corrupt_batches_total{logDirectory="${directoryOf(path)}"}`);
  expect(corrupt()).toBe(0);
  expect([await read(node, "t0"), corrupt()]).toEqual(["CORRUPT_MESSAGE", 1]);
  expect([await read(node, "t0"), corrupt()]).toEqual(["CORRUPT_MESSAGE", 1]);
});

test("a start after a kill: what is damaged below the synced end is fenced, a torn tail is cut, both are counted", async () => {
  const before = await filled(2);
  await before.clock.run(120_000, 1000); // until the checkpoints say that all of it is on the device
  const [fenced, torn] = [logPath(before, "t0"), logPath(before, "t1")];
  before.disk.kill();
  before.disk.plant(fenced, before.disk.contentOf(fenced).fill(7, 100, 110));
  before.disk.plant(torn, new Uint8Array([...before.disk.contentOf(torn), ...new Array(77).fill(1)]));
  const node = await start(before.disk);
  const metrics = shown(node);
  const of = (name: string, path: string) => metrics.get(`odradek_log_${name}{logDirectory="${directoryOf(path)}"}`);
  expect(of("damaged_partitions", fenced)).toBe(1);
  expect(metrics.get("kafka_server_replicamanager_offlinereplicacount")).toBe(1);
  expect([of("recovery_cuts_total", torn), of("recovery_cut_bytes_total", torn)]).toEqual([1, 77]);
  expect(await read(node, "t1")).toBe("NONE");
});

test("the text is Prometheus' own", () => {
  const samples = [{ labels: { path: 'a\\b "c"\nd' }, value: 1.5 }];
  expect(textOf([{ name: "x_total", type: "counter", help: "What\nhappened.", samples }])).toBe(
    '# HELP x_total What\\nhappened.\n# TYPE x_total counter\nx_total{path="a\\\\b \\"c\\"\\nd"} 1.5\n',
  );
});
