/**
 * `npm run soak -- [--kills N] [--pauses N] [--pause-max SECONDS] [--partitions N] [--seed N]`: three combined nodes as
 * processes under the load of Java and kafkajs (acks=all, idempotent), and one fault after the other: kill -9 of a
 * leader, a follower, the controller, the group's coordinator in turn; SIGSTOP; the network cut, in one direction or
 * both. After each, every replica must be in sync within 30 s. In the end all that was acknowledged is read. Prints a
 * report; exit code 0 where nothing was lost, doubled or reordered and every wait was short enough.
 */
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Admin } from "kafkajs";
import { Prng } from "../../base/prng.ts";
import { type Cluster, type ClusterNode, startCluster } from "../lib/cluster.ts";
import { script } from "../lib/tools.ts";
import { judge, type Verdict } from "./history.ts";
import { clientOf, KafkajsConsumer, KafkajsProducer } from "./kafkajs-load.ts";
import { LoadTool, type Producer, type Target } from "./load.ts";
import { Network } from "./network.ts";
import { isrFull, leaderOf, partitionsOf } from "./partitions.ts";

const GROUP = "readers";
const OFFSETS = { topic: "__consumer_offsets" };
const HEALED_WITHIN_MS = 30_000;
/** After that it will never be: the run ends. */
const GIVE_UP_MS = 180_000;
const victims = ["leader", "follower", "controller", "coordinator"] as const;
const shapes = ["both ways", "one way", "from all", "to all"] as const;

interface Fault {
  readonly what: string;
  /** The longest time without an acknowledgement in a partition that the node led, or in any, until all was well. */
  readonly silentMs: number;
  /** From its end (the restarted node is ready, the network is whole) until all replicas are in sync. */
  readonly healedMs: number;
}

interface World {
  readonly cluster: Cluster;
  readonly network: Network | string;
  readonly admin: Admin;
  readonly target: Target;
  readonly java: Producer;
  readonly random: Prng;
}

async function partitionLedBy(world: World, node: ClusterNode): Promise<number | null> {
  const partitions = await partitionsOf(world.admin, world.target);
  return partitions.find(({ leader }) => leader === node.id)?.partitionId ?? null;
}

/** By what they say themselves: who became active last. */
function controllerOf({ cluster }: World): number {
  let [id, latest] = [cluster.nodes[0]?.id as number, -1];
  for (const node of cluster.nodes) {
    for (const [, epoch] of node.output.matchAll(/Became the active controller of epoch (\d+)/g)) {
      if (Number(epoch) > latest) [id, latest] = [node.id, Number(epoch)];
    }
  }
  return id;
}

async function victimOf(world: World, role: (typeof victims)[number]): Promise<ClusterNode> {
  const { cluster, admin, target, random } = world;
  const leader = await leaderOf(admin, target, random.below(target.partitions));
  switch (role) {
    case "leader":
      return cluster.node(leader);
    case "follower": {
      const others = cluster.nodes.filter(({ id }) => id !== leader);
      return others[random.below(others.length)] as ClusterNode;
    }
    case "controller":
      return cluster.node(controllerOf(world));
    case "coordinator": {
      const { coordinator } = { coordinator: (await partitionsOf(admin, OFFSETS))[0]?.leader };
      return cluster.node(coordinator ?? leader);
    }
  }
}

/** The fault, then its end; what is measured between. */
async function strike(
  world: World,
  what: string,
  node: ClusterNode,
  hit: () => Promise<void>,
  end: () => Promise<void>,
) {
  const { admin, target, java } = world;
  const partition = await partitionLedBy(world, node);
  const atMs = Date.now();
  await hit();
  await end();
  const endedMs = Date.now();
  await within(isrFull(admin, target), `${what}: the replicas are in sync`);
  const healedMs = Date.now() - endedMs;
  await within(java.acknowledgedAfter(endedMs, partition), `${what}: a record is acknowledged`);
  const silentMs = java.longestSilenceMs(atMs, partition);
  console.log(`${new Date().toISOString()} ${what}: silent ${silentMs} ms, in sync ${healedMs} ms after its end`);
  return { what: what.replace(/ of node \d| \d+ s|,.*/g, ""), silentMs, healedMs };
}

