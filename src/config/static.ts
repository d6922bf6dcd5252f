/**
 * The settings that a node starts with: a properties file and overrides, checked against each other as Apache checks a
 * KRaft node. Without a file the node is a broker and a controller in one, on localhost.
 */
import { parseBootstrapServer, parseMetricsListener, parseVoter } from "./endpoints.ts";
import { ConfigError } from "./error.ts";
import { resolveListeners } from "./listeners.ts";
import type { StaticConfig, StaticGetter } from "./static-config.ts";
import { checkValues } from "./static-rules.ts";
import { brokerConfigs } from "./table.ts";
import { defaultValue, type Parsed, parseValue } from "./value.ts";

/** The settings of a start without a file, as Apache's names; `config/server.properties` says the same. */
export const singleNodeDefaults: ReadonlyMap<string, string> = new Map([
  ["process.roles", "broker,controller"],
  ["node.id", "1"],
  ["listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093"],
  ["controller.listener.names", "CONTROLLER"],
  ["log.dirs", "data"],
  ["offsets.topic.replication.factor", "1"],
  ["share.coordinator.state.topic.replication.factor", "1"],
  ["share.coordinator.state.topic.min.isr", "1"],
  ["transaction.state.log.replication.factor", "1"],
  ["transaction.state.log.min.isr", "1"],
]);

export interface StaticOptions {
  /** The file's content; null for a start without a file. */
  readonly file: ReadonlyMap<string, string> | null;
  readonly overrides?: readonly (readonly [key: string, value: string])[];
  /** Absolute; relative log directories lie in it. */
  readonly workingDirectory: string;
}

/** @throws ConfigError: one sentence for the operator. */
export function parseStatic({ file, overrides = [], workingDirectory }: StaticOptions): StaticConfig {
  const given = new Map([...(file ?? singleNodeDefaults), ...overrides]);
  const notes: string[] = [];
  const alone = !(file?.has("process.roles") ?? false);
  const originals = fillIn(given, alone, notes);
  const values = parseValues(originals, notes);
  const get: StaticGetter = (name) => values.get(name)?.value as never;
  const roles = get("process.roles");
  const listeners = resolveListeners(get, originals);
  const config = {
    originals,
    values,
    nodeId: get("node.id"),
    isBroker: roles.includes("broker"),
    isController: roles.includes("controller"),
    ...listeners,
    quorumVoters: get("controller.quorum.voters").map(parseVoter),
    quorumBootstrapServers: get("controller.quorum.bootstrap.servers").map(parseBootstrapServer),
    ...resolveDirectories(get, workingDirectory),
    metricsListener: parseMetricsListener(get("odradek.metrics.listener")),
    notes,
  };
  checkValues(config, get);
  return config;
}

/**
 * Whether a node could start with these texts: the rules of a start, for a change while running. @throws ConfigError
 */
export function checkMerged(texts: ReadonlyMap<string, string>): void {
  parseStatic({ file: texts, workingDirectory: "/" });
}

/** Old files of ZooKeeper times name these; a node of its own quorum has no use for them. */
function isOfZooKeeper(name: string): boolean {
  return name.startsWith("zookeeper.") || name === "broker.id.generation.enable";
}

/** What may be left out: one of the two names of the id and, where no roles are given, all that a lone node needs. */
function fillIn(given: ReadonlyMap<string, string>, alone: boolean, notes: string[]): Map<string, string> {
  const originals = new Map(given);
  for (const name of given.keys()) {
    if (isOfZooKeeper(name)) {
      notes.push(`${name} is not needed: the node keeps the cluster's metadata itself.`);
      originals.delete(name);
    }
  }
  if (alone) fillInAlone(originals);
  const nodeId = originals.get("node.id");
  const brokerId = originals.get("broker.id");
  if (nodeId === undefined && brokerId !== undefined) originals.set("node.id", brokerId);
  if (nodeId !== undefined && brokerId === undefined) originals.set("broker.id", nodeId);
  return originals;
}

/** A node without `process.roles` is broker and controller, on its own: also with a file from before KRaft. */
function fillInAlone(originals: Map<string, string>): void {
  const put = (name: string, value: string): string => {
    const set = originals.get(name) ?? value;
    originals.set(name, set);
    return set;
  };
  put("process.roles", "broker,controller");
  if (!originals.has("broker.id")) put("node.id", "1");
  const controller = (put("controller.listener.names", "CONTROLLER").split(",")[0] as string).trim().toUpperCase();
  const listeners = put("listeners", "PLAINTEXT://:9092");
  const bound = listeners.split(",").find((entry) => entry.trim().toUpperCase().startsWith(`${controller}://`));
  const endpoint = bound ?? `${controller}://localhost:9093`;
  if (bound === undefined) originals.set("listeners", `${listeners},${endpoint}`);
  if (!originals.has("controller.quorum.voters")) {
    const address = endpoint.slice(endpoint.indexOf("://") + 3).trim();
    put("controller.quorum.bootstrap.servers", address.startsWith(":") ? `localhost${address}` : address);
  }
}

function parseValues(originals: ReadonlyMap<string, string>, notes: string[]): ReadonlyMap<string, Parsed> {
  const values = new Map<string, Parsed>();
  for (const row of brokerConfigs.values()) {
    const text = originals.get(row.name);
    const parsed = text === undefined ? defaultValue(row) : parseValue(row, text);
    if (row.status === "refused" && row.default !== undefined && parsed.text !== defaultValue(row).text) {
      throw new ConfigError(`${row.name}=${parsed.text} is not supported. ${row.doc}`);
    }
    values.set(row.name, parsed);
  }
  for (const name of originals.keys()) {
    if (!brokerConfigs.has(name) && !/^listener\.name\./.test(name)) {
      notes.push(`${name} is no setting of this version; it is ignored.`);
    }
  }
  return values;
}

function resolveDirectories(
  get: StaticGetter,
  workingDirectory: string,
): { logDirs: readonly string[]; metadataLogDir: string } {
  const logDirs = (get("log.dirs") ?? get("log.dir")).map((path) => absolute(path, workingDirectory));
  const metadataLogDir = get("metadata.log.dir");
  const first = logDirs[0];
  if (first === undefined) throw new ConfigError("At least one log directory must be defined via log.dirs or log.dir.");
  return { logDirs, metadataLogDir: metadataLogDir === null ? first : absolute(metadataLogDir, workingDirectory) };
}

function absolute(path: string, workingDirectory: string): string {
  const joined = path.startsWith("/") ? path : `${workingDirectory}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
