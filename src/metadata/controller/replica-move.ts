/**
 * The replicas of a partition while they move (KIP-455): the targets come first, then those that are to go. The move is
 * over when all that were to come are in sync. As Kafka's PartitionReassignmentReplicas and …Revert.
 */
import { KafkaError } from "../../../protocol/errors.ts";
import type { PartitionRegistration } from "../image.ts";

export interface Assignment {
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

export function isMoving({ addingReplicas, removingReplicas }: Assignment): boolean {
  return addingReplicas.length > 0 || removingReplicas.length > 0;
}

/** From whatever the replicas are now, also in the middle of another move. */
export function beginMove(current: readonly number[], target: readonly number[]): Assignment {
  const missingIn = (from: readonly number[], other: readonly number[]) =>
    from.filter((id) => !other.includes(id)).sort((a, b) => a - b);
  const removingReplicas = missingIn(current, target);
  return { replicas: [...target, ...removingReplicas], addingReplicas: missingIn(target, current), removingReplicas };
}

/** The replicas, and who of them is in sync, when the move is over; null while it is not. */
export function completedMove(
  moving: Assignment,
  isr: readonly number[],
): { readonly replicas: readonly number[]; readonly isr: readonly number[] } | null {
  if (!isMoving(moving)) return null;
  const { addingReplicas, removingReplicas } = moving;
  const stays = (id: number) => !removingReplicas.includes(id);
  const replicas = moving.replicas.filter(stays);
  const isrLeft = isr.filter(stays);
  if (removingReplicas.length > 0 && (isrLeft.length === 0 || replicas.length === 0)) return null;
  if (!addingReplicas.every((id) => isrLeft.includes(id))) return null;
  // With fewer replicas than before, those in sync must not become fewer than they need to.
  const shrinks = addingReplicas.length < removingReplicas.length;
  return shrinks && !replicas.every((id) => isrLeft.includes(id)) ? null : { replicas, isr: isrLeft };
}

/**
 * What a cancelled move leaves. Unclean: nobody of those who were there before is in sync, so one of them is taken.
 * @throws KafkaError INVALID_REPLICA_ASSIGNMENT
 */
export function revertedMove(partition: PartitionRegistration): {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly unclean: boolean;
} {
  const wasThere = (id: number) => !partition.addingReplicas.includes(id);
  const replicas = partition.replicas.filter(wasThere);
  const isr = partition.isr.filter(wasThere);
  if (isr.length > 0) return { replicas, isr, unclean: false };
  const [first] = replicas;
  if (first === undefined) {
    const message = "Invalid replica assignment: addingReplicas contains all replicas.";
    throw new KafkaError("INVALID_REPLICA_ASSIGNMENT", message);
  }
  return { replicas, isr: [first], unclean: true };
}

/** How many replicas there are once the move is over. */
export function replicationFactorAfter({ replicas, addingReplicas, removingReplicas }: Assignment): number {
  return new Set([...replicas, ...addingReplicas].filter((id) => !removingReplicas.includes(id))).size;
}
