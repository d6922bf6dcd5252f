/** Who leads a partition, as Produce and Fetch tell a client that came to the wrong node (KIP-951). */
import { type MetadataImage, NO_LEADER, partitionOf } from "../metadata/image.ts";
import type { ReplicaManager } from "../partition/replica-manager.ts";

export interface LeaderIdAndEpoch {
  leaderId: number;
  leaderEpoch: number;
}

export interface NodeEndpoint {
  nodeId: number;
  host: string;
  port: number;
  rack: string | null;
}

/** What this node's replica knows, else the image. */
export function currentLeader(
  replicas: ReplicaManager,
  image: MetadataImage,
  topic: string,
  partition: number,
): LeaderIdAndEpoch {
  const replica = replicas.get(topic, partition);
  if (replica !== undefined) return { leaderId: replica.leaderId, leaderEpoch: replica.leaderEpoch };
  const registration = partitionOf(image, topic, partition);
  if (registration === undefined) return { leaderId: NO_LEADER, leaderEpoch: -1 };
  return { leaderId: registration.leader, leaderEpoch: registration.leaderEpoch };
}

/** Adds where the node listens, unless it is there already or not alive. */
export function addEndpoint(endpoints: NodeEndpoint[], image: MetadataImage, nodeId: number, listener: string): void {
  const broker = image.brokers.get(nodeId);
  const endpoint = broker?.endpoints.get(listener);
  if (broker === undefined || endpoint === undefined || broker.fenced) return;
  if (endpoints.some((known) => known.nodeId === nodeId)) return;
  endpoints.push({ nodeId, host: endpoint.host, port: endpoint.port, rack: broker.rack });
}
