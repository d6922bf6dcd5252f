/**
 * CreateTopics on the controller: names, existing topics, configs, replicas, in this order per request and with these
 * messages, because the tools print them. As Kafka's ControllerApis.createTopics and
 * ReplicationControlManager.createTopics. Deletion is in topic-deletion.ts.
 */
import { randomUuid, ZERO_UUID } from "../../../base/uuid.ts";
import { code, KafkaError } from "../../../protocol/errors.ts";
import type {
  CreatableTopic,
  CreatableTopicResult,
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../../protocol/generated/create-topics.ts";
import { configResourceTypes, type MetadataImage } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { CLUSTER_METADATA, hasCollisionChars, topicNameProblem, unifyCollisionChars } from "../topic-names.ts";
import { firstIsr, newPartition, type Replicas, validateAssignment } from "./assignments.ts";
import { clearElrRecords } from "./configs.ts";
import { type ItemError, itemError, thrownError } from "./item-error.ts";
import { placeReplicas, usableBrokers } from "./placement.ts";
import type { ControllerCall } from "./quorum-controller.ts";
import { atomicResult, type ControllerResult } from "./result.ts";
import { type ControllerState, RECORDS_PER_OPERATION_MAX } from "./state.ts";

/** A request may ask for this many partitions in all. */
const PARTITIONS_PER_REQUEST_MAX = 10_000;

export function createTopics(
  state: ControllerState,
  request: CreateTopicsRequest,
  { random }: ControllerCall,
): ControllerResult<CreateTopicsResponse> {
  const duplicates = duplicateNames(request.topics);
  const topics = request.topics.filter(({ name }) => !duplicates.has(name) && name !== CLUSTER_METADATA);
  refuseTooManyPartitions(topics, state.settings.defaultPartitions);
  const problems = topicProblems(state.image, topics);
  const records: MetadataRecord[] = [];
  const results = topics.map((topic) => {
    const problem = problems.get(topic.name);
    if (problem !== undefined) return failed(topic.name, problem);
    try {
      const created = createTopic(state, topic, random);
      records.push(...created.records);
      return created.result;
    } catch (error) {
      return failed(topic.name, thrownError(error));
    }
  });
  for (const name of duplicates) results.push(failed(name, itemError("INVALID_REQUEST", "Duplicate topic name.")));
  if (request.topics.some(({ name }) => name === CLUSTER_METADATA) && !duplicates.has(CLUSTER_METADATA)) {
    const prohibited = `Creation of internal topic ${CLUSTER_METADATA} is prohibited.`;
    results.push(failed(CLUSTER_METADATA, itemError("INVALID_REQUEST", prohibited)));
  }
  if (records.length > RECORDS_PER_OPERATION_MAX) {
    throw new KafkaError("POLICY_VIOLATION", "Unable to perform excessively large batch operation.");
  }
  return atomicResult(request.validateOnly ? [] : records, { throttleTimeMs: 0, topics: results });
}

function duplicateNames(topics: readonly CreatableTopic[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const { name } of topics) (seen.has(name) ? duplicates : seen).add(name);
  return duplicates;
}

function refuseTooManyPartitions(topics: readonly CreatableTopic[], defaultPartitions: number): void {
  let total = 0;
  for (const { assignments, numPartitions } of topics) {
    if (assignments.length > 0) total += assignments.length;
    else if (numPartitions === -1) total += defaultPartitions;
    else if (numPartitions > 0) total += numPartitions;
  }
  if (total > PARTITIONS_PER_REQUEST_MAX) {
    throw new KafkaError("POLICY_VIOLATION", "Excessively large number of partitions per request.");
  }
}

/** What can be said of each topic without creating it; the last finding counts, as in Kafka. */
function topicProblems(image: MetadataImage, topics: readonly CreatableTopic[]): ReadonlyMap<string, ItemError> {
  const problems = new Map<string, ItemError>();
  for (const { name, configs } of topics) {
    const invalid = topicNameProblem(name);
    if (invalid !== null) problems.set(name, itemError("INVALID_TOPIC_EXCEPTION", invalid));
    const other = hasCollisionChars(name) ? image.topicsByMetricName.get(unifyCollisionChars(name)) : undefined;
    if (other !== undefined) {
      const collides = `Topic '${name}' collides with existing topic: ${other}`;
      problems.set(name, itemError("INVALID_TOPIC_EXCEPTION", collides));
    }
    if (image.topicsByName.has(name)) {
      problems.set(name, itemError("TOPIC_ALREADY_EXISTS", `Topic '${name}' already exists.`));
    }
    const nulls = configs.filter(({ value }) => value === null).map((config) => config.name);
    if (nulls.length > 0 && !problems.has(name)) {
      const unsupported = `Null value not supported for topic configs: ${nulls.join(",")}`;
      problems.set(name, itemError("INVALID_CONFIG", unsupported));
    }
  }
  return problems;
}

function createTopic(state: ControllerState, topic: CreatableTopic, random: ControllerCall["random"]) {
  const { image, topicConfigs } = state;
  const configs = new Map(topic.configs.map(({ name, value }) => [name, value as string]));
  if (configs.size > 0) topicConfigs.validate(topic.name, configs);
  const partitions = topic.assignments.length > 0 ? manual(image, topic) : placed(state, topic, random);
  const topicId = randomUuid(random);
  const resource = { resourceType: configResourceTypes.topic, resourceName: topic.name };
  const configRecords = [...configs].map(([name, value]) => record("ConfigRecord", { ...resource, name, value }));
  const records = [
    record("TopicRecord", { name: topic.name, topicId }),
    ...configRecords,
    ...clearElrRecords(image, configRecords),
    ...partitions.map((replicas, id) => newPartition(image, topicId, id, replicas, firstIsr(image, replicas))),
  ];
  const result: CreatableTopicResult = {
    name: topic.name,
    topicId,
    errorCode: code("NONE"),
    errorMessage: null,
    topicConfigErrorCode: code("NONE"),
    numPartitions: partitions.length,
    replicationFactor: partitions[0]?.length ?? -1,
    configs: topicConfigs.describe(image, configs),
  };
  return { records, result };
}

/** The partitions of a manual assignment, by partition id. */
function manual(image: MetadataImage, topic: CreatableTopic): Replicas[] {
  const chosen = "A manual partition assignment was specified, but";
  if (topic.replicationFactor !== -1) {
    throw new KafkaError("INVALID_REQUEST", `${chosen} replication factor was not set to -1.`);
  }
  if (topic.numPartitions !== -1) {
    throw new KafkaError("INVALID_REQUEST", `${chosen} numPartitions was not set to -1.`);
  }
  const partitions = new Map<number, Replicas>();
  let replicationFactor: number | null = null;
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (partitions.has(partitionIndex)) {
      refuseAssignment(`Found multiple manual partition assignments for partition ${partitionIndex}`);
    }
    validateAssignment(image, brokerIds, replicationFactor);
    replicationFactor = brokerIds.length;
    if (firstIsr(image, brokerIds).length === 0) {
      refuseAssignment(
        `All brokers specified in the manual partition assignment for partition ${partitionIndex} are fenced or in ` +
          "controlled shutdown.",
      );
    }
    partitions.set(partitionIndex, brokerIds);
  }
  return Array.from({ length: partitions.size }, (_, id) => {
    return partitions.get(id) ?? refuseAssignment("partitions should be a consecutive 0-based integer sequence");
  });
}

