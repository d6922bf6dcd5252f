/**
 * Consumers that read from a follower (KIP-392): what the leader of a topic answers, which stands in rack "near", and
 * what its follower answers, which stands in rack "far". The topic has three batches of two records.
 */
import type { Ask, Case, Own } from "../raw/case.ts";
import type { Partial } from "../raw/fill.ts";
import { batch, produce, topicId } from "./steps.ts";

export const TOPIC = "replicated";
const consumers = [4, 10, 11, 12, 13, 15, 16, 17, 18] as const;
/** From the first version that has a rack. */
const withRack = consumers.filter((version) => version >= 11);

/** The leader is node 1. */
export const setUp: Case = {
  title: "a topic with a leader and a follower",
  steps: [
    {
      api: "CreateTopics",
      request: {
        topics: [
          {
            name: TOPIC,
            numPartitions: -1,
            replicationFactor: -1,
            assignments: [{ partitionIndex: 0, brokerIds: [1, 2] }],
          },
        ],
        timeoutMs: 10_000,
      },
    },
    ...known(),
    ...[
      ["a", "b"],
      ["c", "d"],
      ["e", "f"],
    ].map((values) =>
      produce(TOPIC, batch(values), { until: ({ responses }) => responses[0].partitionResponses[0].errorCode === 0 }),
    ),
  ],
};

/** Until this node knows the topic with both replicas in sync; saves its id. */
function known(): Ask[] {
  return [
    {
      api: "Metadata",
      request: { topics: [{ name: TOPIC }], allowAutoTopicCreation: false },
      until: ({ topics }) => topics[0].errorCode === 0 && topics[0].partitions[0]?.isrNodes.length === 2,
      save: ({ topics }, own) => own.set(`id of ${TOPIC}`, topics[0].topicId),
      quiet: true,
    },
  ];
}

/** Until this node shows all of the topic's records. */
const caughtUp = fetchFrom(6, {
  versions: [11],
  quiet: true,
  until: ({ responses }) => responses[0]?.partitions[0]?.highWatermark === 6,
});

interface More extends Pick<Ask, "versions" | "quiet" | "until" | "save"> {
  readonly request?: Partial | ((own: Own) => Partial);
  readonly partition?: Partial;
}

function fetchFrom(fetchOffset: number, { request = {}, partition = {}, ...more }: More = {}): Ask {
  return {
    api: "Fetch",
    request: (own, version) => ({
      maxWaitMs: 100,
      minBytes: 1,
      maxBytes: 1_000_000,
      topics: [
        {
          ...(version >= 13 ? { topicId: topicId(own, TOPIC) } : { topic: TOPIC }),
          partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000, ...partition }],
        },
      ],
      ...(typeof request === "function" ? request(own) : request),
    }),
    versions: consumers,
    ...more,
  };
}

const one = (title: string, ...steps: readonly Ask[]): Case => ({ title, steps: [...known(), caughtUp, ...steps] });

const sessionIs = (sessionEpoch: number, topics?: readonly Partial[]) => (own: Own) => ({
  sessionId: own.get("session id"),
  sessionEpoch,
  ...(topics === undefined ? { topics: [] } : { topics }),
});

/** A session from its beginning to its end, with a rack or without. */
function session(rackId: string): Ask[] {
  const next = (epoch: number): Ask => fetchFrom(0, { versions: [13], request: sessionIs(epoch) });
  return [
    fetchFrom(0, {
      versions: [13],
      request: { rackId, sessionId: 0, sessionEpoch: 0 },
      save: ({ sessionId }, own) => own.set("session id", sessionId),
    }),
    fetchFrom(0, { versions: [13], request: (own) => ({ ...sessionIs(1)(own), rackId }) }),
    next(7),
    next(2),
    fetchFrom(4, { versions: [13], request: (own) => ({ rackId, sessionId: own.get("session id"), sessionEpoch: 3 }) }),
    fetchFrom(0, { versions: [13], request: { sessionId: 12_345, sessionEpoch: 1, topics: [] } }),
    fetchFrom(0, {
      versions: [13],
      request: (own) => ({
        ...sessionIs(4)(own),
        forgottenTopicsData: [{ topicId: topicId(own, TOPIC), partitions: [0] }],
      }),
    }),
    fetchFrom(2, { versions: [13], request: (own) => ({ sessionId: own.get("session id"), sessionEpoch: -1 }) }),
    next(5),
  ];
}

export const leaderCases: readonly Case[] = [
  one(
    "a consumer of the follower's rack is sent there",
    fetchFrom(0, { request: { rackId: "far" }, versions: withRack }),
  ),
  one("at the end of the log too", fetchFrom(6, { request: { rackId: "far" }, versions: withRack })),
  one("a consumer of the leader's rack stays", fetchFrom(0, { request: { rackId: "near" }, versions: withRack })),
  one("a consumer of no replica's rack stays", fetchFrom(0, { request: { rackId: "lost" }, versions: withRack })),
  one("so does one without a rack", fetchFrom(0)),
  one("an offset that no replica has", fetchFrom(100, { request: { rackId: "far" }, versions: withRack })),
  one(
    "epochs that are not the leader's",
    fetchFrom(0, { request: { rackId: "far" }, partition: { currentLeaderEpoch: 9 }, versions: withRack }),
  ),
  one(
    "an epoch that diverges, of a consumer",
    fetchFrom(4, { request: { rackId: "far" }, partition: { lastFetchedEpoch: 3 }, versions: withRack.slice(1) }),
  ),
  one("sessions of a consumer that is sent on", ...session("far")),
  one(
    "a node that is no replica",
    fetchFrom(0, { request: { replicaId: 7 }, versions: [11, 14] }),
    fetchFrom(0, { request: { replicaState: { replicaId: 7, replicaEpoch: -1 } }, versions: [15, 18] }),
  ),
  one(
    "a replica of another life",
    fetchFrom(0, { request: { replicaState: { replicaId: 2, replicaEpoch: 0 } }, versions: [15, 18] }),
  ),
];

