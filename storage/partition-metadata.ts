/** `partition.metadata`: the id of the topic that a log's directory belongs to. */

import type { Disk } from "../base/ports.ts";
import { ZERO_UUID } from "../base/uuid.ts";
import { readText } from "./checkpoint.ts";

export const PARTITION_METADATA_FILE = "partition.metadata";

export function partitionMetadataText(topicId: string): string {
  return `version: 0\ntopic_id: ${topicId}`;
}

/** The topic id, null where there is no file; throws where it cannot be understood, as Apache refuses it. */
export function readPartitionMetadata(disk: Disk, directory: string): string | null {
  const path = `${directory}/${PARTITION_METADATA_FILE}`;
  const text = readText(disk, path);
  if (text === null) return null;
  const [version, topic] = text.split(/\r?\n/).map((line) => line.split(/:\s+/));
  const topicId = topic?.[1];
  if (version?.length !== 2 || !/^\d+$/.test(version[1] as string) || topic?.length !== 2 || topicId === undefined) {
    throw new Error(`${path} is malformed`);
  }
  if (topicId.length !== 22 || topicId === ZERO_UUID) throw new Error(`${path} names no topic id: ${topicId}`);
  return topicId;
}
