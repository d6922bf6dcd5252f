/** One bit of a data directory is flipped: what a start then serves of it, and whether a verification finds it. */
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { sizeBytes } from "../../../protocol/records/batch.ts";
import type { Log } from "../../../storage/log.ts";
import { LogDirectory } from "../../../storage/log-dir.ts";
import { diskWith, flipped, type Image, sameBytes } from "../../../storage/testing/images.ts";
import { verifyDirectory } from "../verify.ts";
import { directoryOptions, finish, home } from "./data-directory.ts";

/** What an undamaged start answers. */
export interface Truth {
  readonly batches: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  readonly end: number;
  readonly times: readonly string[];
  readonly aborted: string;
  readonly epochs: string;
}

export interface Verdict {
  /** "wrong": something was served that was never written, or what was written is gone without a word. */
  readonly served: "same" | "refused" | "wrong";
  readonly why: string;
  readonly found: boolean;
}

const baseTimestamp = 1_700_000_000_000;

export async function truthOf(image: Image): Promise<Truth> {
  const log = await opened(image, {});
  if (log === null) throw new Error("an undamaged directory opens");
  const batches: { offset: number; bytes: Uint8Array }[] = [];
  for (let offset = 0; offset < log.logEndOffset; ) {
    const bytes = log.readCopy(offset, 1, log.logEndOffset, true);
    batches.push({ offset, bytes: bytes.slice(0, sizeBytes(bytes, 0)) });
    offset += new DataView(bytes.buffer, bytes.byteOffset).getInt32(23) + 1;
  }
  return { batches, end: log.logEndOffset, times: times(log), aborted: aborted(log), epochs: epochs(log) };
}

export async function judge(image: Image, truth: Truth, path: string, bit: number): Promise<Verdict> {
  const change = { [path]: flipped(image.get(path) as Uint8Array, bit) };
  const report = await verifyDirectory(home, { disk: diskWith(image, change), clock: new FakeClock(), columns: null });
  return { found: report.damaged, ...(await served(image, truth, change)) };
}

async function served(
  image: Image,
  truth: Truth,
  change: Readonly<Record<string, Uint8Array>>,
): Promise<Pick<Verdict, "served" | "why">> {
  let log: Log | null;
  try {
    log = await opened(image, change);
  } catch (error) {
    return { served: "refused", why: String(error) };
  }
  if (log === null) return { served: "refused", why: "the partition is fenced" };
  if (log.logEndOffset !== truth.end) return { served: "wrong", why: `the log ends at ${log.logEndOffset}` };
  let refused = "";
  for (const [n, { offset }] of truth.batches.entries()) {
    if (offset < log.logStartOffset) return { served: "wrong", why: `the log starts at ${log.logStartOffset}` };
    const fault = readFault(log, truth, n);
    if (fault.startsWith("CORRUPT_MESSAGE")) refused = fault;
    else if (fault !== "") return { served: "wrong", why: fault };
  }
  const answers: [string, (log: Log) => unknown, unknown][] = [
    ["offsets by time", times, truth.times],
    ["aborted transactions", aborted, truth.aborted],
    ["leader epochs", epochs, truth.epochs],
  ];
  for (const [what, ask, expected] of answers) {
    try {
      const answer = ask(log);
      if (JSON.stringify(answer) !== JSON.stringify(expected)) return { served: "wrong", why: `${what}: ${answer}` };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      refused = error.message;
    }
  }
  return refused === "" ? { served: "same", why: "" } : { served: "refused", why: refused };
}

/** Reads from batch `n` on, as a fetch does; "" where the bytes are the ones that were written. */
function readFault(log: Log, { batches, end }: Truth, n: number): string {
  const { offset } = batches[n] as Truth["batches"][number];
  try {
    const read = log.read(offset, 300, end, true);
    try {
      read.check();
      const bytes = read.view?.bytes ?? new Uint8Array(0);
      if (bytes.length === 0) return `nothing was read at ${offset}`;
      let at = 0;
      for (let m = n; at < bytes.length; m++) {
        const expected = batches[m]?.bytes ?? new Uint8Array(0);
        const length = Math.min(expected.length, bytes.length - at);
        if (length === 0 || !sameBytes(bytes.subarray(at, at + length), expected.subarray(0, length))) {
          return `other bytes at ${offset}`;
        }
        at += length;
      }
      return "";
    } finally {
      read.release();
    }
  } catch (error) {
    if (error instanceof KafkaError) return `${error.error}: ${error.message}`;
    throw error;
  }
}

async function opened(image: Image, change: Readonly<Record<string, Uint8Array>>): Promise<Log | null> {
  const clock = new FakeClock();
  const directory = await finish(clock, LogDirectory.open(directoryOptions(diskWith(image, change), clock)));
  return directory.log("orders", 0);
}

const times = (log: Log): string[] =>
  Array.from({ length: 14 }, (_, n) => String(log.offsetForTimestamp(baseTimestamp + n)?.offset));
const aborted = (log: Log): string => JSON.stringify(log.abortedTransactions(0, log.logEndOffset));
/** Where the first begins nobody asks: what lies before it is not known. */
const epochs = (log: Log): string =>
  JSON.stringify(log.epochs.entries().map(({ epoch, startOffset }, n) => [epoch, n === 0 ? 0 : startOffset]));

/**
 * What no one can find, because nothing else in the directory says it: the cluster's id (the other directories of a
 * node and its peers do), the broker epoch in the marker of a clean stop, and comments.
 */
export function isExempt(image: Image, path: string, bit: number, served: Verdict["served"]): boolean {
  const text = new TextDecoder().decode(image.get(path));
  const at = bit >> 3;
  const within = (pattern: RegExp) =>
    [...text.matchAll(pattern)].some(({ index, 0: match }) => at >= index && at < index + match.length);
  if (path === `${home}/meta.properties`) return within(/(?<=cluster\.id=)\S+\n?|^#.*$/gm);
  if (path === `${home}/.kafka_cleanshutdown`) return within(/(?<="brokerEpoch":)\d+/g);
  // It may name any record of the batch that has the timestamp.
  if (path.endsWith(".timeindex") && at % 12 === 11) return served === "same";
  // The first epoch may begin above the log start: a crash can have left that behind.
  if (path.endsWith("/leader-epoch-checkpoint")) return within(/(?<=^0\n\d+\n\d+ )\d+/g);
  if (path.endsWith("/quorum-state")) return within(/(?<="leaderEpoch":)\d+/g);
  return false;
}
