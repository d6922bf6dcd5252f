/** DescribeConfigs, AlterConfigs, IncrementalAlterConfigs. */
import type { Ask, Case } from "../raw/case.ts";
import { createTopic } from "./steps.ts";

const topic = 2;
const broker = 4;
const logger = 8;

const describe = (
  resourceType: number,
  resourceName: string,
  configurationKeys: string[] | null = null,
  versions: Ask["versions"] = [4],
): Ask => ({
  api: "DescribeConfigs",
  versions,
  request: (_, version) => ({
    resources: [{ resourceType, resourceName, configurationKeys }],
    ...(version >= 1 ? { includeSynonyms: true } : {}),
  }),
});

/** Apache applies a change to the broker a moment after it answered: asks until it shows these sources and values. */
const settled = (name: string, expected: Readonly<Record<string, readonly [source: number, value: string]>>): Ask => ({
  ...describe(broker, name, Object.keys(expected)),
  until: ({ results }) =>
    results[0].configs.every((config: { name: string; configSource: number; value: string }) => {
      const [source, value] = expected[config.name] ?? [];
      return config.configSource === source && config.value === value;
    }),
});

const alter = (
  resourceType: number,
  resourceName: string,
  configs: [name: string, operation: number, value: string | null][],
  validateOnly = false,
): Ask => ({
  api: "IncrementalAlterConfigs",
  versions: [1],
  request: {
    resources: [
      {
        resourceType,
        resourceName,
        configs: configs.map(([name, configOperation, value]) => ({ name, configOperation, value })),
      },
    ],
    validateOnly,
  },
});

const set = 0;
const remove = 1;
const append = 2;
const subtract = 3;

export const configCases: readonly Case[] = [
  {
    title: "DescribeConfigs of a topic, each version",
    steps: [
      ...createTopic("described", 1, { "retention.ms": "5000", "cleanup.policy": "compact" }),
      describe(topic, "described", null, "all"),
      describe(topic, "described", ["retention.ms", "no.such"]),
      describe(topic, "described", []),
      describe(topic, "gone"),
      describe(topic, "a/b"),
      describe(topic, ""),
    ],
  },
  {
    title: "DescribeConfigs of the broker, each version",
    steps: [
      describe(broker, "1", null, "all"),
      describe(broker, "", null),
      describe(broker, "7"),
      describe(broker, "one"),
      describe(broker, "1", ["log.retention.ms", "num.io.threads"]),
    ],
  },
  {
    title: "DescribeConfigs of other resources",
    steps: [describe(99, "x"), describe(16, "metrics"), describe(32, "group"), describe(32, "")],
  },
  {
    title: "IncrementalAlterConfigs of a topic",
    steps: [
      ...createTopic("altered"),
      alter(topic, "altered", [
        ["retention.ms", set, "7000"],
        ["cleanup.policy", append, "compact"],
      ]),
      describe(topic, "altered", ["retention.ms", "cleanup.policy"]),
      alter(topic, "altered", [["cleanup.policy", subtract, "delete"]]),
      alter(topic, "altered", [["retention.ms", remove, null]]),
      describe(topic, "altered", ["retention.ms", "cleanup.policy"]),
      alter(topic, "altered", [["retention.ms", set, "x"]]),
      alter(topic, "altered", [["retention.ms", set, null]]),
      alter(topic, "altered", [["retention.ms", append, "5"]]),
      alter(topic, "altered", [["no.such", set, "5"]]),
      alter(topic, "altered", [["retention.ms", 7, "5"]]),
      alter(topic, "altered", [
        ["retention.ms", set, "5"],
        ["retention.ms", set, "6"],
      ]),
      alter(topic, "altered", [["segment.bytes", set, "2000000"]], true),
      describe(topic, "altered", ["segment.bytes"]),
      alter(topic, "gone", [["retention.ms", set, "5"]]),
      alter(topic, "", [["retention.ms", set, "5"]]),
      alter(99, "x", [["retention.ms", set, "5"]]),
      alter(topic, "altered", []),
    ],
  },
  {
    title: "IncrementalAlterConfigs of the broker",
    steps: [
      alter(broker, "", [["log.retention.ms", set, "80000000"]]),
      alter(broker, "1", [["log.cleaner.threads", set, "2"]]),
      settled("1", { "log.retention.ms": [3, "80000000"], "log.cleaner.threads": [2, "2"] }),
      alter(broker, "1", [["log.cleaner.threads", set, "x"]]),
      alter(broker, "1", [["log.cleaner.threads", set, "0"]]),
      alter(broker, "1", [["broker.id", set, "4"]]),
      alter(broker, "1", [["log.dirs", set, "/x"]]),
      alter(broker, "", [["listeners", set, "PLAINTEXT://:1"]]),
      alter(broker, "1", [["no.such", set, "4"]]),
      alter(broker, "9", [["log.cleaner.threads", set, "2"]]),
      alter(broker, "nine", [["log.cleaner.threads", set, "2"]]),
      alter(broker, "", [["log.retention.ms", remove, null]]),
      alter(broker, "1", [["log.cleaner.threads", remove, null]]),
      settled("1", { "log.retention.ms": [5, "604800000"], "log.cleaner.threads": [5, "1"] }),
    ],
  },
  {
    title: "AlterConfigs replaces all",
    steps: [
      ...createTopic("replaced", 1, { "retention.ms": "5000" }),
      ...[0, 1, 2].map((version) => ({
        api: "AlterConfigs",
        versions: [version],
        request: {
          resources: [
            {
              resourceType: topic,
              resourceName: "replaced",
              configs: [{ name: "segment.ms", value: String(version + 1) }],
            },
          ],
        },
      })),
      describe(topic, "replaced", ["segment.ms", "retention.ms"]),
      {
        api: "AlterConfigs",
        request: {
          resources: [{ resourceType: topic, resourceName: "replaced", configs: [{ name: "segment.ms", value: "x" }] }],
        },
      },
      {
        api: "AlterConfigs",
        request: {
          resources: [{ resourceType: topic, resourceName: "gone", configs: [{ name: "segment.ms", value: "1" }] }],
        },
      },
      {
        api: "AlterConfigs",
        request: { resources: [{ resourceType: topic, resourceName: "replaced", configs: [] }], validateOnly: true },
      },
      { api: "AlterConfigs", request: { resources: [{ resourceType: topic, resourceName: "replaced", configs: [] }] } },
      describe(topic, "replaced", ["segment.ms", "retention.ms"]),
    ],
  },
  {
    title: "Logger levels",
    steps: [
      describe(logger, "7"),
      alter(logger, "7", [["root", set, "INFO"]]),
      alter(logger, "1", [["no.such.logger.name", set, "NOISY"]]),
    ],
  },
];
