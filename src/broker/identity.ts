/**
 * Who this node is, from its log directories: they are checked against each other and against the configuration, and
 * formatted where all of them are empty. Each refusal is one sentence that says what is wrong and what to do.
 */
import { type Clock, type Disk, DiskError, type Logger, type Random } from "../../base/ports.ts";
import { randomUuid } from "../../base/uuid.ts";
import { LOCK_FILE } from "../../storage/log-dir.ts";
import { bootstrapFeatures, bootstrapRecords } from "../metadata/bootstrap.ts";
import { isReserved } from "../metadata/controller/brokers.ts";
import { checkFeatureLevel } from "../metadata/known-records.ts";
import type { MetadataRecord } from "../metadata/records/record.ts";
import { bootstrapSnapshotId, snapshotFileName } from "../raft/driver/snapshot.ts";
import type { Endpoint, VoterSet } from "../raft/state.ts";
import { supportedKraftVersions } from "../raft/voters.ts";
import { BOOTSTRAP_FILE, formatDirectories, METADATA_LOG, makeDurableDirectory, readBootstrap } from "./format.ts";
import {
  META_PROPERTIES_FILE,
  type MetaProperties,
  readMetaProperties,
  writeMetaProperties,
} from "./meta-properties.ts";

export interface OpenClusterOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly nodeId: number;
  readonly logDirs: readonly string[];
  readonly metadataLogDir: string;
  readonly isController: boolean;
  /** `controller.quorum.voters` is set: the voters are not in the log. */
  readonly staticQuorum: boolean;
  /** Other nodes belong to the quorum: an empty directory is not formatted for a cluster of its own. */
  readonly hasPeers?: boolean;
  /** Where this node's controller is reached, for the voters of a new cluster. Port 0 is written as it is. */
  readonly controllerEndpoints: readonly Endpoint[];
  /** Of a cluster that is to be; random where null. A directory of another cluster is refused. */
  readonly clusterId: string | null;
}

export interface Identity {
  readonly clusterId: string;
  readonly nodeId: number;
  /** In the order of `log.dirs`; the metadata directory last where it is none of them. */
  readonly directories: readonly { readonly path: string; readonly id: string }[];
  readonly metadataDirectory: { readonly path: string; readonly id: string };
  /** Log directories whose disk does not answer, by path: offline from the start, and nobody knows their ids. */
  readonly failed: ReadonlyMap<string, DiskError>;
  /** The records of bootstrap.checkpoint. */
  readonly bootstrap: readonly MetadataRecord[];
  /** The directories were empty and have been formatted now. */
  readonly formatted: boolean;
}

/**
 * Reads, checks and where needed formats. The directories are locked meanwhile, and not afterwards.
 * @throws DiskError of the metadata directory, or where nothing is formatted yet. Without another one the node starts
 * (KIP-112).
 */
export async function openCluster(options: OpenClusterOptions): Promise<Identity> {
  const { disk, logDirs, metadataLogDir } = options;
  const locks: { release(): void }[] = [];
  const found = new Map<string, MetaProperties | null>();
  const failed = new Map<string, DiskError>();
  try {
    for (const path of new Set([...logDirs, metadataLogDir])) {
      try {
        await makeDurableDirectory(disk, path);
        const lock = disk.lock(`${path}/${LOCK_FILE}`);
        if (lock === null) throw new Error(`${path} is in use by another process, which holds its ${LOCK_FILE}.`);
        locks.push(lock);
        const properties = readMetaProperties(disk, path);
        // A start that was cut off may have named the file and gone before that name was durable.
        if (properties !== null) await disk.syncDirectory(path);
        found.set(path, properties);
      } catch (error) {
        if (!(error instanceof DiskError) || path === metadataLogDir) throw error;
        failed.set(path, error);
      }
    }
    return await identify(options, found, failed);
  } finally {
    for (const lock of locks) lock.release();
  }
}

async function identify(
  options: OpenClusterOptions,
  read: ReadonlyMap<string, MetaProperties | null>,
  failed: Map<string, DiskError>,
): Promise<Identity> {
  const { disk, metadataLogDir } = options;
  const paths = [...read.keys()];
  const found = new Map([...read].flatMap(([path, each]) => (each === null ? [] : [[path, each] as const])));
  const unfinished = !found.has(metadataLogDir) && paths.every((path) => isBlank(disk, path));
  const formatted = found.size === 0 || unfinished;
  if (formatted) for (const error of failed.values()) throw error; // it may hold data of a cluster
  const { clusterId, directories } = formatted
    ? await format(options, paths, [...found.values()][0]?.clusterId ?? null)
    : await check(options, paths, found, failed);
  const metadataDirectory = directories.find(({ path }) => path === metadataLogDir) as (typeof directories)[number];
  const bootstrap = readBootstrap(disk, metadataLogDir) ?? bootstrapRecords();
  for (const record of bootstrap) checkFeatureLevel(record);
  return { clusterId, nodeId: options.nodeId, directories, metadataDirectory, failed, bootstrap, formatted };
}

