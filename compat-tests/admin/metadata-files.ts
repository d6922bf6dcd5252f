/** What kafka-dump-log reads in the metadata log of a controller. */
import { join } from "node:path";
import type { ClusterNode } from "../lib/cluster.ts";
import type { ScriptHost } from "../lib/script-host.ts";

/** Each type of record in the log, its version and its fields, once. */
export async function recordKinds(node: ClusterNode, host: ScriptHost): Promise<string[]> {
  const file = join(node.directory, "__cluster_metadata-0/00000000000000000000.log");
  const { exitCode, stdout } = await host.run("kafka-dump-log", ["--cluster-metadata-decoder", "--files", file]);
  if (exitCode !== 0) throw new Error(`kafka-dump-log ended with ${exitCode}: ${stdout.slice(-1_000)}`);
  const kinds = [...stdout.matchAll(/ payload: (\{.*\})$/gm)].map(([, json]) => {
    const { type, version, data } = JSON.parse(json as string);
    return `${type} v${version} ${Object.keys(data).sort().join()}`;
  });
  return [...new Set(kinds)].sort();
}
