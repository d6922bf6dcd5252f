/**
 * `odradek verify DIR`: every file of a data directory, offline and read-only. Exit 0 sound, 1 damaged, 2 not checked.
 */
import { type Clock, type Disk, DiskError } from "../../base/ports.ts";
import { readText } from "../../storage/checkpoint.ts";
import { usedByAnother, verifyCheckpoints, verifyPartitions } from "../../storage/verify/directory.ts";
import { type VerifyCounts, VerifyReport } from "../../storage/verify/report.ts";
import { META_PROPERTIES_FILE, readMetaProperties } from "../broker/meta-properties.ts";
import { METADATA_TOPIC } from "../raft/driver.ts";
import type { VerifyArguments } from "./arguments.ts";
import { sentenceOf } from "./failure.ts";
import type { Terminal } from "./start.ts";
import { type KnownMetadata, verifyMetadata } from "./verify-metadata.ts";
import { progressBar, reportJson, reportText } from "./verify-report.ts";

export interface VerifyParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly terminal: Pick<Terminal, "workingDirectory" | "print" | "printError">;
  /** Of the terminal that errors go to, null where it is none: then there is no bar. */
  readonly columns: number | null;
}

const IDENTITY_LINE = /^(#.*|(version|node\.id|broker\.id|cluster\.id|directory\.id)=[A-Za-z0-9_-]+\r?)$/;
const BAR_EVERY_MS = 100;

/** Resolves to the exit code. */
export async function verify(args: VerifyArguments, parts: VerifyParts): Promise<number> {
  const { disk, terminal } = parts;
  const path = absolute(args.directory, terminal.workingDirectory);
  const refused = (sentence: string) => {
    terminal.printError(`${sentence}\n`);
    return 2;
  };
  try {
    const info = disk.info(path);
    if (info === null || !info.directory) return refused(`There is no directory ${path}.`);
    const release = usedByAnother(disk, path);
    if (release === null) return refused(`${path} is in use by a broker: stop it first.`);
    try {
      const report = await verifyDirectory(path, parts);
      terminal.print(args.json ? reportJson(path, report) : reportText(path, report));
      return report.damaged ? 1 : 0;
    } finally {
      release();
    }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return refused(sentenceOf(error) ?? error.message);
  }
}

export async function verifyDirectory(
  path: string,
  parts: Omit<VerifyParts, "terminal"> & Partial<VerifyParts>,
): Promise<VerifyReport> {
  const { disk, clock } = parts;
  const breathe = () => new Promise<void>((resume) => void clock.after(0, resume));
  const report = new VerifyReport(barOver(bytesIn(disk, path), parts));
  const known = await verifyOne(path, { disk, report, breathe });
  verifyIdentity(disk, path, report, known);
  parts.terminal?.printError(parts.columns === null ? "" : "\r\x1b[K");
  return report;
}

interface Reading {
  readonly disk: Disk;
  readonly report: VerifyReport;
  readonly breathe: () => Promise<void>;
}

async function verifyOne(path: string, { disk, report, breathe }: Reading): Promise<KnownMetadata> {
  const checkpoints = verifyCheckpoints(disk, path, report);
  const knowledge = await verifyMetadata({ disk, report, path, checkpoints, breathe });
  await verifyPartitions({ disk, report, path, knowledge, skipTopic: METADATA_TOPIC, breathe }, checkpoints);
  return knowledge;
}

/** The metadata knows this node and its directories by their ids. */
function verifyIdentity(disk: Disk, path: string, report: VerifyReport, known: KnownMetadata): void {
  const file = `${path}/${META_PROPERTIES_FILE}`;
  try {
    const properties = readMetaProperties(disk, path);
    if (properties === null) {
      report.damage(file, "it is missing: the directory has no identity");
      return;
    }
    report.file();
    const { nodeId, directoryId, clusterId } = properties;
    const text = readText(disk, file) ?? "";
    const idKey = properties.version === 0 ? "broker.id" : "node.id";
    if (!text.includes(`${idKey}=`)) report.damage(file, `version ${properties.version} names the node by ${idKey}`);
    const stranger = text.split("\n").find((line) => line !== "" && !IDENTITY_LINE.test(line));
    if (stranger !== undefined) report.damage(file, `it has a line ${stranger}`);
    if (!/^[A-Za-z0-9_-]+$/.test(clusterId)) report.damage(file, `its cluster.id is ${clusterId}`);
    if (known.nodes.size === 0) return;
    const directories = known.nodes.get(nodeId);
    if (directories === undefined) report.damage(file, `the metadata knows no node ${nodeId}`);
    else if (directoryId !== null && directories.length > 0 && !directories.includes(directoryId)) {
      report.damage(file, `the metadata gives node ${nodeId} no directory ${directoryId}`);
    }
  } catch (error) {
    if (!(error instanceof Error) || error instanceof DiskError) throw error;
    report.damage(file, error.message);
  }
}

function barOver(totalBytes: number, { clock, columns, terminal }: Partial<VerifyParts> & Pick<VerifyParts, "clock">) {
  let drawnMs = Number.NEGATIVE_INFINITY;
  return ({ bytes }: VerifyCounts) => {
    if (columns === null || columns === undefined || terminal === undefined) return;
    const nowMs = clock.ticksMs();
    if (nowMs - drawnMs < BAR_EVERY_MS) return;
    drawnMs = nowMs;
    terminal.printError(`\r${progressBar(bytes, totalBytes, columns)}`);
  };
}

function bytesIn(disk: Disk, path: string): number {
  let sum = 0;
  for (const { name, directory } of disk.list(path)) {
    sum += directory ? bytesIn(disk, `${path}/${name}`) : (disk.info(`${path}/${name}`)?.sizeBytes ?? 0);
  }
  return sum;
}

function absolute(directory: string, workingDirectory: string): string {
  const path = directory.startsWith("/") ? directory : `${workingDirectory}/${directory}`;
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
