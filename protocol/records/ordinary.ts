/**
 * A first look at the records of a batch, for a leader that only has to know that they are as they should be. It knows
 * ordinary ones: lengths and differences of at most two bytes, offsets that ascend by one, no headers. Of any other it
 * says so, and they are walked with care (cursor.ts), which also knows what is wrong with bad ones. What it takes, the
 * cursor takes as well; it needs half the time.
 */
import * as batch from "./batch.ts";

/** For a varint of more than two bytes: larger than any length that fits into a batch. */
const LONG = 1 << 30;

const joined = (first: number, second: number): number => (second < 0x80 ? (second << 7) | (first & 0x7f) : LONG);

export class OrdinaryRecords {
  /** Of the records that `are` has found ordinary, relative to the batch's base timestamp. */
  timestampDeltaMin = 0;
  timestampDeltaMax = 0;

  /** Whether the uncompressed batch, which begins `bytes` and lies whole in it, has only ordinary records. */
  are(bytes: Uint8Array): boolean {
    const end = batch.sizeBytes(bytes, 0);
    const count = batch.count(bytes, 0);
    let at = batch.HEADER_SIZE;
    let least = LONG;
    let most = -LONG;
    // Branches instead of arithmetic: where the next field begins is then guessed, not waited for.
    for (let index = 0; index < count; index++) {
      let size = bytes[at++]!;
      if (size >= 0x80) size = joined(size, bytes[at++]!);
      const bodyEnd = at + (size >>> 1);
      if ((size & 1) !== 0 || bodyEnd > end) return false;
      at++; // attributes: none are defined
      let time = bytes[at++]!;
      if (time >= 0x80) time = joined(time, bytes[at++]!);
      if (time === LONG) return false;
      const delta = (time >>> 1) ^ -(time & 1);
      if (delta < least) least = delta;
      if (delta > most) most = delta;
      let offset = bytes[at++]!;
      if (offset >= 0x80) offset = joined(offset, bytes[at++]!);
      if (offset !== index << 1) return false;
      let key = bytes[at++]!;
      if (key >= 0x80) key = joined(key, bytes[at++]!);
      if ((key & 1) === 0) at += key >>> 1; // odd: negative, so null
      if (at >= bodyEnd) return false;
      let value = bytes[at++]!;
      if (value >= 0x80) value = joined(value, bytes[at++]!);
      if ((value & 1) === 0) at += value >>> 1;
      if (at + 1 !== bodyEnd || bytes[at++] !== 0) return false; // the record ends here, without headers
    }
    this.timestampDeltaMin = least;
    this.timestampDeltaMax = most;
    return count > 0 && at === end;
  }
}
