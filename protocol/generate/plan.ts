/** Which definition goes into which file: the whole output of the generator as a value. */
import { checkDefinition, checkKeys } from "./check.ts";
import type { EmittedFile } from "./emit.ts";
import { emitApi, emitHeaders, emitRecord } from "./emit.ts";
import { emitAll, emitKeyIndex, emitTypeIndex } from "./emit-index.ts";
import type { Definition } from "./read.ts";
import { readDefinition } from "./read.ts";

/** One JSON file of a jar. */
export interface Source {
  readonly artifact: string;
  readonly path: string;
  readonly text: string;
}

/** The log that a record schema belongs to. What is not in one of Kafka's record jars is listed by name. */
const logOfArtifact: ReadonlyMap<string, string> = new Map([
  ["kafka-metadata", "metadata"],
  ["kafka-group-coordinator", "group"],
  ["kafka-transaction-coordinator", "transaction"],
  ["kafka-share-coordinator", "share"],
  ["kafka-raft", "raft"],
  ["kafka-storage", "storage"],
]);
const logOfName: ReadonlyMap<string, string> = new Map([
  ["ConsumerProtocolAssignment", "group"],
  ["ConsumerProtocolSubscription", "group"],
  ["ControlRecordTypeSchema", "raft"],
  ["DefaultPrincipalData", "principal"],
  ["EndTxnMarker", "transaction"],
  ["KRaftVersionRecord", "raft"],
  ["LeaderChangeMessage", "raft"],
  ["SnapshotFooterRecord", "raft"],
  ["SnapshotHeaderRecord", "raft"],
  ["VotersRecord", "raft"],
]);
/** Not in the JSON: the types of the control records that the raft log has (Kafka's ControlRecordType). */
const controlTypes: readonly (readonly [number, string])[] = [
  [2, "LeaderChangeMessage"],
  [3, "SnapshotHeaderRecord"],
  [4, "SnapshotFooterRecord"],
  [5, "KRaftVersionRecord"],
  [6, "VotersRecord"],
];

export function readSources(sources: readonly Source[]): Definition[] {
  const definitions: Definition[] = [];
  for (const { artifact, path, text } of sources) {
    checkKeys(text, path);
    const definition = readDefinition(text, artifact, path);
    checkDefinition(definition);
    definitions.push(definition);
  }
  return definitions.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function logOf(definition: Definition): string {
  const log = logOfName.get(definition.name) ?? logOfArtifact.get(definition.artifact);
  if (log === undefined) throw new Error(`${definition.name}: which log does it belong to?`);
  return log;
}

export function isRecord(definition: Definition): boolean {
  return definition.type !== "request" && definition.type !== "response" && definition.type !== "header";
}

/** Every file of `protocol/generated/`, for one Kafka release. */
export function plan(definitions: readonly Definition[], release: string): EmittedFile[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const named = (name: string): Definition => {
    const definition = byName.get(name);
    if (definition === undefined) throw new Error(`${name} is not there`);
    return definition;
  };
  const files: EmittedFile[] = [];
  const apis: { name: string; key: number }[] = [];
  for (const request of definitions) {
    if (request.type !== "request") continue;
    const name = request.name.replace(/Request$/, "");
    const file = emitApi(request, named(`${name}Response`), release);
    if (file === null) continue;
    files.push(file);
    apis.push({ name, key: request.apiKey as number });
  }
  files.push(emitHeaders([named("RequestHeader"), named("ResponseHeader")], release));
  const records = definitions.filter(isRecord).map((definition) => ({ definition, log: logOf(definition) }));
  for (const { definition, log } of records) files.push(emitRecord(definition, log, release));
  const of = (log: string) => records.filter((record) => record.log === log).map((record) => record.definition);
  const metadata = of("metadata").map((definition) => [definition.apiKey as number, definition] as const);
  files.push(emitTypeIndex("metadata", "metadata", "The records of the metadata log by type.", metadata));
  const control = controlTypes.map(([type, name]) => [type, named(name)] as const);
  files.push(emitTypeIndex("control", "raft", "The control records of the metadata log by control type.", control));
  for (const log of ["group", "transaction", "share"]) files.push(emitKeyIndex(log, of(log)));
  files.push(...emitAll(apis, records));
  return files;
}
