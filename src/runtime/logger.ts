/** Log lines for people: the time, the level where it matters, one sentence. */
import type { Clock, Logger } from "../../base/ports.ts";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** `write` takes whole lines. */
export function lineLogger(level: LogLevel, clock: Clock, write: (line: string) => void): Logger {
  let threshold = logLevels.indexOf(level);
  const line = (of: LogLevel) => {
    const severity = logLevels.indexOf(of);
    const label = of.padEnd(5);
    return (message: string) => {
      if (severity >= threshold) write(`${localTime(clock.nowMs())} ${label} ${message}\n`);
    };
  };
  const setLevel = (to: LogLevel) => {
    threshold = logLevels.indexOf(to);
  };
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error"), setLevel };
}

/** As people write it, in the machine's own zone: 2026-03-01 09:30:00.250 */
function localTime(ms: number): string {
  const at = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return at.toISOString().replace("T", " ").slice(0, -1);
}
