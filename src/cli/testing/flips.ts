/** Bits of a data directory are flipped: what a start then serves of it, and whether a verification finds them. */
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import {
  baseOffset,
  isControl,
  isTransactional,
  lastOffset,
  producerId,
  sizeBytes,
} from "../../../protocol/records/batch.ts";
import type { Log } from "../../../storage/log.ts";
import { LogDirectory } from "../../../storage/log-dir.ts";
import { diskWith, flipped, type Image, sameBytes } from "../../../storage/testing/images.ts";
import { verifyDirectory } from "../verify.ts";
import { baseTimestamp, directoryOptions, finish, home, leaderEpoch, tableTopic } from "./data-directory.ts";
import { type Answers, judgeNode } from "./node-flips.ts";

const PARTITION_LEADER_EPOCH_AT = 12;

/** What an undamaged start answers about one partition. */
export interface Truth {
  readonly batches: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  readonly start: number;
  readonly end: number;
  readonly times: string;
  readonly hidden: string;
  readonly epochs: string;
}

/** By "topic-partition". */
export type Truths = ReadonlyMap<string, Truth>;

/** What was true before the flip; `answers` of a whole node where one is asked. */
export interface Before {
  readonly truths: Truths;
  readonly answers: Answers | null;
}

export interface Flip {
  readonly path: string;
  readonly bit: number;
}

export interface Verdict {
  readonly flip: Flip;
  /**
   * "wrong": something was served that was never written, or what was written is gone without a word. "moved": the
   * records of a batch are there, at other offsets, where compaction had left a gap: see `movesIntoGap`.
   */
  readonly served: "same" | "refused" | "moved" | "wrong";
  readonly why: string;
  readonly found: boolean;
}

type Served = Pick<Verdict, "served" | "why">;
type Changes = Readonly<Record<string, Uint8Array>>;

export async function truthsOf(image: Image): Promise<Truths> {
  const directory = await opened(image, {});
  return new Map([...directory.logs].map(([name, log]) => [name, truthOf(log)]));
}

function truthOf(log: Log): Truth {
  const { logStartOffset: start, logEndOffset: end } = log;
  const batches: { offset: number; bytes: Uint8Array }[] = [];
  for (let offset = start; offset < end; ) {
    const bytes = log.readCopy(offset, 1, end, true);
    batches.push({ offset: Math.max(start, baseOffset(bytes, 0)), bytes: bytes.slice(0, sizeBytes(bytes, 0)) });
    offset = lastOffset(bytes, 0) + 1;
  }
  const answers = { times: times(log, start), hidden: hidden(log, batches, start), epochs: epochs(log, batches) };
  return { batches, start, end, ...answers };
}

/** The logs of partitions are opened without a look at these. */
const ofNodeAlone = /\/(__cluster_metadata-0\/.*|meta\.properties|bootstrap\.checkpoint)$/;

/** One flip anywhere in the directory. */
export async function judge(image: Image, { truths, answers }: Before, flip: Flip): Promise<Verdict> {
  const changes = { [flip.path]: flipped(image.get(flip.path) as Uint8Array, flip.bit) };
  const found = (await verified(image, changes)).damaged;
  if (answers !== null && ofNodeAlone.test(flip.path)) {
    return { flip, found, ...(await judgeNode(image, answers, flip)) };
  }
  const byLogs = await servedByLogs(image, truths, flip, changes);
  const inPartition = truths.has(nameOf(flip.path));
  if (answers === null || inPartition || byLogs.served === "wrong") return { flip, found, ...byLogs };
  const byNode = await judgeNode(image, answers, flip);
  return { flip, found, ...(byNode.served === "same" ? byLogs : byNode) };
}

async function servedByLogs(image: Image, truths: Truths, flip: Flip, changes: Changes): Promise<Served> {
  let directory: LogDirectory;
  try {
    directory = await opened(image, changes);
  } catch (error) {
    return { served: "refused", why: String(error) };
  }
  let worst: Served = { served: "same", why: "" };
  for (const [name, truth] of truths) {
    const served = servedBy(directory.logs.get(name), truth);
    if (served.served === "wrong" || worst.served === "same") worst = served;
  }
  return worst.served === "wrong" && movesIntoGap(image, flip) ? { ...worst, ...MOVED } : worst;
}

