/**
 * The entries of DescribeConfigs: value, where it comes from, what else could have given it. As Kafka's ConfigHelper.
 */
import type {
  DescribeConfigsResourceResult,
  DescribeConfigsSynonym,
} from "../../protocol/generated/describe-configs.ts";
import { isDynamic } from "./dynamic.ts";
import type { LiveConfig } from "./live.ts";
import type { AnyRow, ConfigType } from "./row.ts";
import { brokerSynonyms } from "./synonyms.ts";
import { brokerConfigs, clientMetricsConfigs, documentation, groupConfigs, isOwn, topicConfigs } from "./table.ts";
import { defaultValue, type Parsed, parseValue } from "./value.ts";

/** As Kafka's DescribeConfigsResponse.ConfigSource. */
export const source = {
  topic: 1,
  dynamicBroker: 2,
  dynamicCluster: 3,
  staticBroker: 4,
  default: 5,
  brokerLogger: 6,
  clientMetrics: 7,
  group: 8,
} as const;

/** As Kafka's DescribeConfigsResponse.ConfigType; 0 is unknown. */
const typeIds: Record<ConfigType, number> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
};

export interface DescribeOptions {
  /** Only these; null or empty: all. */
  readonly keys: readonly string[] | null;
  readonly synonyms: boolean;
  readonly documentation: boolean;
}

function wanted({ keys }: DescribeOptions, name: string): boolean {
  return keys === null || keys.length === 0 || keys.includes(name);
}

/** This broker's settings, given or default. */
export function describeBroker(live: LiveConfig, options: DescribeOptions): DescribeConfigsResourceResult[] {
  const results: DescribeConfigsResourceResult[] = [];
  const given = new Set([...live.static.originals.keys(), ...live.dynamicCluster.keys(), ...live.dynamicBroker.keys()]);
  for (const [name, parsed] of live.values) {
    const row = brokerConfigs.get(name);
    const hidden = (row?.internal === true || row?.dynamicOnly === true) && !given.has(name);
    if (hidden || !wanted(options, name) || (isOwn(name) && options.keys?.includes(name) !== true)) continue;
    results.push(brokerEntry(live, name, parsed.text, options, () => true));
  }
  for (const name of given) {
    if (!live.values.has(name) && wanted(options, name)) {
      results.push(brokerEntry(live, name, textOf(live, name), options, () => true));
    }
  }
  return results;
}

/** What is set for all brokers: the resource with the empty name. */
export function describeCluster(live: LiveConfig, options: DescribeOptions): DescribeConfigsResourceResult[] {
  return [...live.dynamicCluster]
    .filter(([name]) => wanted(options, name))
    .map(([name, text]) => brokerEntry(live, name, text, options, (from) => from === source.dynamicCluster));
}

function textOf(live: LiveConfig, name: string): string | null {
  return live.dynamicBroker.get(name) ?? live.dynamicCluster.get(name) ?? live.static.originals.get(name) ?? null;
}

function brokerEntry(
  live: LiveConfig,
  name: string,
  text: string | null,
  options: DescribeOptions,
  counts: (from: number) => boolean,
): DescribeConfigsResourceResult {
  const names = brokerSynonyms(name, true);
  const row = brokerConfigs.get(name) ?? names.map((synonym) => brokerConfigs.get(synonym)).find((found) => found);
  const synonyms = synonymsOf(live, name, isSensitive(row)).filter((synonym) => counts(synonym.source));
  const exact = brokerConfigs.get(name);
  return entry(name, row, text, synonyms, !isDynamic(name), exact === undefined ? null : documentation(exact), options);
}

