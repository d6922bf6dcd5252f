/** Text → value by a row of the table, as Apache's ConfigDef does it: same types, same trimming, same messages. */
import { parseBootstrapServer, parseVoter } from "./endpoints.ts";
import { ConfigError } from "./error.ts";
import type { AnyRow, ConfigType, ConfigValue } from "./row.ts";
import { isOffsetReset } from "./special.ts";

/** A value twice: for code, and as the text that DescribeConfigs shows (null: not set). */
export interface Parsed {
  readonly value: ConfigValue;
  readonly text: string | null;
}

const notSet: Parsed = { value: null, text: null };

/** @throws ConfigError with the words of Apache's ConfigException. */
export function parseValue(row: AnyRow, text: string): Parsed {
  const parsed = distinct(row, parseType(row, text));
  ensureValid(row, parsed);
  return parsed;
}

/** @throws ConfigError for a required setting. */
export function defaultValue(row: AnyRow): Parsed {
  if (row.default === undefined) {
    throw new ConfigError(`Missing required configuration "${row.name}" which has no default value.`);
  }
  if (row.default === null) return notSet;
  return parseType(row, String(row.default));
}

function parseType(row: AnyRow, text: string): Parsed {
  const trimmed = javaTrim(text);
  switch (row.type) {
    case "boolean":
      return parseBoolean(row, text, trimmed);
    case "int":
      return parseInteger(row, text, trimmed, "2147483647");
    case "short":
      return parseInteger(row, text, trimmed, "32767");
    case "long":
      return parseInteger(row, text, trimmed, "9223372036854775807");
    case "double":
      return parseDouble(row, text, trimmed);
    case "list": {
      const value = trimmed === "" ? [] : trimmed.split(/\s*,\s*/);
      return { value, text: value.join(",") };
    }
    case "class":
      // No class can be loaded: the names that Apache ships as defaults are known, any other is "not found".
      if (trimmed !== row.default) throw invalid(row, text, `Class ${text} could not be found.`);
      return { value: trimmed, text: trimmed };
    default:
      return { value: trimmed, text: trimmed };
  }
}

function parseBoolean(row: AnyRow, text: string, trimmed: string): Parsed {
  const lower = trimmed.toLowerCase();
  if (lower !== "true" && lower !== "false") throw invalid(row, text, "Expected value to be either true or false");
  return { value: lower === "true", text: lower };
}

/** Digits with at most one sign, within ±limit as text: exact for 64 bits, where a number would round. */
function parseInteger(row: AnyRow, text: string, trimmed: string, limit: string): Parsed {
  const match = /^([+-]?)0*(\d+)$/.exec(trimmed);
  if (match === null) throw notANumber(row, text);
  const digits = match[2] as string;
  const negative = match[1] === "-" && digits !== "0";
  // The negative end lies one further out; both limits end in 7, so that one is the limit's text ending in 8.
  const end = negative ? `${limit.slice(0, -1)}8` : limit;
  if (digits.length > end.length || (digits.length === end.length && digits > end)) throw notANumber(row, text);
  const value = Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
  return { value: negative ? -value : value, text: negative ? `-${digits}` : digits };
}

function parseDouble(row: AnyRow, text: string, trimmed: string): Parsed {
  const match = /^[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)[dDfF]?$/.exec(trimmed);
  if (match === null) throw notANumber(row, text);
  const value = Number(trimmed.replace(/[dDfF]$/, ""));
  return { value, text: javaDouble(value) };
}

