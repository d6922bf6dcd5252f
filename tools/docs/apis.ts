/** docs/generated/apis.md: every API of Kafka's protocol, and what of it this node speaks. */
import { allMessages } from "../../protocol/generated/all-messages.ts";
import type { AnyApi } from "../../src/apis/api.ts";
import { apiByKey } from "../../src/apis/registry.ts";
import { page, table } from "./markdown.ts";

export function range([min, max]: readonly [number, number]): string {
  return min === max ? String(min) : `${min}-${max}`;
}

/** One row per API, by key. */
export function apiRows(): string[][] {
  return allMessages
    .toSorted((a, b) => a.key - b.key)
    .map((message) => {
      const api: AnyApi | undefined = apiByKey.get(message.key);
      const where = message.listeners.join(", ");
      return [String(message.key), message.name, range(message.versions), api ? range(api.versions) : "no", where];
    });
}

export function apisDocument(): string {
  const rows = apiRows();
  const spoken = rows.filter((row) => row[3] !== "no").length;
  return page(
    "# APIs",
    `Apache Kafka 4.3.1 defines ${rows.length} APIs; this version speaks ${spoken} of them. An API that is not spoken is ` +
      "not advertised either, so that clients know.",
    table(["Key", "API", "Versions in Kafka", "Spoken here", "Listeners"], rows),
  );
}
