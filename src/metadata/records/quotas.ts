/** Client quotas: as Kafka's ClientQuotasDelta. */

import type { ClientQuotaRecord } from "../../../protocol/generated/records/metadata/client-quota-record.ts";
import type { Draft } from "../draft.ts";
import { quotaEntityKey } from "../image.ts";

export function applyClientQuota(draft: Draft, value: ClientQuotaRecord): void {
  const entity = new Map(value.entity.map(({ entityType, entityName }) => [entityType, entityName]));
  const key = quotaEntityKey(entity);
  const quotas = new Map(draft.next.clientQuotas.get(key)?.quotas);
  if (value.remove) quotas.delete(value.key);
  else quotas.set(value.key, value.value);
  draft.next.clientQuotas =
    quotas.size === 0 ? draft.next.clientQuotas.without(key) : draft.next.clientQuotas.with(key, { entity, quotas });
}
