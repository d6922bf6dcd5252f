/**
 * A whole node on two log directories, of whose disk operations one fails, once: every place in the code that asks the
 * disk for something has its turn, with each kind of failure. The node goes on, or its directory goes offline and
 * the other serves, or it ends with a sentence that names the disk; then the power goes, and what was acknowledged is
 * there.
 */
import { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { baseOffset, crc, sizeBytes } from "../../../protocol/records/batch.ts";
import { buildBatch } from "../../../protocol/records/builder.ts";
import { alterTopic, createTopic, deleteRecords, fetch, produceBatch } from "../../broker/testing/admin.ts";
import { MemoryNode } from "../../broker/testing/memory-node.ts";

const settings = {
  "log.dirs": "/a,/b",
  "log.index.size.max.bytes": "1024",
  "log.flush.offset.checkpoint.interval.ms": "50",
  "log.flush.start.offset.checkpoint.interval.ms": "50",
  "replica.high.watermark.checkpoint.interval.ms": "50",
  "log.retention.check.interval.ms": "100",
  "log.segment.delete.delay.ms": "20",
};
const configs = { "internal.segment.bytes": "600", "retention.ms": "-1" };
const topic = "orders";
const PARTITIONS = 2;

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

/** A place in the code that calls the disk, and when it first did. */
export interface CallSite {
  readonly operation: number;
  readonly name: string;
}

class Life {
  readonly disk: MemoryDisk;
  readonly acknowledged: { partition: number; offset: number; crc: number }[] = [];
  readonly answers: string[] = [];
  /** Acknowledged after the fault, by partition. */
  readonly servedAfter = new Set<number>();
  node: MemoryNode | null = null;
  hasFailed = () => false;
  deletedTo = 0;

  private readonly overrides: Readonly<Record<string, string>>;

  constructor(disk: MemoryDisk, overrides: Readonly<Record<string, string>> = {}) {
    this.disk = disk;
    this.overrides = overrides;
  }

  /** Throws where the node does not start or cannot go on. */
  async run(): Promise<void> {
    this.node = await MemoryNode.start({ ...settings, ...this.overrides }, this.disk);
    const { node } = this;
    await this.attempt(() => createTopic(node, topic, configs, PARTITIONS));
    for (let n = 0; n < 8; n++) {
      for (let partition = 0; partition < PARTITIONS; partition++) await this.produce(partition, n);
      if (n === 3) await this.attempt(() => this.deleteRecords(2));
      if (n === 4) await this.attempt(() => alterTopic(node, topic, { "retention.bytes": "300" }));
      if (n === 5) await node.clock.run(300);
      if (node.fatal !== null) throw node.fatal;
    }
    await node.stop();
  }

  private async attempt(ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      if (this.node?.fatal != null) throw this.node.fatal;
      this.answers.push(String(error));
    }
  }

  private produce(partition: number, n: number): Promise<void> {
    const node = this.node as MemoryNode;
    return this.attempt(async () => {
      const value = new Uint8Array(100).fill(n);
      const bytes = buildBatch([{ timestamp: 1_000 * n, key: null, value }]);
      const checksum = crc(bytes, 0);
      const { error, offset } = await produceBatch(node, topic, bytes, { partition });
      if (error !== "NONE") throw new Error(error);
      this.acknowledged.push({ partition, offset, crc: checksum });
      if (this.hasFailed()) this.servedAfter.add(partition);
    });
  }

  private async deleteRecords(offset: number): Promise<void> {
    this.deletedTo = offset;
    await deleteRecords(this.node as MemoryNode, topic, offset);
  }
}

/** Where in the code the operations of a faultless life come from; the first of each. */
export async function callSites(): Promise<CallSite[]> {
  const disk = new MemoryDisk();
  const first = new Map<string, number>();
  let count = 0;
  disk.fault = (operation, path) => {
    count++;
    const name = `${operation} ${kindOf(path)} ${placeInCode()}`;
    if (!first.has(name)) first.set(name, count);
    return null;
  };
  await new Life(disk).run();
  return [...first].map(([name, operation]) => ({ name, operation }));
}

export async function judgeFault({ operation, kind, settings: overrides = {} }: FaultPlan): Promise<FaultOutcome> {
  const disk = new MemoryDisk();
  const life = new Life(disk, overrides);
  const watch = new Watch(operation, kind);
  disk.shortWrites = kind === "short write";
  disk.fault = (...asked) => watch.answer(...asked);
  life.hasFailed = () => watch.what !== "";
  let ended: FaultOutcome["ended"] = "went on";
  let said = "";
  try {
    await life.run();
  } catch (error) {
    ended = life.node === null ? "did not start" : "node ended";
    said = String(error);
  }
  const lines = life.node?.lines ?? [];
  const offline = lines.find((line) => /Log directory \/[ab] is offline/.test(line));
  if (ended === "went on" && offline !== undefined) ended = "directory offline";
  const faults = [...watch.faults];
  if (said !== "" && !/\/[ab]\b|EIO|ENOSPC/.test(said)) faults.push(`it ended with "${said}"`);
  if (ended === "directory offline" && life.servedAfter.size === 0 && watch.operationsAfter > 500) {
    faults.push("the other directory does not serve");
  }
  faults.push(...(await missing(disk, life)));
  return { what: watch.what, ended, faults, acknowledged: life.acknowledged.length };
}

/** Fails one operation and sees that no failed sync is tried again. */
class Watch {
  what = "";
  operationsAfter = 0;
  readonly faults: string[] = [];
  private failedSync: string | null = null;
  private count = 0;
  private readonly operation: number;
  private readonly kind: FaultKind;

  constructor(operation: number, kind: FaultKind) {
    this.operation = operation;
    this.kind = kind;
  }

  answer(operation: string, path: string): string | null {
    this.count++;
    if (this.what !== "") this.operationsAfter++;
    if (operation === "sync" && path === this.failedSync) this.faults.push(`the failed sync of ${path} is tried again`);
    if (this.count !== this.operation) return null;
    this.what = `${operation} ${path}`;
    if (operation === "sync") this.failedSync = path;
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
    node = await MemoryNode.start(settings, disk);
  } catch (error) {
    return [`the next start fails: ${error}`];
  }
  const faults = node.lines.filter((line) => /is not opened/.test(line));
  const present = new Set<string>();
  const starts: number[] = [];
  for (let partition = 0; partition < PARTITIONS && life.acknowledged.length > 0; partition++) {
    for (let offset = 0; offset < 8; offset++) {
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
    .replace(/^\/[ab]/, "");

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

/** The call sites with each kind of failure that they can have. */
export async function judgeSites(sites: readonly CallSite[], onProgress: (counts: FaultCounts) => void = () => {}) {
  const counts: FaultCounts = { byEnd: new Map(), failures: [], judged: 0 };
  for (const { operation, name } of sites) {
    for (const kind of faultKinds) {
      if (kind === "short write" && !name.startsWith("write")) continue;
      const { what, ended, faults } = await judgeFault({ operation, kind });
      counts.judged++;
      counts.byEnd.set(ended, (counts.byEnd.get(ended) ?? 0) + 1);
      for (const fault of faults) counts.failures.push(`operation ${operation}, ${what}, ${kind}: ${ended}, ${fault}`);
      onProgress(counts);
    }
  }
  return counts;
}
