/** What the tests of a whole node ask of it, in short. */
import { ZERO_UUID } from "../../../base/uuid.ts";
import { type ErrorName, errorName } from "../../../protocol/errors.ts";
import { CreateTopics } from "../../../protocol/generated/create-topics.ts";
import { DeleteRecords } from "../../../protocol/generated/delete-records.ts";
import { Fetch } from "../../../protocol/generated/fetch.ts";
import { IncrementalAlterConfigs } from "../../../protocol/generated/incremental-alter-configs.ts";
import { ListOffsets } from "../../../protocol/generated/list-offsets.ts";
import { Metadata, type MetadataResponse } from "../../../protocol/generated/metadata.ts";
import { Produce } from "../../../protocol/generated/produce.ts";
import { type BatchOptions, buildBatch, type NewRecord } from "../../../protocol/records/builder.ts";
import { consumerFetch, consumerPartition } from "../../../protocol/testing/consumer-fetch.ts";
import type { MemoryNode } from "./memory-node.ts";

const TOPIC = 2;
const BROKER = 4;

export async function createTopic(
  node: MemoryNode,
  name: string,
  configs: Readonly<Record<string, string>> = {},
  partitions = 1,
): Promise<void> {
  const topic = {
    name,
    numPartitions: partitions,
    replicationFactor: -1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
  const reply = await node.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false });
  if (reply.topics[0]?.errorCode !== 0) throw new Error(`create ${name}: ${reply.topics[0]?.errorMessage}`);
}

async function alter(node: MemoryNode, type: number, name: string, values: Readonly<Record<string, string>>) {
  const configs = Object.entries(values).map(([key, value]) => ({ name: key, configOperation: 0, value }));
  const resources = [{ resourceType: type, resourceName: name, configs }];
  const reply = await node.call(IncrementalAlterConfigs, 1, { resources, validateOnly: false });
  if (reply.responses[0]?.errorCode !== 0) throw new Error(`alter ${name}: ${reply.responses[0]?.errorMessage}`);
}

/** For all brokers, as `kafka-configs --entity-default`. */
export const alterCluster = (node: MemoryNode, values: Readonly<Record<string, string>>) =>
  alter(node, BROKER, "", values);

export const alterTopic = (node: MemoryNode, topic: string, values: Readonly<Record<string, string>>) =>
  alter(node, TOPIC, topic, values);

export interface Produced {
  readonly error: ErrorName;
  readonly offset: number;
  readonly logAppendTimeMs: number;
}

export interface Production {
  /** Default: one of 100 bytes, now. */
  readonly records?: readonly NewRecord[];
  readonly batch?: BatchOptions;
  readonly acks?: number;
  /** Default: 0. */
  readonly partition?: number;
}

/** One batch. */
export async function produce(node: MemoryNode, topic: string, production: Production = {}): Promise<Produced> {
  const { records = [record(node, 100)], batch, acks = -1, partition = 0 } = production;
  return produceBatch(node, topic, buildBatch(records, batch), { acks, partition });
}

export async function produceBatch(
  node: MemoryNode,
  topic: string,
  bytes: Uint8Array,
  { acks = -1, partition = 0 }: { readonly acks?: number; readonly partition?: number } = {},
): Promise<Produced> {
  const partitionData = [{ index: partition, records: bytes }];
  const reply = await node.call(Produce, 9, {
    transactionalId: null,
    acks,
    timeoutMs: 1000,
    topicData: [{ name: topic, topicId: ZERO_UUID, partitionData }],
  });
  const answer = reply.responses[0]?.partitionResponses[0];
  if (answer === undefined) throw new Error("no answer");
  const { errorCode, baseOffset, logAppendTimeMs } = answer;
  return { error: errorName(errorCode), offset: baseOffset, logAppendTimeMs };
}

export function record(node: MemoryNode, sizeBytes: number, timestamp = node.clock.nowMs()): NewRecord {
  return { timestamp, key: null, value: new Uint8Array(sizeBytes) };
}

/** The bytes of a partition from the offset on. */
export async function fetch(
  node: MemoryNode,
  topic: string,
  offset = 0,
  maxBytes = 50_000_000,
  index = 0,
): Promise<Uint8Array> {
  return (await fetchPartition(node, topic, offset, maxBytes, index)).records;
}

export async function fetchPartition(
  node: MemoryNode,
  topic: string,
  offset: number,
  maxBytes: number,
  index: number,
): Promise<{ readonly error: ErrorName; readonly records: Uint8Array }> {
  const partitions = [consumerPartition(index, offset, { partitionMaxBytes: maxBytes })];
  const reply = await node.call(Fetch, 12, consumerFetch({ topic }, partitions, { minBytes: 0, maxBytes }));
  const answer = reply.responses[0]?.partitions[0];
  if (answer === undefined) throw new Error("no answer");
  return { error: errorName(answer.errorCode), records: answer.records ?? new Uint8Array(0) };
}

/** Those of partition 0 below the offset. */
export async function deleteRecords(node: MemoryNode, topic: string, offset: number): Promise<ErrorName> {
  const topics = [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }];
  const reply = await node.call(DeleteRecords, 2, { topics, timeoutMs: 1000 });
  return errorName(reply.topics[0]?.partitions[0]?.errorCode as number);
}

/** The first offset of partition 0. */
export async function startOffset(node: MemoryNode, topic: string): Promise<number> {
  const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -2 }];
  const request = { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions }], timeoutMs: 1000 };
  const reply = await node.call(ListOffsets, 7, request);
  return reply.topics[0]?.partitions[0]?.offset as number;
}

export function metadata(node: MemoryNode, topic: string): Promise<MetadataResponse> {
  return node.call(Metadata, 9, {
    topics: [{ topicId: ZERO_UUID, name: topic }],
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  });
}

/** The files of partition 0: names and sizes. */
export function files(node: MemoryNode, topic: string): { name: string; sizeBytes: number }[] {
  const path = `/data/${topic}-0`;
  return node.disk
    .list(path)
    .map(({ name }) => ({ name, sizeBytes: node.disk.info(`${path}/${name}`)?.sizeBytes ?? 0 }));
}

export const segments = (node: MemoryNode, topic: string): number =>
  files(node, topic).filter(({ name }) => name.endsWith(".log")).length;
