/**
 * A whole node on two log directories and one for its metadata, of whose disk operations one fails, once: every place
 * in the code that asks the disk for something has its turn, at several of its occurrences, with each kind of failure.
 * The node goes on, or a log directory goes offline and the other one goes on being written and read; only where the
 * metadata's directory fails it ends, with a sentence that names the disk. Then the power goes, and what was
 * acknowledged is there.
 */
import { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { baseOffset, crc, sizeBytes } from "../../../protocol/records/batch.ts";
import { buildBatch } from "../../../protocol/records/builder.ts";
import { alterTopic, createTopic, deleteRecords, fetch, produceBatch } from "../../broker/testing/admin.ts";
import { MemoryNode } from "../../broker/testing/memory-node.ts";

const settings = {
  "log.dirs": "/a,/b",
  "metadata.log.dir": "/m",
  "log.index.size.max.bytes": "1024",
  "log.initial.task.delay.ms": "50",
  "log.flush.offset.checkpoint.interval.ms": "50",
  "log.flush.start.offset.checkpoint.interval.ms": "50",
  "replica.high.watermark.checkpoint.interval.ms": "50",
  "odradek.recovery.point.bytes": "1000",
  "log.retention.check.interval.ms": "100",
  "log.segment.delete.delay.ms": "20",
};
const configs = { "internal.segment.bytes": "600", "retention.ms": "-1" };
const topic = "orders";
/** Two in each directory. */
const PARTITIONS = 4;
const ROUNDS = 8;
/** The node is stopped and started again before this one. */
const SECOND_START = 4;
/** A full disk is looked at again after a while. */
const TRIES = 5;

export const faultKinds = ["EIO", "ENOSPC", "short write"] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultPlan {
  /** Which of the operations fails, counted from 1. */
  readonly operation: number;
  readonly kind: FaultKind;
  /** Over those of the harness: to see that it sees. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface FaultOutcome {
  /** What failed, and where: operation, path, place in the code. */
  readonly what: string;
  readonly ended: "went on" | "directory offline" | "node ended" | "did not start";
  /** Broken promises, as sentences. */
  readonly faults: readonly string[];
  readonly acknowledged: number;
}

/** A place in the code that calls the disk, and which of all operations are its own. */
export interface CallSite {
  readonly name: string;
  readonly operations: readonly number[];
}

class Life {
  readonly disk: MemoryDisk;
  readonly acknowledged: { partition: number; offset: number; crc: number }[] = [];
  /** Broken promises, as sentences. */
  readonly faults: string[] = [];
  /** Why the node ended or did not start. */
  failure: Error | null = null;
  node: MemoryNode | null = null;
  starts = 0;
  /** The node was told to stop: it may say that a directory failed meanwhile. */
  stopping = false;
  deletedTo = 0;
  readonly lines: string[] = [];
  private readonly onStart: () => void;
  readonly overrides: Readonly<Record<string, string>>;

  constructor(disk: MemoryDisk, overrides: Readonly<Record<string, string>> = {}, onStart: () => void = () => {}) {
    this.disk = disk;
    this.overrides = overrides;
    this.onStart = onStart;
  }

  /** Until it does not start or cannot go on. */
  async run(): Promise<void> {
    try {
      await this.live(0, SECOND_START);
      await this.live(SECOND_START, ROUNDS);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  /** The log directory that has failed in this life of the node. */
  get offline(): string | null {
    return /Log directory (\/[ab]) is offline/.exec(this.node?.lines.join("\n") ?? "")?.[1] ?? null;
  }

  private async live(from: number, to: number): Promise<void> {
    this.node = null;
    this.starts++;
    this.onStart();
    const node = await MemoryNode.start({ ...settings, ...this.overrides }, this.disk);
    this.node = node;
    try {
      if (from === 0) await this.attempt(() => createTopic(node, topic, configs, PARTITIONS));
      for (let n = from; n < to; n++) {
        for (let partition = 0; partition < PARTITIONS; partition++) {
          await this.attempt(() => this.produce(partition, n));
        }
        if (n === 2) await this.attempt(() => this.deleteRecords(2));
        if (n === 5) await this.attempt(() => alterTopic(node, topic, { "retention.bytes": "300" }));
        if (n % 2 === 1) await node.clock.run(300);
        if (node.fatal !== null) throw node.fatal;
      }
      await this.serves(to);
      this.stopping = true;
      await node.stop();
      this.stopping = false;
      this.disk.kill(); // its process ends
    } finally {
      this.lines.push(...node.lines);
    }
  }

  /** Every partition that is not in a failed directory is written and read. */
  private async serves(n: number): Promise<void> {
    const { node, disk } = this;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const home = ["/a", "/b"].find((path) => isThere(disk, `${path}/${topic}-${partition}`));
      if (home === undefined) continue; // the topic could not be made
      const wasOffline = home === this.offline;
      let answer = "";
      for (let tries = 0; tries < TRIES && answer !== "NONE" && home !== this.offline; tries++) {
        answer = await this.produce(partition, n).catch(String);
        if (answer !== "NONE") await node?.clock.run(1_000);
        if (node?.fatal != null) throw node.fatal;
      }
      if (wasOffline) answer = await this.produce(partition, n).catch(String);
      if (wasOffline && answer === "NONE")
        this.faults.push(`partition ${partition} takes records in ${home}, which is offline`);
      if (home === this.offline) continue;
      const last = this.acknowledged.findLast((each) => each.partition === partition);
      const bytes = answer === "NONE" ? await this.fetched(partition, last?.offset ?? 0) : null;
      if (home === this.offline) continue; // this read was the one that failed
      if (bytes === null) this.faults.push(`partition ${partition} in ${home} does not go on: ${answer}`);
      else if (bytes.length === 0 || crc(bytes, 0) !== last?.crc) {
        this.faults.push(`partition ${partition} in ${home} does not serve offset ${last?.offset}`);
      }
    }
  }

  private fetched(partition: number, offset: number): Promise<Uint8Array> {
    return fetch(this.node as MemoryNode, topic, offset, 1 << 20, partition);
  }

  private async attempt(ask: () => Promise<unknown>): Promise<void> {
    await ask().catch(() => {});
    if (this.node?.fatal != null) throw this.node.fatal;
  }

  private async produce(partition: number, n: number): Promise<string> {
    const value = new Uint8Array(100).fill(n);
    const bytes = buildBatch([{ timestamp: 1_000 * n, key: null, value }]);
    const checksum = crc(bytes, 0);
    const { error, offset } = await produceBatch(this.node as MemoryNode, topic, bytes, { partition });
    if (error === "NONE") this.acknowledged.push({ partition, offset, crc: checksum });
    return error;
  }

  private async deleteRecords(offset: number): Promise<void> {
    this.deletedTo = offset;
    await deleteRecords(this.node as MemoryNode, topic, offset);
  }
}

/** Without a failure. */
function isThere(disk: MemoryDisk, path: string): boolean {
  const { fault } = disk;
  disk.fault = () => null;
  const found = disk.info(path) !== null;
  disk.fault = fault;
  return found;
}

/** Where in the code the operations of a faultless life come from. */
export async function callSites(overrides: Readonly<Record<string, string>> = {}): Promise<CallSite[]> {
  const disk = new MemoryDisk();
  const sites = new Map<string, number[]>();
  let count = 0;
  disk.fault = (operation, path) => {
    count++;
    const name = `${operation} ${kindOf(path)} ${placeInCode()}`;
    const operations = sites.get(name) ?? [];
    operations.push(count);
    sites.set(name, operations);
    return null;
  };
  const life = new Life(disk, overrides);
  await life.run();
  if (life.failure !== null || life.faults.length > 0)
    throw new Error(`without a failure: ${life.failure} ${life.faults}`);
  return [...sites].map(([name, operations]) => ({ name, operations }));
}

export async function judgeFault({ operation, kind, settings: overrides = {} }: FaultPlan): Promise<FaultOutcome> {
  const disk = new MemoryDisk();
  const watch = new Watch(operation, kind);
  const life = new Life(disk, overrides, () => watch.started());
  disk.shortWrites = kind === "short write";
  disk.fault = (...asked) => watch.answer(...asked);
  await life.run();
  const faults = [...life.faults, ...watch.faults];
  const ended = endOf(life);
  const said = life.failure?.message ?? "";
  if (said !== "" && !/\/[abm]\b|EIO|ENOSPC/.test(said)) faults.push(`it ended with "${said}"`);
  const ownFault = / \/[ab]\//.test(watch.what);
  if (ownFault && ended === "node ended" && !life.stopping)
    faults.push("the node ended where one log directory failed");
  if (ownFault && ended === "did not start" && life.starts > 1) faults.push("one log directory kept it from starting");
  faults.push(...(await missing(disk, life)));
  return { what: watch.what, ended, faults, acknowledged: life.acknowledged.length };
}

function endOf({ failure, node, lines }: Life): FaultOutcome["ended"] {
  if (failure !== null) return node === null ? "did not start" : "node ended";
  return lines.some((line) => /Log directory \/[ab] is offline/.test(line)) ? "directory offline" : "went on";
}

/** Fails one operation and sees that no failed sync is tried again. */
class Watch {
  what = "";
  readonly faults: string[] = [];
  private failedSync: string | null = null;
  private count = 0;
  private readonly operation: number;
  private readonly kind: FaultKind;

  constructor(operation: number, kind: FaultKind) {
    this.operation = operation;
    this.kind = kind;
  }

  /** A start reads from the device what it then syncs. */
  started(): void {
    this.failedSync = null;
  }

  answer(operation: string, path: string): string | null {
    this.count++;
    if (operation === "sync" && path === this.failedSync) this.faults.push(`the failed sync of ${path} is tried again`);
    if (this.count !== this.operation) return null;
    this.what = `${operation} ${path}`;
    // What a full disk kept from being replaced is written anew.
    if (operation === "sync" && !(path.endsWith(".tmp") && this.kind === "ENOSPC")) this.failedSync = path;
    return this.kind === "EIO" ? "EIO" : "ENOSPC";
  }
}

/** After a power cut the node starts and has all that was acknowledged. */
async function missing(disk: MemoryDisk, life: Life): Promise<string[]> {
  disk.fault = () => "EIO"; // nothing of the old process comes any more
  await life.node?.clock.run(50);
  disk.fault = () => null;
  disk.crash("none");
  let node: MemoryNode;
  try {
    node = await MemoryNode.start({ ...settings, ...life.overrides }, disk);
  } catch (error) {
    return [`the next start fails: ${error}`];
  }
  const faults = node.lines.filter((line) => /is not opened/.test(line));
  const present = new Set<string>();
  const starts: number[] = [];
  for (let partition = 0; partition < PARTITIONS && life.acknowledged.length > 0; partition++) {
    for (let offset = 0; offset < ROUNDS + 2; offset++) {
      const bytes = await fetch(node, topic, offset, 1 << 20, partition);
      if (bytes.length === 0) continue;
      starts[partition] ??= offset;
      for (let at = 0; at < bytes.length; at += sizeBytes(bytes, at)) {
        present.add(`${partition} ${baseOffset(bytes, at)} ${crc(bytes, at)}`);
      }
    }
  }
  for (const { partition, offset, crc: checksum } of life.acknowledged) {
    // Retention and the deletion of records may have moved the start.
    if (offset < Math.max(life.deletedTo, starts[partition] ?? 0)) continue;
    if (!present.has(`${partition} ${offset} ${checksum}`))
      faults.push(`partition ${partition} lacks offset ${offset}`);
  }
  await node.stop();
  return faults;
}

/** Files of one kind are one place. */
const kindOf = (path: string): string =>
  path
    .replaceAll(/[0-9a-f]{32}/g, "ID")
    .replaceAll(/\d{8,}/g, "N")
    .replace(/^\/[abm]/, "")
    .replace(/orders-\d/, "orders-N");

function placeInCode(): string {
  const lines = (new Error("here").stack ?? "").split("\n").slice(1);
  const ours = lines.filter((line) => !/testing|disk-faults/.test(line)).slice(0, 6);
  return ours.map((line) => /([\w.-]+\.ts:\d+)/.exec(line)?.[1] ?? "").join(" < ");
}

export interface FaultCounts {
  readonly byEnd: Map<FaultOutcome["ended"], number>;
  readonly failures: string[];
  judged: number;
}

/** The call sites, at so many of their occurrences each, with each kind of failure that they can have. */
export async function judgeSites(
  sites: readonly CallSite[],
  occurrences: number,
  onProgress: (counts: FaultCounts) => void = () => {},
): Promise<FaultCounts> {
  const counts: FaultCounts = { byEnd: new Map(), failures: [], judged: 0 };
  for (const { operations, name } of sites) {
    for (const operation of spread(operations, occurrences)) {
      for (const kind of faultKinds) {
        if (kind === "short write" && !name.startsWith("write")) continue;
        const { what, ended, faults } = await judgeFault({ operation, kind });
        counts.judged++;
        counts.byEnd.set(ended, (counts.byEnd.get(ended) ?? 0) + 1);
        for (const fault of faults)
          counts.failures.push(`operation ${operation}, ${what}, ${kind}: ${ended}, ${fault}`);
        onProgress(counts);
      }
    }
  }
  return counts;
}

/** The first, the last, and evenly between them. */
function spread(operations: readonly number[], count: number): number[] {
  const step = (operations.length - 1) / Math.max(1, count - 1);
  const chosen = Array.from({ length: count }, (_, n) => operations[Math.round(n * step)] as number);
  return [...new Set(count === 1 ? operations.slice(0, 1) : chosen)];
}
