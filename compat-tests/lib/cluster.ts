/** Several nodes of one cluster, each a process of its own, on ports and in directories of their own. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newClusterId } from "./brokers.ts";
import { freePorts, type Kind, type Launched, type LaunchSpec, launch, RELEASE, storageTool } from "./launch.ts";
import { folder, temporary } from "./place.ts";
import { run } from "./process.ts";

export interface ClusterOptions {
  readonly kind: Kind;
  /** By index, where not all are of one kind. */
  readonly kinds?: readonly Kind[];
  /** Of Apache's nodes, by index; 4.3.1 where it is not given. */
  readonly releases?: readonly (string | undefined)[];
  /** Of whose features the cluster is formatted, as `--release-version` says; those of the first node otherwise. */
  readonly features?: string;
  /** Nodes that are broker and controller; or so many of each. Ids count from 1, controllers first. */
  readonly nodes: number | { readonly controllers: number; readonly brokers: number };
  /**
   * The voters are in the log (KIP-853): first it is node 1 alone, the other controllers observe. Otherwise the
   * settings name them (`controller.quorum.voters`).
   */
  readonly dynamicQuorum?: boolean;
  /** The ids of nodes that are not started yet: they join later, by their `start`. */
  readonly late?: readonly number[];
  /** Over those below, for every node. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Over those, by index. */
  readonly own?: readonly Readonly<Record<string, string>>[];
  /** The flags that Apache's own start script gives its JVM, for figures. */
  readonly asInProduction?: boolean;
  /** How many log directories each node has; one where it is not given. */
  readonly logDirs?: number;
  /** Where each node lives, by index: in one network namespace each where partitions are to be made. */
  readonly sites?: readonly Site[];
}

export interface Site {
  readonly host: string;
  /** In front of its command. */
  readonly prefix: readonly string[];
}

interface Plan {
  readonly id: number;
  readonly roles: string;
  readonly host: string;
  /** 0 where it is no broker. */
  readonly clientPort: number;
  /** 0 where it is no controller. */
  readonly controllerPort: number;
  readonly logDirs: readonly string[];
  readonly spec: LaunchSpec;
}

export class ClusterNode {
  readonly id: number;
  readonly isBroker: boolean;
  readonly isController: boolean;
  /** host:port for clients. */
  readonly bootstrap: string;
  /** Its first log directory, which has the metadata log. */
  readonly directory: string;
  readonly logDirs: readonly string[];
  /** Its properties. */
  readonly file: string;
  private readonly plan: Plan;
  private controllerPort: number;
  private present: Kind;
  private launched: Launched | null = null;
  private before = "";

  constructor(plan: Plan) {
    this.plan = plan;
    this.present = plan.spec.kind;
    this.id = plan.id;
    this.isBroker = plan.clientPort > 0;
    this.isController = plan.controllerPort > 0;
    this.bootstrap = `${plan.host}:${plan.clientPort}`;
    this.controllerPort = plan.controllerPort;
    this.logDirs = plan.logDirs;
    this.directory = this.logDirs[0] as string;
    this.file = plan.spec.file;
  }

  /** Of its log directory, as it is now. */
  get directoryId(): string {
    const text = readFileSync(join(this.directory, "meta.properties"), "utf8");
    return /^directory\.id=(.*)$/m.exec(text)?.[1] as string;
  }

  /** host:port of the controller listener. */
  get controller(): string {
    return `${this.plan.host}:${this.controllerPort}`;
  }
  /** Of the process that runs, or ran last. */
  get kind(): Kind {
    return this.present;
  }
  get pid(): number {
    return this.launched?.pid ?? -1;
  }
  get isRunning(): boolean {
    return this.launched?.isRunning() ?? false;
  }
  /** Of all its lives. */
  get output(): string {
    return this.before + (this.launched?.output() ?? "");
  }

