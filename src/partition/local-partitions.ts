/** Partitions as a coordinator sees them (the PartitionWriter of src/coordinator), on the replicas of this node. */
import type { Cancel } from "../../base/ports.ts";
import { DiskError } from "../../base/ports.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { forEachBatch } from "../../protocol/records/cursor.ts";
import type { MetadataImage } from "../metadata/image.ts";
import type { Replica } from "./replica.ts";
import type { ReplicaManager } from "./replica-manager.ts";
import type { CommitEvents } from "./waiters.ts";

export class LocalPartitions {
  private readonly replicas: ReplicaManager;
  private readonly image: () => MetadataImage;

  constructor(replicas: ReplicaManager, image: () => MetadataImage) {
    this.replicas = replicas;
    this.image = image;
  }

  partitionCount(topic: string): number {
    return this.image().topicsByName.get(topic)?.partitions.size ?? 0;
  }

  append(topic: string, partition: number, leaderEpoch: number, batch: Uint8Array): number {
    const replica = this.leader(topic, partition);
    if (replica.leaderEpoch !== leaderEpoch) {
      throw new KafkaError("NOT_LEADER_OR_FOLLOWER", `${topic}-${partition} is led in epoch ${replica.leaderEpoch}`);
    }
    try {
      const { lastOffset } = replica.append(batch, -1, "coordinator");
      replica.wantCommit();
      return lastOffset;
    } catch (cause) {
      throw storageError(cause);
    }
  }

  batchBytesMax(topic: string, partition: number): number {
    return this.leader(topic, partition).rules.maxMessageBytes;
  }

  follow(topic: string, partition: number, events: CommitEvents): Cancel {
    return this.leader(topic, partition).follow(events);
  }

  range(topic: string, partition: number): { startOffset: number; endOffset: number; highWatermark: number } {
    const { log } = this.leader(topic, partition);
    return { startOffset: log.logStartOffset, endOffset: log.logEndOffset, highWatermark: log.highWatermark };
  }

  async read(topic: string, partition: number, offset: number, bytesMax: number): Promise<Uint8Array> {
    const { log } = this.leader(topic, partition);
    try {
      const bytes = log.readCopy(offset, bytesMax, log.logEndOffset, true);
      return bytes.subarray(0, wholeBatches(bytes)); // the limit may have cut the last one
    } catch (cause) {
      throw storageError(cause);
    }
  }

  private leader(topic: string, partition: number): Replica {
    const replica = this.replicas.online(topic, partition);
    replica.check(-1, true);
    return replica;
  }
}

function storageError(cause: unknown): unknown {
  return cause instanceof DiskError ? new KafkaError("KAFKA_STORAGE_ERROR", cause.message, cause) : cause;
}

const wholeBatches = (bytes: Uint8Array): number => forEachBatch(bytes, () => {});
