/** What a member is told when its operation could not be run or its records not be written. */
import { type ErrorName, KafkaError } from "../../protocol/errors.ts";

/** As Kafka's CoordinatorOperationExceptionHelper: errors of the log become errors that a group's client knows. */
export function coordinatorError(error: ErrorName): ErrorName {
  switch (error) {
    case "NETWORK_EXCEPTION":
      return "COORDINATOR_LOAD_IN_PROGRESS";
    case "UNKNOWN_TOPIC_OR_PARTITION":
    case "NOT_ENOUGH_REPLICAS":
    case "REQUEST_TIMED_OUT":
      return "COORDINATOR_NOT_AVAILABLE";
    case "NOT_LEADER_OR_FOLLOWER":
    case "KAFKA_STORAGE_ERROR":
      return "NOT_COORDINATOR";
    case "MESSAGE_TOO_LARGE":
    case "RECORD_LIST_TOO_LARGE":
    case "INVALID_FETCH_SIZE":
      return "UNKNOWN_SERVER_ERROR";
    default:
      return error;
  }
}

/** The error's own name; anything that is not a KafkaError is a bug of ours. */
export function errorNameOf(error: unknown): ErrorName {
  return error instanceof KafkaError ? error.error : "UNKNOWN_SERVER_ERROR";
}