  /**
   * Resolves when it says that it is ready: a controller needs a majority of them for that. A node of the other kind
   * takes over the directory and the settings.
   */
  async start(kind: Kind = this.kind): Promise<void> {
    this.before = this.output;
    this.launched = null;
    this.present = kind;
    this.launched = await launch({ ...this.plan.spec, kind });
  }
  async stop(): Promise<number | null> {
    return (await this.launched?.end("SIGTERM")) ?? null;
  }
  async kill(): Promise<void> {
    if (this.isRunning) await this.launched?.end("SIGKILL");
  }
  /** Its disk is gone: in its place lies one that was just formatted for the same cluster. */
  wipe(): void {
    const text = readFileSync(join(this.directory, "meta.properties"), "utf8");
    rmSync(this.directory, { recursive: true });
    mkdirSync(this.directory);
    writeFileSync(join(this.directory, "meta.properties"), withNewDirectoryId(text));
  }
  /** From its next start on its controller listener is there. */
  moveController(port: number): void {
    const before = this.controller;
    this.controllerPort = port;
    const text = readFileSync(this.file, "utf8");
    writeFileSync(this.file, text.replace(`CONTROLLER://${before}`, `CONTROLLER://${this.controller}`));
  }
  pause(): void {
    this.launched?.signal("SIGSTOP");
  }
  resume(): void {
    this.launched?.signal("SIGCONT");
  }
}

export class Cluster {
  readonly kind: Kind;
  readonly nodes: readonly ClusterNode[];
  private readonly remove: () => void;

  constructor(kind: Kind, nodes: readonly ClusterNode[], remove: () => void) {
    this.kind = kind;
    this.nodes = nodes;
    this.remove = remove;
  }

  get brokers(): readonly ClusterNode[] {
    return this.nodes.filter(({ isBroker }) => isBroker);
  }
  get controllers(): readonly ClusterNode[] {
    return this.nodes.filter(({ isController }) => isController);
  }
  get bootstrap(): string {
    return this.brokers.map(({ bootstrap }) => bootstrap).join(",");
  }

  node(id: number): ClusterNode {
    const found = this.nodes.find((node) => node.id === id);
    if (found === undefined) throw new Error(`there is no node ${id}`);
    return found;
  }

  /** Kills what still runs, and deletes all directories. */
  async dispose(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    this.remove();
  }
}

