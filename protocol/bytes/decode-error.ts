/** Bytes that no message of the announced kind can have. The connection they came on is closed, as Apache does. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}
