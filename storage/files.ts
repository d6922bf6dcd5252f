/** Names of the files and directories of a log, as Apache writes them. */

export const LOG_SUFFIX = ".log";
export const INDEX_SUFFIX = ".index";
export const TIME_INDEX_SUFFIX = ".timeindex";
export const TXN_INDEX_SUFFIX = ".txnindex";
export const SNAPSHOT_SUFFIX = ".snapshot";
/** Renamed so, a file waits for its delayed deletion. */
export const DELETED_SUFFIX = ".deleted";
/** Output of compaction that is not complete. */
export const CLEANED_SUFFIX = ".cleaned";
/** Output of compaction that is complete and is about to replace its inputs. */
export const SWAP_SUFFIX = ".swap";

export const DELETE_DIRECTORY_SUFFIX = "-delete";
export const FUTURE_DIRECTORY_SUFFIX = "-future";
export const STRAY_DIRECTORY_SUFFIX = "-stray";

/**
 * Ours, and Apache looks past it: in a log that is a copy of one in another directory and may lack the end of it, until
 * the copy alone is the log.
 */
export const COPY_MARK_FILE = "odradek.copy";

/** Offsets in names have 20 digits, so that names sort as numbers. */
export function offsetName(offset: number): string {
  return String(offset).padStart(20, "0");
}

export const logName = (baseOffset: number): string => offsetName(baseOffset) + LOG_SUFFIX;
export const indexName = (baseOffset: number): string => offsetName(baseOffset) + INDEX_SUFFIX;
export const timeIndexName = (baseOffset: number): string => offsetName(baseOffset) + TIME_INDEX_SUFFIX;
export const txnIndexName = (baseOffset: number): string => offsetName(baseOffset) + TXN_INDEX_SUFFIX;
export const snapshotName = (offset: number): string => offsetName(offset) + SNAPSHOT_SUFFIX;

/** The offset that a name begins with, null where there is none. */
export function offsetOf(name: string): number | null {
  const digits = name.slice(0, Math.max(0, name.indexOf(".")));
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

export interface LogDirectoryName {
  readonly topic: string;
  readonly partition: number;
  readonly kind: "current" | "future" | "delete" | "stray";
}

export const logDirectoryName = (topic: string, partition: number): string => `${topic}-${partition}`;

/**
 * `TOPIC-N.UUID-delete` and its like. Apache cuts the topic so that the whole name stays within 255 bytes, except for
 * `-future`, from which the topic must be read again.
 */
export function markedDirectoryName(
  topic: string,
  partition: number,
  uniqueId: string,
  suffix: typeof DELETE_DIRECTORY_SUFFIX | typeof FUTURE_DIRECTORY_SUFFIX | typeof STRAY_DIRECTORY_SUFFIX,
): string {
  const tail = `-${partition}.${uniqueId}${suffix}`;
  const kept = suffix === FUTURE_DIRECTORY_SUFFIX ? topic : topic.slice(0, Math.max(0, 255 - tail.length));
  return kept + tail;
}

/** Null where the name is not a log's: Apache refuses to start on such a directory. */
export function parseLogDirectoryName(name: string): LogDirectoryName | null {
  let kind: LogDirectoryName["kind"] = "current";
  let plain = name;
  const marked = /^(\S+)-(\S+)\.(\S+)(-delete|-future|-stray)$/.exec(name);
  if (marked !== null) {
    kind = (marked[4] as string).slice(1) as LogDirectoryName["kind"];
    plain = `${marked[1]}-${marked[2]}`;
  }
  const dash = plain.lastIndexOf("-");
  const topic = plain.slice(0, Math.max(0, dash));
  const partition = plain.slice(dash + 1);
  if (topic === "" || !/^\d+$/.test(partition)) return null;
  return { topic, partition: Number(partition), kind };
}
