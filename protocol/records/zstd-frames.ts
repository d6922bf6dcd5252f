/**
 * Whether zstd bytes end where their frames end. The platform's decoder gives what it has of a cut stream and ignores
 * what follows the last frame; Java's refuses both, so a batch like that must not get into a log.
 */

const FRAME_MAGIC = 0xfd2f_b528;
const SKIPPABLE_MAGIC = 0x184d_2a50;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

export function isWholeZstd(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    at = frameEnd(bytes, at);
    if (at < 0 || at > bytes.length) return false;
  }
  return true;
}

const uint32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0;

/** Where the frame at `at` ends, beyond the bytes where it is cut; -1 where there is no frame. */
function frameEnd(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < 5) return -1;
  const magic = uint32(bytes, at);
  if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
    return bytes.length - at < 8 ? -1 : at + 8 + uint32(bytes, at + 4);
  }
  if (magic !== FRAME_MAGIC) return -1;
  const descriptor = bytes[at + 4] as number;
  const singleSegment = (descriptor & 0x20) !== 0;
  const contentSize = CONTENT_SIZE_BYTES[(descriptor >> 6) as 0] + (singleSegment && descriptor < 0x40 ? 1 : 0);
  const dictionaryId = DICTIONARY_ID_BYTES[(descriptor & 3) as 0];
  let block = at + 5 + (singleSegment ? 0 : 1) + dictionaryId + contentSize;
  for (;;) {
    if (block + 3 > bytes.length) return -1;
    const header =
      (bytes[block] as number) | ((bytes[block + 1] as number) << 8) | ((bytes[block + 2] as number) << 16);
    const type = (header >> 1) & 3;
    if (type === RESERVED_BLOCK) return -1;
    block += 3 + (type === RLE_BLOCK ? 1 : header >> 3);
    if ((header & 1) !== 0) return block + ((descriptor & 0x04) !== 0 ? 4 : 0);
  }
}
