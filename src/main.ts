/** The process: arguments, streams and signals of the machine, handed to the command line. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Arguments, parseArguments, usage } from "./cli/arguments.ts";
import { sentenceOf } from "./cli/failure.ts";
import type { StartNode, Terminal } from "./cli/start.ts";
import { BunConsole } from "./runtime/bun-console.ts";

/** The launcher starts Bun in our own folder, so that no settings of another project apply to it. */
const workingDirectory = process.env.ODRADEK_WORKING_DIRECTORY ?? process.cwd();
const stopSignals = ["SIGTERM", "SIGINT"] as const;

const console = new BunConsole();

const terminal: Terminal = {
  version: readVersion(),
  workingDirectory,
  print: (text) => console.print(text),
  printError: (text) => console.printError(text),
  onStopSignal: (stop) => {
    for (const signal of stopSignals) process.on(signal, () => stop(signal));
    process.on("SIGHUP", () => {
      if (process.env.ODRADEK_HANGUP !== "ignore") stop("SIGHUP");
    });
  },
  sinceBeginMs: () => performance.now(),
};

function readVersion(): string {
  return JSON.parse(readFileSync(join(dirname(Bun.main), "..", "package.json"), "utf8")).version;
}

async function run(): Promise<number> {
  let args: Arguments;
  try {
    args = parseArguments(process.argv.slice(2));
  } catch (failure) {
    terminal.printError(`${sentenceOf(failure) ?? failure}\n`);
    return process.argv[2] === "verify" ? 2 : 1;
  }
  if (args.command === "help") terminal.print(usage);
  else if (args.command === "version") terminal.print(`${terminal.version}\n`);
  else if (args.command === "verify") return verifyWith(args);
  else if (args.command === "storage") return storageWith(args);
  else return startWith(args);
  return 0;
}

/** What only a start needs is loaded only for a start. */
async function startWith(args: Extract<Arguments, { command: "start" }>): Promise<number> {
  if (args.nodes !== null) return superviseWith(args, args.nodes);
  const [{ start }, { startBroker }, { machinePorts }, { lineLogger }] = await Promise.all([
    import("./cli/start.ts"),
    import("./broker.ts"),
    import("./runtime/ports.ts"),
    import("./runtime/logger.ts"),
  ]);
  const ports = machinePorts((clock) => lineLogger(args.logLevel ?? "info", clock, terminal.print));
  dieOfBugs((detail) => ports.logger.error(detail));
  const startNode: StartNode = async (options) => {
    const { metricsListener } = options.config;
    if (metricsListener === null) return startBroker(options);
    const [{ startWithHttp }, { serveHttp }] = await Promise.all([
      import("./http/listener.ts"),
      import("./runtime/bun-http.ts"),
    ]);
    return startWithHttp(options, metricsListener, serveHttp);
  };
  return start(args, { ports, mapped: ports.disk.mapped, terminal, startNode });
}

async function superviseWith(args: Extract<Arguments, { command: "start" }>, nodes: number): Promise<number> {
  const [{ supervise }, { machinePorts }, { lineLogger }, { spawnSelf }] = await Promise.all([
    import("./cli/supervise.ts"),
    import("./runtime/ports.ts"),
    import("./runtime/logger.ts"),
    import("./runtime/bun-child.ts"),
  ]);
  const doors = machinePorts((clock) => lineLogger(args.logLevel ?? "info", clock, terminal.print));
  return supervise(nodes, args, { doors, terminal, spawn: (argv, said) => spawnSelf(argv, Bun.main, said) });
}

async function verifyWith(args: Extract<Arguments, { command: "verify" }>): Promise<number> {
  const [{ verify }, { machinePorts }, { lineLogger }] = await Promise.all([
    import("./cli/verify.ts"),
    import("./runtime/ports.ts"),
    import("./runtime/logger.ts"),
  ]);
  const { disk, clock } = machinePorts((each) => lineLogger("silent", each, terminal.print));
  const columns = process.stderr.isTTY ? process.stderr.columns : null;
  return verify(args, { disk, clock, terminal, columns });
}

async function storageWith(args: Extract<Arguments, { command: "storage" }>): Promise<number> {
  const [{ storage }, { machinePorts }, { lineLogger }] = await Promise.all([
    import("./cli/storage.ts"),
    import("./runtime/ports.ts"),
    import("./runtime/logger.ts"),
  ]);
  const { disk, clock, random } = machinePorts((each) => lineLogger("silent", each, terminal.print));
  return storage(args, { disk, clock, random, terminal });
}

/** A broken invariant must stop the node before it does damage; the next start recovers. */
function dieOfBugs(log: (detail: string) => void): void {
  const die = (failure: unknown) => {
    log(`This is a bug of Odradek; the node ends. ${failure instanceof Error ? failure.stack : String(failure)}`);
    void console.flush().then(() => process.exit(70));
  };
  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);
}

// No `await`, and no `import.meta` above: a package is started from a script that is made of this (tools/bundle.ts).
void run().then(async (exitCode) => {
  await console.flush();
  process.exit(exitCode);
});
