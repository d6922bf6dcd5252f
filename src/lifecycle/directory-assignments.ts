/**
 * Tells the controller in which log directory each replica of this node lies, where the metadata says otherwise: with
 * several directories a new replica begins unassigned, and this node chooses (KIP-858). As Kafka's AssignmentsManager.
 */
import type { Cancel, Clock, Logger } from "../../base/ports.ts";
import { code, errorName } from "../../protocol/errors.ts";
import { AssignReplicasToDirs } from "../../protocol/generated/assign-replicas-to-dirs.ts";
import type { ImageChanges } from "../metadata/changes.ts";
import { type ControllerChannel, ownContext } from "../metadata/controller/channel.ts";
import type { MetadataImage, TopicImage } from "../metadata/image.ts";

export interface DirectoryAssignmentsOptions {
  readonly nodeId: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly channel: ControllerChannel;
  /** -1 before this node is registered. */
  readonly brokerEpoch: () => number;
  /** The id of the directory that holds the partition here; null where none does. */
  readonly directoryOf: (topic: string, partition: number) => string | null;
}

/** As Kafka's AssignReplicasToDirsRequest. */
const ASSIGNMENTS_PER_REQUEST_MAX = 2250;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 10_000;

interface Assignment {
  readonly topicId: string;
  readonly partition: number;
  readonly directoryId: string;
}

export class DirectoryAssignments {
  private readonly options: DirectoryAssignmentsOptions;
  /** By topic id and partition: what to say next. */
  private readonly pending = new Map<string, Assignment>();
  private inFlight = false;
  private failures = 0;
  private cancelRetry: Cancel = () => {};

  constructor(options: DirectoryAssignmentsOptions) {
    this.options = options;
  }

  /** To be subscribed to the images, behind those who create the partitions. */
  changed({ after, createdTopics, changedTopics, deletedTopics }: ImageChanges): void {
    for (const topic of createdTopics) this.look(topic, topic.partitions.keys());
    for (const { after: topic, partitions } of changedTopics) this.look(topic, partitions);
    for (const { id, partitions } of deletedTopics) {
      for (const partition of partitions.keys()) this.pending.delete(`${id}:${partition}`);
    }
    this.send(after);
  }

  /** The replica lies, or is to lie, elsewhere than it did. */
  moved(image: MetadataImage, topicId: string, partition: number): void {
    const topic = image.topicsById.get(topicId);
    if (topic !== undefined) this.look(topic, [partition]);
    this.send(image);
  }

  stop(): void {
    this.pending.clear();
    this.cancelRetry();
  }

  /** Whether the image has the replica where it is, or has nothing to say of it. */
  agrees(image: MetadataImage, topicId: string, partition: number): boolean {
    const topic = image.topicsById.get(topicId);
    return topic === undefined || this.difference(topic, partition) === null;
  }

  private look(topic: TopicImage, partitions: Iterable<number>): void {
    for (const partition of partitions) {
      const key = `${topic.id}:${partition}`;
      const directoryId = this.difference(topic, partition);
      if (directoryId === null) this.pending.delete(key);
      else this.pending.set(key, { topicId: topic.id, partition, directoryId });
    }
  }

  /** The directory of the replica, null where the topic's image names it already. */
  private difference(topic: TopicImage, partition: number): string | null {
    const { nodeId, directoryOf } = this.options;
    const registration = topic.partitions.get(partition);
    const replica = registration?.replicas.indexOf(nodeId) ?? -1;
    const directoryId = replica < 0 ? null : directoryOf(topic.name, partition);
    return registration?.directories[replica] === directoryId ? null : directoryId;
  }

  private send(image: MetadataImage): void {
    const { nodeId, channel, brokerEpoch } = this.options;
    if (this.inFlight || this.pending.size === 0) return;
    if (!image.brokers.has(nodeId)) return; // its registration is one more image
    const batch = [...this.pending].slice(0, ASSIGNMENTS_PER_REQUEST_MAX);
    const request = {
      brokerId: nodeId,
      brokerEpoch: brokerEpoch(),
      directories: grouped(batch.map(([, each]) => each)),
    };
    this.inFlight = true;
    this.cancelRetry();
    channel.send(AssignReplicasToDirs, request, ownContext(AssignReplicasToDirs.versions[1])).then(
      ({ errorCode }) => {
        this.inFlight = false;
        if (errorCode !== code("NONE")) return this.retry(image, errorName(errorCode));
        this.failures = 0;
        // What the controller did not take (a topic that is going) is not asked again.
        for (const [key, assignment] of batch) if (this.pending.get(key) === assignment) this.pending.delete(key);
        return this.send(image);
      },
      (error) => {
        this.inFlight = false;
        this.retry(image, error instanceof Error ? error.message : String(error));
      },
    );
  }

  private retry(image: MetadataImage, reason: string): void {
    const { clock, logger } = this.options;
    const delayMs = Math.min(RETRY_MIN_MS * 2 ** this.failures++, RETRY_MAX_MS);
    logger.debug(`the controller did not take ${this.pending.size} directory assignments: ${reason}`);
    this.cancelRetry = clock.after(delayMs, () => this.send(image));
  }
}

/** By directory, then by topic, as the request has them. */
function grouped(assignments: readonly Assignment[]) {
  const directories = Map.groupBy(assignments, ({ directoryId }) => directoryId);
  return [...directories].map(([id, inDirectory]) => ({
    id,
    topics: [...Map.groupBy(inDirectory, ({ topicId }) => topicId)].map(([topicId, ofTopic]) => ({
      topicId,
      partitions: ofTopic.map(({ partition }) => ({ partitionIndex: partition })),
    })),
  }));
}
