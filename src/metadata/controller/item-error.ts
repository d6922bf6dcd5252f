/** The error of one topic, partition or broker inside a reply. As Kafka's ApiError. */
import { code, type ErrorName, errors, KafkaError } from "../../../protocol/errors.ts";

export interface ItemError {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export const noError: ItemError = { errorCode: code("NONE"), errorMessage: null };

/** Without a message of its own it carries the error's. */
export function itemError(name: ErrorName, message: string | null = errors[name].message): ItemError {
  return { errorCode: code(name), errorMessage: message };
}

/** What a refused item says: the error's general message is not repeated. Anything but a KafkaError goes on. */
export function thrownError(error: unknown): ItemError {
  if (!(error instanceof KafkaError)) throw error;
  const general = error.message === errors[error.error].message || error.error === "UNKNOWN_SERVER_ERROR";
  return { errorCode: error.code, errorMessage: general ? null : error.message };
}
