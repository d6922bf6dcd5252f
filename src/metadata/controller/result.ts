/**
 * What a controller operation decides: the records to append to the metadata log, and the reply to give once they are
 * committed and applied. The glue (quorum-controller.ts) applies the records to the uncommitted image at once, so that
 * the next operation sees them; a lost leadership drops that image and answers NOT_CONTROLLER.
 */
import type { MetadataRecord } from "../records/record.ts";

export interface ControllerResult<Reply> {
  readonly records: readonly MetadataRecord[];
  readonly reply: Reply;
  /** All records go into one batch, or none is applied; otherwise a long list may be split into several batches. */
  readonly atomic: boolean;
  /** The kraft.version to finalize: it lies in raft's own records, appended before these. */
  readonly kraftVersion?: number;
}

export function result<Reply>(records: readonly MetadataRecord[], reply: Reply): ControllerResult<Reply> {
  return { records, reply, atomic: false };
}

export function atomicResult<Reply>(records: readonly MetadataRecord[], reply: Reply): ControllerResult<Reply> {
  return { records, reply, atomic: true };
}
