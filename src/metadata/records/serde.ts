/**
 * Metadata records as they lie in the log and in snapshots: frame version (always 1), record type and version, each an
 * unsigned varint, then the body. As Kafka's MetadataRecordSerde.
 */
import { DecodeError } from "../../../protocol/bytes/decode-error.ts";
import { Reader } from "../../../protocol/bytes/reader.ts";
import { Writer } from "../../../protocol/bytes/writer.ts";
import { metadataRecords } from "../../../protocol/generated/records/metadata-records.ts";
import type { RecordSchema } from "../../../protocol/message.ts";
import { RecordError } from "./error.ts";
import type { MetadataRecord, RecordType } from "./record.ts";

const FRAME_VERSION = 1;

const schemaByName: ReadonlyMap<string, RecordSchema<unknown>> = new Map(
  [...metadataRecords.values()].map((schema) => [schema.name, schema]),
);

export function writeRecord({ type, version, value }: MetadataRecord): Uint8Array {
  const schema = schemaByName.get(type) as RecordSchema<unknown>;
  const to = new Writer(64);
  to.unsignedVarint(FRAME_VERSION);
  to.unsignedVarint(schema.apiKey as number);
  to.unsignedVarint(version);
  schema.write(to, value, version);
  return to.finishBytes();
}

/** @throws RecordError for a frame, type or version of another release, and for damaged bytes */
export function readRecord(bytes: Uint8Array): MetadataRecord {
  const from = new Reader(bytes);
  try {
    return readFramed(from);
  } catch (error) {
    if (error instanceof DecodeError) throw new RecordError(`a damaged metadata record: ${error.message}`);
    throw error;
  }
}

function readFramed(from: Reader): MetadataRecord {
  const frameVersion = from.unsignedVarint();
  if (frameVersion !== FRAME_VERSION) {
    throw new RecordError(`a metadata record of frame version ${frameVersion}; only ${FRAME_VERSION} can be read`);
  }
  const apiKey = from.unsignedVarint();
  const version = from.unsignedVarint();
  const schema = metadataRecords.get(apiKey);
  if (schema === undefined) throw new RecordError(`metadata record type ${apiKey} belongs to a newer release`);
  if (version > schema.versions[1]) {
    throw new RecordError(`version ${version} of ${schema.name} belongs to a newer release`);
  }
  const value = schema.read(from, version);
  if (from.remaining > 0) throw new RecordError(`${from.remaining} bytes follow a ${schema.name}`);
  return { type: schema.name as RecordType, version, value } as MetadataRecord;
}
