/** `info`: which log directories there are, what they say they are of, and what is wrong with that. */
import type { Disk } from "../../../base/ports.ts";
import { META_PROPERTIES_FILE, type MetaProperties, readMetaProperties } from "../../broker/meta-properties.ts";
import type { StaticConfig } from "../../config/static-config.ts";

/** Prints the findings; the exit code: 1 where there is a problem. */
export function info(config: StaticConfig, disk: Disk, print: (text: string) => void): number {
  const paths = [...new Set([...config.logDirs, config.metadataLogDir])].sort();
  const found: string[] = [];
  const problems: string[] = [];
  let first: MetaProperties | null = null;
  for (const path of paths) {
    const entry = disk.info(path);
    if (entry === null || !entry.directory) {
      problems.push(`${path} ${entry === null ? "does not exist" : "is not a directory"}`);
      continue;
    }
    found.push(path);
    const properties = readOne(disk, path, problems);
    if (properties === null) continue;
    first ??= properties;
    if (first.clusterId !== properties.clusterId) problems.push("Mismatched cluster IDs between storage directories.");
    else if (first.nodeId !== properties.nodeId) problems.push("Mismatched node IDs between storage directories.");
  }
  if (first?.version === 0) {
    problems.push(
      "The kafka configuration file appears to be for a cluster in KRaft mode, but the directories are formatted for " +
        "legacy mode.",
    );
  }
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? "" : `${title}:\n${lines.map((line) => `  ${line}\n`).join("")}\n`;
  print(list(found.length === 1 ? "Found log directory" : "Found log directories", found));
  if (first !== null) print(`Found metadata: {${fieldsOf(first).sort().join(", ")}}\n\n`);
  print(list(problems.length === 1 ? "Found problem" : "Found problems", problems));
  return problems.length === 0 ? 0 : 1;
}

function readOne(disk: Disk, path: string, problems: string[]): MetaProperties | null {
  try {
    const properties = readMetaProperties(disk, path);
    if (properties === null) problems.push(`${path} is not formatted.`);
    return properties;
  } catch (error) {
    problems.push(`Error loading ${path}/${META_PROPERTIES_FILE}: ${(error as Error).message}`);
    return null;
  }
}

function fieldsOf({ version, clusterId, nodeId, directoryId }: MetaProperties): string[] {
  const fields = [`cluster.id=${clusterId}`, `${version === 0 ? "broker.id" : "node.id"}=${nodeId}`];
  if (directoryId !== null) fields.push(`directory.id=${directoryId}`);
  return [...fields, `version=${version}`];
}
