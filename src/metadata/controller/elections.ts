/**
 * ElectLeaders (43) on the controller: preferred or unclean, per partition. As ReplicationControlManager.electLeaders.
 */
import { code, KafkaError } from "../../../protocol/errors.ts";
import type {
  ElectLeadersRequest,
  ElectLeadersResponse,
  PartitionResult,
} from "../../../protocol/generated/elect-leaders.ts";
import { NO_LEADER } from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { type ItemError, itemError, noError } from "./item-error.ts";
import { asItIs, partitionChange } from "./partition-change.ts";
import { type ControllerResult, result } from "./result.ts";
import type { ControllerState } from "./state.ts";

/** Election types of the request. */
const PREFERRED = 0;
const UNCLEAN = 1;

/** Errors: INVALID_REQUEST; per partition UNKNOWN_TOPIC_OR_PARTITION, ELECTION_NOT_NEEDED, …_NOT_AVAILABLE. */
export function electLeaders(
  state: ControllerState,
  { electionType, topicPartitions }: ElectLeadersRequest,
): ControllerResult<ElectLeadersResponse> {
  if (electionType !== PREFERRED && electionType !== UNCLEAN) {
    throw new KafkaError("INVALID_REQUEST", `Unknown election type ${electionType}`);
  }
  const records: MetadataRecord[] = [];
  const electAll = (topic: string, partitions: Iterable<number>): PartitionResult[] =>
    [...partitions].map((partitionId) => ({
      partitionId,
      ...electLeader(state, topic, partitionId, electionType, records),
    }));
  const replicaElectionResults =
    topicPartitions === null
      ? [...state.image.topicsByName.values()].map(({ name, partitions }) => ({
          topic: name,
          partitionResult: electAll(name, partitions.keys()).filter(isOfInterest),
        }))
      : topicPartitions.map(({ topic, partitions }) => ({ topic, partitionResult: electAll(topic, partitions) }));
  return result(records, { throttleTimeMs: 0, errorCode: code("NONE"), replicaElectionResults });
}

/** Who asks for all partitions does not want to hear of those that are well. */
function isOfInterest({ errorCode }: PartitionResult): boolean {
  return errorCode !== code("ELECTION_NOT_NEEDED");
}

function electLeader(
  state: ControllerState,
  topicName: string,
  partitionId: number,
  electionType: number,
  records: MetadataRecord[],
): ItemError {
  const topic = state.image.topicsByName.get(topicName);
  if (topic === undefined) return itemError("UNKNOWN_TOPIC_OR_PARTITION", `No such topic as ${topicName}`);
  const partition = topic.partitions.get(partitionId);
  if (partition === undefined) {
    return itemError("UNKNOWN_TOPIC_OR_PARTITION", `No such partition as ${topicName}-${partitionId}`);
  }
  const needed =
    electionType === PREFERRED ? partition.leader !== partition.replicas[0] : partition.leader === NO_LEADER;
  if (!needed) return itemError("ELECTION_NOT_NEEDED");
  const change = partitionChange({
    ...asItIs(state, topic, partitionId, partition),
    election: electionType === UNCLEAN ? "unclean" : "preferred",
  });
  if (change === null) {
    return itemError(electionType === PREFERRED ? "PREFERRED_LEADER_NOT_AVAILABLE" : "ELIGIBLE_LEADERS_NOT_AVAILABLE");
  }
  records.push(change);
  return noError;
}
