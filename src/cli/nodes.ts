/**
 * The nodes of `odradek start --nodes N`: a properties file and a directory for each, made where they are missing. The
 * first three are broker and controller, all others brokers. Who edits a file keeps what it says.
 */
import type { Clock, Disk, Random } from "../../base/ports.ts";
import { randomUuid } from "../../base/uuid.ts";
import { formatDirectories, METADATA_LOG } from "../broker/format.ts";
import { randomDirectoryId } from "../broker/identity.ts";
import { readMetaProperties } from "../broker/meta-properties.ts";
import type { StaticConfig } from "../config/static-config.ts";
import { bootstrapRecords } from "../metadata/bootstrap.ts";
import { initialFeatures } from "../metadata/initial-features.ts";
import type { VoterSet } from "../raft/state.ts";
import { supportedKraftVersions } from "../raft/voters.ts";
import { readSettings } from "./settings.ts";

const CONTROLLERS_MAX = 3;
const FIRST_PORT = 9092;

export interface NodesDoors {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
}

const clientPort = (id: number): number => FIRST_PORT + 2 * (id - 1);
const controllerPort = (id: number): number => clientPort(id) + 1;

/** The file of one node of `count`. */
export function propertiesOf(id: number, count: number, folder: string): string {
  const controllers = Math.min(count, CONTROLLERS_MAX);
  const isController = id <= controllers;
  const listeners = [`PLAINTEXT://localhost:${clientPort(id)}`];
  if (isController) listeners.push(`CONTROLLER://localhost:${controllerPort(id)}`);
  const servers = Array.from({ length: controllers }, (_, index) => `localhost:${controllerPort(index + 1)}`);
  const copies = String(Math.min(count, 3));
  const minInsync = String(Math.max(1, Math.min(count, 3) - 1));
  return Object.entries({
    "node.id": String(id),
    "process.roles": isController ? "broker,controller" : "broker",
    listeners: listeners.join(","),
    "controller.listener.names": "CONTROLLER",
    "controller.quorum.bootstrap.servers": servers.join(","),
    "log.dirs": `${folder}/node-${id}`,
    "default.replication.factor": copies,
    "min.insync.replicas": minInsync,
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": minInsync,
    "share.coordinator.state.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": minInsync,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** Writes what is missing and formats what is empty; the paths of the files, by node. */
export async function prepareNodes(count: number, folder: string, doors: NodesDoors): Promise<string[]> {
  const { disk } = doors;
  if (disk.info(folder) !== null && readMetaProperties(disk, folder) !== null) {
    throw new Error(`${folder} holds the data of a single node: start it without --nodes, or move it away.`);
  }
  disk.makeDirectory(folder);
  const files = Array.from({ length: count }, (_, index) => `${folder}/node-${index + 1}.properties`);
  files.forEach((path, index) => {
    if (disk.info(path) !== null) return;
    const file = disk.open(path);
    disk.write(file, 0, [new TextEncoder().encode(propertiesOf(index + 1, count, folder))]);
    disk.close(file);
  });
  await formatNodes(
    files.map((file) => readSettings({ file, overrides: [] }, disk, folder)),
    doors,
  );
  return files;
}

/**
 * A quorum that has never met is formatted as a whole, also where an earlier start was cut off; who comes later joins
 * the cluster that there is.
 */
async function formatNodes(nodes: readonly StaticConfig[], doors: NodesDoors): Promise<void> {
  const { disk, random } = doors;
  const controllers = nodes.filter(({ isController }) => isController);
  const clusterIds = nodes.flatMap(({ metadataLogDir }) => {
    return (disk.info(metadataLogDir) === null ? null : readMetaProperties(disk, metadataLogDir)?.clusterId) ?? [];
  });
  const isNew = !controllers.some(({ metadataLogDir }) => disk.info(`${metadataLogDir}/${ELECTION}`) !== null);
  const clusterId = clusterIds[0] ?? randomUuid(random);
  const ids = new Map(nodes.map(({ nodeId }) => [nodeId, randomDirectoryId(random)]));
  const voters: VoterSet | null = isNew ? controllers.map((config) => voterOf(config, ids)) : null;
  for (const config of nodes) {
    const isEmpty =
      disk.info(config.metadataLogDir) === null || readMetaProperties(disk, config.metadataLogDir) === null;
    if (!isEmpty && !(isNew && config.isController)) continue;
    await formatOne(config, clusterId, ids, config.isController ? voters : null, doors);
  }
}

const ELECTION = `${METADATA_LOG}/quorum-state`;

function voterOf({ nodeId, advertisedControllerListeners, controllerListenerNames }: StaticConfig, ids: DirectoryIds) {
  const { host = "localhost", port = 0 } = advertisedControllerListeners[0] ?? {};
  const endpoints = [{ name: controllerListenerNames[0] as string, host, port }];
  return { id: nodeId, directoryId: ids.get(nodeId) as string, endpoints, kraftVersions: supportedKraftVersions };
}

type DirectoryIds = ReadonlyMap<number, string>;

function formatOne(
  { nodeId, logDirs, metadataLogDir }: StaticConfig,
  clusterId: string,
  ids: DirectoryIds,
  voters: VoterSet | null,
  { disk, clock, random }: NodesDoors,
): Promise<void> {
  const levels = initialFeatures({ release: null, levels: new Map(), dynamicQuorum: true });
  return formatDirectories({
    disk,
    nowMs: clock.nowMs(),
    clusterId,
    nodeId,
    directories: [...new Set([...logDirs, metadataLogDir])].map((path) => {
      return { path, id: path === metadataLogDir ? (ids.get(nodeId) as string) : randomDirectoryId(random) };
    }),
    metadataDirectory: metadataLogDir,
    bootstrap: bootstrapRecords(levels),
    voters,
  });
}
