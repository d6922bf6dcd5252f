/**
 * AlterConfigs and IncrementalAlterConfigs on the controller: each resource changes as a whole or not at all, and has
 * an error of its own. As Kafka's ConfigurationControlManager.
 */
import { KafkaError } from "../../../protocol/errors.ts";
import type { AlterConfigsRequest, AlterConfigsResponse } from "../../../protocol/generated/alter-configs.ts";
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../protocol/generated/incremental-alter-configs.ts";
import { brokerConfigs, topicConfigs } from "../../config/table.ts";
import { defaultValue } from "../../config/value.ts";
import { configOf, configResourceTypes, type MetadataImage } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import type { ConfigRules } from "./config-rules.ts";
import { type ItemError, itemError, noError, thrownError } from "./item-error.ts";
import { atomicResult, type ControllerResult } from "./result.ts";
import { elrEnabled } from "./state.ts";

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

/** A ConfigRecord keeps its value as a string of at most this length. */
const VALUE_LENGTH_MAX = 32_767;

/** What the two operations look at. */
export interface ConfigsView {
  readonly image: MetadataImage;
  readonly nodeId: number;
}

interface Resource<Change> {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly Change[];
}

interface Answer extends ItemError {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** One change of one setting: its new value, null to remove it. */
interface Altered {
  readonly name: string;
  readonly value: string | null;
}

export function incrementalAlterConfigs(
  view: ConfigsView,
  request: IncrementalAlterConfigsRequest,
  rules: ConfigRules,
): ControllerResult<IncrementalAlterConfigsResponse> {
  return alterAll(view, request.resources, request.validateOnly, rules, (resource) => {
    const before = configOf(view.image, resource.resourceType, resource.resourceName);
    return resource.configs.map(({ name, configOperation, value }) => {
      const changed = changedValue(resource.resourceType, name, before.get(name) ?? null, configOperation, value);
      return { name, value: changed };
    });
  });
}

export function alterConfigs(
  view: ConfigsView,
  request: AlterConfigsRequest,
  rules: ConfigRules,
): ControllerResult<AlterConfigsResponse> {
  return alterAll(view, request.resources, request.validateOnly, rules, (resource) => {
    const before = configOf(view.image, resource.resourceType, resource.resourceName);
    const named = new Map(resource.configs.map(({ name, value }) => [name, value]));
    const removed = [...before.keys()].filter((name) => !named.has(name));
    return [...[...named].map(([name, value]) => ({ name, value })), ...removed.map((name) => ({ name, value: null }))];
  });
}

function alterAll<Change>(
  view: ConfigsView,
  resources: readonly Resource<Change>[],
  validateOnly: boolean,
  rules: ConfigRules,
  changes: (resource: Resource<Change>) => Altered[],
): ControllerResult<{ throttleTimeMs: number; responses: Answer[] }> {
  const records: MetadataRecord[] = [];
  const responses: Answer[] = [];
  for (const resource of resources) {
    const { resourceType, resourceName } = resource;
    const { error, added } = alterOne(view, resource, isRepeated(resources, resource), rules, changes);
    records.push(...added);
    responses.push({ ...error, resourceType, resourceName });
  }
  const all = [...records, ...clearElrRecords(view.image, records)];
  return atomicResult(validateOnly ? [] : all, { throttleTimeMs: 0, responses });
}

function isRepeated(
  resources: readonly Resource<unknown>[],
  { resourceType, resourceName }: Resource<unknown>,
): boolean {
  const same = resources.filter((each) => each.resourceType === resourceType && each.resourceName === resourceName);
  return same.length > 1;
}

function alterOne<Change>(
  view: ConfigsView,
  resource: Resource<Change>,
  repeated: boolean,
  rules: ConfigRules,
  changes: (resource: Resource<Change>) => Altered[],
): { error: ItemError; added: readonly MetadataRecord[] } {
  const { resourceType, resourceName } = resource;
  const refused = (error: ItemError) => ({ error, added: [] });
  if (!knownTypes.has(resourceType)) {
    return refused(itemError("UNSUPPORTED_VERSION", `Unknown resource type ${resourceType}.`));
  }
  if (repeated) return refused(itemError("INVALID_REQUEST", "Duplicate resource."));
  try {
    const before = configOf(view.image, resourceType, resourceName);
    // A broker reads its key stores again when its settings are written, so they are written even unchanged.
    const altered = changes(resource).filter(
      ({ name, value }) => resourceType === configResourceTypes.broker || (before.get(name) ?? null) !== value,
    );
    checkAltered(view, resource, altered);
    const after = new Map(before);
    for (const { name, value } of altered) {
      if (value === null) after.delete(name);
      else after.set(name, value);
    }
    rules.validateResource(resourceType, resourceName, before, after);
    checkExists(view, resource);
    return {
      error: noError,
      added: altered.map(({ name, value }) => record("ConfigRecord", { resourceType, resourceName, name, value })),
    };
  } catch (error) {
    return refused(thrownError(error));
  }
}

const knownTypes: ReadonlySet<number> = new Set(Object.values(configResourceTypes));

/** The new value of one setting; null where it is removed. */
function changedValue(
  resourceType: number,
  name: string,
  before: string | null,
  operation: number,
  value: string | null,
): string | null {
  switch (operation) {
    case SET:
      return value;
    case DELETE:
      return null;
    case APPEND:
    case SUBTRACT: {
      if (value === null) throw new KafkaError("UNKNOWN_SERVER_ERROR");
      const parts = listParts(resourceType, name, before, operation === APPEND ? "APPEND" : "SUBTRACT");
      for (const part of value.split(",")) {
        const at = parts.indexOf(part);
        if (operation === APPEND && at < 0) parts.push(part);
        if (operation === SUBTRACT && at >= 0) parts.splice(at, 1);
      }
      return parts.join(",");
    }
    default:
      throw new KafkaError("UNKNOWN_SERVER_ERROR");
  }
}

function listParts(resourceType: number, name: string, before: string | null, verb: string): string[] {
  const rows = resourceType === configResourceTypes.topic ? topicConfigs : brokerConfigs;
  const splittable = resourceType === configResourceTypes.topic || resourceType === configResourceTypes.broker;
  const row = splittable ? rows.get(name) : undefined;
  if (row?.type !== "list") {
    throw new KafkaError("INVALID_CONFIG", `Can't ${verb} to key ${name} because its type is not LIST.`);
  }
  const text = before ?? (row.default === undefined ? null : defaultValue(row).text);
  return text === null ? [] : text.split(",").filter((part) => part !== "");
}

function checkAltered(
  { image }: ConfigsView,
  { resourceType, resourceName }: Resource<unknown>,
  altered: Altered[],
): void {
  const ofBroker = resourceType === configResourceTypes.broker;
  for (const { name, value } of altered) {
    if (ofBroker && name === "min.insync.replicas" && elrEnabled(image)) {
      if (resourceName !== "") {
        refuse("Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
      }
      if (value === null) refuse("Cluster-level min.insync.replicas cannot be removed while ELR is enabled.");
    }
    if (value !== null && value.length > VALUE_LENGTH_MAX) {
      refuse(
        "The configuration value cannot be added because it exceeds the maximum value size of " +
          `${VALUE_LENGTH_MAX} bytes.`,
      );
    }
  }
}

function refuse(message: string): never {
  throw new KafkaError("INVALID_CONFIG", message);
}

function checkExists({ image, nodeId }: ConfigsView, { resourceType, resourceName }: Resource<unknown>): void {
  if (resourceType === configResourceTypes.topic && image.topicsByName.get(resourceName) === undefined) {
    throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", `The topic '${resourceName}' does not exist.`);
  }
  if (resourceType === configResourceTypes.broker && resourceName !== "") {
    const id = Number(resourceName);
    if (image.brokers.has(id) || image.controllers.has(id) || id === nodeId) return;
    throw new KafkaError("BROKER_ID_NOT_REGISTERED", `No node with id ${id} found.`);
  }
}

/** Eligible leader replicas are judged by min.insync.replicas: when it changes, they are forgotten (KIP-966). */
export function clearElrRecords(image: MetadataImage, records: readonly MetadataRecord[]): MetadataRecord[] {
  if (!elrEnabled(image)) return [];
  const cleared: MetadataRecord[] = [];
  for (const { type, value } of records) {
    if (type !== "ConfigRecord" || value.name !== "min.insync.replicas") continue;
    const topicName = value.resourceType === configResourceTypes.topic ? value.resourceName : "";
    cleared.push(record("ClearElrRecord", { topicName }));
  }
  return cleared;
}
