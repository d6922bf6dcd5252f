/** Asks a leader where its log begins or ends (ListOffsets), as a follower whose own offset is out of its range. */
import { code, errorName, KafkaError } from "../../protocol/errors.ts";
import { ListOffsets } from "../../protocol/generated/list-offsets.ts";
import type { LeaderChannel } from "./fetcher.ts";

const timestamps = { latest: -1, earliest: -2 } as const;

export interface Asking {
  readonly nodeId: number;
  readonly channel: LeaderChannel;
  readonly timeoutMs: number;
  readonly topic: string;
}

export async function leaderOffset(
  { nodeId, channel, timeoutMs, topic }: Asking,
  { partition, leaderEpoch }: { readonly partition: number; readonly leaderEpoch: number },
  place: keyof typeof timestamps,
): Promise<number> {
  const wanted = { partitionIndex: partition, currentLeaderEpoch: leaderEpoch, timestamp: timestamps[place] };
  const request = { replicaId: nodeId, isolationLevel: 0, topics: [{ name: topic, partitions: [wanted] }], timeoutMs };
  const { topics } = await channel.send(ListOffsets, request, null, { timeoutMs });
  const answer = topics
    .find(({ name }) => name === topic)
    ?.partitions.find((each) => each.partitionIndex === partition);
  if (answer === undefined) throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION");
  if (answer.errorCode !== code("NONE")) throw new KafkaError(errorName(answer.errorCode));
  return answer.offset;
}
