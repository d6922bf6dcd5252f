// From kafka-storage-4.3.1.jar: message/ProducerSnapshot.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface ProducerSnapshot {
  crc: number;
  producerEntries: ProducerEntry[];
}

export interface ProducerEntry {
  producerId: number;
  epoch: number;
  lastSequence: number;
  lastOffset: number;
  offsetDelta: number;
  timestamp: number;
  coordinatorEpoch: number;
  currentTxnFirstOffset: number;
}

export function readProducerSnapshot(from: Reader, version: number): ProducerSnapshot {
  const crc = from.uint32();
  const producerEntries: ProducerEntry[] = [];
  for (let left = from.arrayLength(46); left > 0; left--) producerEntries.push(readProducerEntry(from, version));
  return { crc, producerEntries };
}

export function writeProducerSnapshot(to: Writer, value: ProducerSnapshot, version: number): void {
  to.uint32(value.crc);
  to.arrayLength(value.producerEntries.length);
  for (const each of value.producerEntries) writeProducerEntry(to, each, version);
}

export function readProducerEntry(from: Reader, _version: number): ProducerEntry {
  const producerId = from.int64();
  const epoch = from.int16();
  const lastSequence = from.int32();
  const lastOffset = from.int64();
  const offsetDelta = from.int32();
  const timestamp = from.int64();
  const coordinatorEpoch = from.int32();
  const currentTxnFirstOffset = from.int64();
  return { producerId, epoch, lastSequence, lastOffset, offsetDelta, timestamp, coordinatorEpoch, currentTxnFirstOffset };
}

export function writeProducerEntry(to: Writer, value: ProducerEntry, _version: number): void {
  to.int64(value.producerId);
  to.int16(value.epoch);
  to.int32(value.lastSequence);
  to.int64(value.lastOffset);
  to.int32(value.offsetDelta);
  to.int64(value.timestamp);
  to.int32(value.coordinatorEpoch);
  to.int64(value.currentTxnFirstOffset);
}

export const ProducerSnapshot: RecordSchema<ProducerSnapshot> = {
  name: "ProducerSnapshot",
  apiKey: null,
  versions: [1, 1],
  flexibleFrom: Infinity,
  read: readProducerSnapshot,
  write: writeProducerSnapshot,
};
