/** What a client metrics subscription may say. As Kafka's ClientMetricsConfigs.validate. */
import { KafkaError } from "../../protocol/errors.ts";
import { ConfigError } from "./error.ts";
import { clientMetricsConfigs } from "./table.ts";
import { type Parsed, parseValue } from "./value.ts";

const PUSH_INTERVAL_MS_MIN = 100;
const PUSH_INTERVAL_MS_MAX = 3_600_000;

const matchable: ReadonlySet<string> = new Set([
  "client_instance_id",
  "client_id",
  "client_software_name",
  "client_software_version",
  "client_source_address",
  "client_source_port",
]);

/** @throws KafkaError INVALID_REQUEST, or ConfigError, which the APIs answer as INVALID_CONFIG */
export function validateClientMetricsConfigs(subscription: string, after: ReadonlyMap<string, string>): void {
  if (subscription === "") throw new KafkaError("INVALID_REQUEST", "Subscription name can't be empty");
  for (const name of after.keys()) {
    if (!clientMetricsConfigs.has(name)) {
      throw new KafkaError("INVALID_REQUEST", `Unknown client metrics configuration: ${name}`);
    }
  }
  const values = new Map<string, Parsed>();
  for (const row of clientMetricsConfigs.values()) {
    const text = after.get(row.name);
    if (text !== undefined) values.set(row.name, parseValue(row, text));
  }
  const interval = values.get("interval.ms")?.value as number | undefined;
  if (interval !== undefined && (interval < PUSH_INTERVAL_MS_MIN || interval > PUSH_INTERVAL_MS_MAX)) {
    throw new KafkaError(
      "INVALID_REQUEST",
      `Invalid value ${interval} for interval.ms, interval must be between 100 and 3600000 (1 hour)`,
    );
  }
  for (const pattern of (values.get("match")?.value ?? []) as readonly string[]) {
    const [name = "", value, ...rest] = pattern.split("=");
    const known = matchable.has(name.trim()) && value !== undefined && value !== "" && rest.length === 0;
    if (!known || !isPattern(value)) throw new ConfigError(`Illegal client matching pattern: ${pattern}`);
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text.trim());
    return true;
  } catch {
    return false;
  }
}
