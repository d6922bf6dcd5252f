/** Which settings may change while the node runs, at which level, and how the levels are laid over each other. */
import { ConfigError } from "./error.ts";
import { brokerSynonyms, listenerBaseName } from "./synonyms.ts";
import { brokerConfigs } from "./table.ts";
import { parseValue } from "./value.ts";

/** Settings of the limits on connections, set for one listener: allowed for all brokers at once. */
const clusterLevelListenerConfigs: ReadonlySet<string> = new Set([
  "max.connections",
  "max.connection.creation.rate",
  "num.network.threads",
]);

/** The TLS settings that may change without a restart, but only under a listener's prefix. */
const securityConfigs: ReadonlySet<string> = new Set([
  "ssl.keystore.type",
  "ssl.keystore.location",
  "ssl.keystore.password",
  "ssl.key.password",
  "ssl.truststore.type",
  "ssl.truststore.location",
  "ssl.truststore.password",
  "ssl.keystore.certificate.chain",
  "ssl.keystore.key",
  "ssl.truststore.certificates",
]);

export type Level = "broker" | "cluster";

/** A known setting that needs a restart. Unknown names are not: they may belong to a plug-in. */
function isReadOnly(name: string): boolean {
  return brokerConfigs.get(name)?.dynamic === "read-only";
}

function isPerBroker(name: string): boolean {
  if (brokerConfigs.get(name)?.dynamic === "per-broker") return true;
  const base = listenerBaseName(name);
  return base !== null && !clusterLevelListenerConfigs.has(base);
}

/** @throws ConfigError as Apache's DynamicBrokerConfig.validateConfigs, in its order. */
export function validateDynamic(values: ReadonlyMap<string, string>, level: Level): void {
  refuse(values, isReadOnly, "Cannot update these configs dynamically");
  refuse(
    values,
    (name) => securityConfigs.has(name),
    "These security configs can be dynamically updated only per-listener using the listener prefix",
  );
  for (const [name, value] of values) validateType(name, value);
  if (level === "cluster") {
    refuse(values, isPerBroker, "Cannot update these configs at default cluster level, broker id must be specified");
  }
}

function refuse(values: ReadonlyMap<string, string>, invalid: (name: string) => boolean, why: string): void {
  const names = [...values.keys()].filter(invalid);
  if (names.length > 0) throw new ConfigError(`${why}: [${names.join(", ")}]`);
}

function validateType(name: string, value: string): void {
  const row = brokerConfigs.get(listenerBaseName(name) ?? name);
  if (row === undefined || row.dynamic === "read-only") return;
  const parsed = parseValue(row, value);
  if (row.status === "refused" && parsed.text !== String(row.default)) {
    throw new ConfigError(`${name}=${value} is not supported. ${row.doc}`);
  }
}

/** What of the stored values of a level counts; the rest is told to `ignored` and left out, as Apache does. */
export function acceptedDynamic(
  stored: ReadonlyMap<string, string>,
  level: Level,
  ignored: (name: string, why: string) => void,
): ReadonlyMap<string, string> {
  const accepted = new Map<string, string>();
  for (const [name, value] of stored) {
    try {
      validateDynamic(new Map([[name, value]]), level);
      accepted.set(name, value);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      ignored(name, error.message);
    }
  }
  return accepted;
}

/** Lays `over` on `under`: a name takes the place of all its synonyms, so log.roll.hours can win over log.roll.ms. */
export function overlay(
  under: ReadonlyMap<string, string>,
  over: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  if (over.size === 0) return under;
  const merged = new Map(under);
  for (const [name, value] of over) {
    for (const synonym of brokerSynonyms(name, false)) merged.delete(synonym);
    merged.set(name, value);
  }
  return merged;
}

/** False is what DescribeConfigs calls read-only; names without a row are. */
export function isDynamic(name: string): boolean {
  const row = brokerConfigs.get(name);
  return row !== undefined && row.dynamic !== "read-only";
}