async function within<Value>(wanted: Promise<Value>, what: string): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${GIVE_UP_MS / 1_000} s: ${what}`)), GIVE_UP_MS);
  return Promise.race([wanted, late.promise]).finally(() => clearTimeout(timer));
}

async function kill(world: World, turn: number): Promise<Fault> {
  const role = victims[turn % victims.length] as (typeof victims)[number];
  const node = await victimOf(world, role);
  const pauseMs = world.random.below(3) * 1_000; // at once, too
  return strike(
    world,
    `kill -9 of the ${role} of node ${node.id}`,
    node,
    () => node.kill(),
    async () => {
      await Bun.sleep(pauseMs);
      await node.start();
    },
  );
}

async function pause(world: World, turn: number, secondsMax: number): Promise<Fault> {
  const role = victims[turn % victims.length] as (typeof victims)[number];
  const node = await victimOf(world, role);
  const seconds = 1 + world.random.below(secondsMax);
  const stop = async () => node.pause();
  return strike(world, `SIGSTOP of the ${role} of node ${node.id}, ${seconds} s`, node, stop, async () => {
    await Bun.sleep(seconds * 1_000);
    node.resume();
  });
}

async function partition(world: World, network: Network, turn: number): Promise<Fault> {
  const shape = shapes[turn % shapes.length] as (typeof shapes)[number];
  const { cluster, random } = world;
  const node = await victimOf(world, turn % 8 < 4 ? "leader" : "controller");
  const at = cluster.nodes.indexOf(node);
  const others = [...cluster.nodes.keys()].filter((index) => index !== at);
  const one = others[random.below(others.length)] as number;
  const pairs: Record<typeof shape, readonly (readonly [number, number])[]> = {
    "both ways": others.flatMap((other) => [[at, other] as const, [other, at] as const]),
    "one way": [[at, one]],
    "from all": others.map((other) => [other, at]),
    "to all": others.map((other) => [at, other]),
  };
  const seconds = 3 + random.below(20);
  const hit = async () => {
    for (const [from, to] of pairs[shape]) await network.cut(from, to);
  };
  return strike(world, `network cut ${shape} of node ${node.id}, ${seconds} s`, node, hit, async () => {
    await Bun.sleep(seconds * 1_000);
    await network.heal();
  });
}

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function report(faults: readonly Fault[], verdict: Verdict, failed: number, notes: readonly string[]): boolean {
  const kinds = [...Map.groupBy(faults, ({ what }) => what)];
  const late = faults.filter(({ healedMs }) => healedMs > HEALED_WITHIN_MS);
  console.log(
    "\n| fault | times | silent, median | worst | in sync again, median | worst |\n|---|---|---|---|---|---|",
  );
  for (const [what, each] of kinds) {
    const [silent, healed] = [each.map(({ silentMs }) => silentMs), each.map(({ healedMs }) => healedMs)];
    const cells = [
      what,
      each.length,
      ...[silent, healed].flatMap((ms) => [`${middle(ms)} ms`, `${Math.max(...ms)} ms`]),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  const { acknowledged, read, lost, doubled, reordered } = verdict;
  console.log(`\n${acknowledged} records acknowledged, ${failed} given up by their producers, ${read} read.`);
  console.log(`${lost.length} lost, ${doubled.length} doubled, ${reordered.length} reordered.`);
  console.log(`In sync later than ${HEALED_WITHIN_MS / 1_000} s after the end of a fault: ${late.length}.`);
  for (const each of [...lost, ...doubled, ...reordered].slice(0, 20)) console.log(`  ${each}`);
  for (const note of notes) console.log(note);
  return lost.length + doubled.length + reordered.length + late.length === 0;
}

async function main(): Promise<boolean> {
  const number = (fallback: number) => ({ type: "string", default: String(fallback) }) as const;
  const options = { kills: number(100), pauses: number(50), "pause-max": number(60), partitions: number(40) };
  const { values } = parseArgs({ options: { ...options, seed: number(Date.now() % 100_000) } });
  const network = Number(values.partitions) > 0 ? await Network.create(3) : "none were asked for";
  const notes = typeof network === "string" ? [`No partitions of the network: ${network}.`] : [];
  console.log(
    `soak, seed ${values.seed}; ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}; ${notes.join("")}`,
  );
  const tool = new LoadTool();
  await tool.compile();
  const sites = typeof network === "string" ? [] : network.sites;
  const cluster = await startCluster({ kind: "odradek", nodes: 3, settings: { "min.insync.replicas": "2" }, sites });
  const target = { bootstrap: cluster.bootstrap, topic: "soak", partitions: 6 };
  const admin = clientOf(target).admin();
  try {
    const at = ["--bootstrap-server", cluster.bootstrap, "--topic", target.topic];
    const made = await script("kafka-topics", [...at, "--create", "--partitions", "6", "--replication-factor", "3"]);
    if (made.exitCode !== 0) throw new Error(made.stdout + made.stderr);
    await admin.connect();
    const java = tool.produce(target, "java", 100);
    const kafkajs = new KafkajsProducer(target, "kafkajs");
    const consumer = new KafkajsConsumer(target, GROUP);
    await Promise.all([java.acknowledgedAfter(0), kafkajs.start(), consumer.start()]);
    const world = { cluster, network, admin, target, java, random: new Prng(Number(values.seed)) };
    const faults: Fault[] = [];
    try {
      await allFaults(world, values, faults);
    } catch (error) {
      notes.push(`The run ended early: ${(error as Error).message}`);
    }
    await within(Promise.all([java.stop(), kafkajs.stop()]), "the producers are done");
    const acknowledged = [...java.acknowledged, ...kafkajs.acknowledged];
    const verdict = judge(acknowledged, await tool.read(target));
    await within(consumer.hasSeen(acknowledged.map(({ value }) => value)), "the group has read everything");
    await consumer.stop();
    return report(faults, verdict, java.failed.length, notes) && !notes.some((note) => note.startsWith("The run"));
  } finally {
    await admin.disconnect().catch(() => {});
    await Promise.all(
      cluster.nodes.map(({ id, output }) => Bun.write(join(tmpdir(), `odradek-soak-${id}.log`), output)),
    );
    await cluster.dispose();
    if (typeof network !== "string") await network.dispose();
    tool.dispose();
  }
}

/** Of each kind its share, mixed: kills, pauses and cuts take turns. */
async function allFaults(world: World, wanted: Record<string, string>, faults: Fault[]): Promise<void> {
  const { network } = world;
  const cuts = typeof network === "string" ? 0 : Number(wanted.partitions);
  const counts = { kills: Number(wanted.kills), pauses: Number(wanted.pauses), cuts };
  const rounds = Math.max(...Object.values(counts));
  const isDue = (count: number, round: number) =>
    Math.floor(((round + 1) * count) / rounds) > Math.floor((round * count) / rounds);
  const done = { kills: 0, pauses: 0, cuts: 0 };
  for (let round = 0; round < rounds; round++) {
    if (isDue(counts.kills, round)) faults.push(await kill(world, done.kills++));
    if (isDue(counts.pauses, round)) faults.push(await pause(world, done.pauses++, Number(wanted["pause-max"])));
    if (isDue(cuts, round)) faults.push(await partition(world, network as Network, done.cuts++));
  }
}

process.exit((await main()) ? 0 : 1);
