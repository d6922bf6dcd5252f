/** docs/generated/errors.md: the error table of the protocol. */
import { errors } from "../../protocol/errors.ts";
import { code, page, table } from "./markdown.ts";

export function errorsDocument(): string {
  const rows = Object.entries(errors)
    .toSorted(([, a], [, b]) => a.code - b.code)
    .map(([name, { code: number, retriable }]) => [String(number), code(name), retriable ? "yes" : "no"]);
  return page(
    "# Errors",
    "Every error code of Kafka's protocol. A client may send the same request again after a retriable one.",
    table(["Code", "Name", "Retriable"], rows),
  );
}
