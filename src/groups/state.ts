/** What a group shard knows. The value never changes in place; a ClassicGroup inside it does (see there). */
import { PersistentMap } from "../../base/persistent-map.ts";
import type { ClassicGroup } from "./classic/group.ts";
import { noOffsets, type Offsets } from "./offsets/store.ts";

export interface GroupState {
  readonly groups: PersistentMap<string, ClassicGroup>;
  readonly offsets: Offsets;
  /** Offsets of open transactions by producer id: they become visible when the transaction commits. */
  readonly pending: PersistentMap<number, Offsets>;
}

export const emptyState: GroupState = {
  groups: PersistentMap.empty(),
  offsets: noOffsets,
  pending: PersistentMap.empty(),
};
