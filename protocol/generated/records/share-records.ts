// The records of the share coordinator by key type (the int16 before the key). Do not edit: npm run generate.
import type { KeyValueSchema } from "../../message.ts";
import { ShareSnapshotKey } from "./share/share-snapshot-key.ts";
import { ShareSnapshotValue } from "./share/share-snapshot-value.ts";
import { ShareUpdateKey } from "./share/share-update-key.ts";
import { ShareUpdateValue } from "./share/share-update-value.ts";

export const shareRecords: ReadonlyMap<number, KeyValueSchema> = new Map<number, KeyValueSchema>([
  [0, { key: ShareSnapshotKey, value: ShareSnapshotValue }],
  [1, { key: ShareUpdateKey, value: ShareUpdateValue }],
]);
