/** What a whole refused request says beside the code, as Kafka's ApiError.fromThrowable. */
import { errorName, errors } from "../../protocol/errors.ts";

/** The message, unless it is only the error's general one. */
export function ownMessage(errorCode: number, message: string | null): string | null {
  const name = errorName(errorCode);
  return name === "UNKNOWN_SERVER_ERROR" || message === errors[name].message ? null : message;
}

/** The message, else the error's general one, as the answers of the quorum's own requests have it. */
export function anyMessage(errorCode: number, message: string | null): string | null {
  return message ?? errors[errorName(errorCode)].message;
}
