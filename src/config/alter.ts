/**
 * The part of a change of settings that the broker itself decides before the controller is asked: its own settings,
 * because only the broker knows its file, and requests that make no sense. As Kafka's ConfigAdminManager.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { type ConfigChange, operation } from "./changes.ts";
import { acceptedDynamic, type Level, overlay, validateDynamic } from "./dynamic.ts";
import { ConfigError } from "./error.ts";
import { type LiveConfig, resolveBroker, resourceType } from "./live.ts";
import { checkMerged } from "./static.ts";
import { brokerConfigs } from "./table.ts";
import { validateLocalRetention } from "./topic-rules.ts";
import { defaultValue, invalid, type Parsed } from "./value.ts";

/** The values of one resource after an incremental change, from those that count now. */
export function incremented(
  before: ReadonlyMap<string, string>,
  changes: readonly ConfigChange[],
): ReadonlyMap<string, string> {
  const after = new Map(before);
  for (const { name, operation: kind, value } of changes) {
    switch (kind) {
      case operation.set:
        after.set(name, value as string);
        break;
      case operation.delete:
        after.delete(name);
        break;
      case operation.append:
      case operation.subtract:
        after.set(name, listChanged(after.get(name), name, kind, (value as string).split(",")));
        break;
      default:
        throw new KafkaError("INVALID_REQUEST", `Unknown operations type ${kind}`);
    }
  }
  return after;
}

function listChanged(before: string | undefined, name: string, kind: number, values: readonly string[]): string {
  const row = brokerConfigs.get(name);
  const verb = kind === operation.append ? "append" : "subtract";
  if (row === undefined) throw new KafkaError("INVALID_CONFIG", `Unknown config name: ${name}`);
  if (row.type !== "list") {
    throw new KafkaError("INVALID_CONFIG", `Config value ${verb} is not allowed for config key: ${name}`);
  }
  const text = before ?? (row.default === undefined ? "" : (defaultValue(row).text ?? ""));
  const old = text === "" ? [] : text.split(",");
  if (kind === operation.append) return [...old, ...values.filter((value) => !old.includes(value))].join(",");
  return old.filter((value) => !values.includes(value)).join(",");
}

/**
 * Whether this broker could run with `after` as the values stored for `resourceName` (itself, or "" for all brokers).
 * @throws KafkaError INVALID_REQUEST with Apache's text
 */
export function validateBrokerConfigs(
  live: LiveConfig,
  resourceName: string,
  after: ReadonlyMap<string, string>,
): void {
  const level: Level = resourceName === "" ? "cluster" : "broker";
  try {
    validateDynamic(after, level);
    const merged =
      level === "broker"
        ? overlay(overlay(live.static.originals, live.dynamicCluster), after)
        : overlay(overlay(live.static.originals, after), live.dynamicBroker);
    // Apache divides the cleaner's buffer by its threads before it looks whether there are any.
    if (merged.get("log.cleaner.threads")?.trim() === "0") throw new ConfigError("/ by zero");
    checkMerged(merged);
    checkReconfiguration(live, resolveBroker(merged), after);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const prefix = error.requirement ? "requirement failed: " : "";
    throw new KafkaError("INVALID_REQUEST", prefix + error.message);
  }
}

/** What counts now of the values stored for this broker or for all. */
export function currentBrokerConfigs(live: LiveConfig, resourceName: string): ReadonlyMap<string, string> {
  const level: Level = resourceName === "" ? "cluster" : "broker";
  return acceptedDynamic(live.stored(resourceType.broker, resourceName), level, () => {});
}

/** Pools grow and shrink by at most a factor of two at a time; here they are numbers only, but scripts see the rule. */
const pools: readonly string[] = [
  "background.threads",
  "num.io.threads",
  "num.recovery.threads.per.data.dir",
  "num.replica.fetchers",
  "num.network.threads",
  "remote.log.manager.copier.thread.pool.size",
  "remote.log.manager.expiration.thread.pool.size",
  "remote.log.manager.follower.thread.pool.size",
  "remote.log.reader.threads",
];

/** What the parts of a running broker say to new values: Apache wraps their words, and users know the wrapped form. */
function checkReconfiguration(
  live: LiveConfig,
  values: ReadonlyMap<string, Parsed>,
  after: ReadonlyMap<string, string>,
): void {
  try {
    for (const name of pools) checkPool(name, live.values, values);
    checkCleaner(live.values, values);
    validateLocalRetention(values);
    if (after.has("metric.reporters")) checkReporters(values);
    checkFixed(live.values, values);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      `Invalid value org.apache.kafka.common.config.ConfigException: ${error.message} for configuration ` +
        "Invalid dynamic configuration",
    );
  }
}

function numberOf(values: ReadonlyMap<string, Parsed>, name: string): number {
  return values.get(name)?.value as number;
}

function checkPool(name: string, before: ReadonlyMap<string, Parsed>, after: ReadonlyMap<string, Parsed>): void {
  const old = numberOf(before, name);
  const value = numberOf(after, name);
  if (value === old) return;
  const failed = `Dynamic thread count update validation failed for ${name}=${value}`;
  if (value < Math.trunc(old / 2)) {
    throw new ConfigError(`${failed}, value should be at least half the current value ${old}`);
  }
  if (value > old * 2) {
    throw new ConfigError(`${failed}, value should not be greater than double the current value ${old}`);
  }
}

function checkCleaner(before: ReadonlyMap<string, Parsed>, after: ReadonlyMap<string, Parsed>): void {
  const old = numberOf(before, "log.cleaner.threads");
  const value = numberOf(after, "log.cleaner.threads");
  if (value === old) return;
  if (value < 1) throw new ConfigError("Log cleaner threads should be at least 1");
  if (value < Math.trunc(old / 2)) {
    throw new ConfigError(`Log cleaner threads cannot be reduced to less than half the current value ${old}`);
  }
  if (value > old * 2) {
    throw new ConfigError(`Log cleaner threads cannot be increased to more than double the current value ${old}`);
  }
}

/** No class can be loaded, so a new reporter is refused as Apache refuses a class that it does not find. */
function checkReporters(after: ReadonlyMap<string, Parsed>): void {
  const reporters = after.get("metric.reporters")?.value as readonly string[];
  if (reporters.every((name) => name === "org.apache.kafka.common.metrics.JmxReporter")) return;
  throw new ConfigError(
    "Validation of dynamic config update of Set(metric.reporters) failed with class class " +
      "kafka.server.DynamicMetricsReporters",
  );
}

/** Dynamic in Apache, fixed here so far: better refused than taken without effect. */
function checkFixed(before: ReadonlyMap<string, Parsed>, after: ReadonlyMap<string, Parsed>): void {
  for (const name of ["listeners", "listener.security.protocol.map"]) {
    const text = after.get(name)?.text ?? null;
    if (text === before.get(name)?.text) continue;
    throw invalid({ name }, text, "Odradek changes it only at a start; set it in the file and start again.");
  }
}
