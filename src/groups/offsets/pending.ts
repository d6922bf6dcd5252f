/** Offsets in open transactions, and what becomes of them when the transaction ends. */
import type { GroupState } from "../state.ts";
import { type CommittedOffset, eachOffset, noOffsets, offsetOf, withOffset, withoutOffset } from "./store.ts";

export function hasPending(state: GroupState, groupId: string, topic: string, partition: number): boolean {
  if (state.pending.size === 0) return false;
  for (const offsets of state.pending.values()) if (offsetOf(offsets, groupId, topic, partition)) return true;
  return false;
}

export function hasPendingInGroup(state: GroupState, groupId: string): boolean {
  if (state.pending.size === 0) return false;
  for (const offsets of state.pending.values()) if (offsets.has(groupId)) return true;
  return false;
}

export function withPending(
  state: GroupState,
  producerId: number,
  groupId: string,
  topic: string,
  partition: number,
  committed: CommittedOffset,
): GroupState {
  const offsets = state.pending.get(producerId) ?? noOffsets;
  const next = withOffset(offsets, groupId, topic, partition, committed);
  return { ...state, pending: state.pending.with(producerId, next) };
}

/** A tombstone takes the offset out of every open transaction, too. */
export function withoutPending(state: GroupState, groupId: string, topic: string, partition: number): GroupState {
  if (state.pending.size === 0) return state;
  let pending = state.pending;
  for (const [producerId, offsets] of state.pending) {
    const left = withoutOffset(offsets, groupId, topic, partition);
    if (left === offsets) continue;
    pending = left.size > 0 ? pending.with(producerId, left) : pending.without(producerId);
  }
  return { ...state, pending };
}

/** On commit an offset counts unless a later record has replaced it meanwhile. */
export function endTransaction(state: GroupState, producerId: number, committed: boolean): GroupState {
  const ended = state.pending.get(producerId);
  if (ended === undefined) return state;
  const pending = state.pending.without(producerId);
  if (!committed) return { ...state, pending };
  let { offsets } = state;
  for (const { groupId, topic, partition, committed: offset } of eachOffset(ended)) {
    const current = offsetOf(offsets, groupId, topic, partition);
    if (current !== undefined && current.recordOffset >= offset.recordOffset) continue;
    offsets = withOffset(offsets, groupId, topic, partition, offset);
  }
  return { ...state, offsets, pending };
}
