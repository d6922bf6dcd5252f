/**
 * AlterClientQuotas (49): what users, client ids and addresses may use. Each entity changes as a whole or not at all.
 * As Kafka's ClientQuotaControlManager.
 */
import { code } from "../../../protocol/errors.ts";
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasRequestEntityData,
  AlterClientQuotasRequestEntryData,
  AlterClientQuotasResponse,
} from "../../../protocol/generated/alter-client-quotas.ts";
import { quotaEntityKey } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { type ItemError, itemError, noError } from "./item-error.ts";
import { atomicResult, type ControllerResult } from "./result.ts";
import { type ControllerState, RECORDS_PER_OPERATION_MAX } from "./state.ts";

type Entity = ReadonlyMap<string, string | null>;
type QuotaType = "DOUBLE" | "INT" | "LONG";

const userAndClientQuotas: ReadonlyMap<string, QuotaType> = new Map([
  ["producer_byte_rate", "LONG"],
  ["consumer_byte_rate", "LONG"],
  ["request_percentage", "DOUBLE"],
  ["controller_mutation_rate", "DOUBLE"],
]);
const ipQuotas: ReadonlyMap<string, QuotaType> = new Map([["connection_creation_rate", "INT"]]);
const largest: Readonly<Record<QuotaType, number>> = { DOUBLE: Infinity, INT: 2 ** 31 - 1, LONG: 2 ** 63 };
/** In the order of Kafka's own maps, in which it answers and records them. */
const entityTypes = ["client-id", "user", "ip"];

export function alterClientQuotas(
  state: Pick<ControllerState, "image">,
  { entries, validateOnly }: AlterClientQuotasRequest,
): ControllerResult<AlterClientQuotasResponse> {
  const records: MetadataRecord[] = [];
  const answers = new Map<string, { readonly entity: Entity; readonly error: ItemError }>();
  for (const entry of entries) {
    const entity = entityOf(entry.entity);
    const key = quotaEntityKey(entity);
    const isRepeated = new Set(entry.ops.map((op) => op.key)).size < entry.ops.length;
    const outcome =
      isRepeated || answers.has(key)
        ? { error: invalid(`Ignoring duplicate entity ClientQuotaEntity(entries=${javaText(entity)})`), records: [] }
        : alterEntity(state, entity, entry.ops);
    const fits = records.length + outcome.records.length <= RECORDS_PER_OPERATION_MAX;
    if (fits) records.push(...outcome.records);
    answers.set(key, { entity, error: fits ? outcome.error : itemError("UNKNOWN_SERVER_ERROR", null) });
  }
  return atomicResult(validateOnly ? [] : records, {
    throttleTimeMs: 0,
    entries: [...answers.values()].map(({ entity, error }) => ({ ...error, entity: entityData(entity) })),
  });
}

/** A type that comes twice has its last name. */
function entityOf(data: readonly AlterClientQuotasRequestEntityData[]): Entity {
  const named = new Map(data.map(({ entityType, entityName }) => [entityType, entityName]));
  const rank = (type: string) => (entityTypes.includes(type) ? entityTypes.indexOf(type) : entityTypes.length);
  return new Map([...named].sort(([a], [b]) => rank(a) - rank(b)));
}

const entityData = (entity: Entity) => [...entity].map(([entityType, entityName]) => ({ entityType, entityName }));

const javaText = (entity: Entity) => `{${[...entity].map(([type, name]) => `${type}=${name}`).join(", ")}}`;

function alterEntity(
  { image }: Pick<ControllerState, "image">,
  entity: Entity,
  ops: AlterClientQuotasRequestEntryData["ops"],
): { readonly error: ItemError; readonly records: readonly MetadataRecord[] } {
  const refused = (error: ItemError) => ({ error, records: [] });
  const invalidEntity = entityProblem(entity);
  if (invalidEntity !== null) return refused(invalidEntity);
  const known = entity.has("ip") ? ipQuotas : userAndClientQuotas;
  const current = image.clientQuotas.get(quotaEntityKey(entity))?.quotas;
  const records: MetadataRecord[] = [];
  for (const { key, value, remove } of ops) {
    const problem = remove ? null : valueProblem(known.get(key), key, value);
    if (problem !== null) return refused(problem);
    const unchanged = remove ? current?.has(key) !== true : current?.get(key) === value;
    if (unchanged) continue;
    records.push(record("ClientQuotaRecord", { entity: entityData(entity), key, value: remove ? 0 : value, remove }));
  }
  return { error: noError, records };
}

function entityProblem(entity: Entity): ItemError | null {
  if (entity.size === 0) return invalid("Invalid empty client quota entity");
  for (const [type, name] of entity) {
    if (!entityTypes.includes(type)) return invalid(`Unhandled client quota entity type: ${type}`);
    if (name === "") return invalid(`Empty ${type} not supported`);
  }
  if (!entity.has("ip")) return null;
  if (entity.size > 1) {
    return invalid("Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId");
  }
  const address = entity.get("ip") ?? null;
  return address === null || isAddress(address) ? null : invalid(`${address} is not a valid IP or resolvable host.`);
}

/** Kafka resolves names too; what is decided here must not depend on who is asked, and when. */
function isAddress(text: string): boolean {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4 !== null) return v4.slice(1).every((part) => Number(part) <= 255);
  return text === "localhost" || (text.includes(":") && /^[0-9a-fA-F:.]+$/.test(text));
}

function valueProblem(type: QuotaType | undefined, key: string, value: number): ItemError | null {
  if (type === undefined) return invalid(`Invalid configuration key ${key}`);
  if (value <= 0) return invalid(`Quota ${key} must be greater than 0`);
  if (type === "DOUBLE") return null;
  if (value > largest[type]) {
    return invalid(`Proposed value for ${key} is too large for ${type === "INT" ? "an INT" : "a LONG"}.`);
  }
  return Math.abs(value % 1) > 1e-6 ? invalid(`${key} cannot be a fractional value.`) : null;
}

const invalid = (errorMessage: string): ItemError => ({ errorCode: code("INVALID_REQUEST"), errorMessage });
