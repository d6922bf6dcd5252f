/** Takes out of a script's output what must differ between two brokers: each rule with its reason. */
import type { Broker } from "../lib/brokers.ts";

interface Rule {
  readonly reason: string;
  readonly pattern: RegExp;
  readonly to: string;
}

export const rules: readonly Rule[] = [
  {
    reason: "topic, cluster and directory ids are random",
    pattern: /(?<!\w)(?!-{22})[\w-]{22}(?![\w-])/g, // no \b: an id may begin or end with "-"
    to: "<uuid>",
  },
  { reason: "a tool's own clock", pattern: /^\d\d:\d\d:\d\d\.\d{3} \[[^\]]*\] /gm, to: "<time> " },
  { reason: "a tool's own clock", pattern: /\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\]/g, to: "[<time>]" },
  { reason: "member ids are random", pattern: /console-consumer-[0-9a-f-]{36}/g, to: "<member>" },
  { reason: "console groups are numbered at random", pattern: /console-consumer-\d+/g, to: "<group>" },
  {
    reason: "offsets of the metadata log follow idle time",
    pattern: /(HighWatermark: +|LogEndOffset: +)\d+/g,
    to: "$1<n>",
  },
  {
    reason: "lag of the metadata log follows the moment",
    pattern: /(MaxFollowerLagTimeMs: +|MaxFollowerLag: +)\d+/g,
    to: "$1<n>",
  },
  { reason: "the finalized epoch is an offset of the metadata log", pattern: /(Epoch: )\d+$/gm, to: "$1<n>" },
];

/** Rows of `describe --replication` carry offsets and times of the moment. */
export const replicationRow = /^(\d+\s+<uuid>\s+)\d+\s+(\d+)\s+\d+(?: ms ago)?\s+\d+(?: ms ago)?\s+/gm;

export function normalise(text: string, broker: Broker): string {
  const [host, port] = broker.bootstrap.split(":") as [string, string];
  const controllerPort = broker.controller.split(":")[1] as string;
  let result = text
    .replaceAll(broker.directory, "<data>")
    .replaceAll(`${host}:${port}`, "<broker>")
    .replaceAll(port, "<port>")
    .replaceAll(controllerPort, "<controller port>");
  for (const { pattern, to } of rules) result = result.replace(pattern, to);
  result = result.replace(replicationRow, "$1<n> $2 <time> <time> ");
  return result
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
