/** Steps that many cases begin with. */
import { RecordBatchBuilder } from "../../../protocol/records/builder.ts";
import type { Codec } from "../../../protocol/records/codecs.ts";
import type { Ask, Own } from "../raw/case.ts";

/** Creates a topic and waits until it has leaders; its id is saved as "id of NAME". */
export function createTopic(name: string, partitions = 1, configs: Readonly<Record<string, string>> = {}): Ask[] {
  const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
  return [
    {
      api: "CreateTopics",
      request: {
        topics: [{ name, numPartitions: partitions, replicationFactor: 1, configs: entries }],
        timeoutMs: 10_000,
      },
      quiet: true,
    },
    {
      api: "Metadata",
      request: { topics: [{ name }], allowAutoTopicCreation: false },
      until: ({ topics }) =>
        topics[0].partitions.length === partitions &&
        topics[0].partitions.every((partition: { errorCode: number }) => partition.errorCode === 0),
      save: ({ topics }, own) => own.set(`id of ${name}`, topics[0].topicId),
      quiet: true,
    },
    {
      // Apache's leaders serve a moment after Metadata names them.
      api: "ListOffsets",
      request: {
        topics: [
          { name, partitions: Array.from({ length: partitions }, (_, id) => ({ partitionIndex: id, timestamp: -1 })) },
        ],
      },
      until: ({ topics }) =>
        topics[0].partitions.every((partition: { errorCode: number }) => partition.errorCode === 0),
      quiet: true,
    },
  ];
}

export const topicId = (own: Own, name: string): unknown => own.get(`id of ${name}`);

export interface BatchOptions {
  readonly timestamp?: number;
  readonly codec?: Codec;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly key?: string | null;
}

const utf8 = new TextEncoder();
/** A fixed time of this decade: recent enough to be kept, the same on both sides. */
export const baseTime = Math.floor(Date.now() / 3_600_000) * 3_600_000;

export function batch(values: readonly string[], options: BatchOptions = {}): Uint8Array {
  const { timestamp = baseTime, key = "key", codec = "none", ...producer } = options;
  const builder = new RecordBatchBuilder({ codec, ...producer });
  for (const [index, value] of values.entries()) {
    builder.append(timestamp + index, key === null ? null : utf8.encode(key), utf8.encode(value));
  }
  return builder.build();
}

/** Produce to one partition, by name below v13 and by id from there. */
export function produce(
  topic: string,
  records: Uint8Array | ((own: Own) => Uint8Array),
  more: Partial<Ask> & { acks?: number; index?: number } = {},
): Ask {
  const { acks = -1, index = 0, ...rest } = more;
  return {
    api: "Produce",
    request: (own, version) => ({
      acks,
      timeoutMs: 5_000,
      topicData: [
        {
          ...(version >= 13 ? { topicId: topicId(own, topic) } : { name: topic }),
          partitionData: [{ index, records: typeof records === "function" ? records(own) : records }],
        },
      ],
    }),
    ...rest,
  };
}

interface FetchOptions {
  readonly offset?: number;
  readonly partition?: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly epoch?: number;
  readonly isolationLevel?: number;
}

export function fetch(topic: string, options: FetchOptions = {}, more: Partial<Ask> = {}): Ask {
  return {
    api: "Fetch",
    request: (own, version) => ({
      maxWaitMs: options.maxWaitMs ?? 200,
      minBytes: options.minBytes ?? 1,
      maxBytes: options.maxBytes ?? 50_000_000,
      isolationLevel: options.isolationLevel ?? 0,
      topics: [
        {
          ...(version >= 13 ? { topicId: topicId(own, topic) } : { topic }),
          partitions: [
            {
              partition: options.partition ?? 0,
              fetchOffset: options.offset ?? 0,
              currentLeaderEpoch: options.epoch ?? -1,
              partitionMaxBytes: options.partitionMaxBytes ?? 1_048_576,
            },
          ],
        },
      ],
    }),
    ...more,
  };
}
