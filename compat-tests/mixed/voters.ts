/**
 * Quorums of both kinds whose voters change (KIP-853). Each of these throws where something is not as it must be;
 * voters.test.ts has some of them, `npm run mixed -- --voters` all.
 */
import type { LoadTool } from "../cluster/load.ts";
import { type Cluster, startCluster } from "../lib/cluster.ts";
import { freePorts, type Kind } from "../lib/launch.ts";
import type { ScriptHost } from "../lib/script-host.ts";
import { Scenario } from "./scenario.ts";
import { type QuorumLeader, quorumLeader } from "./views.ts";

const PATIENCE_MS = 60_000;
const fewSeconds = {
  "controller.quorum.fetch.timeout.ms": "1000",
  "controller.quorum.election.timeout.ms": "500",
};

/**
 * `kafka-metadata-quorum` adds and removes voters of both kinds, the leaders too, while a topic with replicas on all
 * nodes is written and read. Node 2 is Apache's. Returns what is wrong in the end: nothing.
 */
export async function changedUnderLoad(tool: LoadTool, scripts: ScriptHost): Promise<string[]> {
  const on = await Scenario.start(tool, ["odradek", "apache", "odradek"], 3, { dynamicQuorum: true });
  const { cluster } = on;
  const address = ["--bootstrap-controller", cluster.controllers.map(({ controller }) => controller).join(",")];
  /** `then`: who leads, and who votes afterwards. */
  const change = async (then: string, args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await scripts.run("kafka-metadata-quorum", [...address, ...args]);
    if (exitCode !== 0) throw new Error(`${args.join(" ")}: ${stdout}${stderr}`);
    await settled(cluster, then, (leader) => textOf(leader) === then);
    await on.progress();
  };
  const add = async (id: number, then: string) => {
    await settled(cluster, `observer ${id} has had all`, ({ ready }) => ready.has(id));
    await change(then, ["--command-config", cluster.node(id).file, "add-controller"]);
  };
  const remove = (id: number, then: string) => {
    const which = ["--controller-id", `${id}`, "--controller-directory-id", cluster.node(id).directoryId];
    return change(then, ["remove-controller", ...which]);
  };
  try {
    await add(2, "1 of 1,2");
    await remove(1, "2 of 2"); // from Odradek to Apache
    await add(3, "2 of 2,3");
    await add(1, "2 of 1,2,3");
    await remove(3, "2 of 1,2");
    await remove(2, "1 of 1"); // and back
    await add(3, "1 of 1,3");
    await add(2, "1 of 1,2,3");
    await remove(2, "1 of 1,3");
    await add(2, "1 of 1,2,3");
    await cluster.node(1).kill();
    await on.progress();
    await cluster.node(1).start();
    await on.inSync();
    return await on.verdict();
  } finally {
    await on.dispose();
  }
}

/** A controller joins by itself, comes back with another port, and then with an empty disk. */
export async function joinsByItself(leads: Kind, joins: Kind, release?: string, features?: string): Promise<void> {
  const cluster = await startCluster({
    kind: leads,
    kinds: [leads, "odradek", joins],
    releases: [release],
    ...(features === undefined ? {} : { features }),
    nodes: { controllers: 3, brokers: 0 },
    dynamicQuorum: true,
    settings: { ...fewSeconds, "controller.quorum.auto.join.enable": "true" },
  });
  try {
    const node = cluster.node(3);
    await settled(cluster, "three voters", ({ voters }) => voters.get(3)?.directoryId === node.directoryId);
    await node.kill();
    const [port = 0] = await freePorts(1);
    node.moveController(port);
    await node.start();
    await settled(cluster, `voter 3 on port ${port}`, ({ voters }) => voters.get(3)?.port === port);
    await node.kill();
    node.wipe();
    await node.start();
    const isBack = ({ voters }: QuorumLeader) => voters.get(3)?.directoryId === node.directoryId && voters.size === 3;
    await settled(cluster, "voter 3 with its new directory", isBack);
  } finally {
    await cluster.dispose();
  }
}

/** Static voters, two of them of the kind that leads, become voters that change: `kraft.version` 1. */
export async function becomesDynamic(scripts: ScriptHost, leads: Kind, follows: Kind): Promise<void> {
  const kinds = [leads, leads, follows];
  const nodes = { controllers: 3, brokers: 0 };
  const cluster = await startCluster({ kind: leads, kinds, nodes, late: [3], settings: fewSeconds });
  try {
    await cluster.node(3).start();
    const { id } = await settled(cluster, "a leader", () => true);
    const address = ["--bootstrap-controller", cluster.node(id).controller];
    const upgrade = ["upgrade", "--feature", "kraft.version=1"];
    for (;;) {
      const { exitCode, stdout, stderr } = await scripts.run("kafka-features", [...address, ...upgrade]);
      if (exitCode === 0) break;
      // Each voter tells the leader once in a fetch timeout what it supports and which directory it has.
      if (!(stdout + stderr).includes("all of the voters")) throw new Error(stdout + stderr);
      await Bun.sleep(200);
    }
    const isKnown = ({ voters }: QuorumLeader) =>
      cluster.nodes.every((node) => voters.get(node.id)?.directoryId === node.directoryId);
    await settled(cluster, "voters with their directories", isKnown);
  } finally {
    await cluster.dispose();
  }
}

const textOf = ({ id, voters }: QuorumLeader): string => `${id} of ${[...voters.keys()].sort()}`;

/** What the leader says, once it says so. */
async function settled(
  cluster: Cluster,
  what: string,
  holds: (leader: QuorumLeader) => boolean,
): Promise<QuorumLeader> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const leader = await quorumLeader(cluster);
    if (leader !== null && holds(leader)) return leader;
    if (performance.now() > untilMs)
      throw new Error(`${what} expected, ${leader === null ? "none leads" : textOf(leader)}`);
    await Bun.sleep(100);
  }
}
