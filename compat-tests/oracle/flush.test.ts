/**
 * `flush.messages` of Apache Kafka 4.3.1 and of Odradek: which produces with acks=1 are answered only after their log
 * has been synced, seen from outside. strace(1) tells each sync of the log's file and lets it last longer, so that an
 * answer that does not wait for it comes before its end.
 */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { type Broker, startApache, startOdradek } from "../lib/brokers.ts";
import { available, has, jars, temporary } from "../lib/place.ts";
import { run } from "../lib/process.ts";

setDefaultTimeout(120_000);

const mayTrace = has("strace") && (await mayAttach());
if (!mayTrace) console.log("NOT RUN: flush.messages beside Apache needs strace, and the right to trace");
const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null) && mayTrace;

/** To a process that is not strace's own child: a container may forbid that. */
async function mayAttach(): Promise<boolean> {
  const process = Bun.spawn(["sleep", "60"]);
  const { exitCode } = await run(["timeout", "-s", "INT", "1", "strace", "-o", "/dev/null", "-p", String(process.pid)]);
  process.kill();
  await process.exited;
  return exitCode === 124; // it was still attached
}

/** What each sync takes more. */
const LONGER_MS = 200;

/** Topics with their settings, and the records of each produce to them. */
const topics: Readonly<Record<string, readonly [Readonly<Record<string, string>>, readonly number[]]>> = {
  never: [{ "flush.messages": String(Number.MAX_SAFE_INTEGER) }, [1, 1, 12]],
  each: [{ "flush.messages": "1" }, [1, 1, 3]],
  third: [{ "flush.messages": "3" }, [1, 1, 1, 2, 1, 4, 2, 2]],
  "by-the-broker": [{}, [9, 1, 1]],
};

interface Sync {
  readonly file: string;
  readonly beganAt: number;
}

class Tracer {
  private readonly process: Bun.Subprocess;
  private readonly report: string;

  private constructor(process: Bun.Subprocess, report: string) {
    this.process = process;
    this.report = report;
  }

  static async attach(pid: number, report: string): Promise<Tracer> {
    const delay = `inject=fsync,fdatasync:delay_exit=${LONGER_MS * 1000}`;
    const options = ["-f", "-y", "-ttt", "-e", "trace=fsync,fdatasync", "-e", delay, "-o", report, "-p", String(pid)];
    const process = Bun.spawn(["strace", ...options], { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
    await new Promise<void>((attached, failed) => {
      void toTheEnd(process.stderr, attached).then((told) => failed(new Error(`strace: ${told}`)));
    });
    return new Tracer(process, report);
  }

  /** Those that it saw begin, in their order; it tells all of them only at its end. */
  async detach(): Promise<Sync[]> {
    this.process.kill("SIGINT");
    await this.process.exited;
    const lines = readFileSync(this.report, "utf8").matchAll(/^\d+ +(\d+\.\d+) f(?:data)?sync\(\d+<([^>]*)>/gm);
    return [...lines].map(([, seconds, file]) => ({ beganAt: Number(seconds) * 1000, file: file as string }));
  }
}

/** It names each thread that it attaches to: who stopped listening would end it. */
async function toTheEnd(stderr: ReadableStream<Uint8Array>, attached: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let told = "";
  for await (const chunk of stderr) {
    told += decoder.decode(chunk, { stream: true });
    if (told.includes("attached")) attached();
  }
  return told;
}

type Outcome = "no sync" | "synced, then answered" | "answered before the sync";
/** By topic, of each produce. */
type Seen = ReadonlyMap<string, readonly Outcome[]>;

interface Produced {
  readonly topic: string;
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Each produce of each topic, with acks=1, one after the other. */
async function produceAll({ bootstrap }: Broker): Promise<Produced[]> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const all: Produced[] = [];
  for (const [topic, [, counts]] of Object.entries(topics)) {
    for (const count of counts) {
      const messages = Array.from({ length: count }, (_, n) => ({ value: `record ${n}` }));
      const sentAt = Date.now();
      await producer.send({ topic, acks: 1, messages });
      all.push({ topic, sentAt, answeredAt: Date.now() });
      await Bun.sleep(2 * LONGER_MS); // a sync that nobody waits for begins before the next produce
    }
  }
  await producer.disconnect();
  return all;
}

function judge(produced: readonly Produced[], syncs: readonly Sync[]): Seen {
  const seen = new Map<string, Outcome[]>();
  for (const [index, { topic, sentAt, answeredAt }] of produced.entries()) {
    const until = produced[index + 1]?.sentAt ?? Infinity;
    const own = syncs.find(
      ({ file, beganAt }) =>
        file.includes(`/${topic}-0/`) && file.endsWith(".log") && beganAt >= sentAt - 1 && beganAt < until,
    );
    const outcome: Outcome =
      own === undefined
        ? "no sync"
        : own.beganAt + LONGER_MS <= answeredAt + 1
          ? "synced, then answered"
          : "answered before the sync";
    seen.set(topic, [...(seen.get(topic) ?? []), outcome]);
  }
  return seen;
}

async function observe(broker: Broker): Promise<Seen> {
  const admin = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const wanted = Object.entries(topics).map(([topic, [configs]]) => ({
    topic,
    numPartitions: 1,
    configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
  }));
  await admin.createTopics({ topics: wanted, waitForLeaders: true });
  await admin.disconnect();
  const place = temporary("strace");
  try {
    const tracer = await Tracer.attach(broker.pid, join(place.path, "report"));
    const produced = await produceAll(broker);
    return judge(produced, await tracer.detach());
  } finally {
    place.remove();
  }
}

const byTheBroker = { "log.flush.interval.messages": "10" };

describe.skipIf(!have)("flush.messages", () => {
  let seen: [apache: Seen, pageCache: Seen, byDefault: Seen];

  beforeAll(async () => {
    const brokers = await Promise.all([
      startApache({ settings: byTheBroker }),
      startOdradek({ settings: { ...byTheBroker, "odradek.flush.before.ack": "false" } }),
      startOdradek({ settings: byTheBroker }),
    ]);
    try {
      seen = (await Promise.all(brokers.map(observe))) as typeof seen;
    } finally {
      await Promise.all(brokers.map((broker) => broker.dispose()));
    }
  });

  const [no, yes] = ["no sync", "synced, then answered"] as const;

  test("Apache syncs before it answers for the record that fills the number, counted since the last sync", () => {
    expect(Object.fromEntries(seen[0])).toEqual({
      never: [no, no, no],
      each: [yes, yes, yes],
      third: [no, no, yes, no, yes, yes, no, yes],
      "by-the-broker": [no, yes, no],
    });
  });

  test("odradek.flush.before.ack=false: the same produces wait, and nothing else is synced", () => {
    expect(seen[1]).toEqual(seen[0]);
  });

  test("by default what must be on the device waits as well; the rest is synced behind its answer", () => {
    expect(seen[2].get("each")).toEqual([yes, yes, yes]);
    expect(seen[2].get("third")?.[5]).toBe(yes); // four records at once
    expect(seen[2].get("never")).not.toContain(yes);
  });
});
