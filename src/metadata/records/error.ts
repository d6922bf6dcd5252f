/** A metadata log or snapshot that this release cannot read: a record of another release, or damaged bytes. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}
