/** New partitions: their replicas, chosen by hand or by placement, and the record each begins with. */
import { KafkaError } from "../../../protocol/errors.ts";
import { supports } from "../features.ts";
import { type MetadataImage, RECOVERED } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { defaultDirectory, isActive, versionsOf } from "./state.ts";

/** Replicas in order of preference. */
export type Replicas = readonly number[];

/**
 * A manual assignment of one partition; the factor is that of the partitions before it, or null.
 * @throws KafkaError INVALID_REPLICA_ASSIGNMENT
 */
export function validateAssignment(image: MetadataImage, replicas: Replicas, replicationFactor: number | null): void {
  if (replicas.length === 0) refuse("The manual partition assignment includes an empty replica list.");
  let previous: number | null = null;
  for (const broker of replicas.toSorted((a, b) => a - b)) {
    if (!image.brokers.has(broker)) {
      refuse(`The manual partition assignment includes broker ${broker}, but no such broker is registered.`);
    }
    if (broker === previous) {
      refuse(`The manual partition assignment includes the broker ${broker} more than once.`);
    }
    previous = broker;
  }
  if (replicationFactor !== null && replicas.length !== replicationFactor) {
    refuse(
      `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not ` +
        `consistent with previous partitions, which have ${replicationFactor} replica(s).`,
    );
  }
}

/** The replicas that begin in sync: those that are up. */
export function firstIsr(image: MetadataImage, replicas: Replicas): number[] {
  return replicas.filter((broker) => isActive(image, broker));
}

/** The first of the ISR leads. */
export function newPartition(
  image: MetadataImage,
  topicId: string,
  partitionId: number,
  replicas: Replicas,
  isr: readonly number[],
): MetadataRecord {
  const assigned = supports.directoryAssignment(image.features.metadataVersion ?? 0);
  return record(
    "PartitionRecord",
    {
      partitionId,
      topicId,
      replicas: [...replicas],
      isr: [...isr],
      removingReplicas: [],
      addingReplicas: [],
      leader: isr[0] as number,
      leaderRecoveryState: RECOVERED,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: assigned ? replicas.map((broker) => defaultDirectory(image, broker)) : [],
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    },
    versionsOf(image).partition,
  );
}

function refuse(message: string): never {
  throw new KafkaError("INVALID_REPLICA_ASSIGNMENT", message);
}
