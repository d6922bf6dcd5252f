/** What the settings of one group must keep, with the broker's bounds. As Kafka's GroupConfig.validate. */
import { ConfigError } from "./error.ts";
import { groupDefaults } from "./inherit.ts";
import { groupConfigs } from "./table.ts";
import { type Parsed, parseValue } from "./value.ts";

/** In the order of Apache's checks: a group setting and the middle of the broker's two bounds. */
const bounded: readonly (readonly [name: string, prefix: string, rest: string])[] = [
  ["consumer.heartbeat.interval.ms", "group.consumer", "heartbeat.interval.ms"],
  ["consumer.session.timeout.ms", "group.consumer", "session.timeout.ms"],
  ["consumer.assignment.interval.ms", "group.consumer", "assignment.interval.ms"],
  ["share.heartbeat.interval.ms", "group.share", "heartbeat.interval.ms"],
  ["share.session.timeout.ms", "group.share", "session.timeout.ms"],
  ["share.record.lock.duration.ms", "group.share", "record.lock.duration.ms"],
  ["share.delivery.count.limit", "group.share", "delivery.count.limit"],
  ["share.partition.max.record.locks", "group.share", "partition.max.record.locks"],
  ["share.assignment.interval.ms", "group.share", "assignment.interval.ms"],
  ["streams.heartbeat.interval.ms", "group.streams", "heartbeat.interval.ms"],
  ["streams.session.timeout.ms", "group.streams", "session.timeout.ms"],
  ["streams.num.standby.replicas", "group.streams", "standby.replicas"],
  ["streams.assignment.interval.ms", "group.streams", "assignment.interval.ms"],
];

/** @throws ConfigError, which the APIs answer as INVALID_CONFIG */
export function validateGroupConfigs(after: ReadonlyMap<string, string>, broker: ReadonlyMap<string, Parsed>): void {
  for (const name of after.keys()) {
    if (!groupConfigs.has(name)) throw new ConfigError(`Unknown group config name: ${name}`);
  }
  const values = new Map(groupDefaults(broker));
  for (const row of groupConfigs.values()) {
    const text = after.get(row.name);
    if (text !== undefined) values.set(row.name, parseValue(row, text));
  }
  const number = (name: string): number => values.get(name)?.value as number;
  for (const [name, prefix, rest] of bounded) {
    // The broker's own interval may lie outside its bounds; it is clamped there, not refused here.
    if (name.endsWith("assignment.interval.ms") && !after.has(name)) continue;
    const minName = `${prefix}.min.${rest}`;
    const maxName = `${prefix}.max.${rest}`;
    const min = broker.get(minName)?.value as number | undefined;
    const max = broker.get(maxName)?.value as number;
    if (min !== undefined && number(name) < min) {
      throw new ConfigError(`${name} must be greater than or equal to ${minName}`);
    }
    if (number(name) > max) throw new ConfigError(`${name} must be less than or equal to ${maxName}`);
  }
  for (const kind of ["consumer", "share", "streams"]) {
    const session = `${kind}.session.timeout.ms`;
    const heartbeat = `${kind}.heartbeat.interval.ms`;
    if (number(session) <= number(heartbeat)) throw new ConfigError(`${session} must be greater than ${heartbeat}`);
  }
}
