/** CRC-32C (Castagnoli) of a range: the native module where it loads, else the portable one. Both give uint32. */
import portable from "crc-32/crc32c.js";

type Compute = (bytes: Uint8Array) => number;

/** A call into native code costs about 200 ns: below this many bytes the table in JavaScript is done sooner. */
const NATIVE_FROM_BYTES = 400;

/** crc-32's table in plain JavaScript: the fallback, and the cross-check of the tests. */
export const portableCrc32c: Compute = (bytes) => portable.buf(bytes) >>> 0;

/** The native module has prebuilt binaries; a platform without one must still run. */
function load(): Compute {
  try {
    const native: typeof import("@node-rs/crc32") = require("@node-rs/crc32");
    return (bytes) => native.crc32c(bytes);
  } catch {
    return portableCrc32c;
  }
}
const nativeCrc32c = load();

export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const range = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
  return end - start < NATIVE_FROM_BYTES ? portableCrc32c(range) : nativeCrc32c(range);
}