/** Resolves when every node that is not late is ready. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { path, remove } = temporary(`${options.kind}-cluster`);
  const plans = await planned(options, path);
  const more = options.features === undefined ? [] : ["--release-version", options.features];
  await (options.dynamicQuorum === true ? formatApart(plans, more) : format(plans, more));
  const cluster = new Cluster(
    options.kind,
    plans.map((plan) => new ClusterNode(plan)),
    remove,
  );
  const first = cluster.nodes.filter(({ id }) => options.late?.includes(id) !== true);
  const started = await Promise.allSettled(first.map((node) => node.start()));
  const failed = started.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    await cluster.dispose();
    throw failed.reason;
  }
  return cluster;
}

async function planned(options: ClusterOptions, path: string): Promise<Plan[]> {
  const { kind: common, kinds = [], nodes, settings = {}, own = [], asInProduction = false, sites = [] } = options;
  const { dynamicQuorum = false, logDirs = 1 } = options;
  const combined = typeof nodes === "number";
  const controllers = combined ? nodes : nodes.controllers;
  const count = combined ? nodes : nodes.controllers + nodes.brokers;
  const ports = await freePorts(2 * count);
  const plans = Array.from({ length: count }, (_, index): Plan => {
    const isController = index < controllers;
    const isBroker = combined || !isController;
    const { host, prefix } = sites[index] ?? { host: "localhost", prefix: [] };
    const directory = folder(path, `node-${index + 1}`);
    const kind = kinds[index] ?? common;
    const release = options.releases?.[index] ?? RELEASE;
    return {
      id: index + 1,
      roles: [isBroker ? "broker" : "", isController ? "controller" : ""].filter((role) => role !== "").join(","),
      host,
      clientPort: isBroker ? (ports[2 * index] as number) : 0,
      controllerPort: isController ? (ports[2 * index + 1] as number) : 0,
      logDirs: ["data", "data-2", "data-3"].slice(0, logDirs).map((name) => join(directory, name)),
      spec: { kind, release, file: join(directory, "server.properties"), directory, asInProduction, prefix },
    };
  });
  for (const [index, plan] of plans.entries()) {
    writeFileSync(plan.spec.file, properties(plan, plans, dynamicQuorum, { ...settings, ...own[index] }));
  }
  return plans;
}

function properties(
  plan: Plan,
  all: readonly Plan[],
  dynamicQuorum: boolean,
  extra: Readonly<Record<string, string>>,
): string {
  const { id, roles, host, clientPort, controllerPort, logDirs } = plan;
  const listeners = [
    clientPort > 0 ? `PLAINTEXT://${host}:${clientPort}` : "",
    controllerPort > 0 ? `CONTROLLER://${host}:${controllerPort}` : "",
  ].filter((listener) => listener !== "");
  const brokers = all.filter((each) => each.clientPort > 0).length;
  const replication = String(Math.max(1, Math.min(3, brokers)));
  const controllers = all.filter((each) => each.controllerPort > 0);
  const at = (controller: Plan) => `${controller.host}:${controller.controllerPort}`;
  const quorum: Record<string, string> = dynamicQuorum
    ? { "controller.quorum.bootstrap.servers": controllers.map(at).join(",") }
    : { "controller.quorum.voters": controllers.map((voter) => `${voter.id}@${at(voter)}`).join(",") };
  const settings = {
    "process.roles": roles,
    "node.id": String(id),
    ...quorum,
    listeners: listeners.join(","),
    "controller.listener.names": "CONTROLLER",
    "log.dirs": logDirs.join(","),
    "offsets.topic.replication.factor": replication,
    "offsets.topic.num.partitions": "3",
    "transaction.state.log.replication.factor": replication,
    "share.coordinator.state.topic.replication.factor": replication,
    "group.initial.rebalance.delay.ms": "0",
    ...extra,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** The first node's own tool formats it; the others differ in nothing but their ids. */
async function format(plans: readonly Plan[], more: readonly string[]): Promise<void> {
  const [first, ...others] = plans as [Plan, ...Plan[]];
  await formatOne(first, newClusterId(), more);
  for (const { id, logDirs } of others) {
    for (const [index, target] of logDirs.entries()) {
      cpSync(first.logDirs[index] as string, target, { recursive: true });
      const file = join(target, "meta.properties");
      const text = readFileSync(file, "utf8").replace(/^node\.id=.*$/m, `node.id=${id}`);
      writeFileSync(file, withNewDirectoryId(text));
    }
  }
}

/** Each by its own kind's tool. */
async function formatApart(plans: readonly Plan[], more: readonly string[]): Promise<void> {
  const clusterId = newClusterId();
  const voting = (plan: Plan) => (plan === plans[0] ? ["--standalone"] : ["--no-initial-controllers"]);
  await Promise.all(
    plans.map((plan) => formatOne(plan, clusterId, [...(plan.controllerPort > 0 ? voting(plan) : []), ...more])),
  );
}

async function formatOne({ spec }: Plan, clusterId: string, more: readonly string[]): Promise<void> {
  const args = ["format", "-t", clusterId, "-c", spec.file, ...more];
  const formatted = await run([...storageTool(spec.kind, spec.release), ...args]);
  if (formatted.exitCode !== 0) throw new Error(`format failed: ${formatted.stderr}${formatted.stdout}`);
}

function withNewDirectoryId(text: string): string {
  const id = newClusterId(); // an id like any other: as in Kafka, none begins with "-"
  return text.replace(/^directory\.id=.*$/m, `directory.id=${id}`);
}
