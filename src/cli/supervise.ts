/**
 * `odradek start --nodes N`: a process for each node, what they print with the number of the node before it. One that
 * dies is started again, after longer and longer pauses while it keeps dying; one that cannot start at all ends the
 * others. When the system asks, all of them are asked to end.
 */
import type { Cancel, Clock } from "../../base/ports.ts";
import type { StartArguments } from "./arguments.ts";
import { sentenceOf } from "./failure.ts";
import { type NodesDoors, prepareNodes } from "./nodes.ts";
import type { Terminal } from "./start.ts";

export interface Child {
  /** Resolves to its exit code, or to the signal that ended it. */
  readonly ended: Promise<number | string>;
  stop(): void;
}

/** Starts this program again, with other arguments. */
export type SpawnNode = (argv: readonly string[], said: (line: string) => void) => Child;

export interface SupervisorParts {
  readonly doors: NodesDoors;
  readonly terminal: Terminal;
  readonly spawn: SpawnNode;
}

const READY = / is ready: node \d+ /;
const ADDRESS = /^ {2}(\S+) +(\S+:\d+)$/;
const PAUSE_MIN_MS = 1_000;
const PAUSE_MAX_MS = 30_000;
/** Who has lived so long may begin again with the shortest pause. */
const STEADY_MS = 60_000;

/** Resolves to the exit code, once every node has ended. */
export async function supervise(count: number, args: StartArguments, parts: SupervisorParts): Promise<number> {
  const { doors, terminal } = parts;
  try {
    const files = await prepareNodes(count, `${terminal.workingDirectory}/data`, doors);
    const common = args.overrides.flatMap((override) => ["--override", override]);
    if (args.logLevel !== null) common.push("--log-level", args.logLevel);
    const cluster = new Supervisor(parts);
    return await cluster.run(files.map((file) => ["start", file, ...common]));
  } catch (failure) {
    const sentence = sentenceOf(failure);
    if (sentence === null) throw failure;
    terminal.printError(`${sentence}\n`);
    return 1;
  }
}

class Supervisor {
  private readonly terminal: Terminal;
  private readonly spawn: SpawnNode;
  private readonly clock: Clock;
  private readonly running = new Set<Child>();
  private readonly addresses = new Map<number, string>();
  private stopping = false;
  private exitCode = 0;
  private readonly stopped = Promise.withResolvers<void>();

  constructor({ doors, terminal, spawn }: SupervisorParts) {
    this.clock = doors.clock;
    this.terminal = terminal;
    this.spawn = spawn;
  }

  async run(commands: readonly (readonly string[])[]): Promise<number> {
    this.terminal.onStopSignal(() => this.stop());
    await Promise.all(commands.map((argv, index) => this.keep(index + 1, argv, commands.length)));
    return this.exitCode;
  }

  /** Also a second time: what a node has begun to end it then ends without waiting. */
  private stop(): void {
    this.stopping = true;
    this.stopped.resolve();
    for (const child of this.running) child.stop();
  }

  /** Until all are to end. */
  private async keep(node: number, argv: readonly string[], count: number): Promise<void> {
    let pauseMs = PAUSE_MIN_MS;
    let wasReady = false;
    while (!this.stopping) {
      const beganMs = this.clock.ticksMs();
      const child = this.spawn(argv, (line) => {
        this.terminal.print(`${node} | ${line}\n`);
        if (READY.test(line)) wasReady = true;
        if (wasReady) this.learn(node, line, count);
      });
      this.running.add(child);
      const end = await child.ended;
      this.running.delete(child);
      if (this.stopping) {
        if (end !== 0) this.exitCode = 1;
        return;
      }
      if (!wasReady) {
        this.exitCode = 1;
        this.stop();
        return;
      }
      if (this.clock.ticksMs() - beganMs > STEADY_MS) pauseMs = PAUSE_MIN_MS;
      this.terminal.printError(`Node ${node} has ended (${end}); it starts again in ${pauseMs / 1_000} s.\n`);
      await this.pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS);
    }
  }

  /** Once every node has said where it listens, one line says it for all. */
  private learn(node: number, line: string, count: number): void {
    const [, , address] = ADDRESS.exec(line) ?? [];
    if (address === undefined || this.addresses.has(node)) return;
    this.addresses.set(node, address);
    if (this.addresses.size < count) return;
    const servers = [...this.addresses].sort(([a], [b]) => a - b).map(([, each]) => each);
    this.terminal.print(`All ${count} nodes are ready: --bootstrap-server ${servers.join(",")}\n`);
  }

  private pause(forMs: number): Promise<unknown> {
    let cancel: Cancel = () => {};
    const over = new Promise<void>((resolve) => {
      cancel = this.clock.after(forMs, resolve);
    });
    return Promise.race([over, this.stopped.promise]).finally(() => cancel());
  }
}
