/**
 * The settings as they are now. A value comes from the strongest level that has one: topic (or group), this broker,
 * all brokers, the start (file and overrides), default. Nobody keeps a copy: a reader asks again each time, a view of a
 * topic may be kept.
 */
import { acceptedDynamic, overlay } from "./dynamic.ts";
import { ConfigError } from "./error.ts";
import { clampToBounds, groupDefaults, topicDefaults } from "./inherit.ts";
import { LogLevels } from "./log-levels.ts";
import type { AnyRow } from "./row.ts";
import type { StaticConfig } from "./static-config.ts";
import {
  brokerConfigs,
  type ConfigName,
  type ConfigValueOf,
  type GroupConfigName,
  type GroupConfigValueOf,
  groupConfigs,
  type TopicConfigName,
  type TopicConfigValueOf,
  topicConfigs,
} from "./table.ts";
import { defaultValue, type Parsed, parseValue } from "./value.ts";

/** As Kafka's ConfigResource.Type. */
export const resourceType = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

/** The values stored for one resource in the committed metadata; empty where nothing is. */
export type ConfigLookup = (resourceType: number, resourceName: string) => ReadonlyMap<string, string>;

export interface ConfigResource {
  readonly resourceType: number;
  readonly resourceName: string;
}

export interface ConfigLog {
  warn(message: string): void;
}

interface Listener {
  readonly names: ReadonlySet<string>;
  readonly changed: () => void;
}

export class LiveConfig {
  readonly static: StaticConfig;
  readonly logLevels: LogLevels;
  #lookup: ConfigLookup = () => new Map();
  /** What of the stored values counts on this broker. */
  #broker: ReadonlyMap<string, string> = new Map();
  #cluster: ReadonlyMap<string, string> = new Map();
  #values: ReadonlyMap<string, Parsed>;
  /** Goes up with every change of any resource: a view that has seen it need not ask further. */
  #version = 0;
  /** The version at which the broker's own values last changed, and those of each resource that has any. */
  #brokerVersion = 0;
  readonly #resourceVersions = new Map<string, number>();
  readonly #listeners = new Set<Listener>();
  readonly #topicListeners = new Set<(topic: string | null) => void>();
  readonly #log: ConfigLog;

  constructor(start: StaticConfig, log: ConfigLog) {
    this.static = start;
    this.logLevels = new LogLevels(start.values.get("odradek.log.level")?.text ?? "info");
    this.#values = start.values;
    this.#log = log;
  }

  get version(): number {
    return this.#version;
  }

  /** The value of a broker setting. A topic's own value may differ: `topic(name).get(…)`. */
  get<N extends ConfigName>(name: N): ConfigValueOf<N> {
    return this.#values.get(name)?.value as ConfigValueOf<N>;
  }

  /** As DescribeConfigs shows it. */
  text(name: ConfigName): string | null {
    return this.#values.get(name)?.text ?? null;
  }

  /** All broker settings, given or default. */
  get values(): ReadonlyMap<string, Parsed> {
    return this.#values;
  }

  /** Values set while running for this broker, and for all brokers: only those that count. */
  get dynamicBroker(): ReadonlyMap<string, string> {
    return this.#broker;
  }
  get dynamicCluster(): ReadonlyMap<string, string> {
    return this.#cluster;
  }

  /** Changes whenever the values of a topic or group may have: its own or the broker's. */
  stampOf(type: number, name: string): string {
    return `${this.#brokerVersion} ${this.#resourceVersions.get(`${type} ${name}`) ?? 0}`;
  }

  /** What is stored for a resource, whether it counts or not. */
  stored(type: number, name: string): ReadonlyMap<string, string> {
    return this.#lookup(type, name);
  }

  /** The settings of one topic, also of one that does not exist (yet): then the broker's. May be kept. */
  topic(name: string): TopicConfig {
    return new TopicConfig(this, name);
  }

  group(id: string): GroupConfig {
    return new GroupConfig(this, id);
  }

