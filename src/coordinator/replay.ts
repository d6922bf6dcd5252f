/** Applies the batches of a coordinator's partition to its shard, in the order of the log. */
import { KafkaError } from "../../protocol/errors.ts";
import * as batch from "../../protocol/records/batch.ts";
import { controlTypes } from "../../protocol/records/builder.ts";
import { forEachBatch, RecordCursor } from "../../protocol/records/cursor.ts";
import { readLegacyRecords } from "../../protocol/records/legacy.ts";
import type { Shard } from "./outcome.ts";

export interface Replayed {
  /** The offset that follows the last batch applied. */
  readonly nextOffset: number;
  readonly records: number;
}

/** Applies whole batches; `applied` hears of each with the offset that follows it. */
export function replay<State, Event>(
  shard: Shard<State, Event>,
  bytes: Uint8Array,
  fromOffset: number,
  applied: (nextOffset: number) => void,
): Replayed {
  const cursor = new RecordCursor();
  let nextOffset = fromOffset;
  let records = 0;
  forEachBatch(bytes, (at) => {
    if (batch.magic(bytes, at) === 2) {
      records += applyBatch(shard, cursor, bytes, at, fromOffset);
      nextOffset = batch.lastOffset(bytes, at) + 1;
    } else {
      records += applyLegacy(shard, bytes, at, fromOffset);
      nextOffset = batch.baseOffset(bytes, at) + 1; // an old entry begins with its last offset
    }
    applied(nextOffset);
  });
  return { nextOffset, records };
}

/** A read may begin inside a batch: records before the offset asked for are already applied. */
function applyBatch<State, Event>(
  shard: Shard<State, Event>,
  cursor: RecordCursor,
  bytes: Uint8Array,
  at: number,
  fromOffset: number,
): number {
  const producerId = batch.producerId(bytes, at);
  const isControl = batch.isControl(bytes, at);
  let records = 0;
  cursor.open(bytes, at);
  while (cursor.next()) {
    if (cursor.offset < fromOffset) continue;
    const key = requireKey(cursor.key(), cursor.offset);
    if (isControl) applyControl(shard, key, producerId);
    else shard.apply({ offset: cursor.offset, producerId, key, value: cursor.value() });
    records++;
  }
  cursor.close();
  return records;
}

function applyControl<State, Event>(shard: Shard<State, Event>, key: Uint8Array, producerId: number): void {
  const type = batch.int16(key, 2);
  if (type === controlTypes.COMMIT) shard.applyMarker(producerId, true);
  else if (type === controlTypes.ABORT) shard.applyMarker(producerId, false);
}

/** What a broker before Kafka 0.11 wrote. */
function applyLegacy<State, Event>(
  shard: Shard<State, Event>,
  bytes: Uint8Array,
  at: number,
  fromOffset: number,
): number {
  const records = readLegacyRecords(bytes, at).filter(({ offset }) => offset >= fromOffset);
  for (const { offset, key, value } of records) {
    shard.apply({ offset, producerId: batch.NO_PRODUCER_ID, key: requireKey(key, offset), value });
  }
  return records.length;
}

function requireKey(key: Uint8Array | null, offset: number): Uint8Array {
  if (key === null) throw new KafkaError("INVALID_RECORD", `record ${offset} of a coordinator has no key`);
  return key;
}
