/** How much the node prints, changeable while it runs: the resource type BROKER_LOGGER, with one logger, "root". */
import { KafkaError } from "../../protocol/errors.ts";
import { type ConfigChange, checkLoggerNode, operation } from "./changes.ts";

export const ROOT_LOGGER = "root";

export type Threshold = "debug" | "info" | "warn" | "error" | "silent";

/** Apache's names, as they sort in its messages; the node itself tells four of them apart. */
const known: ReadonlyMap<string, Threshold> = new Map<string, Threshold>([
  ["DEBUG", "debug"],
  ["ERROR", "error"],
  ["FATAL", "error"],
  ["INFO", "info"],
  ["TRACE", "debug"],
  ["WARN", "warn"],
]);

export class LogLevels {
  #root: string;
  readonly #listeners = new Set<() => void>();

  /** `level` is odradek.log.level. */
  constructor(level: string) {
    this.#root = level.toUpperCase();
  }

  get root(): string {
    return this.#root;
  }

  /** What the node's logger goes by. */
  get threshold(): Threshold {
    return known.get(this.#root) ?? "silent";
  }

  set(level: string): void {
    this.#root = level.toUpperCase();
    for (const changed of this.#listeners) changed();
  }

  onChange(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** @throws KafkaError as Kafka's RuntimeLoggerManager, in its order */
  alter(nodeId: number, resourceName: string, changes: readonly ConfigChange[], validateOnly: boolean): void {
    checkLoggerNode(resourceName, nodeId);
    for (const change of changes) checkLevel(change);
    if (validateOnly) return;
    for (const { value } of changes) if (value !== null) this.set(value);
  }
}

function checkLevel({ name, operation: kind, value }: ConfigChange): void {
  if (kind === operation.append || kind === operation.subtract) {
    const verb = kind === operation.append ? "APPEND" : "SUBTRACT";
    throw new KafkaError("INVALID_REQUEST", `${verb} operation is not allowed for the BROKER_LOGGER resource`);
  }
  if (kind !== operation.set && kind !== operation.delete) throw new KafkaError("UNKNOWN_SERVER_ERROR");
  if (name !== ROOT_LOGGER) throw new KafkaError("INVALID_CONFIG", `Logger ${name} does not exist!`);
  if (kind === operation.delete) {
    throw new KafkaError("INVALID_REQUEST", "Removing the log level of the root logger is not allowed");
  }
  if (value === null || !known.has(value)) {
    throw new KafkaError(
      "INVALID_CONFIG",
      `Cannot set the log level of ${name} to ${value} as it is not a supported log level. ` +
        `Valid log levels are ${[...known.keys()].join(", ")}`,
    );
  }
}