/** One flip in the directory of each partition; each is judged for itself. */
export async function judgePartitions(image: Image, truths: Truths, flips: readonly Flip[]): Promise<Verdict[]> {
  const changes: Record<string, Uint8Array> = {};
  for (const { path, bit } of flips) changes[path] = flipped(image.get(path) as Uint8Array, bit);
  const { findings } = await verified(image, changes);
  const directory = await opened(image, changes); // damage in one partition stops no start
  return flips.map((flip) => {
    const name = nameOf(flip.path);
    const within = `${home}/${name}`;
    const found = findings.some(({ path, severity }) => {
      return severity === "damage" && (path === within || path.startsWith(`${within}/`));
    });
    const served = servedBy(directory.logs.get(name), truths.get(name) as Truth);
    return { flip, found, ...served, ...(served.served === "wrong" && movesIntoGap(image, flip) ? MOVED : {}) };
  });
}

const MOVED = { served: "moved" } as const;

/** The partition of a file's directory. */
const nameOf = (path: string): string => path.slice(home.length + 1, path.lastIndexOf("/"));

function verified(image: Image, changes: Changes) {
  return verifyDirectory(home, { disk: diskWith(image, changes), clock: new FakeClock(), columns: null });
}

function servedBy(log: Log | undefined, truth: Truth): Served {
  if (log === undefined) return { served: "refused", why: "the partition is fenced" };
  if (log.logEndOffset !== truth.end) return { served: "wrong", why: `the log ends at ${log.logEndOffset}` };
  if (log.logStartOffset > truth.start) return { served: "wrong", why: `the log starts at ${log.logStartOffset}` };
  let refused = "";
  for (const n of truth.batches.keys()) {
    const fault = readFault(log, truth, n);
    if (fault.startsWith("CORRUPT_MESSAGE")) refused = fault;
    else if (fault !== "") return { served: "wrong", why: fault };
  }
  const answers: [string, () => string, string][] = [
    ["offsets by time", () => times(log, truth.start), truth.times],
    ["aborted batches", () => hidden(log, truth.batches, truth.start), truth.hidden],
    ["leader epochs", () => epochs(log, truth.batches, JSON.parse(truth.epochs)), truth.epochs],
  ];
  for (const [what, ask, expected] of answers) {
    try {
      const answer = ask();
      if (answer !== expected) return { served: "wrong", why: `${what}: ${answer}, not ${expected}` };
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

async function opened(image: Image, changes: Changes): Promise<LogDirectory> {
  const clock = new FakeClock();
  return finish(clock, LogDirectory.open(directoryOptions(diskWith(image, changes), clock)));
}

/** A log start that a flip has moved down brings back what was deleted: that counts for what it is, the same bytes. */
const times = (log: Log, start: number): string =>
  Array.from({ length: 14 }, (_, n) => {
    const offset = log.offsetForTimestamp(baseTimestamp + n)?.offset;
    return offset === undefined ? "none" : Math.max(offset, start);
  }).join();
/** Aborted transactions by what they are for: the batches that a consumer of committed records leaves out. */
function hidden(log: Log, batches: Truth["batches"], start: number): string {
  const aborted = log.abortedTransactions(start, log.logEndOffset);
  const isHidden = (bytes: Uint8Array) =>
    isTransactional(bytes, 0) &&
    !isControl(bytes, 0) &&
    aborted.some((each) => {
      const isItsProducer = each.producerId === producerId(bytes, 0);
      return isItsProducer && each.firstOffset <= lastOffset(bytes, 0) && baseOffset(bytes, 0) < each.lastOffset;
    });
  return batches.flatMap(({ offset, bytes }) => (isHidden(bytes) ? offset : [])).join();
}
/** Of each batch. What lies before the first epoch is not known, and nobody asks. */
const epochs = (log: Log, batches: Truth["batches"], otherwise: readonly (number | null)[] = []): string =>
  JSON.stringify(batches.map(({ offset }, n) => log.epochs.epochFor(offset) ?? otherwise[n] ?? null));

/**
 * What no one can find, because nothing else in the directory says it; named by file, with the reason. All of them
 * leave what is served as it was.
 */
export function cannotBeFound(image: Image, truths: Truths, { flip: { path, bit }, served }: Verdict): boolean {
  if (served === "moved") return true;
  const text = new TextDecoder().decode(image.get(path));
  const at = bit >> 3;
  const within = (pattern: RegExp) =>
    [...text.matchAll(pattern)].some(({ index, 0: match }) => at >= index && at < index + match.length);
  if (served === "wrong") return false;
  // The cluster's id: the other directories of a node and its peers know it. And comments.
  if (path === `${home}/meta.properties`) return within(/(?<=cluster\.id=)\S+\n?|^#.*$/gm);
  // The broker epoch in the marker of a clean stop: the controller knows it.
  if (path === `${home}/.kafka_cleanshutdown`) return within(/(?<="brokerEpoch":)\d+/g);
  if (path.endsWith(".log")) return isEpochOfDeleted(image.get(path) as Uint8Array, truths.get(nameOf(path)), at);
  // An entry may name any record of the batch that has the timestamp.
  if (path.endsWith(".timeindex")) return at % 12 === 11;
  // The first epoch may begin above the log start, and the log start may be lower: a crash leaves that behind.
  if (path.endsWith("/leader-epoch-checkpoint")) {
    const isLeft = truths.get(nameOf(path))?.batches.length !== 0;
    if (!isLeft && within(/(?<=\n)\d+(?= )/g))
      return latestEpoch(flipped(image.get(path) as Uint8Array, bit)) <= leaderEpoch;
    // Others may begin anywhere in a gap that compaction left.
    return within(nameOf(path).startsWith(tableTopic) ? /(?<= )\d+(?=\n)/g : /(?<=^0\n\d+\n\d+ )\d+/g);
  }
  if (path === `${home}/log-start-offset-checkpoint`) return within(/(?<= )\d+(?=\n)/g);
  // Compaction may have come to any offset of the log.
  if (path === `${home}/cleaner-offset-checkpoint`) return within(/(?<= )\d+(?=\n)/g);
  // A vote of a later epoch than any that the log has may have been cast.
  if (path.endsWith("/quorum-state")) return within(/(?<="leaderEpoch":)\d+/g);
  return false;
}

/**
 * The base offset of a batch is in no checksum. Where compaction has left a gap beside it, no neighbour contradicts a
 * base that stays inside of the gap, in Apache's files as in ours.
 */
function movesIntoGap(image: Image, { path, bit }: Flip): boolean {
  if (!path.endsWith(".log") || !nameOf(path).startsWith(tableTopic)) return false;
  const content = image.get(path) as Uint8Array;
  const changed = flipped(content, bit);
  let next = Number.parseInt(path.slice(path.lastIndexOf("/") + 1), 10);
  for (let position = 0; position < content.length; position += sizeBytes(content, position)) {
    const end = position + sizeBytes(content, position);
    if (bit >> 3 >= end) next = lastOffset(content, position) + 1;
    else if (bit >> 3 >= position + 8 || baseOffset(changed, position) < next) return false;
    else return end >= content.length || lastOffset(changed, position) < baseOffset(content, end);
  }
  return false;
}

/** As the checkpoint says it: where no batch is left, only that the metadata gave no later one is known. */
function latestEpoch(content: Uint8Array): number {
  const [last = ""] = new TextDecoder().decode(content).trimEnd().split("\n").slice(-1);
  return Number(last.split(" ")[0]);
}

/** The leader epoch of a batch below the log start, of which nobody knows the epoch and which nobody reads. */
function isEpochOfDeleted(content: Uint8Array, truth: Truth | undefined, at: number): boolean {
  for (let position = 0; position < content.length; position += sizeBytes(content, position)) {
    if (at >= position + sizeBytes(content, position)) continue;
    const isEpoch = at >= position + PARTITION_LEADER_EPOCH_AT && at < position + PARTITION_LEADER_EPOCH_AT + 4;
    return isEpoch && lastOffset(content, position) < (truth?.start ?? 0);
  }
  return false;
}
