/** The few administrative requests that a measurement needs, over a raw connection. */
import { type AnyMessage, Wire } from "../compat-tests/oracle/raw/wire.ts";
import { CreateTopics } from "../protocol/generated/create-topics.ts";
import { DeleteTopics } from "../protocol/generated/delete-topics.ts";
import { ListOffsets } from "../protocol/generated/list-offsets.ts";
import type { Message } from "../protocol/message.ts";

async function ask<Request, Response>(
  bootstrap: string,
  message: Message<Request, Response>,
  version: number,
  request: Request,
): Promise<Response> {
  const wire = await Wire.open(bootstrap);
  const answer = await wire.exchange(message as AnyMessage, version, request);
  wire.close();
  if (!("response" in answer)) throw new Error(`${message.name} was not answered`);
  return answer.response as Response;
}

export async function createTopic(
  bootstrap: string,
  name: string,
  numPartitions: number,
  configs: readonly { name: string; value: string }[] = [],
): Promise<void> {
  const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [...configs] };
  const request = { topics: [topic], timeoutMs: 60_000, validateOnly: false };
  const { topics } = await ask(bootstrap, CreateTopics, 7, request);
  if (topics[0]?.errorCode !== 0) throw new Error(`${name} was not created: ${topics[0]?.errorMessage}`);
  while ((await endOffsets(bootstrap, name, numPartitions)) === null) await Bun.sleep(20);
}

export async function deleteTopic(bootstrap: string, name: string): Promise<void> {
  const request = { topics: [{ name, topicId: "AAAAAAAAAAAAAAAAAAAAAA" }], topicNames: [], timeoutMs: 60_000 };
  await ask(bootstrap, DeleteTopics, 6, request);
}

/** The sum of all partitions' leader epochs: it grows with every change of leader. */
export async function leaderEpochs(bootstrap: string, name: string, partitions: number): Promise<number> {
  return (await latest(bootstrap, name, partitions)).reduce((sum, { leaderEpoch }) => sum + leaderEpoch, 0);
}

/** The sum of all partitions' latest offsets; null while one of them has no leader that serves. */
export async function endOffsets(bootstrap: string, name: string, partitions: number): Promise<number | null> {
  let sum = 0;
  for (const { errorCode, offset } of await latest(bootstrap, name, partitions)) {
    if (errorCode !== 0) return null;
    sum += offset;
  }
  return sum;
}

async function latest(bootstrap: string, name: string, partitions: number) {
  const asked = Array.from({ length: partitions }, (_, partitionIndex) => {
    return { partitionIndex, currentLeaderEpoch: -1, timestamp: -1 };
  });
  const request = { replicaId: -1, isolationLevel: 0, topics: [{ name, partitions: asked }], timeoutMs: 10_000 };
  const { topics } = await ask(bootstrap, ListOffsets, 6, request);
  return topics[0]?.partitions ?? [];
}
