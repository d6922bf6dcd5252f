/**
 * Which replica a consumer reads from (KIP-392), as Kafka's RackAwareReplicaSelector: the leader where it stands in the
 * consumer's rack, else of the in-sync replicas in that rack the one that is furthest.
 */
import type { BrokerRegistration } from "../metadata/image.ts";
import type { Replica } from "./replica.ts";

export interface RackSelector {
  /** Of the consumer. */
  readonly rack: string;
  /** The listener that it came by. */
  readonly listener: string;
  readonly broker: (nodeId: number) => BrokerRegistration | undefined;
}

/** -1: from here. */
export function preferredReadReplica(replica: Replica, fetchOffset: number, selector: RackSelector): number {
  const { followers } = replica;
  if (!replica.isLeader || followers === null) return -1;
  const { rack, listener, broker } = selector;
  const isNear = (nodeId: number): boolean => {
    const registration = broker(nodeId);
    return registration !== undefined && !registration.fenced && registration.rack === rack;
  };
  if (isNear(replica.leaderId)) return -1;
  let best = -1;
  let bestEnd = -1;
  for (const nodeId of followers.isr) {
    const progress = followers.progressOf(nodeId);
    if (progress === undefined || !isNear(nodeId) || !broker(nodeId)?.endpoints.has(listener)) continue;
    const holds = progress.endOffset >= fetchOffset && progress.startOffset <= fetchOffset;
    if (!holds || progress.endOffset <= bestEnd) continue;
    best = nodeId;
    bestEnd = progress.endOffset;
  }
  return best;
}