function refuseAssignment(message: string): never {
  throw new KafkaError("INVALID_REPLICA_ASSIGNMENT", message);
}

/** The partitions of a topic whose replicas the controller chooses. */
function placed(state: ControllerState, topic: CreatableTopic, random: ControllerCall["random"]): Replicas[] {
  if (topic.replicationFactor < -1 || topic.replicationFactor === 0) {
    const message = "Replication factor must be larger than 0, or -1 to use the default value.";
    throw new KafkaError("INVALID_REPLICATION_FACTOR", message);
  }
  if (topic.numPartitions < -1 || topic.numPartitions === 0) {
    throw new KafkaError("INVALID_PARTITIONS", "Number of partitions was set to an invalid non-positive value.");
  }
  const { defaultPartitions, defaultReplicationFactor } = state.settings;
  const partitions = topic.numPartitions === -1 ? defaultPartitions : topic.numPartitions;
  const factor = topic.replicationFactor === -1 ? defaultReplicationFactor : topic.replicationFactor;
  const unable = `Unable to replicate the partition ${factor} time(s): `;
  let placement: Replicas[];
  try {
    placement = placeReplicas(usableBrokers(state), partitions, factor, random);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    throw new KafkaError("INVALID_REPLICATION_FACTOR", unable + error.message);
  }
  if (placement.some((replicas) => firstIsr(state.image, replicas).length === 0)) {
    const message = `${unable}All brokers are currently fenced or in controlled shutdown.`;
    throw new KafkaError("INVALID_REPLICATION_FACTOR", message);
  }
  return placement;
}

function failed(name: string, { errorCode, errorMessage }: ItemError): CreatableTopicResult {
  return {
    name,
    topicId: ZERO_UUID,
    errorCode,
    errorMessage,
    topicConfigErrorCode: code("NONE"),
    numPartitions: -1,
    replicationFactor: -1,
    configs: [],
  };
}
