/** `odradek start`: settings, a node, and its orderly end when the system asks for it. */
import type { Logger, Ports } from "../../base/ports.ts";
import { parseOverride } from "../config/properties.ts";
import type { StaticConfig } from "../config/static-config.ts";
import type { StartArguments } from "./arguments.ts";
import { sentenceOf } from "./failure.ts";
import { readSettings } from "./settings.ts";
import { isLoopback, type Listening, openListeners, startBlock } from "./start-block.ts";

/** A node that serves. */
export interface RunningNode {
  readonly clusterId: string;
  /** The data directory was empty and has been formatted. */
  readonly formatted: boolean;
  /** As advertised, with the ports that were bound. */
  readonly listeners: { readonly broker: readonly Listening[]; readonly controller: readonly Listening[] };
  /** Where its metrics are, if anywhere. */
  readonly metricsUrl?: string;
  /** Controlled: leaderships and open requests end in order, logs are synced and marked clean. */
  stop(): Promise<void>;
}

export type StartNode = (options: {
  readonly config: StaticConfig;
  readonly ports: Ports;
  readonly clusterId: string | null;
  readonly onFatal: (failure: unknown) => void;
}) => Promise<RunningNode>;

/** The process around the command: its streams, its folder, its end. */
export interface Terminal {
  readonly version: string;
  readonly workingDirectory: string;
  print(text: string): void;
  printError(text: string): void;
  /** Calls back each time that the system or a person asks the process to end. */
  onStopSignal(stop: (signal: string) => void): void;
  /** How long ago the process began. */
  sinceBeginMs(): number;
}

/** A terminal sends one signal twice: to us, and through the process that started us. Later ones mean it. */
const IMPATIENT_AFTER_MS = 1000;

export interface StartParts {
  readonly ports: Ports;
  readonly mapped: boolean;
  readonly terminal: Terminal;
  readonly startNode: StartNode;
}

/** Resolves to the exit code, once the node has ended. */
export async function start(args: StartArguments, parts: StartParts): Promise<number> {
  const { ports, terminal, startNode } = parts;
  const signal = Promise.withResolvers<string>();
  const end = Promise.withResolvers<number>(); // without waiting for the node
  let reported = false; // what ends a node is seldom noticed by one part of it only
  const onFatal = (failure: unknown) => {
    if (!reported) report(failure, terminal);
    reported = true;
    end.resolve(1);
  };
  watchSignals(parts, signal.resolve, () => {
    ports.logger.warn("Ended without waiting; the next start recovers.");
    end.resolve(1);
  });
  try {
    const config = settingsOf(args, parts);
    explain(config, ports.logger);
    const starting = startNode({ config, ports, clusterId: null, onFatal });
    const node = await Promise.race([starting, signal.promise, end.promise]);
    if (typeof node === "number") return node;
    if (typeof node === "string") return 0; // asked to end before it was up: the next start recovers
    terminal.print(startBlock({ ...factsOf(config, parts), ...node }));
    const asked = await Promise.race([signal.promise, end.promise]);
    if (typeof asked === "number") return asked;
    ports.logger.info(`Stopping: ${asked}`);
    return await Promise.race([node.stop().then(() => 0), end.promise]);
  } catch (failure) {
    onFatal(failure);
    return 1;
  }
}

function report(failure: unknown, terminal: Terminal): void {
  const bug = () => `This is a bug of Odradek: ${failure instanceof Error ? failure.stack : String(failure)}`;
  terminal.printError(`${sentenceOf(failure) ?? bug()}\n`);
}

function watchSignals({ terminal, ports }: StartParts, first: (signal: string) => void, again: () => void): void {
  let firstMs = Infinity;
  terminal.onStopSignal((signal) => {
    const nowMs = ports.clock.ticksMs();
    if (nowMs - firstMs > IMPATIENT_AFTER_MS) again();
    firstMs = Math.min(firstMs, nowMs);
    first(signal);
  });
}

/** @throws ConfigError */
function settingsOf({ file, logLevel, overrides: given }: StartArguments, parts: StartParts): StaticConfig {
  const overrides = given.map(parseOverride);
  if (logLevel !== null) overrides.push(["odradek.log.level", logLevel]);
  return readSettings({ file, overrides }, parts.ports.disk, parts.terminal.workingDirectory);
}

function explain(config: StaticConfig, logger: Logger): void {
  for (const note of config.notes) logger.info(note);
  const { metricsListener: metrics } = config;
  if (metrics !== null && !isLoopback(metrics.host)) {
    logger.warn(
      `Anyone who reaches this machine may read the metrics, names of topics among them (port ${metrics.port}).`,
    );
  }
  const open = openListeners(config.listeners).map(({ name, port }) => `${name} (port ${port})`);
  if (open.length === 0) return;
  logger.warn(`Anyone who reaches this machine may read and write: ${open.join(", ")} asks for no authentication.`);
}

function factsOf({ nodeId, logDirs }: StaticConfig, { terminal, mapped }: StartParts) {
  return { version: terminal.version, nodeId, logDirs, mapped, readyMs: terminal.sinceBeginMs() };
}
