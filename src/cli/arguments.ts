/** What the command line asks for. */
import { type LogLevel, logLevels } from "../runtime/logger.ts";

export interface StartArguments {
  readonly command: "start";
  /** A properties file; null for the settings of a single node on localhost. */
  readonly file: string | null;
  /** key=value, in the order given. */
  readonly overrides: readonly string[];
  /** So many nodes on this machine, each a process; null for one node in this process. */
  readonly nodes: number | null;
  /** Null: as the settings say (odradek.log.level). */
  readonly logLevel: LogLevel | null;
}

export interface VerifyArguments {
  readonly command: "verify";
  /** A data directory: an entry of `log.dirs`. */
  readonly directory: string;
  readonly json: boolean;
}

export interface StorageCommandArguments {
  readonly command: "storage";
  /** As Apache's `kafka-storage` takes them. */
  readonly argv: readonly string[];
}

export type Arguments =
  | StartArguments
  | StorageCommandArguments
  | VerifyArguments
  | { readonly command: "help" }
  | { readonly command: "version" };

/** A command line that cannot be meant; one sentence for the operator. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const NODES_MAX = 20;

export const usage = `Usage: odradek start [server.properties] [--override key=value]… [--log-level LEVEL]
       odradek start --nodes N [--override key=value]… [--log-level LEVEL]
       odradek verify DIRECTORY [--json]
       odradek storage COMMAND …

  start               starts a node; without a file on localhost:9092, with its data in ./data
  --nodes N           starts a cluster of N nodes on this machine, on the ports from 9092 on, with their settings
                      and data in ./data
  --override k=v      sets one setting over the file's, as often as needed
  --log-level LEVEL   ${logLevels.join(", ")} (info)

  verify              reads every file of a data directory that no broker uses, and changes nothing;
                      exit code 0: sound, 1: damaged, 2: could not be read
  --json              the report as one line of JSON

  storage             what Apache's kafka-storage does, with its options and output: format, info, random-uuid,
                      version-mapping, feature-dependencies; odradek format is odradek storage format

  --help, --version
`;

export function parseArguments(argv: readonly string[]): Arguments {
  const [command, ...rest] = argv;
  if (command === "storage") return { command, argv: rest };
  if (command === "format") return { command: "storage", argv };
  if (argv.includes("--help") || argv.includes("-h") || command === "help") return { command: "help" };
  if (argv.includes("--version") || command === "version") return { command: "version" };
  if (command === undefined) throw new UsageError("No command was given: try odradek start, or odradek --help.");
  if (command === "start") return parseStart(rest);
  if (command === "verify") return parseVerify(rest);
  throw new UsageError(`There is no command ${command}: see odradek --help.`);
}

function parseStart(argv: readonly string[]): StartArguments {
  let file: string | null = null;
  let logLevel: LogLevel | null = null;
  let nodes: number | null = null;
  const overrides: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const [option, inline] = splitOption(argv[at]!);
    const value = (): string => {
      const given = inline ?? argv[++at];
      if (given === undefined) throw new UsageError(`${option} needs a value.`);
      return given;
    };
    if (option === "--override") overrides.push(value());
    else if (option === "--log-level") logLevel = parseLogLevel(value());
    else if (option === "--nodes") nodes = parseNodes(value());
    else if (option.startsWith("-")) throw new UsageError(`There is no option ${option}: see odradek --help.`);
    else if (file !== null)
      throw new UsageError(`One properties file is enough, but ${file} and ${option} were given.`);
    else file = option;
  }
  if (nodes !== null && file !== null) {
    throw new UsageError("With --nodes each node has a file of its own, in ./data: leave the properties file out.");
  }
  return { command: "start", file, overrides, logLevel, nodes };
}

function parseNodes(text: string): number {
  const nodes = /^\d+$/.test(text) ? Number(text) : 0;
  if (nodes < 1 || nodes > NODES_MAX) throw new UsageError(`--nodes is a number from 1 to ${NODES_MAX}, not ${text}.`);
  return nodes;
}

function parseVerify(argv: readonly string[]): VerifyArguments {
  const unknown = argv.find((word) => word.startsWith("-") && word !== "--json");
  if (unknown !== undefined) throw new UsageError(`There is no option ${unknown}: see odradek --help.`);
  const [directory, ...more] = argv.filter((word) => !word.startsWith("-"));
  if (directory === undefined) throw new UsageError("Which directory? Try odradek verify data.");
  if (more.length > 0) throw new UsageError(`One directory at a time, but ${directory} and ${more[0]} were given.`);
  return { command: "verify", directory, json: argv.includes("--json") };
}

/** `--override=key=value` is `--override key=value`. */
function splitOption(argument: string): [option: string, value: string | undefined] {
  const equals = argument.startsWith("--") ? argument.indexOf("=") : -1;
  return equals < 0 ? [argument, undefined] : [argument.slice(0, equals), argument.slice(equals + 1)];
}

function parseLogLevel(text: string): LogLevel {
  const level = logLevels.find((known) => known === text.toLowerCase());
  if (level === undefined) throw new UsageError(`--log-level is one of ${logLevels.join(", ")}, not ${text}.`);
  return level;
}
