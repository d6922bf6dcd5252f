import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machinePorts } from "../runtime/ports.ts";
import { parseArguments, UsageError } from "./arguments.ts";
import { prepareNodes, propertiesOf } from "./nodes.ts";

const doors = machinePorts(() => ({ debug() {}, info() {}, warn() {}, error() {} }));
let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "odradek-nodes-")), "data");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const idsIn = (node: number) => {
  const text = readFileSync(`${folder}/node-${node}/meta.properties`, "utf8");
  const [, cluster] = /^cluster\.id=(.*)$/m.exec(text) ?? [];
  const [, directory] = /^directory\.id=(.*)$/m.exec(text) ?? [];
  return { cluster, directory };
};
const voters = (node: number) =>
  existsSync(`${folder}/node-${node}/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint`);

test("each node has its own ports and directory; the first three are the quorum", () => {
  expect(propertiesOf(1, 4, "/d")).toContain("listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093\n");
  expect(propertiesOf(4, 4, "/d")).toContain("process.roles=broker\nlisteners=PLAINTEXT://localhost:9098\n");
  const quorum = "controller.quorum.bootstrap.servers=localhost:9093,localhost:9095,localhost:9097\n";
  for (const id of [1, 4]) expect(propertiesOf(id, 4, "/d")).toContain(quorum);
  expect(propertiesOf(2, 2, "/d")).toMatch(/default.replication.factor=2\nmin.insync.replicas=1\n/);
});

test("a new cluster is formatted as one, with the voters of its controllers; a second start changes nothing", async () => {
  await prepareNodes(3, folder, doors);
  const first = [1, 2, 3].map(idsIn);
  expect(new Set(first.map(({ cluster }) => cluster)).size).toBe(1);
  expect(new Set(first.map(({ directory }) => directory)).size).toBe(3);
  expect([1, 2, 3].map(voters)).toEqual([true, true, true]);
  for (const node of [1, 2, 3]) writeFileSync(`${folder}/node-${node}/__cluster_metadata-0/quorum-state`, "{}");
  await prepareNodes(3, folder, doors);
  expect([1, 2, 3].map(idsIn)).toEqual(first);
});

test("a format that was cut off is done again for the whole quorum", async () => {
  await prepareNodes(3, folder, doors);
  const { cluster } = idsIn(1);
  rmSync(`${folder}/node-2`, { recursive: true });
  await prepareNodes(3, folder, doors);
  expect([1, 2, 3].map((node) => idsIn(node).cluster)).toEqual([cluster, cluster, cluster]);
  const [one, two] = [1, 2].map((node) => {
    return readFileSync(`${folder}/node-${node}/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint`);
  }) as [Buffer, Buffer];
  const { directory } = idsIn(2);
  const raw = Buffer.from(directory as string, "base64url");
  expect(one.includes(raw) && two.includes(raw)).toBe(true);
});

test("a node that comes later joins the cluster that there is, without a vote", async () => {
  await prepareNodes(2, folder, doors);
  for (const node of [1, 2]) writeFileSync(`${folder}/node-${node}/__cluster_metadata-0/quorum-state`, "{}");
  const before = [1, 2].map(idsIn);
  await prepareNodes(3, folder, doors);
  expect([1, 2].map(idsIn)).toEqual(before);
  expect(idsIn(3).cluster).toBe(before[0]?.cluster);
  expect(voters(3)).toBe(false);
});

test("a file that somebody has edited is kept", async () => {
  await prepareNodes(1, folder, doors);
  const path = `${folder}/node-1.properties`;
  writeFileSync(path, `${readFileSync(path, "utf8")}num.partitions=7\n`);
  await prepareNodes(1, folder, doors);
  expect(readFileSync(path, "utf8")).toEndWith("num.partitions=7\n");
});

test("the data of a single node is left alone", async () => {
  await prepareNodes(1, folder, doors);
  writeFileSync(`${folder}/meta.properties`, readFileSync(`${folder}/node-1/meta.properties`));
  await expect(prepareNodes(3, folder, doors)).rejects.toThrow("holds the data of a single node");
});

test.each([[["--nodes", "0"]], [["--nodes", "21"]], [["--nodes", "x"]], [["--nodes", "3", "server.properties"]]])(
  "start %p is refused",
  (argv) => {
    expect(() => parseArguments(["start", ...argv])).toThrow(UsageError);
  },
);
