/**
 * `npm run bench -- startup`: how long until a node that has just been started answers Metadata, and what memory it
 * holds idle: Apache Kafka and Odradek in turn, in one run. On an empty directory, on its own directory after an
 * orderly
 * stop, and after kill -9.
 */
import { readFileSync } from "node:fs";
import { type Broker, startApache, startOdradek } from "../compat-tests/lib/brokers.ts";
import { jars } from "../compat-tests/lib/place.ts";
import { type AnyMessage, Wire } from "../compat-tests/oracle/raw/wire.ts";
import { allMessages } from "../protocol/generated/all-messages.ts";

const rounds = 5;
const metadata = (allMessages as readonly AnyMessage[]).find(({ key }) => key === 3) as AnyMessage;
const request = { topics: [], allowAutoTopicCreation: false };

/** Starts, and asks again and again until Metadata names a broker. Returns the ms since the process began. */
async function firstAnswer(start: () => Promise<Broker>, bootstrap: string | null): Promise<[Broker, number]> {
  const began = performance.now();
  const starting = start();
  let address = bootstrap;
  if (address === null) address = (await starting).bootstrap;
  for (;;) {
    const answered = await asks(address);
    if (answered) return [await starting, performance.now() - began];
    await Bun.sleep(2);
  }
}

async function asks(address: string): Promise<boolean> {
  try {
    const wire = await Wire.open(address);
    const version = 12;
    const full = { ...request, includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
    const answer = await wire.exchange(metadata, version, full, 10_000);
    wire.close();
    return "response" in answer && (answer.response as { brokers: unknown[] }).brokers.length > 0;
  } catch {
    return false;
  }
}

function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kb) / 1024;
}

interface Figures {
  readonly clean: number[];
  readonly killed: number[];
  readonly idle: number[];
}

/** One broker through an orderly stop and a kill -9. */
async function round(start: () => Promise<Broker>, figures: Figures): Promise<void> {
  const broker = await start();
  await broker.stop();
  const restart = (from: Broker) => firstAnswer(() => from.restart(), from.bootstrap);
  const [again, cleanMs] = await restart(broker);
  figures.clean.push(cleanMs);
  await Bun.sleep(2_000);
  figures.idle.push(residentMb(again.pid));
  await again.kill();
  const [last, killedMs] = await restart(again);
  figures.killed.push(killedMs);
  await last.dispose();
}

const spread = (values: readonly number[], digits: number) => {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  return [sorted[0] as number, median, sorted.at(-1) as number].map((value) => value.toFixed(digits)).join(" / ");
};

export async function startup(): Promise<void> {
  if (jars("4.3.1") === null) throw new Error("Apache Kafka 4.3.1 is not here: npm run compat:setup");
  const apache: Figures = { clean: [], killed: [], idle: [] };
  const odradek: Figures = { clean: [], killed: [], idle: [] };
  for (let i = 0; i < rounds; i++) {
    await round(() => startApache({ asInProduction: true }), apache);
    await round(() => startOdradek(), odradek);
  }
  const row = (title: string, key: keyof Figures, digits: number) =>
    console.log(`| ${title} | ${spread(apache[key], digits)} | ${spread(odradek[key], digits)} |`);
  console.log(`\nmin / median / max of ${rounds}, in turn\n`);
  console.log("| | Apache Kafka 4.3.1 | Odradek |\n|---|---|---|");
  row("ms from process start to the first Metadata answer, after an orderly stop", "clean", 0);
  row("the same after kill -9", "killed", 0);
  row("MB resident, idle", "idle", 0);
}
