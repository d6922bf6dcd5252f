/** Settings of one meaning under several names: milliseconds before minutes before hours, one listener before all. */

const families: readonly (readonly string[])[] = [
  ["log.roll.ms", "log.roll.hours"],
  ["log.roll.jitter.ms", "log.roll.jitter.hours"],
  ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
];

/** They lie below a mechanism's name: `listener.name.NAME.MECHANISM.sasl.jaas.config`. */
const perMechanism: readonly string[] = [
  "sasl.jaas.config",
  "sasl.login.callback.handler.class",
  "sasl.login.class",
  "sasl.server.callback.handler.class",
  "connections.max.reauth.ms",
];

/** The names that may give `name` its value, the strongest first; `name` itself is one of them. */
export function brokerSynonyms(name: string, matchListener: boolean): readonly string[] {
  const family = families.find((names) => names.includes(name));
  if (family !== undefined) return family;
  // The scheduler's interval only stands in for a missing log.flush.interval.ms; it is no synonym the other way.
  if (name === "log.flush.interval.ms") return [name, "log.flush.scheduler.interval.ms"];
  const base = matchListener ? listenerBaseName(name) : null;
  if (base === null) return [name];
  return [name, perMechanism.find((suffix) => base.endsWith(suffix)) ?? base];
}

/** `listener.name.NAME.BASE` → BASE; null for other names. */
export function listenerBaseName(name: string): string | null {
  return /^listener\.name\.[^.]*\.(.*)$/.exec(name)?.[1] ?? null;
}
