/**
 * AssignReplicasToDirs (73): a broker says in which log directory each of its replicas lies (KIP-858). As Kafka's
 * ReplicationControlManager.handleAssignReplicasToDirs.
 */
import { code, type ErrorName, KafkaError } from "../../../protocol/errors.ts";
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from "../../../protocol/generated/assign-replicas-to-dirs.ts";
import { supports } from "../features.ts";
import type { BrokerRegistration, PartitionRegistration, TopicImage } from "../image.ts";
import type { MetadataRecord } from "../records/record.ts";
import { checkEpoch } from "./broker-heartbeat.ts";
import { isReserved } from "./brokers.ts";
import { leaderUpdates } from "./leader-updates.ts";
import { asItIs, partitionChange } from "./partition-change.ts";
import { type ControllerResult, result } from "./result.ts";
import { type ControllerState, hasOnlineDirectory } from "./state.ts";

interface Assigning {
  readonly state: ControllerState;
  readonly broker: BrokerRegistration;
  readonly directoryId: string;
  /** A directory that is offline: its replicas may not lead. */
  readonly offline: boolean;
  readonly records: MetadataRecord[];
  readonly lost: Set<PartitionRegistration>;
}

/** Errors: UNSUPPORTED_VERSION, STALE_BROKER_EPOCH; per partition as in `assign`. */
export function assignReplicasToDirs(
  state: ControllerState,
  { brokerId, brokerEpoch, directories }: AssignReplicasToDirsRequest,
): ControllerResult<AssignReplicasToDirsResponse> {
  if (!supports.directoryAssignment(state.image.features.metadataVersion ?? 0)) {
    throw new KafkaError("UNSUPPORTED_VERSION", "Directory assignment is not supported yet.");
  }
  const broker = checkEpoch(state.image, brokerId, brokerEpoch);
  const records: MetadataRecord[] = [];
  const lost = new Set<PartitionRegistration>();
  const answers = directories.map(({ id, topics }) => {
    const assigning = {
      state,
      broker,
      directoryId: id,
      offline: !hasOnlineDirectory(broker, id),
      records,
      lost,
    };
    return {
      id,
      topics: topics.map(({ topicId, partitions }) => ({
        topicId,
        partitions: partitions.map(({ partitionIndex }) => {
          const error = assign(assigning, state.image.topicsById.get(topicId), partitionIndex);
          return { partitionIndex, errorCode: code(error) };
        }),
      })),
    };
  });
  if (lost.size > 0) {
    records.push(...leaderUpdates(state, { remove: brokerId }, (partition) => lost.has(partition)));
  }
  return result(records, { throttleTimeMs: 0, errorCode: code("NONE"), directories: answers });
}

function assign(assigning: Assigning, topic: TopicImage | undefined, partitionId: number): ErrorName {
  const { state, broker, directoryId, offline, records, lost } = assigning;
  const brokerId = broker.id;
  if (topic === undefined) return "UNKNOWN_TOPIC_ID";
  const partition = topic.partitions.get(partitionId);
  if (partition === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
  const replica = partition.replicas.indexOf(brokerId);
  if (replica < 0) return "NOT_LEADER_OR_FOLLOWER";
  const change = partitionChange({
    ...asItIs(state, topic, partitionId, partition),
    directories: partition.directories.with(replica, directoryId),
    hasLostDisk: lostDisk(broker, partition.directories[replica] as string) ? brokerId : null,
  });
  if (change !== null) records.push(change);
  if (offline) lost.add(partition);
  return "NONE";
}

/** Its process has other directories than the one in which the replica was: what that held is gone. */
function lostDisk(broker: BrokerRegistration, before: string): boolean {
  return !isReserved(before) && !hasOnlineDirectory(broker, before);
}
