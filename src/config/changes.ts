/** What a request to change settings says, and what no such request may say. */
import { KafkaError } from "../../protocol/errors.ts";

/** As Kafka's AlterConfigOp.OpType. */
export const operation = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

export interface ConfigChange {
  readonly name: string;
  /** One of `operation`; of the older API always "set". */
  readonly operation: number;
  readonly value: string | null;
}

/** @throws KafkaError INVALID_REQUEST for what no resource may say. */
export function checkChanges(changes: readonly ConfigChange[]): void {
  if (new Set(changes.map((change) => change.name)).size !== changes.length) {
    throw new KafkaError("INVALID_REQUEST", "Error due to duplicate config keys");
  }
  const nulls = changes.filter((change) => change.operation !== operation.delete && change.value === null);
  if (nulls.length > 0) {
    const names = nulls.map((change) => change.name).join(", ");
    throw new KafkaError("INVALID_REQUEST", `Null value not supported for : ${names}`);
  }
}

/** @throws KafkaError where a broker is named that is not this one. */
export function checkBrokerName(resourceName: string, nodeId: number): void {
  const id = javaInt(resourceName);
  if (id === null) {
    throw new KafkaError("INVALID_REQUEST", `Node id must be an integer, but it is: ${resourceName}`);
  }
  if (id !== nodeId) {
    throw new KafkaError("INVALID_REQUEST", `Unexpected broker id, expected ${nodeId}, but received ${resourceName}`);
  }
}

/** The same for the levels of its loggers, in the words of Kafka's RuntimeLoggerManager. */
export function checkLoggerNode(resourceName: string, nodeId: number): void {
  const id = javaInt(resourceName);
  if (id === null) {
    throw new KafkaError("INVALID_REQUEST", `Node id must be an integer, but it is: ${resourceName}`);
  }
  if (id !== nodeId) {
    throw new KafkaError("INVALID_REQUEST", `Unexpected node id. Expected ${nodeId}, but received ${id}`);
  }
}

/** The number that Java's Integer.parseInt reads; null where it throws. */
export function javaInt(text: string): number | null {
  if (!/^[+-]?\d+$/.test(text)) return null;
  const value = Number(text);
  return value >= -2147483648 && value <= 2147483647 ? value : null;
}
