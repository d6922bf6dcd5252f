/** Applies the batches of a coordinator's partition to its shard, in the order of the log. */
import { KafkaError } from "../../protocol/errors.ts";
import * as batch from "../../protocol/records/batch.ts";
import { controlTypes } from "../../protocol/records/builder.ts";
import { forEachBatch, RecordCursor } from "../../protocol/records/cursor.ts";
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
    if (batch.magic(bytes, at) !== 2) {
      throw new KafkaError(
        "UNSUPPORTED_FOR_MESSAGE_FORMAT",
        `batch at offset ${batch.baseOffset(bytes, at)} is not v2`,
      );
    }
    // A read may begin inside a batch: records before the offset asked for are already applied.
    cursor.open(bytes, at);
    while (cursor.next()) {
      if (cursor.offset < fromOffset) continue;
      applyOne(shard, cursor, bytes, at);
      records++;
    }
    cursor.close();
    nextOffset = batch.lastOffset(bytes, at) + 1;
    applied(nextOffset);
  });
  return { nextOffset, records };
}

function applyOne<State, Event>(shard: Shard<State, Event>, cursor: RecordCursor, bytes: Uint8Array, at: number): void {
  const key = cursor.key();
  if (key === null) throw new KafkaError("INVALID_RECORD", `record ${cursor.offset} of a coordinator has no key`);
  const producerId = batch.producerId(bytes, at);
  if (!batch.isControl(bytes, at)) {
    shard.apply({ offset: cursor.offset, producerId, key, value: cursor.value() });
    return;
  }
  const type = batch.int16(key, 2);
  if (type === controlTypes.COMMIT) shard.applyMarker(producerId, true);
  else if (type === controlTypes.ABORT) shard.applyMarker(producerId, false);
}
