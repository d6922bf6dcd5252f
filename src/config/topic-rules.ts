/** What the settings of one topic must keep, together and with those of the broker. As Kafka's LogConfig.validate. */
import { ConfigError } from "./error.ts";
import { topicDefaults } from "./inherit.ts";
import { topicConfigs } from "./table.ts";
import { invalid, type Parsed, parseValue } from "./value.ts";

type Values = ReadonlyMap<string, Parsed>;

/**
 * @param before the topic's own settings now, `after` as they would be
 * @throws ConfigError, which the APIs answer as INVALID_CONFIG
 */
export function validateTopicConfigs(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  broker: Values,
): void {
  for (const name of after.keys()) {
    if (!topicConfigs.has(name)) throw new ConfigError(`Unknown topic config name: ${name}`);
  }
  const values = new Map(topicDefaults(broker));
  for (const row of topicConfigs.values()) {
    const text = after.get(row.name);
    if (text !== undefined) values.set(row.name, parseValue(row, text));
  }
  const number = (name: string): number => values.get(name)?.value as number;
  const text = (name: string): string => values.get(name)?.text as string;
  if (number("min.compaction.lag.ms") > number("max.compaction.lag.ms")) {
    throw new ConfigError(
      `conflict topic config setting min.compaction.lag.ms (${text("min.compaction.lag.ms")}) > ` +
        `max.compaction.lag.ms (${text("max.compaction.lag.ms")})`,
    );
  }
  if (values.get("remote.storage.enable")?.value === true) {
    throw new ConfigError(
      "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.",
    );
  }
  const wasRemote = before.get("remote.storage.enable")?.toLowerCase() === "true";
  if (wasRemote && values.get("remote.log.delete.on.disable")?.value !== true) {
    throw new ConfigError(
      "It is invalid to disable remote storage without deleting remote data. " +
        "If you want to keep the remote data and turn to read only, please set `remote.storage.enable=true,remote.log.copy.disable=true`. " +
        "If you want to disable remote storage and delete all remote data, please set `remote.storage.enable=false,remote.log.delete.on.disable=true`.",
    );
  }
}

/** The broker's own retention, when it changes: what stays local cannot outlive the whole. */
export function validateLocalRetention(broker: Values): void {
  const topic = topicDefaults(broker);
  for (const unit of ["ms", "bytes"]) {
    const whole = topic.get(`retention.${unit}`) as Parsed;
    const local = topic.get(`local.retention.${unit}`) as Parsed;
    if ((whole.value as number) <= -1 || local.value === -2) continue;
    const row = { name: `log.local.retention.${unit}` };
    const name = `log.retention.${unit}`;
    if (local.value === -1)
      throw invalid(row, local.text, `Value must not be -1 as ${name} value is set as ${whole.text}.`);
    if ((local.value as number) > (whole.value as number)) {
      throw invalid(row, local.text, `Value must not be more than ${name} property value: ${whole.text}`);
    }
  }
}
