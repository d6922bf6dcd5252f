// From kafka-clients-4.3.1.jar: common/message/EndTxnMarker.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface EndTxnMarker {
  coordinatorEpoch: number;
}

export function readEndTxnMarker(from: Reader, _version: number): EndTxnMarker {
  const coordinatorEpoch = from.int32();
  return { coordinatorEpoch };
}

export function writeEndTxnMarker(to: Writer, value: EndTxnMarker, _version: number): void {
  to.int32(value.coordinatorEpoch);
}

export const EndTxnMarker: RecordSchema<EndTxnMarker> = {
  name: "EndTxnMarker",
  apiKey: null,
  versions: [0, 0],
  flexibleFrom: Infinity,
  read: readEndTxnMarker,
  write: writeEndTxnMarker,
};
