// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupTopologyKey.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupTopologyKey {
  groupId: string;
}

export function readStreamsGroupTopologyKey(from: Reader, _version: number): StreamsGroupTopologyKey {
  const groupId = from.string();
  return { groupId };
}

export function writeStreamsGroupTopologyKey(to: Writer, value: StreamsGroupTopologyKey, _version: number): void {
  to.string(value.groupId);
}

export const StreamsGroupTopologyKey: RecordSchema<StreamsGroupTopologyKey> = {
  name: "StreamsGroupTopologyKey",
  apiKey: 23,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readStreamsGroupTopologyKey,
  write: writeStreamsGroupTopologyKey,
};
