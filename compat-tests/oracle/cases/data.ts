/** Fetch, ListOffsets, OffsetForLeaderEpoch and DeleteRecords. */
import type { Case } from "../raw/case.ts";
import { baseTime, batch, createTopic, fetch, produce, topicId } from "./steps.ts";

export const dataCases: readonly Case[] = [
  {
    title: "Fetch sessions",
    steps: [
      ...createTopic("session"),
      produce("session", batch(["a"])),
      {
        api: "Fetch",
        request: (own) => ({
          maxWaitMs: 100,
          minBytes: 0,
          sessionId: 0,
          sessionEpoch: 0,
          topics: [{ topicId: topicId(own, "session"), partitions: [{ partition: 0, partitionMaxBytes: 10_000 }] }],
        }),
        save: (response, own) => own.set("session id", response.sessionId),
      },
      {
        api: "Fetch",
        request: (own) => ({
          maxWaitMs: 100,
          minBytes: 0,
          sessionId: own.get("session id"),
          sessionEpoch: 1,
          topics: [],
        }),
      },
      {
        api: "Fetch",
        request: (own) => ({
          maxWaitMs: 100,
          minBytes: 0,
          sessionId: own.get("session id"),
          sessionEpoch: 2,
          topics: [
            {
              topicId: topicId(own, "session"),
              partitions: [{ partition: 0, fetchOffset: 1, partitionMaxBytes: 10_000 }],
            },
          ],
        }),
      },
      {
        api: "Fetch",
        request: (own) => ({
          maxWaitMs: 100,
          minBytes: 0,
          sessionId: own.get("session id"),
          sessionEpoch: 3,
          topics: [],
        }),
      },
      {
        api: "Fetch",
        request: (own) => ({
          maxWaitMs: 100,
          minBytes: 0,
          sessionId: own.get("session id"),
          sessionEpoch: 9,
          topics: [],
        }),
      },
      { api: "Fetch", request: { maxWaitMs: 100, minBytes: 0, sessionId: 12_345, sessionEpoch: 1, topics: [] } },
      {
        api: "Fetch",
        request: (own) => ({
          maxWaitMs: 100,
          minBytes: 0,
          sessionId: own.get("session id"),
          sessionEpoch: 4,
          topics: [],
          forgottenTopicsData: [{ topicId: topicId(own, "session"), partitions: [0] }],
        }),
      },
      {
        api: "Fetch",
        request: (own) => ({
          maxWaitMs: 100,
          minBytes: 0,
          sessionId: own.get("session id"),
          sessionEpoch: -1,
          topics: [],
        }),
      },
    ],
  },
  {
    title: "Fetch waits for its bytes",
    steps: [
      ...createTopic("waits"),
      fetch("waits", { maxWaitMs: 100, minBytes: 1 }),
      produce("waits", batch(["x"])),
      fetch("waits", { maxWaitMs: 300, minBytes: 100_000 }),
      fetch("waits", { maxWaitMs: 0, minBytes: 100_000 }),
    ],
  },
  {
    title: "Fetch as a replica that is none",
    steps: [
      ...createTopic("replicated"),
      {
        api: "Fetch",
        versions: [12],
        request: {
          replicaId: 5,
          maxWaitMs: 10,
          topics: [{ topic: "replicated", partitions: [{ partition: 0, partitionMaxBytes: 100 }] }],
        },
      },
      {
        api: "Fetch",
        versions: [17],
        request: (own) => ({
          replicaState: { replicaId: 5, replicaEpoch: 1 },
          maxWaitMs: 10,
          topics: [{ topicId: topicId(own, "replicated"), partitions: [{ partition: 0, partitionMaxBytes: 100 }] }],
        }),
      },
    ],
  },
  {
    title: "ListOffsets, each version",
    steps: [
      ...createTopic("offsets", 2),
      produce("offsets", batch(["a", "b", "c"])),
      produce("offsets", batch(["d", "e"], { timestamp: baseTime + 1_000 })),
      produce("offsets", batch(["f"], { timestamp: baseTime + 500 })),
      ...[-1, -2, baseTime - 1, baseTime + 2, baseTime + 3, baseTime + 1_001, baseTime + 1_002].map((timestamp) => ({
        api: "ListOffsets",
        versions: "all" as const,
        request: { topics: [{ name: "offsets", partitions: [{ partitionIndex: 0, timestamp }] }] },
      })),
      ...[-3, -4, -5, -6, -7].flatMap((timestamp) => [
        {
          api: "ListOffsets",
          versions: [6, 7, 8, 9, 10, 11],
          request: {
            topics: [
              {
                name: "offsets",
                partitions: [
                  { partitionIndex: 0, timestamp },
                  { partitionIndex: 1, timestamp },
                ],
              },
            ],
          },
        },
      ]),
      {
        api: "ListOffsets",
        versions: [1, 11],
        request: {
          topics: [
            { name: "offsets", partitions: [{ partitionIndex: 5, timestamp: -1 }] },
            { name: "gone", partitions: [{ partitionIndex: 0, timestamp: -1 }] },
          ],
        },
      },
      {
        api: "ListOffsets",
        versions: [4, 11],
        request: {
          topics: [{ name: "offsets", partitions: [{ partitionIndex: 0, timestamp: -1, currentLeaderEpoch: 9 }] }],
        },
      },
      {
        api: "ListOffsets",
        versions: [2, 11],
        request: {
          isolationLevel: 1,
          topics: [{ name: "offsets", partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
        },
      },
      {
        api: "ListOffsets",
        versions: [11],
        request: { replicaId: 5, topics: [{ name: "offsets", partitions: [{ partitionIndex: 0, timestamp: -1 }] }] },
      },
      {
        api: "ListOffsets",
        versions: [11],
        request: {
          topics: [
            {
              name: "offsets",
              partitions: [
                { partitionIndex: 0, timestamp: -1 },
                { partitionIndex: 0, timestamp: -2 },
              ],
            },
          ],
        },
      },
    ],
  },
  {
    title: "OffsetForLeaderEpoch, each version",
    steps: [
      ...createTopic("epochs"),
      produce("epochs", batch(["a", "b"])),
      ...[0, 1, -1].map((leaderEpoch) => ({
        api: "OffsetForLeaderEpoch",
        versions: "all" as const,
        request: {
          replicaId: -1,
          topics: [{ topic: "epochs", partitions: [{ partition: 0, leaderEpoch, currentLeaderEpoch: -1 }] }],
        },
      })),
      {
        api: "OffsetForLeaderEpoch",
        request: {
          replicaId: -1,
          topics: [
            {
              topic: "epochs",
              partitions: [
                { partition: 0, leaderEpoch: 0, currentLeaderEpoch: 4 },
                { partition: 3, leaderEpoch: 0 },
              ],
            },
            { topic: "gone", partitions: [{ partition: 0, leaderEpoch: 0 }] },
          ],
        },
      },
    ],
  },
  {
    title: "DeleteRecords, each version",
    steps: [
      ...createTopic("shortened"),
      produce("shortened", batch(["a", "b", "c", "d"])),
      ...[0, 1, 2].map((version) => ({
        api: "DeleteRecords",
        versions: [version],
        request: {
          topics: [{ name: "shortened", partitions: [{ partitionIndex: 0, offset: version + 1 }] }],
          timeoutMs: 5_000,
        },
      })),
      ...[1, 99, -2].map((offset) => ({
        api: "DeleteRecords",
        request: { topics: [{ name: "shortened", partitions: [{ partitionIndex: 0, offset }] }], timeoutMs: 5_000 },
      })),
      {
        api: "DeleteRecords",
        request: {
          topics: [
            { name: "shortened", partitions: [{ partitionIndex: 3, offset: 0 }] },
            { name: "gone", partitions: [{ partitionIndex: 0, offset: 0 }] },
          ],
          timeoutMs: 5_000,
        },
      },
      fetch("shortened", { offset: 2 }),
      fetch("shortened", { offset: 3 }),
      {
        api: "DeleteRecords",
        request: { topics: [{ name: "shortened", partitions: [{ partitionIndex: 0, offset: -1 }] }], timeoutMs: 5_000 },
      },
      {
        api: "ListOffsets",
        request: { topics: [{ name: "shortened", partitions: [{ partitionIndex: 0, timestamp: -2 }] }] },
      },
      produce("shortened", batch(["e"])),
    ],
  },
];
