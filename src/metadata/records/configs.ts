/** Dynamic configs: as Kafka's ConfigurationsDelta. Names that we do not know are kept: a newer node may know them. */

import type { ConfigRecord } from "../../../protocol/generated/records/metadata/config-record.ts";
import type { Draft } from "../draft.ts";
import { configKey } from "../image.ts";

/** A null value deletes; a resource without any value leaves the image. */
export function applyConfig(draft: Draft, value: ConfigRecord): void {
  const key = configKey(value.resourceType, value.resourceName);
  const values = new Map(draft.next.configs.get(key)?.values);
  if (value.value === null) values.delete(value.name);
  else values.set(value.name, value.value);
  const { resourceType, resourceName } = value;
  draft.next.configs =
    values.size === 0
      ? draft.next.configs.without(key)
      : draft.next.configs.with(key, { resourceType, resourceName, values });
}
