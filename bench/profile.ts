/**
 * `npm run bench -- --profile [ROW…]`: where the time of a hot row goes in Odradek, by Bun's sampling profiler, into
 * bench/results/profiles/ROW.md. Only the measurement counts, not the start and the warm-up.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Row, SharedRow } from "./row.ts";
import { startOurs } from "./subject.ts";
import { warmUp } from "./warm-up.ts";

const hot = ["produce-16k-12", "produce-1m", "produce-small-10", "fetch-1m", "fetch-16k", "tail"];
const root = join(import.meta.dir, "..");
const folder = join(import.meta.dir, "results", "profiles");
const SHOWN = 40;

/** As Bun and V8 write it; times in microseconds. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export async function profileRows(rows: readonly Row[], names: readonly string[]): Promise<void> {
  const wanted = names.length === 0 ? hot : names;
  mkdirSync(folder, { recursive: true });
  for (const row of rows) {
    if (!("measure" in row) || !wanted.includes(row.name)) continue;
    const path = join(folder, `${row.name}.md`);
    writeFileSync(path, `${(await profiled(row)).join("\n")}\n`);
    console.log(path);
  }
}

async function profiled(row: SharedRow): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), "odradek-profile-"));
  process.env.BUN_OPTIONS = `--cpu-prof --cpu-prof-dir=${directory} --cpu-prof-name=node.cpuprofile`;
  const beganMs = performance.now();
  const node = await startOurs(row.sync);
  delete process.env.BUN_OPTIONS;
  try {
    const subject = { ...node, label: "Odradek", topicConfigs: [] };
    await warmUp(subject);
    await row.measure(subject, "warm");
    const fromMs = performance.now() - beganMs;
    await row.measure(subject, row.name);
    const toMs = performance.now() - beganMs;
    await node.stop();
    const profile = JSON.parse(readFileSync(join(directory, "node.cpuprofile"), "utf8")) as Profile;
    const when = `${new Date().toISOString().slice(0, 10)}, Bun ${Bun.version}, load average ${loadavg()[0]?.toFixed(1)}.`;
    return [`# \`${row.name}\`: ${row.title}`, "", when, "", ...tables(profile, fromMs * 1_000, toMs * 1_000)];
  } finally {
    await node.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** By function: samples in which it ran, and in which it was on the stack. */
function tables({ nodes, samples, timeDeltas }: Profile, from: number, to: number): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const own = new Map<string, number>();
  const total = new Map<string, number>();
  let busy = 0;
  let at = 0;
  samples.forEach((id, i) => {
    const took = timeDeltas[i] as number;
    at += took;
    if (at < from || at > to) return;
    const name = nameOf(byId.get(id));
    if (name === null) return;
    busy += took;
    own.set(name, (own.get(name) ?? 0) + took);
    const stack = new Set<string>();
    for (let up: number | undefined = id; up !== undefined; up = parents.get(up)) {
      const caller = nameOf(byId.get(up));
      if (caller !== null) stack.add(caller);
    }
    for (const each of stack) total.set(each, (total.get(each) ?? 0) + took);
  });
  const rows = [...own].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
  const percent = (value: number) => `${((100 * value) / busy).toFixed(1)} %`;
  return [
    "| itself | with what it calls | function |",
    "|--:|--:|---|",
    ...rows.map(([name, took]) => `| ${percent(took)} | ${percent(total.get(name) as number)} | ${name} |`),
  ];
}

/** Null where nothing ran. */
function nameOf(node: Profile["nodes"][number] | undefined): string | null {
  if (node === undefined) return null;
  const { functionName, url, lineNumber } = node.callFrame;
  if (/^\((idle|program|root)\)$/.test(functionName)) return null;
  const file = url
    .replace("file://", "")
    .replace(`${root}/`, "")
    .replace(/^.*node_modules/, "node_modules");
  const where = file === "" || file.startsWith("[") ? "native" : `${file}:${lineNumber + 1}`;
  return `\`${functionName === "" ? "anonymous" : functionName}\` ${where}`;
}