/** Whoever may give the setting its value, the strongest first, from the setting's own name on. */
function synonymsOf(live: LiveConfig, name: string, sensitive: boolean): DescribeConfigsSynonym[] {
  const names = brokerSynonyms(name, true);
  const levels: readonly (readonly [number, (synonym: string) => string | null | undefined])[] = [
    [source.dynamicBroker, (synonym) => live.dynamicBroker.get(synonym)],
    [source.dynamicCluster, (synonym) => live.dynamicCluster.get(synonym)],
    [source.staticBroker, (synonym) => live.static.originals.get(synonym)],
    [source.default, defaultText],
  ];
  const synonyms: DescribeConfigsSynonym[] = [];
  for (const [from, lookup] of levels) {
    for (const synonym of names) {
      const value = lookup(synonym);
      if (value !== undefined && value !== null) {
        synonyms.push({ name: synonym, value: sensitive ? null : value, source: from });
      }
    }
  }
  const own = synonyms.findIndex((synonym) => synonym.name === name);
  return own < 0 ? [] : synonyms.slice(own);
}

function defaultText(name: string): string | null {
  const row = brokerConfigs.get(name);
  return row === undefined || row.default === undefined || row.dynamicOnly === true ? null : defaultValue(row).text;
}

/** A topic's settings; the topic may be one that is only about to be created. */
export function describeTopic(
  live: LiveConfig,
  values: ReadonlyMap<string, Parsed>,
  own: ReadonlyMap<string, string>,
  options: DescribeOptions,
): DescribeConfigsResourceResult[] {
  return inheriting(live, topicConfigs.values(), values, own, source.topic, options);
}

export function describeGroup(
  live: LiveConfig,
  values: ReadonlyMap<string, Parsed>,
  own: ReadonlyMap<string, string>,
  options: DescribeOptions,
): DescribeConfigsResourceResult[] {
  return inheriting(live, groupConfigs.values(), values, own, source.group, options);
}

function inheriting(
  live: LiveConfig,
  rows: Iterable<AnyRow & { readonly broker?: string }>,
  values: ReadonlyMap<string, Parsed>,
  own: ReadonlyMap<string, string>,
  ownSource: number,
  options: DescribeOptions,
): DescribeConfigsResourceResult[] {
  const results: DescribeConfigsResourceResult[] = [];
  for (const row of rows) {
    const { name } = row;
    if ((row.internal === true && !own.has(name)) || !wanted(options, name)) continue;
    const text = values.get(name)?.text ?? null;
    const synonyms: DescribeConfigsSynonym[] = own.has(name) ? [{ name, value: text, source: ownSource }] : [];
    if (row.broker !== undefined) synonyms.push(...synonymsOf(live, row.broker, isSensitive(row)));
    else if (ownSource === source.group) {
      synonyms.push({ name, value: defaultValue(row).text, source: source.default });
    }
    results.push(entry(name, row, text, synonyms, false, documentation(row), options));
  }
  return results;
}

export function describeClientMetrics(
  own: ReadonlyMap<string, string>,
  options: DescribeOptions,
): DescribeConfigsResourceResult[] {
  return [...clientMetricsConfigs.values()]
    .filter((row) => wanted(options, row.name))
    .map((row) => {
      const given = own.get(row.name);
      const { text } = given === undefined ? defaultValue(row) : parseValue(row, given);
      const synonyms = given === undefined ? [] : [{ name: row.name, value: text, source: source.clientMetrics }];
      return entry(row.name, row, text, synonyms, false, documentation(row), options);
    });
}

/** A setting of unknown type could be a secret. */
function isSensitive(row: AnyRow | undefined): boolean {
  return row === undefined || row.type === "password";
}

function entry(
  name: string,
  row: AnyRow | undefined,
  text: string | null,
  synonyms: DescribeConfigsSynonym[],
  readOnly: boolean,
  doc: string | null,
  options: DescribeOptions,
): DescribeConfigsResourceResult {
  return {
    name,
    value: isSensitive(row) ? null : text,
    readOnly,
    configSource: synonyms[0]?.source ?? source.default,
    isSensitive: isSensitive(row),
    synonyms: options.synonyms ? synonyms : [],
    configType: row === undefined ? 0 : typeIds[row.type],
    documentation: options.documentation ? doc : null,
  };
}
