/**
 * `npm run mixed -- [--rounds N] [--nodes odradek,apache,odradek] [--seed N]`: three combined nodes of both kinds under
 * load. Each round one of them is stopped or killed and comes back as either kind, on the same directory; the load goes
 * on meanwhile, then all replicas are in sync and each node leads a partition again. In the end nothing acknowledged is
 * lost, doubled or out of order, and the replicas are the same byte for byte. Prints a report; exit code 0 where so.
 *
 * `--voters`: quorums of both kinds whose voters change (KIP-853), each kind leading.
 */
import { parseArgs } from "node:util";
import { Prng } from "../../base/prng.ts";
import { LoadTool } from "../cluster/load.ts";
import type { Kind } from "../lib/launch.ts";
import { ScriptHost } from "../lib/script-host.ts";
import { Scenario } from "./scenario.ts";
import { becomesDynamic, changedUnderLoad, joinsByItself } from "./voters.ts";

const kinds = ["odradek", "apache"] as const;

async function round(on: Scenario, random: Prng): Promise<string> {
  const node = on.cluster.nodes[random.below(on.cluster.nodes.length)] as (typeof on.cluster.nodes)[number];
  const leaderBefore = on.cluster.node((await on.quorumLeader()).id);
  const [from, to] = [node.kind, kinds[random.below(2)] as Kind];
  const kills = random.below(2) === 0;
  const beganMs = performance.now();
  await (kills ? node.kill() : node.stop());
  await on.progress();
  const progressMs = performance.now() - beganMs;
  const leader = on.cluster.node((await on.quorumLeader()).id);
  await node.start(to);
  await on.inSync();
  await on.preferredLeaders();
  const led = leaderBefore === node ? `quorum from ${from} to ${leader.kind}` : `quorum led by ${leader.kind}`;
  const how = kills ? "killed" : "stopped";
  return `node ${node.id}: ${from} ${how}, back as ${to}; ${led}; each partition acknowledged again after ${Math.round(progressMs)} ms`;
}

async function voters(tool: LoadTool): Promise<number> {
  const scripts = new ScriptHost();
  const wrong: string[] = [];
  const shown = async (what: string, show: () => Promise<unknown>) => {
    const failure = await show().then(
      (found) => (Array.isArray(found) && found.length > 0 ? found.join("; ") : null),
      (cause: unknown) => String(cause),
    );
    console.log(`${what}: ${failure ?? "as it should be"}`);
    if (failure !== null) wrong.push(what);
  };
  await shown("voters of both kinds added and removed under load", () => changedUnderLoad(tool, scripts));
  for (const leads of kinds) {
    const other = leads === "apache" ? "odradek" : "apache";
    await shown(`${leads} leads, ${other} joins by itself, moves, loses its disk`, () => joinsByItself(leads, other));
    await shown(`${leads} leads, static voters become dynamic`, () => becomesDynamic(scripts, leads, other));
  }
  await shown("4.0.1 leads, odradek joins by itself, moves, loses its disk", () =>
    joinsByItself("apache", "odradek", "4.0.1", "4.0"),
  );
  await scripts.stop();
  tool.dispose();
  return wrong.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "20" },
      nodes: { type: "string", default: "odradek,apache,odradek" },
      seed: { type: "string", default: "1" },
      voters: { type: "boolean", default: false },
    },
  });
  const random = new Prng(Number(values.seed));
  const tool = new LoadTool();
  await tool.compile();
  if (values.voters) return voters(tool);
  const on = await Scenario.start(tool, values.nodes.split(",") as Kind[], 3);
  try {
    for (let count = 1; count <= Number(values.rounds); count++) console.log(`${count}. ${await round(on, random)}`);
    await on.progress();
    const wrong = await on.verdict();
    for (const each of wrong.slice(0, 20)) console.log(each);
    console.log(wrong.length === 0 ? `${on.acknowledged} records acknowledged, nothing wrong` : "FAILED");
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await on.dispose();
    tool.dispose();
  }
}

process.exit(await main());
