/** DescribeLogDirs, ListConfigResources, DescribeProducers: what tools list. */
import type { Case } from "../raw/case.ts";
import { batch, createTopic, produce } from "./steps.ts";

export const listingCases: readonly Case[] = [
  {
    title: "DescribeLogDirs, each version",
    steps: [
      ...createTopic("logged", 2),
      produce("logged", batch(["a"])),
      { api: "DescribeLogDirs", versions: "all", request: { topics: [{ topic: "logged", partitions: [0, 1] }] } },
      {
        api: "DescribeLogDirs",
        request: {
          topics: [
            { topic: "logged", partitions: [0, 7] },
            { topic: "gone", partitions: [0] },
          ],
        },
      },
      { api: "DescribeLogDirs", request: { topics: [] } },
    ],
  },
  {
    title: "ListConfigResources",
    steps: [
      { api: "ListConfigResources", versions: [0], request: {} },
      ...[[], [2], [4], [8], [16], [32], [4, 8], [99]].map((resourceTypes) => ({
        api: "ListConfigResources",
        versions: [1],
        request: { resourceTypes },
      })),
    ],
  },
];
