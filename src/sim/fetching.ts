/** The two questions of every consumer: what lies at an offset, and where a partition begins and ends. */
import { ZERO_UUID } from "../../base/uuid.ts";
import { Fetch, type FetchRequest } from "../../protocol/generated/fetch.ts";
import { ListOffsets } from "../../protocol/generated/list-offsets.ts";
import type { Dice } from "./dice.ts";
import type { SentBatch } from "./model.ts";
import type { LiveTopic, Scenario } from "./scenario.ts";
import { Indeterminate, type WireClient } from "./wire.ts";

export const EARLIEST = -2;
export const LATEST = -1;

const fetchVersions = [4, 7, 11, 12, 13, 16, 18] as const;

export interface FetchLimits {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

function fetchRequest(
  topic: LiveTopic,
  index: number,
  offset: number,
  limits: FetchLimits,
  version: number,
): FetchRequest {
  const partition = {
    ...{ partition: index, currentLeaderEpoch: -1, fetchOffset: offset, lastFetchedEpoch: -1, logStartOffset: -1 },
    ...{ partitionMaxBytes: limits.maxBytes, replicaDirectoryId: ZERO_UUID, highWatermark: Infinity },
  };
  const name = version >= 13 ? "" : topic.name;
  const topicId = version >= 13 ? topic.id : ZERO_UUID;
  return {
    ...{ clusterId: null, replicaId: -1, replicaState: { replicaId: -1, replicaEpoch: -1 } },
    ...{ ...limits, isolationLevel: 0, sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [], rackId: "" },
    topics: [{ topic: name, topicId, partitions: [partition] }],
  };
}

export interface Fetched {
  /** "NONE" or the partition's error. */
  readonly error: string;
  readonly nextOffset: number;
}

/** Reads at the offset and tells the model; throws Indeterminate. */
export async function fetchFrom(
  scenario: Scenario,
  client: WireClient,
  dice: Dice,
  topic: LiveTopic,
  index: number,
  offset: number,
  limits: FetchLimits,
  read?: Map<number, SentBatch>,
): Promise<Fetched> {
  const { era } = scenario;
  const version = dice.pick(fetchVersions);
  const request = fetchRequest(topic, index, offset, limits, version);
  const reply = await client.call(Fetch, version, request, 15_000);
  if (era !== scenario.era) throw new Indeterminate("the disk was lost meanwhile");
  const partition = reply.responses[0]?.partitions[0];
  if (reply.errorCode !== 0 || partition === undefined) {
    return { error: scenario.error(reply.errorCode, "Fetch"), nextOffset: offset };
  }
  if (partition.errorCode !== 0) return { error: scenario.error(partition.errorCode, "Fetch"), nextOffset: offset };
  const model = topic.partitions[index];
  if (model === undefined || partition.records === null) return { error: "NONE", nextOffset: offset };
  const nextOffset = model.observe(partition.records, offset, partition.highWatermark, read);
  scenario.counts.recordsRead += nextOffset - offset;
  return { error: "NONE", nextOffset };
}

/** EARLIEST or LATEST, told to the model; null where the broker could not say. Throws Indeterminate. */
export async function askOffset(
  scenario: Scenario,
  client: WireClient,
  dice: Dice,
  topic: LiveTopic,
  index: number,
  timestamp: typeof EARLIEST | typeof LATEST,
): Promise<number | null> {
  const { era } = scenario;
  const model = topic.partitions[index];
  if (model === undefined) return null;
  const leader = scenario.leaderOf(topic.name, index);
  const { highWatermark, earliest } = model;
  const ends = scenario.uncleanEnds;
  const partitions = [{ partitionIndex: index, currentLeaderEpoch: -1, timestamp }];
  const request = { replicaId: -1, isolationLevel: 0, topics: [{ name: topic.name, partitions }], timeoutMs: 5_000 };
  const reply = await client.call(ListOffsets, dice.pick([1, 4, 7, 9]), request, 8_000);
  if (era !== scenario.era) throw new Indeterminate("the disk was lost meanwhile");
  const answer = reply.topics[0]?.partitions[0];
  if (answer === undefined) return null;
  if (answer.errorCode !== 0) {
    scenario.error(answer.errorCode, "ListOffsets");
    return null;
  }
  if (!scenario.isLatest(client, leader, scenario.leaderOf(topic.name, index))) return answer.offset;
  if (timestamp === LATEST) model.sawLatest(answer.offset, highWatermark);
  else if (ends === scenario.uncleanEnds) model.sawEarliest(answer.offset, earliest);
  return answer.offset;
}