type Named = Pick<Identity, "clusterId" | "directories">;

async function format(options: OpenClusterOptions, paths: readonly string[], begun: string | null): Promise<Named> {
  const { disk, clock, random, logger, nodeId, metadataLogDir, isController, staticQuorum, controllerEndpoints } =
    options;
  for (const path of paths) {
    if (isBlank(disk, path)) continue;
    throw new Error(
      `${path} has no ${META_PROPERTIES_FILE} but other files: it is no data directory of Kafka; name an empty one ` +
        "in log.dirs.",
    );
  }
  if (!isController || (options.hasPeers === true && options.clusterId === null)) {
    throw new Error(`${metadataLogDir} is not formatted; format it for the cluster that this node is to join.`);
  }
  const clusterId = options.clusterId ?? begun ?? randomUuid(random);
  const directories = paths.map((path) => ({ path, id: randomDirectoryId(random) }));
  const own = directories.find(({ path }) => path === metadataLogDir) as (typeof directories)[number];
  const voters: VoterSet = [
    { id: nodeId, directoryId: own.id, endpoints: controllerEndpoints, kraftVersions: supportedKraftVersions },
  ];
  await formatDirectories({
    disk,
    nowMs: clock.nowMs(),
    clusterId,
    nodeId,
    directories,
    metadataDirectory: metadataLogDir,
    bootstrap: bootstrapRecords(bootstrapFeatures()),
    voters: staticQuorum ? null : voters,
  });
  logger.info(`Formatted ${paths.join(", ")} for the new cluster ${clusterId}`);
  return { clusterId, directories };
}

export function randomDirectoryId(random: Random): string {
  for (;;) {
    const id = randomUuid(random);
    if (!isReserved(id)) return id;
  }
}

const votersFile = snapshotFileName(bootstrapSnapshotId);

/** Nothing is in it but what an interrupted format leaves. */
function isBlank(disk: Disk, directory: string): boolean {
  const ours = [META_PROPERTIES_FILE, BOOTSTRAP_FILE].flatMap((name) => [name, `${name}.tmp`]);
  return disk.list(directory).every(({ name }) => {
    if (name.startsWith(".") || name === "lost+found" || ours.includes(name)) return true;
    if (name !== METADATA_LOG) return false;
    return disk.list(`${directory}/${name}`).every((entry) => entry.name.startsWith(votersFile));
  });
}

/** Adds to `failed` what fails now: the others go on without it. */
async function check(
  options: OpenClusterOptions,
  paths: readonly string[],
  found: ReadonlyMap<string, MetaProperties>,
  failed: Map<string, DiskError>,
): Promise<Named> {
  const { metadataLogDir } = options;
  const clusterId = options.clusterId ?? ([...found.values()][0] as MetaProperties).clusterId;
  const seen = new Map<string, string>();
  for (const path of paths) {
    try {
      const id = await checkOne({ ...options, clusterId }, path, found.get(path));
      const twin = seen.get(id);
      if (twin !== undefined)
        throw new Error(`${path} and ${twin} have the same directory.id: one is a copy of the other.`);
      seen.set(id, path);
    } catch (error) {
      if (!(error instanceof DiskError) || path === metadataLogDir) throw error;
      failed.set(path, error);
    }
  }
  return { clusterId, directories: [...seen].map(([id, path]) => ({ path, id })) };
}

/** That the directory is this node's; its id. */
async function checkOne(
  options: OpenClusterOptions,
  path: string,
  properties: MetaProperties | undefined,
): Promise<string> {
  const { disk, nodeId, metadataLogDir, clusterId } = options;
  if (properties === undefined) {
    throw new Error(
      `${path} has no ${META_PROPERTIES_FILE} while the other log directories have: if its disk is mounted and ` +
        "new, format it with --ignore-formatted; if not, mount the right one.",
    );
  }
  if (properties.clusterId !== clusterId) {
    throw new Error(
      `${path} belongs to cluster ${properties.clusterId}, not to ${clusterId}: name the right directory in log.dirs.`,
    );
  }
  if (properties.nodeId !== nodeId) {
    throw new Error(
      `${path} belongs to node ${properties.nodeId}, but node.id is ${nodeId}: set node.id=${properties.nodeId} or ` +
        "name another directory in log.dirs.",
    );
  }
  if (path !== metadataLogDir && disk.info(`${path}/${METADATA_LOG}`) !== null) {
    throw new Error(`${path} holds a metadata log, but metadata.log.dir is ${metadataLogDir}: set it to ${path}.`);
  }
  return properties.directoryId ?? (await giveId(options, path, properties));
}

/** Files older than 3.7 have none. */
async function giveId({ disk, random }: OpenClusterOptions, path: string, properties: MetaProperties): Promise<string> {
  const directoryId = randomDirectoryId(random);
  await writeMetaProperties(disk, path, { ...properties, directoryId });
  return directoryId;
}
