/** Starts Odradek and Apache Kafka on ports of their own in directories of their own, and stops them again. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, type Kind, type Launched, type LaunchSpec, launch, storageTool } from "./launch.ts";
import { temporary } from "./place.ts";
import { run } from "./process.ts";

export interface Broker {
  readonly kind: Kind;
  /** host:port for clients. */
  readonly bootstrap: string;
  /** host:port of the controller listener. */
  readonly controller: string;
  readonly directory: string;
  readonly pid: number;
  /** All that it printed so far. */
  output(): string;
  /** SIGTERM and wait; the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  /** Starts again on the same directory and ports. */
  restart(): Promise<Broker>;
  /** Starts the other kind of broker, with the same properties, on the same directory and ports. */
  succeededBy(kind: Broker["kind"]): Promise<Broker>;
  /** The same on ports of its own, while this one runs: to see it refused. */
  rivalledBy(kind: Broker["kind"]): Promise<Broker>;
  /** Kills it where it still runs, and deletes its directory. */
  dispose(): Promise<void>;
}

export interface StartOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** The flags that Apache's own start script gives its JVM, for figures; without it those that start fastest. */
  readonly asInProduction?: boolean;
  /** Of Odradek, where it is not the checkout's sources. */
  readonly program?: string;
}

interface Place {
  readonly directory: string;
  readonly ports: readonly number[]; // client, controller
  /** Where it is not the directory's own server.properties. */
  readonly file?: string;
  readonly asInProduction?: boolean;
  readonly program?: string;
  remove(): void;
}

async function place(label: string): Promise<Place> {
  const { path, remove } = temporary(label);
  return { directory: path, ports: await freePorts(2), remove };
}

export const newClusterId = () => `A${randomBytes(16).toString("base64url").slice(1, 21)}A`;

function properties(
  { directory, ports: [client, controller] }: Place,
  extra: Readonly<Record<string, string>>,
): string {
  const settings = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.bootstrap.servers": `localhost:${controller}`,
    listeners: `PLAINTEXT://localhost:${client},CONTROLLER://localhost:${controller}`,
    "advertised.listeners": `PLAINTEXT://localhost:${client},CONTROLLER://localhost:${controller}`,
    "controller.listener.names": "CONTROLLER",
    "log.dirs": join(directory, "data"),
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    ...extra,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** The same node without its broker. */
function controllerOnly(text: string): string {
  return text
    .replace("process.roles=broker,controller", "process.roles=controller")
    .replace(/^(listeners|advertised\.listeners)=.*(CONTROLLER:[^,\n]*)$/gm, "$1=$2");
}

const propertiesFile = (at: Place) => at.file ?? join(at.directory, "server.properties");

/** Apache Kafka from the jars, formatted by its own tool. Ready when it says so. */
export async function startApache(options: StartOptions = {}): Promise<Broker> {
  const at = { ...(await place("apache")), asInProduction: options.asInProduction ?? false };
  writeFileSync(propertiesFile(at), properties(at, options.settings ?? {}));
  await formatBy("apache", at);
  return launchOn("apache", at);
}

/** Odradek as `npm start -- FILE` starts it. */
export async function startOdradek(options: StartOptions = {}): Promise<Broker> {
  const at = { ...(await place("odradek")), ...(options.program === undefined ? {} : { program: options.program }) };
  writeFileSync(propertiesFile(at), properties(at, options.settings ?? {}));
  return launchOn("odradek", at);
}

/** One of them on a directory that the tool of the other has formatted. */
export async function startFormattedBy(tool: Broker["kind"], kind: Broker["kind"]): Promise<Broker> {
  const at = await place(kind);
  writeFileSync(propertiesFile(at), properties(at, {}));
  await formatBy(tool, at);
  return launchOn(kind, at);
}

async function formatBy(tool: Broker["kind"], at: Place): Promise<void> {
  const args = ["format", "--standalone", "-t", newClusterId(), "-c", propertiesFile(at)];
  const formatted = await run([...storageTool(tool), ...args]);
  if (formatted.exitCode !== 0) throw new Error(`format failed: ${formatted.stderr}${formatted.stdout}`);
}

async function launchOn(kind: Broker["kind"], at: Place): Promise<Broker> {
  const { directory, asInProduction = false, program } = at;
  const spec = { kind, file: propertiesFile(at), directory, asInProduction, ...(program && { program }) };
  return handle(spec, at, await launch(spec));
}

function handle(spec: LaunchSpec, at: Place, launched: Launched): Broker {
  const { kind } = spec;
  return {
    kind,
    bootstrap: `localhost:${at.ports[0]}`,
    controller: `localhost:${at.ports[1]}`,
    directory: join(at.directory, "data"),
    pid: launched.pid,
    output: launched.output,
    stop: () => launched.end("SIGTERM"),
    kill: async () => {
      await launched.end("SIGKILL");
    },
    restart: async () => handle(spec, at, await launch(spec)),
    succeededBy: (other) => launchOn(other, at),
    rivalledBy: async (other) => {
      const ports = await freePorts(2);
      const text = readFileSync(propertiesFile(at), "utf8");
      const moved = { ...at, ports, file: join(at.directory, "rival.properties") };
      const [client, controller] = at.ports;
      const [toClient, toController] = ports;
      writeFileSync(
        moved.file,
        text.replaceAll(`:${client}`, `:${toClient}`).replaceAll(`:${controller}`, `:${toController}`),
      );
      // Apache's combined node opens the metadata log before it takes the lock; its controller takes the lock first.
      if (other === "apache") writeFileSync(moved.file, controllerOnly(readFileSync(moved.file, "utf8")));
      return launchOn(other, moved);
    },
    dispose: async () => {
      if (launched.isRunning()) await launched.end("SIGKILL");
      at.remove();
    },
  };
}

/**
 * The broker under test: Odradek, or with COMPAT_AGAINST=apache the original, to see that a test asks the right thing.
 */
export function startSubject(options: StartOptions = {}): Promise<Broker> {
  return process.env.COMPAT_AGAINST === "apache" ? startApache(options) : startOdradek(options);
}
