/**
 * `odradek storage …`: Apache's `kafka-storage`, with its sub-commands, options, output and exit codes, so that a
 * cluster over several machines needs no JVM to be formatted.
 */
import type { Clock, Disk, Random } from "../../base/ports.ts";
import { randomUuid } from "../../base/uuid.ts";
import type { StorageCommandArguments } from "./arguments.ts";
import { sentenceOf } from "./failure.ts";
import { readSettings } from "./settings.ts";
import type { Terminal } from "./start.ts";
import { parseStorageArguments, type StorageArguments, StorageUsageError } from "./storage/arguments.ts";
import { featureDependencies, versionMapping } from "./storage/features.ts";
import { format } from "./storage/format.ts";
import { info } from "./storage/info.ts";

export interface StorageParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly terminal: Pick<Terminal, "workingDirectory" | "print" | "printError">;
}

/** Resolves to the exit code. */
export async function storage({ argv }: StorageCommandArguments, parts: StorageParts): Promise<number> {
  const { terminal } = parts;
  try {
    const args = parseStorageArguments(argv);
    if (typeof args !== "string") return await run(args, parts);
    terminal.print(args);
    return 0;
  } catch (failure) {
    terminal.printError(`${said(failure)}\n`);
    return 1;
  }
}

/** The sentence as it was thrown: some of them are Apache's, which end as they end there. */
function said(failure: unknown): string {
  if (failure instanceof StorageUsageError) return failure.message;
  if (failure instanceof Error && failure.constructor === Error) return failure.message;
  const sentence = sentenceOf(failure);
  if (sentence === null) throw failure;
  return sentence;
}

async function run(args: StorageArguments, parts: StorageParts): Promise<number> {
  const { disk, random, terminal } = parts;
  const print = (text: string) => terminal.print(text);
  const settings = () =>
    readSettings({ file: args.values.get("--config") as string, overrides: [] }, disk, terminal.workingDirectory);
  switch (args.command) {
    case "random-uuid":
      print(`${randomUuid(random)}\n`);
      return 0;
    case "version-mapping":
      print(versionMapping(args.values.get("--release-version")));
      return 0;
    case "feature-dependencies":
      for (const feature of args.lists.get("--feature") ?? []) print(featureDependencies(feature));
      return 0;
    case "info":
      return info(settings(), disk, print);
    case "format":
      await format(args, settings(), { ...parts, print });
      return 0;
  }
}