  /** Calls after one of the broker settings has another value; returns the cancel. */
  onChange(names: readonly ConfigName[], changed: () => void): () => void {
    const listener = { names: new Set<string>(names), changed };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls after a topic's own settings changed, with null after the broker's changed under all topics. */
  onTopicChange(changed: (topic: string | null) => void): () => void {
    this.#topicListeners.add(changed);
    return () => this.#topicListeners.delete(changed);
  }

  /** A new image was committed: `lookup` reads it, `changed` are the resources that differ. */
  apply(lookup: ConfigLookup, changed: readonly ConfigResource[]): void {
    this.#lookup = lookup;
    if (changed.length === 0) return;
    this.#version++;
    for (const { resourceType: type, resourceName } of changed) {
      const key = `${type} ${resourceName}`;
      if (lookup(type, resourceName).size > 0) this.#resourceVersions.set(key, this.#version);
      else this.#resourceVersions.delete(key);
    }
    const self = String(this.static.nodeId);
    const ofBrokers = changed.filter((resource) => resource.resourceType === resourceType.broker);
    if (ofBrokers.some(({ resourceName }) => resourceName === "" || resourceName === self)) this.#resolve(self);
    for (const { resourceType: type, resourceName } of changed) {
      if (type === resourceType.topic) for (const listener of this.#topicListeners) listener(resourceName);
    }
  }

  #resolve(self: string): void {
    const before = this.#values;
    const ignored = (level: string) => (name: string, why: string) =>
      this.#log.warn(`the stored ${level} setting ${name} is ignored: ${why}`);
    this.#cluster = acceptedDynamic(this.#lookup(resourceType.broker, ""), "cluster", ignored("cluster"));
    this.#broker = acceptedDynamic(this.#lookup(resourceType.broker, self), "broker", ignored("broker"));
    this.#values = resolveBroker(overlay(overlay(this.static.originals, this.#cluster), this.#broker));
    const changed = new Set<string>();
    for (const [name, { text }] of this.#values) if (before.get(name)?.text !== text) changed.add(name);
    if (changed.size === 0) return;
    this.#brokerVersion = this.#version;
    if (changed.has("odradek.log.level")) this.logLevels.set(this.get("odradek.log.level"));
    for (const listener of this.#listeners) {
      if (!listener.names.isDisjointFrom(changed)) listener.changed();
    }
    for (const listener of this.#topicListeners) listener(null);
  }
}

/** Every row's value from the merged texts. */
export function resolveBroker(texts: ReadonlyMap<string, string>): ReadonlyMap<string, Parsed> {
  const values = new Map<string, Parsed>();
  for (const row of brokerConfigs.values()) {
    const text = texts.get(row.name);
    values.set(row.name, text === undefined ? defaultValue(row) : parseValue(row, text));
  }
  clampToBounds(values, texts);
  return values;
}

/** Resolves the values of one topic or group when they may have changed, and not before. */
class View {
  readonly #live: LiveConfig;
  readonly #type: number;
  readonly #name: string;
  readonly #inherit: (broker: ReadonlyMap<string, Parsed>) => ReadonlyMap<string, Parsed>;
  readonly #rows: ReadonlyMap<string, AnyRow>;
  #values: ReadonlyMap<string, Parsed> = new Map();
  #version = -1;
  #stamp = "";

  constructor(
    live: LiveConfig,
    type: number,
    name: string,
    inherit: (broker: ReadonlyMap<string, Parsed>) => ReadonlyMap<string, Parsed>,
    rows: ReadonlyMap<string, AnyRow>,
  ) {
    this.#live = live;
    this.#type = type;
    this.#name = name;
    this.#inherit = inherit;
    this.#rows = rows;
  }

  get values(): ReadonlyMap<string, Parsed> {
    const { version } = this.#live;
    if (this.#version === version) return this.#values;
    this.#version = version;
    const stamp = this.#live.stampOf(this.#type, this.#name);
    if (this.#stamp === stamp) return this.#values;
    this.#stamp = stamp;
    const values = new Map(this.#inherit(this.#live.values));
    for (const [name, text] of this.#live.stored(this.#type, this.#name)) {
      const row = this.#rows.get(name);
      if (row !== undefined) setIfValid(values, row, text);
    }
    this.#values = values;
    return values;
  }
}

/** One topic's settings, always as they are now. */
export class TopicConfig {
  readonly name: string;
  readonly #view: View;

  constructor(live: LiveConfig, name: string) {
    this.name = name;
    this.#view = new View(live, resourceType.topic, name, topicDefaults, topicConfigs);
  }

  get<N extends TopicConfigName>(name: N): TopicConfigValueOf<N> {
    return this.#view.values.get(name)?.value as TopicConfigValueOf<N>;
  }

  /** All rows, own or the broker's. */
  get values(): ReadonlyMap<string, Parsed> {
    return this.#view.values;
  }
}

/** One group's settings, always as they are now. */
export class GroupConfig {
  readonly id: string;
  readonly #view: View;

  constructor(live: LiveConfig, id: string) {
    this.id = id;
    this.#view = new View(live, resourceType.group, id, groupDefaults, groupConfigs);
  }

  get<N extends GroupConfigName>(name: N): GroupConfigValueOf<N> {
    return this.#view.values.get(name)?.value as GroupConfigValueOf<N>;
  }

  get values(): ReadonlyMap<string, Parsed> {
    return this.#view.values;
  }
}

/** A stored value that no longer parses (an older or newer node wrote it) leaves the inherited one. */
function setIfValid(values: Map<string, Parsed>, row: AnyRow, text: string): void {
  try {
    values.set(row.name, parseValue(row, text));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
}
