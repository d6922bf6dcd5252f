/** What a start tells: where the node is, where its data lies, and one line to try it. */
import type { Endpoint } from "../config/endpoints.ts";

export interface StartFacts {
  readonly version: string;
  readonly nodeId: number;
  readonly clusterId: string;
  readonly formatted: boolean;
  /** The broker's are what clients connect to; a node that is controller only has none. */
  readonly listeners: { readonly broker: readonly Listening[]; readonly controller: readonly Listening[] };
  readonly logDirs: readonly string[];
  readonly metricsUrl?: string;
  /** False: bun:ffi did not load. */
  readonly mapped: boolean;
  readonly readyMs: number;
}

export interface Listening {
  readonly name: string;
  /** As advertised. */
  readonly host: string;
  readonly port: number;
}

export function startBlock(facts: StartFacts): string {
  const { version, nodeId, clusterId, formatted, listeners, logDirs } = facts;
  const rows: [label: string, text: string][] = [
    ...[...listeners.broker, ...listeners.controller].map((each): [string, string] => [each.name, addressOf(each)]),
    ["data", `${logDirs.join(", ")}${formatted ? " (new)" : ""}`],
  ];
  if (facts.metricsUrl !== undefined) rows.push(["metrics", facts.metricsUrl]);
  if (!facts.mapped) rows.push(["note", "bun:ffi does not load here: plain reads, and no lock on the data directory"]);
  const first = listeners.broker[0];
  if (first !== undefined) {
    rows.push(["try it", `kafka-console-producer.sh --bootstrap-server ${addressOf(first)} --topic hello`]);
  }
  const width = Math.max(...rows.map(([label]) => label.length));
  const ready = `${Math.round(facts.readyMs)} ms`;
  const head = `Odradek ${version} is ready: node ${nodeId} of cluster ${clusterId}, after ${ready}`;
  return `${[head, ...rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`)].join("\n")}\n`;
}

/** Plain listeners that the network can reach: anybody there may read and write. */
export function openListeners(listeners: readonly Endpoint[]): readonly Endpoint[] {
  return listeners.filter(({ protocol, host }) => protocol === "PLAINTEXT" && !isLoopback(host));
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function addressOf({ host, port }: Listening): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
