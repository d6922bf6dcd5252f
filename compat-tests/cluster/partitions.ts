/** What the cluster says of a topic's partitions. */
import type { Admin } from "kafkajs";

type Topic = { readonly topic: string };

export async function partitionsOf(admin: Admin, { topic }: Topic) {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return (topics[0]?.partitions ?? []).toSorted((a, b) => a.partitionId - b.partitionId);
}

export async function leaderOf(admin: Admin, target: Topic, partition: number): Promise<number> {
  const found = (await partitionsOf(admin, target))[partition];
  if (found === undefined) throw new Error(`${target.topic} has no partition ${partition}`);
  return found.leader;
}

/** Resolves when every replica of the topic is in sync again. */
export async function isrFull(admin: Admin, target: Topic): Promise<void> {
  for (;;) {
    const partitions = await partitionsOf(admin, target);
    if (partitions.every(({ isr, replicas }) => isr.length === replicas.length)) return;
    await Bun.sleep(100);
  }
}
