import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { record } from "../metadata/records/record.ts";
import { bootstrapFile, METADATA_LOG } from "./format.ts";
import { type OpenClusterOptions, openCluster } from "./identity.ts";
import { parseMetaProperties, readMetaProperties } from "./meta-properties.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function node(change: Partial<OpenClusterOptions> = {}, disk = new MemoryDisk()): OpenClusterOptions {
  return {
    disk,
    clock: new FakeClock(),
    random: new Prng(3),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    nodeId: 1,
    logDirs: ["/a", "/b"],
    metadataLogDir: "/a",
    isController: true,
    staticQuorum: false,
    controllerEndpoints: [{ name: "CONTROLLER", host: "localhost", port: 9093 }],
    clusterId: null,
    ...change,
  };
}

test("empty directories are formatted once, and found again", async () => {
  const disk = new MemoryDisk();
  const first = await openCluster(node({}, disk));
  expect(first.formatted).toBe(true);
  const snapshot = `/a/${METADATA_LOG}/00000000000000000000-0000000000.checkpoint`;
  expect(disk.info(snapshot)).not.toBeNull();
  expect(disk.info(`/b/${METADATA_LOG}`)).toBeNull();
  expect(disk.info("/b/bootstrap.checkpoint")).not.toBeNull();
  disk.crash("none");
  const again = await openCluster(node({ random: new Prng(99) }, disk));
  expect(again).toEqual({ ...first, formatted: false });
  expect(new Set(again.directories.map(({ id }) => id)).size).toBe(2);
});

test("an identity that a failed start has left in memory is durable once it is used", async () => {
  const disk = new MemoryDisk();
  let syncs = 0;
  disk.fault = (operation, path) => {
    if (operation !== "syncDirectory" || path !== "/a") return null;
    return ++syncs === 3 ? "EIO" : null; // the bootstrap file, the metadata log, meta.properties
  };
  await expect(openCluster(node({ logDirs: ["/a"] }, disk))).rejects.toThrow("EIO");
  disk.fault = () => null;
  const used = await openCluster(node({ logDirs: ["/a"] }, disk));
  disk.crash("none");
  expect(readMetaProperties(disk, "/a")?.directoryId).toBe(used.metadataDirectory.id);
});

test("Apache's own files are read", () => {
  const text =
    "#\n#Sat Nov 21 03:45:40 UTC 2026\nnode.id=1\ndirectory.id=NljEMhQ0ROOT6owx936vuw\nversion=1\n" +
    "cluster.id=4L6g3nShT-eMCtK--X86sw\n";
  expect(parseMetaProperties(bytes(text), "x")).toEqual({
    version: 1,
    clusterId: "4L6g3nShT-eMCtK--X86sw",
    nodeId: 1,
    directoryId: "NljEMhQ0ROOT6owx936vuw",
  });
  const old = parseMetaProperties(bytes("version=0\nbroker.id=7\ncluster.id=x\n"), "x");
  expect(old).toEqual({ version: 0, clusterId: "x", nodeId: 7, directoryId: null });
});

test("a directory without directory.id gets one, and keeps it", async () => {
  const disk = new MemoryDisk();
  disk.makeDirectory("/a");
  disk.plant("/a/meta.properties", bytes("version=1\nnode.id=1\ncluster.id=x\n"));
  const first = await openCluster(node({ logDirs: ["/a"] }, disk));
  expect(first.clusterId).toBe("x");
  expect(readMetaProperties(disk, "/a")?.directoryId).toBe(first.metadataDirectory.id);
});

test.each([
  ["another node", { nodeId: 2 }, "belongs to node 1, but node.id is 2"],
  ["another cluster", { clusterId: "other" }, "belongs to cluster"],
  ["a directory that is not formatted", { logDirs: ["/a", "/b", "/c"] }, "/c has no meta.properties"],
  ["a moved metadata log", { metadataLogDir: "/b" }, "/a holds a metadata log, but metadata.log.dir is /b"],
] as const)("%s is refused in one sentence", async (_, change, message) => {
  const disk = new MemoryDisk();
  await openCluster(node({}, disk));
  await expect(openCluster(node(change, disk))).rejects.toThrow(message);
});

test("a directory with other files is not formatted", async () => {
  const disk = new MemoryDisk();
  disk.makeDirectory("/a");
  disk.plant("/a/notes.txt", bytes("mine"));
  await expect(openCluster(node({}, disk))).rejects.toThrow("/a has no meta.properties but other files");
  expect(disk.info("/b/meta.properties")).toBeNull();
});

test("a copied directory is refused", async () => {
  const disk = new MemoryDisk();
  await openCluster(node({}, disk));
  disk.plant("/b/meta.properties", disk.contentOf("/a/meta.properties").slice());
  await expect(openCluster(node({}, disk))).rejects.toThrow("have the same directory.id");
});

test("a feature of a later release is refused by name", async () => {
  const disk = new MemoryDisk();
  await openCluster(node({}, disk));
  const later = record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 31 });
  disk.plant("/a/bootstrap.checkpoint", bootstrapFile([later], 0));
  await expect(openCluster(node({}, disk))).rejects.toThrow("metadata.version finalized at level 31");
});

test("a directory in use is refused", async () => {
  const disk = new MemoryDisk();
  disk.makeDirectory("/b");
  disk.lock("/b/.lock");
  await expect(openCluster(node({}, disk))).rejects.toThrow("/b is in use by another process");
});

test("a format that was cut off anywhere is finished by the next start", async () => {
  for (let stopAfter = 0; ; stopAfter++) {
    const disk = new MemoryDisk();
    let left = stopAfter;
    disk.fault = (operation) => (/write|sync|rename|makeDirectory/.test(operation) && left-- <= 0 ? "EIO" : null);
    const cut = await openCluster(node({}, disk)).then(
      () => false,
      () => true,
    );
    disk.fault = () => null;
    disk.crash(new Prng(stopAfter + 1));
    const identity = await openCluster(node({}, disk));
    expect(identity.directories).toHaveLength(2);
    expect(disk.info(`/a/${METADATA_LOG}/00000000000000000000-0000000000.checkpoint`)).not.toBeNull();
    if (!cut) {
      expect(stopAfter).toBeGreaterThan(15);
      return;
    }
  }
});
