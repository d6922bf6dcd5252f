/**
 * `format`: gives the log directories of a node their identity, the cluster its first features and, where the quorum
 * can change, its first voters. As Kafka's StorageTool and Formatter; what is printed is what they print. A directory
 * that has a meta.properties is never touched.
 */
import type { Clock, Disk, Random } from "../../../base/ports.ts";
import { formatDirectories } from "../../broker/format.ts";
import { randomDirectoryId } from "../../broker/identity.ts";
import { META_PROPERTIES_FILE, type MetaProperties, readMetaProperties } from "../../broker/meta-properties.ts";
import type { StaticConfig } from "../../config/static-config.ts";
import { bootstrapRecords } from "../../metadata/bootstrap.ts";
import { METADATA_VERSION, metadataVersionName, supports } from "../../metadata/features.ts";
import { initialFeatures } from "../../metadata/initial-features.ts";
import { type MetadataRecord, record } from "../../metadata/records/record.ts";
import type { VoterSet } from "../../raft/state.ts";
import { parseVoters } from "../../raft/voter-argument.ts";
import { supportedKraftVersions } from "../../raft/voters.ts";
import { parseScramArgument } from "../../security/scram-argument.ts";
import type { StorageArguments } from "./arguments.ts";
import { parseFeatureLevels } from "./features.ts";

export interface FormatDoors {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  print(text: string): void;
}

/** @throws Error with one sentence for the operator. */
export async function format(args: StorageArguments, config: StaticConfig, doors: FormatDoors): Promise<void> {
  const { disk, clock, random, print } = doors;
  const clusterId = args.values.get("--cluster-id") as string;
  const voters = initialVoters(args, config, random);
  const levels = initialFeatures({
    release: args.values.get("--release-version") ?? null,
    levels: parseFeatureLevels(args.lists.get("--feature") ?? []),
    dynamicQuorum: config.quorumVoters.length === 0 && (voters !== null || args.flags.has("--no-initial-controllers")),
  });
  const metadataVersion = levels.get(METADATA_VERSION) as number;
  const bootstrap = [...bootstrapRecords(levels), ...credentials(args, metadataVersion, random)];
  const paths = emptyDirectories(config, clusterId, doors, args.flags.has("--ignore-formatted"));
  if (paths.length === 0) return print("All of the log directories are already formatted.\n");
  const level = `metadataVersionLevel=${metadataVersion}`;
  print(`Bootstrap metadata: BootstrapMetadata(records=[${bootstrap.map(described).join(", ")}], ${level}, `);
  print("source=format command)\n");
  const own = voters?.find(({ id }) => id === config.nodeId);
  const directories = paths.map((path) => {
    const id = path === config.metadataLogDir ? own?.directoryId : undefined;
    return { path, id: id ?? randomDirectoryId(random) };
  });
  await formatDirectories({
    disk,
    nowMs: clock.nowMs(),
    clusterId,
    nodeId: config.nodeId,
    directories,
    metadataDirectory: config.metadataLogDir,
    bootstrap,
    voters,
    onDirectory: (path) => {
      const kind = path === config.metadataLogDir ? kindOfMetadata(voters, config.nodeId) : "data";
      const name = metadataVersionName(metadataVersion);
      print(`Formatting ${kind} directory ${path} with ${METADATA_VERSION} ${name}.\n`);
    },
  });
}

function kindOfMetadata(voters: VoterSet | null, nodeId: number): string {
  if (voters === null) return "metadata";
  return voters.some(({ id }) => id === nodeId) ? "dynamic metadata voter" : "dynamic metadata";
}

/** Null for a quorum of fixed voters, and where the voters are not known. */
function initialVoters(args: StorageArguments, config: StaticConfig, random: Random): VoterSet | null {
  const standalone = args.flags.has("--standalone");
  const initial = args.values.get("--initial-controllers");
  const [listenerName = "CONTROLLER"] = config.controllerListenerNames;
  if (config.quorumVoters.length > 0) {
    if (!standalone && initial === undefined) return null;
    throw new Error(
      "You cannot specify controller.quorum.voters and format the node with --initial-controllers or --standalone. " +
        "If you want to use dynamic quorum, please remove controller.quorum.voters and specify " +
        "controller.quorum.bootstrap.servers instead.",
    );
  }
  if (initial !== undefined) return parseVoters(initial, listenerName);
  if (standalone) {
    const [endpoint] = config.advertisedControllerListeners;
    if (!config.isController || endpoint === undefined)
      throw new Error("You can only use --standalone on a controller.");
    const host = endpoint.host === "" ? "localhost" : endpoint.host;
    const endpoints = [{ name: listenerName, host, port: endpoint.port }];
    const directoryId = randomDirectoryId(random);
    return [{ id: config.nodeId, directoryId, endpoints, kraftVersions: supportedKraftVersions }];
  }
  if (!config.isController || args.flags.has("--no-initial-controllers")) return null;
  throw new Error(
    "Because controller.quorum.voters is not set on this controller, you must specify one of the following: " +
      "--standalone, --initial-controllers, or --no-initial-controllers.",
  );
}

function credentials({ lists }: StorageArguments, metadataVersion: number, random: Random): MetadataRecord[] {
  const given = lists.get("--add-scram") ?? [];
  if (given.length > 0 && !supports.scram(metadataVersion)) {
    throw new Error(`SCRAM is only supported in ${METADATA_VERSION} 3.5-IV2 or later.`);
  }
  return given.map((argument) => record("UserScramCredentialRecord", parseScramArgument(argument, random)));
}

/** Sorted. What has a meta.properties must be of this cluster and node. */
function emptyDirectories(
  config: StaticConfig,
  clusterId: string,
  { disk }: FormatDoors,
  ignoreFormatted: boolean,
): string[] {
  const paths = [...new Set([...config.logDirs, config.metadataLogDir])].sort();
  const empty: string[] = [];
  for (const path of paths) {
    const properties = disk.info(path) === null ? null : readMetaProperties(disk, path);
    if (properties === null) empty.push(path);
    else checkSame(properties, { clusterId, nodeId: config.nodeId }, `${path}/${META_PROPERTIES_FILE}`);
  }
  const formatted = paths.find((path) => !empty.includes(path));
  if (formatted === undefined || ignoreFormatted) return empty;
  throw new Error(
    `Log directory ${formatted} is already formatted. Use --ignore-formatted to ignore this directory and format ` +
      "the others.",
  );
}

type Named = Pick<MetaProperties, "clusterId" | "nodeId">;

function checkSame(read: Named, expected: Named, file: string): void {
  if (read.clusterId !== expected.clusterId) {
    throw new Error(`Invalid cluster.id in: ${file}. Expected ${expected.clusterId}, but read ${read.clusterId}`);
  }
  if (read.nodeId === expected.nodeId) return;
  throw new Error(
    `Stored node id ${read.nodeId} doesn't match previous node id ${expected.nodeId} in ${file}. If you moved your ` +
      "data, make sure your configured node id matches. If you intend to create a new node, you should remove all " +
      "data in your data directories.",
  );
}

/** As Java prints the record, bytes as signed numbers. */
function described({ type, value, version }: MetadataRecord): string {
  const text = (field: unknown): string => {
    if (typeof field === "string") return `'${field}'`;
    return field instanceof Uint8Array ? `[${new Int8Array(field).join(", ")}]` : String(field);
  };
  const fields = Object.entries(value).map(([name, field]) => `${name}=${text(field)}`);
  return `ApiMessageAndVersion(${type}(${fields.join(", ")}) at version ${version})`;
}
