/** One node as a process: Apache Kafka from the jars, or Odradek as `npm start -- FILE` starts it, on a properties file. */
import { createServer } from "node:net";
import { join } from "node:path";
import { jars, root } from "./place.ts";

export type Kind = "apache" | "odradek";

/** Of Apache's nodes, where nothing else is said. */
export const RELEASE = "4.3.1";

export interface LaunchSpec {
  readonly kind: Kind;
  /** Of Apache Kafka. */
  readonly release?: string;
  /** Of Odradek, where it is not the checkout's sources. */
  readonly program?: string;
  /** The properties file. */
  readonly file: string;
  /** Where the process works. */
  readonly directory: string;
  /** The flags that Apache's own start script gives its JVM, for figures; without it those that start fastest. */
  readonly asInProduction: boolean;
  /** In front of the command, such as `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
}

export interface Launched {
  readonly pid: number;
  /** All that it printed so far. */
  output(): string;
  isRunning(): boolean;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** Resolves to the exit code, null after a signal. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

export const java = ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=INFO"];
/** As `kafka-server-start` and `kafka-run-class` have them. */
const javaInProduction = [
  ...["java", "-Xmx1G", "-Xms1G", "-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"],
  ...["-XX:InitiatingHeapOccupancyPercent=35", "-XX:+ExplicitGCInvokesConcurrent", "-Dlog4j2.level=INFO"],
];

export function classPath(release: string = RELEASE): string[] {
  const libs = jars(release);
  if (libs === null) throw new Error(`Apache Kafka ${release} is not here`);
  return ["-cp", `${libs}/*`];
}

/** `kafka-storage` of that kind. */
export function storageTool(kind: Kind, release?: string): string[] {
  if (kind === "odradek") return [process.execPath, join(root, "src/main.ts"), "storage"];
  return [...java, ...classPath(release), "kafka.tools.StorageTool"];
}

/** What starts the node. */
export function startCommand({
  kind,
  release,
  program = join(root, "src/main.ts"),
  file,
  asInProduction,
  prefix = [],
}: LaunchSpec): string[] {
  if (kind === "odradek") return [...prefix, process.execPath, program, "start", file];
  return [...prefix, ...(asInProduction ? javaInProduction : java), ...classPath(release), "kafka.Kafka", file];
}

const readyLine = { apache: /Kafka Server started/, odradek: /is ready: node/ };

/** So that nothing waits for ever: several JVMs that start at once on a busy machine take more than a minute. */
const READY_MS = 180_000;

/** Resolves when the node says that it is ready. */
export async function launch(spec: LaunchSpec): Promise<Launched> {
  const { kind, directory } = spec;
  const env = { ...process.env }; // as it is now, not as it was when this process began
  const child = Bun.spawn(startCommand(spec), { stdin: "ignore", stdout: "pipe", stderr: "pipe", cwd: directory, env });
  const texts: string[] = [];
  const started = Promise.withResolvers<void>();
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let tail = ""; // the line may come in two pieces, behind many others
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      texts.push(text);
      tail = tail.slice(-200) + text;
      if (readyLine[kind].test(tail)) started.resolve();
    }
  };
  const said = () => texts.join("").slice(-4_000);
  void Promise.all([collect(child.stdout), collect(child.stderr)]);
  const late = setTimeout(() => started.reject(new Error(`${kind} is not ready in time\n${said()}`)), READY_MS);
  void child.exited.then((code) => started.reject(new Error(`${kind} exited with ${code}\n${said()}`)));
  await started.promise
    .catch((error) => {
      child.kill("SIGKILL"); // what is not ready is not left behind
      throw error;
    })
    .finally(() => clearTimeout(late));
  return {
    pid: child.pid,
    output: () => texts.join(""),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    signal: (name) => child.kill(name),
    end: async (signal) => {
      child.kill(signal);
      await child.exited;
      return child.exitCode;
    },
  };
}

/** Ports that were free a moment ago: Apache cannot say which port it was given. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map((server) => new Promise<number>((done) => server.listen(0, "127.0.0.1", () => done(portOf(server))))),
  );
  for (const server of servers) server.close();
  return ports;
}

const portOf = (server: ReturnType<typeof createServer>) => (server.address() as { port: number }).port;
