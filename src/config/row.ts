/** The shape of one row of the settings table, and the TypeScript type that its value has at run time. */

export type ConfigType = "boolean" | "string" | "int" | "short" | "long" | "double" | "list" | "class" | "password";
export type Importance = "high" | "medium" | "low";
/** As in Apache's "update mode": never, for one broker by its id, or also for all brokers at once. */
export type DynamicMode = "read-only" | "per-broker" | "cluster-wide";
/** Checks that bounds and lists cannot say; `check.ts` has one function for each. */
export type SpecialCheck =
  | "gzip-level"
  | "non-null"
  | "non-empty"
  | "voters"
  | "bootstrap-servers"
  | "throttled-replicas"
  | "offset-reset"
  | "log-level";

/** 2^63-1 as text: what DescribeConfigs shows; at run time it saturates to `Number.MAX_SAFE_INTEGER`. */
export const LONG_MAX = "9223372036854775807";

interface Row {
  readonly name: string;
  readonly type: ConfigType;
  /** A list as its text, LONG_MAX as its text, null for "not set". Absent: the setting is required. */
  readonly default?: boolean | number | string | null;
  readonly min?: number;
  readonly max?: number;
  /** The only values; for a list, of each element. */
  readonly oneOf?: readonly string[];
  /** `oneOf` ignores upper and lower case. */
  readonly anyCase?: boolean;
  /** A list whose elements are not empty; repeated ones are dropped. */
  readonly distinct?: boolean;
  /** Of a `distinct` list (default true). */
  readonly emptyAllowed?: boolean;
  readonly valid?: SpecialCheck;
  readonly importance: Importance;
  /** Works when set, but DescribeConfigs does not list it. */
  readonly internal?: boolean;
  /**
   * works: code reads it and a test shows it. accepted: shown and stored, without effect so far. refused: another value
   * than the default is an error, because it would promise what is not there.
   */
  readonly status: "works" | "accepted" | "refused";
  /** One sentence, ours. `documentation()` adds what the status means. */
  readonly doc: string;
}

export interface BrokerRow extends Row {
  readonly dynamic: DynamicMode;
  /** Has no place in the file: it is set while the node runs, and DescribeConfigs lists it only then. */
  readonly dynamicOnly?: boolean;
}

export interface TopicRow extends Row {
  /** The broker setting that gives the topic its value when the topic has none of its own. */
  readonly broker?: string;
}

export interface GroupRow extends Row {
  readonly broker?: string;
}

export type ClientMetricsRow = Row;

export type AnyRow = BrokerRow | TopicRow | GroupRow | ClientMetricsRow;

type Plain<Type extends ConfigType> = Type extends "boolean"
  ? boolean
  : Type extends "int" | "short" | "long" | "double"
    ? number
    : Type extends "list"
      ? readonly string[]
      : string;

/** The value of a row: null only where the default is "not set". */
export type ValueOf<R extends { readonly type: ConfigType; readonly default?: unknown }> = R extends {
  readonly default: null;
}
  ? Plain<R["type"]> | null
  : Plain<R["type"]>;

export type ConfigValue = boolean | number | string | readonly string[] | null;
