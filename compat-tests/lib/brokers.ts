/** Starts Odradek and Apache Kafka on ports of their own in directories of their own, and stops them again. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { jars, root, temporary } from "./place.ts";
import { run } from "./process.ts";

export interface Broker {
  readonly kind: "apache" | "odradek";
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
}

interface Place {
  readonly directory: string;
  readonly ports: readonly [client: number, controller: number];
  /** Where it is not the directory's own server.properties. */
  readonly file?: string;
  readonly asInProduction?: boolean;
  remove(): void;
}

/** Two ports that were free a moment ago: Apache cannot say which port it was given. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const ports = await Promise.all(
    servers.map((server) => new Promise<number>((done) => server.listen(0, "127.0.0.1", () => done(portOf(server))))),
  );
  for (const server of servers) server.close();
  return ports as [number, number];
}

const portOf = (server: ReturnType<typeof createServer>) => (server.address() as { port: number }).port;

async function place(label: string): Promise<Place> {
  const { path, remove } = temporary(label);
  return { directory: path, ports: await freePorts(), remove };
}

const newClusterId = () => `A${randomBytes(16).toString("base64url").slice(1, 21)}A`;

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

const java = ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=INFO"];
/** As `kafka-server-start` and `kafka-run-class` have them. */
const javaInProduction = [
  ...["java", "-Xmx1G", "-Xms1G", "-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"],
  ...["-XX:InitiatingHeapOccupancyPercent=35", "-XX:+ExplicitGCInvokesConcurrent", "-Dlog4j2.level=INFO"],
];

function classPath(): string[] {
  const libs = jars("4.3.1");
  if (libs === null) throw new Error("Apache Kafka 4.3.1 is not here");
  return ["-cp", `${libs}/*`];
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
  const format = ["kafka.tools.StorageTool", "format", "--standalone", "-t", newClusterId(), "-c", propertiesFile(at)];
  const formatted = await run([...java, ...classPath(), ...format]);
  if (formatted.exitCode !== 0) throw new Error(`format failed: ${formatted.stderr}${formatted.stdout}`);
  return launchOn("apache", at);
}

/** Odradek as `npm start -- FILE` starts it. */
export async function startOdradek(options: StartOptions = {}): Promise<Broker> {
  const at = await place("odradek");
  writeFileSync(propertiesFile(at), properties(at, options.settings ?? {}));
  return launchOn("odradek", at);
}

function launchOn(kind: Broker["kind"], at: Place): Promise<Broker> {
  const file = propertiesFile(at);
  return kind === "apache"
    ? launch(
        "apache",
        at,
        [...(at.asInProduction ? javaInProduction : java), ...classPath(), "kafka.Kafka", file],
        /Kafka Server started/,
      )
    : launch("odradek", at, [process.execPath, join(root, "src/main.ts"), "start", file], /is ready: node/);
}

async function launch(kind: Broker["kind"], at: Place, command: readonly string[], ready: RegExp): Promise<Broker> {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "pipe", cwd: at.directory });
  const texts: string[] = [];
  const started = Promise.withResolvers<void>();
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let tail = ""; // the line may come in two pieces, behind many others
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      texts.push(text);
      tail = tail.slice(-200) + text;
      if (ready.test(tail)) started.resolve();
    }
  };
  const said = () => texts.join("").slice(-4_000);
  void Promise.all([collect(child.stdout), collect(child.stderr)]);
  const late = setTimeout(() => started.reject(new Error(`${kind} is not ready after 60 s\n${said()}`)), 60_000);
  void child.exited.then((code) => started.reject(new Error(`${kind} exited with ${code}\n${said()}`)));
  await started.promise
    .catch((error) => {
      child.kill("SIGKILL"); // what is not ready is not left behind
      throw error;
    })
    .finally(() => clearTimeout(late));
  return handle(kind, at, command, ready, child, texts);
}

function handle(
  kind: Broker["kind"],
  at: Place,
  command: readonly string[],
  ready: RegExp,
  child: Subprocess,
  texts: readonly string[],
): Broker {
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    child.kill(signal);
    await child.exited;
    return child.exitCode;
  };
  return {
    kind,
    bootstrap: `localhost:${at.ports[0]}`,
    controller: `localhost:${at.ports[1]}`,
    directory: join(at.directory, "data"),
    pid: child.pid,
    output: () => texts.join(""),
    stop: () => end("SIGTERM"),
    kill: async () => {
      await end("SIGKILL");
    },
    restart: () => launch(kind, at, command, ready),
    succeededBy: (other) => launchOn(other, at),
    rivalledBy: async (other) => {
      const ports = await freePorts();
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
      if (child.exitCode === null && child.signalCode === null) await end("SIGKILL");
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
