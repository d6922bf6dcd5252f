/** Everything that the generator emitted, beside its definition and the name of Kafka's own class. */
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import { shapesOf } from "../generate/emit.ts";
import { isRecord } from "../generate/plan.ts";
import type { Definition } from "../generate/read.ts";
import type { Shape } from "../generate/wire.ts";
import { allMessages } from "../generated/all-messages.ts";
import { allRecords } from "../generated/all-records.ts";
import * as headers from "../generated/headers.ts";
import type { Plain } from "./values.ts";

export interface Subject {
  readonly definition: Definition;
  readonly shape: Shape;
  readonly javaClass: string;
  readonly versions: readonly [min: number, max: number];
  read(from: Reader, version: number): Plain;
  write(to: Writer, value: Plain, version: number): void;
}

const packages: ReadonlyMap<string, string> = new Map([
  ["kafka-clients", "org.apache.kafka.common.message"],
  ["kafka-metadata", "org.apache.kafka.common.metadata"],
  ["kafka-group-coordinator", "org.apache.kafka.coordinator.group.generated"],
  ["kafka-transaction-coordinator", "org.apache.kafka.coordinator.transaction.generated"],
  ["kafka-share-coordinator", "org.apache.kafka.coordinator.share.generated"],
  ["kafka-raft", "org.apache.kafka.raft.generated"],
  ["kafka-storage", "org.apache.kafka.server.log.remote.metadata.storage.generated"],
]);

type Codec = Pick<Subject, "read" | "write">;

export function subjectsOf(definitions: readonly Definition[]): Subject[] {
  const subjects: Subject[] = [];
  for (const definition of definitions) {
    const { versions } = definition;
    const codec = codecOf(definition);
    if (versions === null) {
      if (codec !== undefined) throw new Error(`${definition.name} has a codec and no version`);
      continue;
    }
    if (codec === undefined) throw new Error(`${definition.name} has no codec`);
    const [shape] = shapesOf(definition, (name) => name) as [Shape];
    const suffix = isRecord(definition) ? "" : "Data";
    const javaClass = `${packages.get(definition.artifact)}.${definition.name}${suffix}`;
    subjects.push({ definition, shape, javaClass, versions: [versions.min, versions.max], ...codec });
  }
  return subjects;
}

function codecOf({ name, type }: Definition): Codec | undefined {
  if (type === "header") {
    return name === "RequestHeader"
      ? ({ read: headers.readRequestHeader, write: headers.writeRequestHeader } as unknown as Codec)
      : ({ read: headers.readResponseHeader, write: headers.writeResponseHeader } as unknown as Codec);
  }
  if (type === "request" || type === "response") {
    const message = allMessages.find((each) => `${each.name}${type === "request" ? "Request" : "Response"}` === name);
    if (message === undefined) return undefined;
    return type === "request"
      ? ({ read: message.readRequest, write: message.writeRequest } as Codec)
      : ({ read: message.readResponse, write: message.writeResponse } as Codec);
  }
  return allRecords.find((each) => each.name === name) as Codec | undefined;
}
