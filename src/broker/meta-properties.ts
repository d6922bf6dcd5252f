/** `meta.properties`: what gives a log directory its identity, as Apache's MetaProperties reads and writes it. */
import type { Disk } from "../../base/ports.ts";
import { replaceFile } from "../../storage/checkpoint.ts";
import { parseProperties } from "../config/properties.ts";

export const META_PROPERTIES_FILE = "meta.properties";

export interface MetaProperties {
  /** 0 was written by clusters that began with ZooKeeper. */
  readonly version: 0 | 1;
  readonly clusterId: string;
  readonly nodeId: number;
  /** Null in files older than 3.7. */
  readonly directoryId: string | null;
}

/** Null where the file is missing. Throws one sentence for the operator where it is not readable. */
export function readMetaProperties(disk: Disk, directory: string): MetaProperties | null {
  const path = `${directory}/${META_PROPERTIES_FILE}`;
  if (disk.info(path) === null) return null;
  const file = disk.open(path, { readOnly: true });
  try {
    return parseMetaProperties(disk.read(file, 0, disk.sizeBytes(file)), path);
  } finally {
    disk.close(file);
  }
}

export function parseMetaProperties(content: Uint8Array, path: string): MetaProperties {
  const properties = parseProperties(content);
  const version = properties.get("version")?.trim() ?? "0";
  if (version !== "0" && version !== "1") throw new Error(`${path} has version ${version}; 0 and 1 are known.`);
  const idKey = version === "0" ? "broker.id" : "node.id";
  const idText = properties.get(idKey) ?? properties.get("node.id");
  const nodeId = Number(idText ?? "");
  if (idText === undefined || !Number.isInteger(nodeId))
    throw new Error(`${path} does not say which ${idKey} it is of.`);
  const clusterId = properties.get("cluster.id");
  if (clusterId === undefined) throw new Error(`${path} does not say which cluster.id it is of.`);
  return { version: version === "0" ? 0 : 1, clusterId, nodeId, directoryId: properties.get("directory.id") ?? null };
}

export function metaPropertiesText({ version, clusterId, nodeId, directoryId }: MetaProperties): string {
  const lines = ["#", `${version === 0 ? "broker.id" : "node.id"}=${nodeId}`];
  if (directoryId !== null) lines.push(`directory.id=${directoryId}`);
  lines.push(`version=${version}`, `cluster.id=${clusterId}`, "");
  return lines.join("\n");
}

/** Resolves when the file survives power loss. */
export function writeMetaProperties(disk: Disk, directory: string, properties: MetaProperties): Promise<void> {
  return replaceFile(disk, `${directory}/${META_PROPERTIES_FILE}`, metaPropertiesText(properties));
}
