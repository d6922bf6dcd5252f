import { expect, test } from "bun:test";
import { ConfigError } from "./error.ts";
import type { AnyRow } from "./row.ts";
import { brokerConfigs, clientMetricsConfigs, groupConfigs, topicConfigs } from "./table.ts";
import { javaDouble, parseValue } from "./value.ts";

const tables = [topicConfigs, brokerConfigs, groupConfigs, clientMetricsConfigs];
const row = (name: string): AnyRow => tables.map((table) => table.get(name)).find((found) => found) as AnyRow;

test.each([
  ["retention.ms", " 86400000 ", 86_400_000, "86400000"],
  ["retention.ms", "+007", 7, "7"],
  ["retention.ms", "-1", -1, "-1"],
  ["flush.messages", "9223372036854775807", Number.MAX_SAFE_INTEGER, "9223372036854775807"],
  ["retention.bytes", "-9223372036854775808", -Number.MAX_SAFE_INTEGER, "-9223372036854775808"],
  ["preallocate", " TRUE", true, "true"],
  ["min.cleanable.dirty.ratio", "1", 1, "1.0"],
  ["min.cleanable.dirty.ratio", ".5f", 0.5, "0.5"],
  ["cleanup.policy", "compact , delete,compact", ["compact", "delete"], "compact,delete"],
  ["cleanup.policy", "", [], ""],
  ["compression.type", " lz4 ", "lz4", "lz4"],
  ["leader.replication.throttled.replicas", "*", ["*"], "*"],
  ["leader.replication.throttled.replicas", "0:1,1:2", ["0:1", "1:2"], "0:1,1:2"],
  ["compression.gzip.level", "-1", -1, "-1"],
  ["share.auto.offset.reset", "by_duration:P1DT2H", "by_duration:P1DT2H", "by_duration:P1DT2H"],
  ["group.consumer.migration.policy", "Upgrade", "Upgrade", "Upgrade"],
])("%s takes %j", (name, text, value, shown) => {
  expect(parseValue(row(name), text)).toEqual({ value, text: shown });
});

test.each([
  ["retention.ms", "abc", "Invalid value abc for configuration retention.ms: Not a number of type LONG"],
  ["retention.ms", "1e3", "Invalid value 1e3 for configuration retention.ms: Not a number of type LONG"],
  ["retention.ms", "", "Invalid value  for configuration retention.ms: Not a number of type LONG"],
  [
    "retention.ms",
    "9223372036854775808",
    "Invalid value 9223372036854775808 for configuration retention.ms: Not a number of type LONG",
  ],
  ["retention.ms", "-2", "Invalid value -2 for configuration retention.ms: Value must be at least -1"],
  ["segment.bytes", "2147483648", "Invalid value 2147483648 for configuration segment.bytes: Not a number of type INT"],
  ["segment.bytes", "14", "Invalid value 14 for configuration segment.bytes: Value must be at least 1048576"],
  [
    "offsets.topic.replication.factor",
    "32768",
    "Invalid value 32768 for configuration offsets.topic.replication.factor: Not a number of type SHORT",
  ],
  [
    "min.cleanable.dirty.ratio",
    "1.5",
    "Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1",
  ],
  ["preallocate", "yes", "Invalid value yes for configuration preallocate: Expected value to be either true or false"],
  [
    "cleanup.policy",
    "delete,lose",
    "Invalid value lose for configuration cleanup.policy: String must be one of: compact, delete",
  ],
  ["cleanup.policy", "delete,,", "Configuration 'cleanup.policy' values must not be empty."],
  ["process.roles", "", "Configuration 'process.roles' must not be empty. Valid values include: [broker, controller]"],
  ["log.dirs", "", "Configuration 'log.dirs' must not be empty. Valid values include: any non-empty value"],
  [
    "compression.type",
    "rar",
    "Invalid value rar for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer",
  ],
  [
    "compression.gzip.level",
    "0",
    "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1",
  ],
  [
    "leader.replication.throttled.replicas",
    "0:1,x",
    "Invalid value [0:1, x] for configuration leader.replication.throttled.replicas: leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...",
  ],
  [
    "principal.builder.class",
    "com.example.Mine",
    "Invalid value com.example.Mine for configuration principal.builder.class: Class com.example.Mine could not be found.",
  ],
  [
    "controller.quorum.voters",
    "1@host",
    "Failed to parse host name from entry 1@host for the configuration controller.quorum.voters. Each entry should be in the form `{id}@{host}:{port}`.",
  ],
  [
    "share.auto.offset.reset",
    "by_duration:1h",
    "Invalid value by_duration:1h for configuration share.auto.offset.reset: Invalid value `by_duration:1h` for configuration share.auto.offset.reset. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.",
  ],
])("%s refuses %j in Apache's words", (name, text, message) => {
  expect(() => parseValue(row(name), text)).toThrow(new ConfigError(message));
});

test.each([
  [0.5, "0.5"],
  [1, "1.0"],
  [0, "0.0"],
  [1e7, "1.0E7"],
  [1.5e-4, "1.5E-4"],
  [Number.MAX_VALUE, "1.7976931348623157E308"],
  [1234567.5, "1234567.5"],
])("the double %d reads %s, as in Java", (value, text) => {
  expect(javaDouble(value)).toBe(text);
});
