/**
 * The command line of `kafka-storage`: the same sub-commands, options, short forms and refusals, so that a script that
 * calls Apache's can call this. Long options may be shortened while they stay unique, values follow or are joined
 * ("-r 4.0", "-r4.0", "--release-version=4.0"), flags may be bundled ("-sg").
 */

export type StorageCommand = "info" | "format" | "version-mapping" | "feature-dependencies" | "random-uuid";

interface Option {
  readonly long: string;
  readonly short: string;
  readonly takes: "value" | "list" | "nothing";
  readonly required?: boolean;
  /** At most one of a group may be given. */
  readonly group?: string;
  readonly help: string;
}

interface CommandSpec {
  readonly help: string;
  readonly usage: string;
  readonly options: readonly Option[];
}

const config: Option = {
  long: "--config",
  short: "-c",
  takes: "value",
  required: true,
  help: "The properties file of the node.",
};

const formatOptions: readonly Option[] = [
  { long: "--cluster-id", short: "-t", takes: "value", required: true, help: "The id of the cluster." },
  config,
  { long: "--add-scram", short: "-S", takes: "list", help: "A credential: SCRAM-SHA-256=[name=alice,password=secret]" },
  { long: "--ignore-formatted", short: "-g", takes: "nothing", help: "Leave formatted directories as they are." },
  {
    long: "--release-version",
    short: "-r",
    takes: "value",
    help: "The release whose features the cluster begins with.",
  },
  { long: "--feature", short: "-f", takes: "list", help: "The level of one feature: kraft.version=1" },
  { long: "--standalone", short: "-s", takes: "nothing", group: "quorum", help: "This controller is the first voter." },
  {
    ...{ long: "--no-initial-controllers", short: "-N", takes: "nothing", group: "quorum" },
    help: "The voters are not known yet: this node joins them.",
  },
  {
    ...{ long: "--initial-controllers", short: "-I", takes: "value", group: "quorum" },
    help: "The first voters, the same for every node: id@host:port:directory,…",
  },
];

const formatUsage = `[-h] --config CONFIG --cluster-id CLUSTER_ID
                     [--add-scram ADD_SCRAM] [--ignore-formatted]
                     [--release-version RELEASE_VERSION]
                     [--feature FEATURE] [--standalone |
                     --no-initial-controllers |
                     --initial-controllers INITIAL_CONTROLLERS]`;

const commands: Readonly<Record<StorageCommand, CommandSpec>> = {
  info: { help: "What the log directories of this node say.", usage: "[-h] --config CONFIG", options: [config] },
  format: { help: "Formats the log directories of this node.", usage: formatUsage, options: formatOptions },
  "version-mapping": {
    help: "The feature levels of a release; of the latest where none is given.",
    usage: "[-h]\n                     [--release-version RELEASE_VERSION]",
    options: [{ long: "--release-version", short: "-r", takes: "value", help: "3.3-IV3 to 4.3-IV0." }],
  },
  "feature-dependencies": {
    help: "What a level of a feature needs of others.",
    usage: "[-h] --feature FEATURE",
    options: [{ long: "--feature", short: "-f", takes: "list", required: true, help: "metadata.version=30" }],
  },
  "random-uuid": { help: "A random id.", usage: "[-h]", options: [] },
};

export const storageCommands = Object.keys(commands) as StorageCommand[];

const topUsage = `usage: kafka-storage [-h]
                     {${storageCommands.join(",")}}
                     ...
`;

export interface StorageArguments {
  readonly command: StorageCommand;
  readonly values: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly flags: ReadonlySet<string>;
}

/** A command line that the tool refuses: the usage and why, as Apache's prints it. */
export class StorageUsageError extends Error {
  override readonly name = "StorageUsageError";
}

/** A string is the help that was asked for. */
export function parseStorageArguments(argv: readonly string[]): StorageArguments | string {
  const [command, ...rest] = argv;
  if (command === "-h" || command === "--help") return topHelp();
  if (command === undefined) throw refusal(topUsage, "too few arguments");
  if (!storageCommands.includes(command as StorageCommand)) {
    const choices = storageCommands.map((name) => `'${name}'`).join(", ");
    throw refusal(topUsage, `invalid choice: '${command}' (choose from ${choices})`);
  }
  const parser = new Parser(command as StorageCommand, rest);
  return parser.parse();
}

