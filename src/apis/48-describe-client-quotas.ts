/**
 * DescribeClientQuotas (key 48), v0-1: the quotas of the entities that match (KIP-546). v1 flexible.
 * Errors, whole, in the order checked (ClientQuotasImage.describe): INVALID_REQUEST, UNSUPPORTED_VERSION per component,
 * INVALID_REQUEST for an address together with a user or client id.
 */
import { code, KafkaError } from "../../protocol/errors.ts";
import {
  type ComponentData,
  DescribeClientQuotas,
  type DescribeClientQuotasRequest,
} from "../../protocol/generated/describe-client-quotas.ts";
import type { ClientQuotaImage } from "../metadata/image.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

const EXACT = 0;
const DEFAULT = 1;
const SPECIFIED = 2;
const entityTypes: ReadonlySet<string> = new Set(["client-id", "ip", "user"]);

export const describeClientQuotas = api({
  message: DescribeClientQuotas,
  versions: [0, 1],
  listeners: ["broker"],
  refused: (_, errorCode, message) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: ownMessage(errorCode, message),
    entries: null,
  }),
  handle: ({ image }, request) => {
    const filter = filterOf(request);
    const matching = [...image().clientQuotas.values()].filter((quota) => matches(quota, filter, request.strict));
    const entries = matching.map(({ entity, quotas }) => ({
      entity: [...entity].map(([entityType, entityName]) => ({ entityType, entityName })),
      values: [...quotas].map(([key, value]) => ({ key, value })),
    }));
    return { throttleTimeMs: 0, errorCode: code("NONE"), errorMessage: "", entries };
  },
});

/** By entity type: a name, null for the default entity, undefined for any. */
type Filter = ReadonlyMap<string, string | null | undefined>;

function filterOf({ components }: DescribeClientQuotasRequest): Filter {
  const filter = new Map<string, string | null | undefined>();
  for (const component of components) {
    const { entityType } = component;
    if (entityType === "") refuse("Invalid empty entity type.");
    if (filter.has(entityType)) refuse(`Entity type ${entityType} cannot appear more than once in the filter.`);
    if (!entityTypes.has(entityType)) {
      throw new KafkaError("UNSUPPORTED_VERSION", `Unsupported entity type ${entityType}`);
    }
    filter.set(entityType, wantedName(component));
  }
  if (filter.has("ip") && filter.size > 1) {
    refuse(
      "Invalid entity filter component combination. IP filter component should not be used with user or clientId " +
        "filter component.",
    );
  }
  return filter;
}

function wantedName({ matchType, match }: ComponentData): string | null | undefined {
  switch (matchType) {
    case EXACT:
      return match ?? refuse("Request specified MATCH_TYPE_EXACT, but set match string to null.");
    case DEFAULT:
      return match === null ? null : refuse("Request specified MATCH_TYPE_DEFAULT, but also specified a match string.");
    case SPECIFIED:
      if (match !== null) refuse("Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.");
      return undefined;
    default:
      return refuse(`Unknown match type ${matchType}`);
  }
}

function matches({ entity }: ClientQuotaImage, filter: Filter, strict: boolean): boolean {
  if (strict && entity.size !== filter.size) return false;
  return [...filter].every(([type, name]) => entity.has(type) && (name === undefined || entity.get(type) === name));
}

function refuse(message: string): never {
  throw new KafkaError("INVALID_REQUEST", message);
}
