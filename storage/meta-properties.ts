/** `meta.properties`: which node and cluster a log directory belongs to, and its own id (KIP-858). */
import type { Disk } from "../base/ports.ts";
import { readText, replaceFile } from "./checkpoint.ts";

export const META_PROPERTIES_FILE = "meta.properties";

export interface MetaProperties {
  /** 1 since KRaft; 0 came from nodes with ZooKeeper, under which the node was `broker.id`. */
  readonly version: 0 | 1;
  readonly clusterId: string | null;
  readonly nodeId: number | null;
  readonly directoryId: string | null;
}

/** One configured directory: what its file says, null where it has none, or why it could not be read. */
export interface MetaDirectory {
  readonly path: string;
  readonly properties: MetaProperties | null;
  readonly fault: string | null;
}

export function readMetaProperties(disk: Disk, directory: string): MetaDirectory {
  const none = { path: directory, properties: null };
  try {
    const text = readText(disk, `${directory}/${META_PROPERTIES_FILE}`);
    if (text === null) return { ...none, fault: null };
    const properties = parseMetaProperties(text);
    return typeof properties === "string"
      ? { ...none, fault: properties }
      : { path: directory, properties, fault: null };
  } catch (error) {
    return { ...none, fault: error instanceof Error ? error.message : String(error) };
  }
}

export function writeMetaProperties(disk: Disk, directory: string, properties: MetaProperties): Promise<void> {
  return replaceFile(disk, `${directory}/${META_PROPERTIES_FILE}`, metaPropertiesText(properties));
}

export function metaPropertiesText({ version, clusterId, nodeId, directoryId }: MetaProperties): string {
  const lines = ["#"];
  if (nodeId !== null) lines.push(`${version === 0 ? "broker.id" : "node.id"}=${nodeId}`);
  if (directoryId !== null) lines.push(`directory.id=${directoryId}`);
  lines.push(`version=${version}`);
  if (clusterId !== null) lines.push(`cluster.id=${clusterId}`);
  return `${lines.join("\n")}\n`;
}

/** The properties, or what is wrong with the text. */
export function parseMetaProperties(text: string): MetaProperties | string {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!\s=:][^\s=:]*)\s*[=:\s]\s*(.*?)\s*$/.exec(line);
    if (match !== null) values.set(match[1] as string, (match[2] as string).replaceAll("\\", ""));
  }
  const version = values.get("version") ?? "0";
  if (version !== "0" && version !== "1") return `its version is ${version}`;
  const nodeName = version === "0" ? "broker.id" : "node.id";
  const node = values.get(nodeName) ?? null;
  if (node !== null && !/^-?\d+$/.test(node)) return `${nodeName} is not a number`;
  const clusterId = values.get("cluster.id") ?? null;
  const directoryId = values.get("directory.id") ?? null;
  if (version === "1" && node === null) return "node.id is missing";
  if (version === "1" && clusterId === null) return "cluster.id is missing";
  if (directoryId !== null && !/^[A-Za-z0-9_-]{22}$/.test(directoryId)) return "directory.id is not a UUID";
  return { version: version === "0" ? 0 : 1, clusterId, nodeId: node === null ? null : Number(node), directoryId };
}

export interface Expected {
  readonly nodeId: number;
  /** Null: whatever the first directory says. */
  readonly clusterId: string | null;
  /** The directory of the metadata log, which must be readable. */
  readonly metadataDirectory: string;
}

/** Directory ids that mean something else: unassigned, lost, migrating and their neighbours. */
function isReserved(directoryId: string): boolean {
  const bytes = atob(directoryId.replaceAll("-", "+").replaceAll("_", "/"));
  return [...bytes].every((byte, n) => byte === "\0" || (n === 15 && byte.charCodeAt(0) <= 100));
}

/** Throws for the first thing that Apache would refuse to start on. Returns the cluster's id. */
export function verifyMetaProperties(directories: readonly MetaDirectory[], expected: Expected): string {
  const files = directories.filter((directory) => directory.properties !== null);
  if (files.length === 0) {
    const paths = directories.map(({ path }) => path).join(", ");
    throw new Error(`No readable ${META_PROPERTIES_FILE} in ${paths}: format the storage first`);
  }
  let { clusterId } = expected;
  const seen = new Map<string, string>();
  for (const { path, properties } of files) {
    if (properties === null) continue;
    const file = `${path}/${META_PROPERTIES_FILE}`;
    clusterId ??= properties.clusterId;
    if (properties.clusterId !== null && properties.clusterId !== clusterId) {
      throw new Error(`${file} belongs to cluster ${properties.clusterId}, not to ${clusterId}`);
    }
    if (properties.nodeId !== null && properties.nodeId !== expected.nodeId) {
      throw new Error(
        `${file} belongs to node ${properties.nodeId}, but node.id is ${expected.nodeId}: ` +
          "set node.id to match moved data, or empty the directories of a new node",
      );
    }
    const { directoryId } = properties;
    if (directoryId === null) continue;
    if (isReserved(directoryId)) throw new Error(`${file} has the reserved directory id ${directoryId}`);
    const other = seen.get(directoryId);
    if (other !== undefined) throw new Error(`${file} has the same directory id ${directoryId} as ${other}`);
    seen.set(directoryId, file);
  }
  const metadata = directories.find(({ path }) => path === expected.metadataDirectory);
  if (metadata?.fault) throw new Error(`The metadata directory ${metadata.path} cannot be read: ${metadata.fault}`);
  if (clusterId === null) throw new Error(`No ${META_PROPERTIES_FILE} names a cluster`);
  return clusterId;
}