/** As Java's Double.toString: always a fraction, an exponent below 10^-3 and from 10^7 on. */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
    return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${Object.is(value, -0) ? "-0" : value}.0` : String(value);
}

/** Java's trim: every character up to and including the space. */
function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

function distinct(row: AnyRow, parsed: Parsed): Parsed {
  if (row.distinct !== true || !Array.isArray(parsed.value)) return parsed;
  const value = [...new Set<string>(parsed.value)];
  return { value, text: value.join(",") };
}

function ensureValid(row: AnyRow, parsed: Parsed): void {
  const { value } = parsed;
  if (typeof value === "number") ensureInRange(row, parsed, value);
  else if (Array.isArray(value)) ensureList(row, value);
  else if (typeof value === "string" && row.oneOf !== undefined) ensureOneOf(row, value);
  if (row.valid !== undefined) ensureSpecial(row, parsed);
}

function ensureInRange(row: AnyRow, parsed: Parsed, value: number): void {
  const { min, max } = row;
  if (min !== undefined && value < min) throw invalid(row, parsed.text, `Value must be at least ${min}`);
  if (max !== undefined && value > max) throw invalid(row, parsed.text, `Value must be no more than ${max}`);
}

function ensureOneOf(row: AnyRow, value: string): void {
  const oneOf = row.oneOf as readonly string[];
  if (row.anyCase === true) {
    if (oneOf.includes(value.toUpperCase())) return;
    throw invalid(row, value, `String must be one of (case insensitive): ${oneOf.join(", ")}`);
  }
  if (!oneOf.includes(value)) throw invalid(row, value, `String must be one of: ${oneOf.join(", ")}`);
}

function ensureList(row: AnyRow, values: readonly string[]): void {
  if (row.distinct !== true) return;
  if (row.emptyAllowed === false && values.length === 0) {
    const valid = row.oneOf === undefined ? "any non-empty value" : `[${row.oneOf.join(", ")}]`;
    throw new ConfigError(`Configuration '${row.name}' must not be empty. Valid values include: ${valid}`);
  }
  for (const value of values) {
    if (value === "") throw new ConfigError(`Configuration '${row.name}' values must not be empty.`);
    if (row.oneOf !== undefined) ensureOneOf(row, value);
  }
}

const THROTTLED_FORMAT =
  "must be the literal '*' or a list of replicas in the following format: " +
  "[partitionId]:[brokerId],[partitionId]:[brokerId],...";

function ensureSpecial(row: AnyRow, { value, text }: Parsed): void {
  switch (row.valid) {
    case "gzip-level":
      if (value !== -1 && ((value as number) < 1 || (value as number) > 9)) {
        throw invalid(row, text, "Value must be between 1 and 9 or equal to -1");
      }
      break;
    case "non-empty":
      if (value === "") throw invalid(row, text, "String must be non-empty");
      break;
    case "voters":
      for (const entry of value as readonly string[]) parseVoter(entry);
      break;
    case "bootstrap-servers":
      for (const entry of value as readonly string[]) parseBootstrapServer(entry);
      break;
    case "throttled-replicas": {
      const replicas = (value as readonly string[]).map((replica) => replica.trim());
      if (replicas.join("") === "*" || replicas.every((replica) => /^([0-9]+:[0-9]+)?$/.test(replica))) break;
      throw invalid(row, `[${replicas.join(", ")}]`, `${row.name} ${THROTTLED_FORMAT}`);
    }
    case "offset-reset":
      if (!isOffsetReset(value as string)) {
        throw invalid(row, text, `Invalid value \`${text}\` for configuration ${row.name}. ${OFFSET_RESET_FORMAT}`);
      }
      break;
    default:
      break; // "non-null": a text is never null.
  }
}

const OFFSET_RESET_FORMAT =
  "The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.";

const typeNames: Record<ConfigType, string> = {
  boolean: "BOOLEAN",
  string: "STRING",
  int: "INT",
  short: "SHORT",
  long: "LONG",
  double: "DOUBLE",
  list: "LIST",
  class: "CLASS",
  password: "PASSWORD",
};

function notANumber(row: AnyRow, text: string): ConfigError {
  return invalid(row, text, `Not a number of type ${typeNames[row.type]}`);
}

export function invalid(row: { readonly name: string }, text: string | null, why: string): ConfigError {
  return new ConfigError(`Invalid value ${text} for configuration ${row.name}: ${why}`);
}
