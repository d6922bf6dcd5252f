/** What the active controller does for each API, by key: the only list. */
import { AllocateProducerIds } from "../../../protocol/generated/allocate-producer-ids.ts";
import { AlterClientQuotas } from "../../../protocol/generated/alter-client-quotas.ts";
import { AlterPartition } from "../../../protocol/generated/alter-partition.ts";
import { AlterPartitionReassignments } from "../../../protocol/generated/alter-partition-reassignments.ts";
import { AssignReplicasToDirs } from "../../../protocol/generated/assign-replicas-to-dirs.ts";
import { BrokerHeartbeat } from "../../../protocol/generated/broker-heartbeat.ts";
import { BrokerRegistration } from "../../../protocol/generated/broker-registration.ts";
import { ControllerRegistration } from "../../../protocol/generated/controller-registration.ts";
import { CreatePartitions } from "../../../protocol/generated/create-partitions.ts";
import { CreateTopics } from "../../../protocol/generated/create-topics.ts";
import { DeleteTopics } from "../../../protocol/generated/delete-topics.ts";
import { ElectLeaders } from "../../../protocol/generated/elect-leaders.ts";
import { ListPartitionReassignments } from "../../../protocol/generated/list-partition-reassignments.ts";
import { UnregisterBroker } from "../../../protocol/generated/unregister-broker.ts";
import { UpdateFeatures } from "../../../protocol/generated/update-features.ts";
import { alterPartition } from "./alter-partition.ts";
import { heartbeat } from "./broker-heartbeat.ts";
import { registerBroker, registerController } from "./brokers.ts";
import { alterClientQuotas } from "./client-quotas.ts";
import { assignReplicasToDirs } from "./directory-assignment.ts";
import { electLeaders } from "./elections.ts";
import { createPartitions } from "./partitions.ts";
import { allocateProducerIds } from "./producer-ids.ts";
import type { Operation } from "./quorum-controller.ts";
import { alterReassignments, listReassignments } from "./reassignments.ts";
import { deleteTopics } from "./topic-deletion.ts";
import { createTopics } from "./topics.ts";
import { unregisterBroker } from "./unregister-broker.ts";
import { updateFeatures } from "./update-features.ts";

// biome-ignore lint/suspicious/noExplicitAny: each operation has the request and response type of its API.
export type Operations = ReadonlyMap<number, Operation<any, any>>;

/** Those that need nothing of other folders: settings and SCRAM credentials join in src/broker/metadata-node.ts. */
export function metadataOperations(): Operations {
  return new Map<number, Operations extends ReadonlyMap<number, infer Each> ? Each : never>([
    [CreateTopics.key, createTopics],
    [DeleteTopics.key, deleteTopics],
    [CreatePartitions.key, createPartitions],
    [ElectLeaders.key, electLeaders],
    [AlterPartitionReassignments.key, alterReassignments],
    [ListPartitionReassignments.key, listReassignments],
    [AlterClientQuotas.key, alterClientQuotas],
    [UpdateFeatures.key, updateFeatures],
    [BrokerRegistration.key, registerBroker],
    [BrokerHeartbeat.key, heartbeat],
    [UnregisterBroker.key, unregisterBroker],
    [AllocateProducerIds.key, allocateProducerIds],
    [ControllerRegistration.key, registerController],
    [AssignReplicasToDirs.key, assignReplicasToDirs],
    [AlterPartition.key, alterPartition],
  ]);
}