const offsets = (timestamp: number): Ask => ({
  api: "ListOffsets",
  versions: "all",
  request: { topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, timestamp }] }] },
});

export const followerCases: readonly Case[] = [
  one("a consumer reads from the follower", fetchFrom(0), fetchFrom(2, { request: { rackId: "far" } })),
  one("and waits there at the end", fetchFrom(6, { request: { rackId: "far" } })),
  one("the follower sends nobody on", fetchFrom(0, { request: { rackId: "near" }, versions: withRack })),
  one("committed records", fetchFrom(0, { request: { isolationLevel: 1 }, versions: withRack })),
  one("offsets that it does not have", fetchFrom(7), fetchFrom(100), fetchFrom(-1)),
  one(
    "epochs that are not the leader's",
    fetchFrom(0, { partition: { currentLeaderEpoch: 9 } }),
    fetchFrom(4, { partition: { lastFetchedEpoch: 3 }, versions: withRack.slice(1) }),
  ),
  one("sessions", ...session("far")),
  one(
    "a follower of the follower",
    fetchFrom(0, { request: { replicaId: 1 }, versions: [4, 11, 14] }),
    fetchFrom(0, { request: { replicaState: { replicaId: 1, replicaEpoch: -1 } }, versions: [15, 16, 18] }),
  ),
  one("offsets are the leader's to tell", offsets(-1), offsets(-2), offsets(0)),
  one("so are the ends of epochs", {
    api: "OffsetForLeaderEpoch",
    versions: "all",
    request: { topics: [{ topic: TOPIC, partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }] },
  }),
  one("records are the leader's to take", produce(TOPIC, batch(["x"]), { versions: [3, 9, 10, 11, 12, 13] })),
  one("and to delete", {
    api: "DeleteRecords",
    versions: "all",
    request: { topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, offset: 1 }] }], timeoutMs: 1_000 },
  }),
];

export const deletion: Case = {
  title: "records are deleted",
  steps: [
    {
      api: "DeleteRecords",
      request: { topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, offset: 3 }] }], timeoutMs: 10_000 },
    },
  ],
};

/** On leader and follower, after the deletion. */
export const deletedCases: readonly Case[] = [
  one(
    "what was deleted is out of range, what is left begins at a batch",
    fetchFrom(0, {
      versions: [11],
      quiet: true,
      until: ({ responses }) => responses[0]?.partitions[0]?.errorCode === 1,
    }),
    fetchFrom(0, { versions: withRack }),
    fetchFrom(3, { versions: withRack }),
    fetchFrom(0, { request: { rackId: "far" }, versions: withRack }),
  ),
];

/** The follower becomes the leader, which makes leader epoch 1. */
export const move: Case = {
  title: "the follower becomes the leader",
  steps: [
    {
      api: "AlterPartitionReassignments",
      request: { timeoutMs: 10_000, topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, replicas: [2, 1] }] }] },
    },
    {
      api: "ElectLeaders",
      request: { electionType: 0, topicPartitions: [{ topic: TOPIC, partitions: [0] }], timeoutMs: 10_000 },
    },
  ],
};

/** What the new leader takes. */
export const addition: Case = {
  title: "the new leader takes a batch",
  steps: [
    ...moved(),
    produce(TOPIC, batch(["g", "h"]), {
      until: ({ responses }) => responses[0].partitionResponses[0].errorCode === 0,
    }),
  ],
};

/** Until this node knows the new leader. */
function moved(): Ask[] {
  return known().map((ask) => ({
    ...ask,
    until: ({ topics }) => topics[0].errorCode === 0 && topics[0].partitions[0]?.leaderEpoch === 1,
  }));
}

const epochs = [0, 1, 9] as const;

/** On the new leader and on its follower, which was the leader. */
export const movedCases: readonly Case[] = [
  {
    title: "who knows only the epoch before, the present one, or one that is yet to come",
    steps: [
      ...moved(),
      { ...caughtUp, until: ({ responses }) => responses[0]?.partitions[0]?.highWatermark === 8 },
      ...epochs.flatMap((currentLeaderEpoch) => [
        fetchFrom(8, { versions: [11, 12, 15, 16, 18], partition: { currentLeaderEpoch } }),
        {
          api: "ListOffsets",
          versions: [4, 11],
          request: {
            topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, timestamp: -1, currentLeaderEpoch }] }],
          },
        },
        ...epochs.map((leaderEpoch) => ({
          api: "OffsetForLeaderEpoch",
          versions: [3, 4],
          request: { topics: [{ topic: TOPIC, partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }] },
        })),
      ]),
      // Where the epoch ends in which the reader had its last record: before, at and behind what it asks for.
      ...[5, 6, 7, 8].flatMap((offset) =>
        epochs.map((lastFetchedEpoch) =>
          fetchFrom(offset, { versions: [12, 18], partition: { currentLeaderEpoch: 1, lastFetchedEpoch } }),
        ),
      ),
    ],
  },
];
