/** CreatePartitions on the controller. As ControllerApis.createPartitions and ReplicationControlManager. */
import { KafkaError } from "../../../protocol/errors.ts";
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
  CreatePartitionsTopic,
} from "../../../protocol/generated/create-partitions.ts";
import type { TopicImage } from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { firstIsr, newPartition, type Replicas, validateAssignment } from "./assignments.ts";
import { itemError, noError, thrownError } from "./item-error.ts";
import { placeReplicas, usableBrokers } from "./placement.ts";
import type { ControllerCall } from "./quorum-controller.ts";
import { atomicResult, type ControllerResult } from "./result.ts";
import { type ControllerState, RECORDS_PER_OPERATION_MAX } from "./state.ts";

export function createPartitions(
  state: ControllerState,
  request: CreatePartitionsRequest,
  { random }: ControllerCall,
): ControllerResult<CreatePartitionsResponse> {
  const counts = new Map<string, number>();
  for (const { name } of request.topics) counts.set(name, (counts.get(name) ?? 0) + 1);
  const twice = [...counts].filter(([, count]) => count > 1).map(([name]) => name);
  const results = twice.map((name) => ({ name, ...itemError("INVALID_REQUEST", "Duplicate topic name.") }));
  const records: MetadataRecord[] = [];
  for (const topic of request.topics) {
    if (counts.get(topic.name) !== 1) continue;
    try {
      const added = addPartitions(state, topic, random);
      if (records.length + added.length > RECORDS_PER_OPERATION_MAX) {
        // Kafka fails here in the middle of the topic; unlike it we add none of the topic's partitions.
        throw new KafkaError("UNKNOWN_SERVER_ERROR");
      }
      records.push(...added);
      results.push({ name: topic.name, ...noError });
    } catch (error) {
      results.push({ name: topic.name, ...thrownError(error) });
    }
  }
  return atomicResult(request.validateOnly ? [] : records, { throttleTimeMs: 0, results });
}

function addPartitions(
  state: ControllerState,
  request: CreatePartitionsTopic,
  random: ControllerCall["random"],
): MetadataRecord[] {
  const { image } = state;
  const topic = image.topicsByName.get(request.name);
  if (topic === undefined) throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION");
  const existing = topic.partitions.size;
  if (request.count === existing) {
    throw new KafkaError("INVALID_PARTITIONS", `Topic already has ${existing} partition(s).`);
  }
  if (request.count < existing) {
    throw new KafkaError(
      "INVALID_PARTITIONS",
      `The topic ${request.name} currently has ${existing} partition(s); ${request.count} would not be an increase.`,
    );
  }
  return newReplicas(state, topic, request, random).map((replicas, index) => {
    const isr = firstIsr(image, replicas);
    if (isr.length === 0) {
      throw new KafkaError(
        "INVALID_REPLICATION_FACTOR",
        `Unable to replicate the partition ${replicas.length} time(s): All brokers are currently fenced or in ` +
          "controlled shutdown.",
      );
    }
    return newPartition(image, topic.id, existing + index, replicas, isr);
  });
}

function newReplicas(
  state: ControllerState,
  topic: TopicImage,
  { count, assignments }: CreatePartitionsTopic,
  random: ControllerCall["random"],
): Replicas[] {
  const existing = topic.partitions.size;
  const additional = count - existing;
  const replicationFactor = topic.partitions.get(0)?.replicas.length ?? 0;
  if (assignments === null) return placeReplicas(usableBrokers(state), additional, replicationFactor, random);
  if (assignments.length !== additional) {
    throw new KafkaError(
      "INVALID_REPLICA_ASSIGNMENT",
      `Attempted to add ${additional} additional partition(s), but only ${assignments.length} assignment(s) were ` +
        "specified.",
    );
  }
  return assignments.map(({ brokerIds }, index) => {
    validateAssignment(state.image, brokerIds, replicationFactor);
    if (firstIsr(state.image, brokerIds).length > 0) return brokerIds;
    throw new KafkaError(
      "INVALID_REPLICA_ASSIGNMENT",
      `All brokers specified in the manual partition assignment for partition ${existing + index} are fenced or in ` +
        "controlled shutdown.",
    );
  });
}
