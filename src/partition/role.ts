/** What the metadata says of a partition, as a replica takes it. */
import { NO_LEADER } from "../metadata/image.ts";
import type { LedRole } from "./leadership.ts";

export interface PartitionRole extends LedRole {
  readonly leader: number;
  /** Eligible leader replicas (KIP-966). */
  readonly elr: readonly number[];
}

/** Before the first image. */
export const noRole: PartitionRole = {
  leader: NO_LEADER,
  leaderEpoch: -1,
  partitionEpoch: -1,
  replicas: [],
  isr: [],
  elr: [],
};

/** Nobody leads, and no other replica can before this one has led again, nor was one needed for what is committed. */
export function leadsAloneAgain(role: PartitionRole, nodeId: number, minInsync: number): boolean {
  const { replicas, leader, isr, elr } = role;
  if (replicas.length === 1) return true;
  const mayLead = [...isr, ...elr];
  return leader === NO_LEADER && minInsync <= 1 && mayLead.length > 0 && mayLead.every((id) => id === nodeId);
}
