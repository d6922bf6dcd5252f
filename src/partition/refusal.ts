/** What went wrong on one partition, as the code and message that its answer carries. */
import { AssertionError } from "../../base/assert.ts";
import { DiskError } from "../../base/ports.ts";
import { code, type ErrorName, KafkaError } from "../../protocol/errors.ts";

/** A failed assert is a bug: it goes on up, where it ends the request (or the process). */
export function errorNameOf(cause: unknown): ErrorName {
  if (cause instanceof KafkaError) return cause.error;
  if (cause instanceof DiskError) return "KAFKA_STORAGE_ERROR";
  if (cause instanceof AssertionError) throw cause;
  return "UNKNOWN_SERVER_ERROR";
}

export const errorCodeOf = (cause: unknown): number => code(errorNameOf(cause));