function usageOf(command: StorageCommand): string {
  return `usage: kafka-storage ${command} ${commands[command].usage}\n`;
}

function refusal(usage: string, why: string): StorageUsageError {
  return new StorageUsageError(`${usage}kafka-storage: error: ${why}`);
}

function topHelp(): string {
  const rows = storageCommands.map((name) => `  ${name.padEnd(22)}${commands[name].help}\n`);
  return `${topUsage}\n${rows.join("")}`;
}

function helpOf(command: StorageCommand): string {
  const rows = commands[command].options.map(({ long, short, help }) => `  ${`${long}, ${short}`.padEnd(32)}${help}\n`);
  return `${usageOf(command)}\n${rows.join("")}`;
}

const nameOf = ({ long, short }: Option): string => `${long}/${short}`;

class Parser {
  private readonly command: StorageCommand;
  private readonly words: string[];
  private readonly values = new Map<string, string>();
  private readonly lists = new Map<string, string[]>();
  private readonly flags = new Set<string>();
  /** Of each group, the option that was given. */
  private readonly groups = new Map<string, Option>();

  constructor(command: StorageCommand, argv: readonly string[]) {
    this.command = command;
    this.words = [...argv];
  }

  parse(): StorageArguments | string {
    for (let word = this.words.shift(); word !== undefined; word = this.words.shift()) {
      if (word === "-h" || word === "--help") return helpOf(this.command);
      if (word.startsWith("--") && word.length > 2) this.long(word);
      else if (word.startsWith("-") && word.length > 1) this.short(word);
      else throw this.refused(`unrecognized arguments: '${word}'`);
    }
    for (const option of commands[this.command].options) {
      const isGiven = this.values.has(option.long) || this.lists.has(option.long);
      if (option.required === true && !isGiven) throw this.refused(`argument ${nameOf(option)} is required`);
    }
    return { command: this.command, values: this.values, lists: this.lists, flags: this.flags };
  }

  private long(word: string): void {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    const { options } = commands[this.command];
    const found = options.filter(({ long }) => long === name || long.startsWith(name));
    const option = found.find(({ long }) => long === name) ?? (found.length === 1 ? found[0] : undefined);
    if (option === undefined && found.length > 1) {
      const could = found.map(({ long }) => long).join(", ");
      throw this.refused(`ambiguous option: ${name} could match ${could}`);
    }
    if (option === undefined) throw this.refused(`unrecognized arguments: '${word}'`);
    this.take(option, equals < 0 ? null : word.slice(equals + 1));
  }

  private short(word: string): void {
    const option = commands[this.command].options.find(({ short }) => short === word.slice(0, 2));
    if (option === undefined) throw this.refused(`unrecognized arguments: '${word}'`);
    const rest = word.slice(2);
    const isFlag = option.takes === "nothing";
    this.take(option, isFlag || rest === "" ? null : rest);
    if (isFlag && rest !== "") this.short(`-${rest}`);
  }

  private take(option: Option, joined: string | null): void {
    if (option.group !== undefined) {
      const other = this.groups.get(option.group);
      if (other !== undefined && other !== option) {
        throw this.refused(`argument ${nameOf(option)}: not allowed with argument ${nameOf(other)}`);
      }
      this.groups.set(option.group, option);
    }
    if (option.takes === "nothing") {
      this.flags.add(option.long);
      return;
    }
    const next = this.words[0];
    const value = joined ?? (next === undefined || /^-./.test(next) ? undefined : this.words.shift());
    if (value === undefined) throw this.refused(`argument ${nameOf(option)}: expected one argument`);
    if (option.takes === "value") this.values.set(option.long, value);
    else this.lists.set(option.long, [...(this.lists.get(option.long) ?? []), value]);
  }

  private refused(why: string): StorageUsageError {
    return refusal(usageOf(this.command), why);
  }
}
