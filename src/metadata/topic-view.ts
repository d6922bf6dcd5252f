/** How a broker shows the image to clients: leaders, replicas, who is up. As Kafka's KRaftMetadataCache. */
import type { Random } from "../../base/ports.ts";
import { hasOnlineDirectory } from "./controller/state.ts";
import type { Endpoint, MetadataImage, PartitionRegistration } from "./image.ts";

/** Any broker that is not fenced; undefined where none is. */
export function anyAliveBroker(image: MetadataImage, random: Random): number | undefined {
  const alive = [...image.brokers.values()].filter(({ fenced }) => !fenced);
  return alive.length === 0 ? undefined : alive[random.below(alive.length)]?.id;
}

/** Where the leader listens, fenced or not; undefined where there is no leader or it lacks the listener. */
export function leaderEndpoint(
  image: MetadataImage,
  { leader }: PartitionRegistration,
  listener: string,
): Endpoint | undefined {
  return image.brokers.get(leader)?.endpoints.get(listener);
}

/** Up, and on this listener. */
export function isReachable(image: MetadataImage, brokerId: number, listener: string): boolean {
  const broker = image.brokers.get(brokerId);
  return broker !== undefined && !broker.fenced && broker.endpoints.has(listener);
}

/** The replicas whose broker or log directory is not there. */
export function offlineReplicas(image: MetadataImage, partition: PartitionRegistration, listener: string): number[] {
  return partition.replicas.filter((id, index) => {
    const broker = image.brokers.get(id);
    if (broker === undefined || !isReachable(image, id, listener)) return true;
    return !hasOnlineDirectory(broker, partition.directories[index] as string);
  });
}
