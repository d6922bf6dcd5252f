/** What a row measures: one of the two systems with its settings, or the plain socket that is their common limit. */
import { join } from "node:path";
import { type Broker, startApache, startOdradek } from "../compat-tests/lib/brokers.ts";
import { run } from "../compat-tests/lib/process.ts";
import { bundle } from "../tools/bundle.ts";

export interface Subject {
  /** The heading of its column. */
  readonly label: string;
  readonly kind: Broker["kind"] | "limit";
  readonly bootstrap: string;
  readonly pid: number;
  /** Of each topic that a row makes. */
  readonly topicConfigs: readonly { readonly name: string; readonly value: string }[];
}

/**
 * `page cache`: both acknowledge what the page cache has, which is Apache's default. `synced`: Odradek's default, each
 * acks=all is on the device, beside Apache at its default and with flush.messages=1. `both`: the row is not about it.
 */
export type SyncMode = "page cache" | "synced" | "both";

export interface Subjects {
  readonly all: readonly Subject[];
  dispose(): Promise<void>;
}

const FLUSHED = "Apache, flush.messages=1";

/** Apache with the flags that its own script gives the JVM. */
export const startPeer = (): Promise<Broker> => startApache({ asInProduction: true });

let program: string | null = null;

/** As it is started from a package: out of one file. */
export function startOurs(sync: SyncMode): Promise<Broker> {
  program ??= bundle();
  return startOdradek({ program, settings: sync === "page cache" ? { "odradek.flush.before.ack": "false" } : {} });
}

export async function startSubjects(sync: SyncMode): Promise<Subjects> {
  const apache = await startPeer();
  const odradek = await startOurs(sync).catch(async (failure) => {
    await apache.dispose();
    throw failure;
  });
  const flushed = { topicConfigs: [{ name: "flush.messages", value: "1" }] };
  const plain = { topicConfigs: [] };
  const all: Subject[] = [{ ...apache, ...plain, label: "Apache" }];
  if (sync === "synced") all.push({ ...apache, ...flushed, label: FLUSHED });
  all.push({ ...odradek, ...plain, label: "Odradek" });
  return { all, dispose: () => Promise.all([apache.dispose(), odradek.dispose()]).then(() => {}) };
}

export interface LimitProcess {
  readonly subject: Subject;
  dispose(): void;
}

/**
 * What stands beside the brokers in a row as the limit of this machine and of Bun. `plain socket` answers what it does
 * not look at; `floor` also checks it and writes it to a file, which no broker can leave out; `relay` hands it on to
 * consumers from memory; `mapped` answers fetches with a mapped file.
 */
export type Limit = "plain socket" | "floor" | "relay" | "mapped";

const scripts: Readonly<Record<Limit, string>> = {
  "plain socket": "sink.ts",
  floor: "sink.ts",
  relay: "relay.ts",
  mapped: "mapped.ts",
};

export async function startLimit(kind: Limit, sync: SyncMode): Promise<LimitProcess> {
  const command = [process.execPath, join(import.meta.dir, scripts[kind]), kind, sync];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  const subject = { label: kind, kind: "limit", bootstrap: `127.0.0.1:${port}`, topicConfigs: [] } as const;
  return { subject: { ...subject, pid: child.pid }, dispose: () => child.kill() };
}

const GENERATOR_SECONDS_MAX = 100;

/** Runs a load generator of this folder as a process of its own: it never shares a thread with what it measures. */
export async function generate<Result>(script: string, job: unknown, limitSeconds?: number): Promise<Result> {
  const command = [process.execPath, join(import.meta.dir, script), JSON.stringify(job)];
  const done = await run(command, { timeoutMs: (limitSeconds ?? GENERATOR_SECONDS_MAX) * 1_000 });
  if (done.exitCode !== 0) {
    const why = done.exitCode === null ? "took too long" : `failed: ${done.stderr}${done.stdout}`;
    throw new Error(`${script} ${why}`);
  }
  return JSON.parse(done.stdout) as Result;
}
