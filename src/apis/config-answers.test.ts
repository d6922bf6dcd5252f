/**
 * DescribeConfigs and IncrementalAlterConfigs against what Apache's broker answered to the same settings and requests:
 * src/config/testdata/answers.json, which compat-tests/oracle/config-answers.test.ts compares with a real broker.
 */
import { expect, test } from "bun:test";
import { errorName, errors } from "../../protocol/errors.ts";
import type { DescribeConfigsResponse, DescribeConfigsResult } from "../../protocol/generated/describe-configs.ts";
import type {
  AlterConfigsResourceResponse,
  IncrementalAlterConfigsResponse,
} from "../../protocol/generated/incremental-alter-configs.ts";
import { LiveConfig, resourceType } from "../config/live.ts";
import { parseStatic } from "../config/static.ts";
import answers from "../config/testdata/answers.json";
import { applyRecords } from "../metadata/apply.ts";
import { configRules } from "../metadata/controller/config-rules.ts";
import { incrementalAlterConfigs as alterOnController } from "../metadata/controller/configs.ts";
import { configOf, emptyImage } from "../metadata/image.ts";
import { type MetadataRecord, record } from "../metadata/records/record.ts";
import { describeConfigs } from "./32-describe-configs.ts";
import { incrementalAlterConfigs } from "./44-incremental-alter-configs.ts";
import type { RequestContext } from "./api.ts";
import type { Services } from "./services.ts";

const file = new Map(
  Object.entries({
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.bootstrap.servers": "localhost:9093",
    listeners: "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093",
    "advertised.listeners": "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093",
    "controller.listener.names": "CONTROLLER",
    "log.dirs": "/data",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "num.network.threads": "3",
    "num.partitions": "2",
    "log.retention.hours": "100",
    "log.roll.ms": "3600000",
    "log.cleaner.min.cleanable.ratio": "0.25",
    "log.cleanup.policy": "delete , compact",
    "delegation.token.secret.key": "secret",
    "listener.name.plaintext.max.connections": "5000",
    "log.initial.task.delay.ms": "20000",
    "my.plugin.setting": "abc",
  }),
);

const typeIds: Record<string, number> = {
  TOPIC: resourceType.topic,
  BROKER: resourceType.broker,
  BROKER_LOGGER: resourceType.brokerLogger,
  GROUP: resourceType.group,
  CLIENT_METRICS: resourceType.clientMetrics,
};

function resourceOf(text: string, separator: string): { resourceType: number; resourceName: string } {
  const [type = "", resourceName = ""] = text.split(separator);
  return { resourceType: typeIds[type] as number, resourceName };
}

function storedRecords(): MetadataRecord[] {
  const stored = answers.stored as unknown as [string, Record<string, string>][];
  return [
    record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 30 }),
    record("FeatureLevelRecord", { name: "eligible.leader.replicas.version", featureLevel: 1 }),
    record("TopicRecord", { name: "facts", topicId: "AAAAAAAAAAAAAAAAAAAAEA" }),
    record("TopicRecord", { name: "plain", topicId: "AAAAAAAAAAAAAAAAAAAAEQ" }),
    // A controller that activates with eligible leader replicas writes this one.
    record("ConfigRecord", {
      resourceType: resourceType.broker,
      resourceName: "",
      name: "min.insync.replicas",
      value: "1",
    }),
    ...stored.flatMap(([resource, values]) =>
      Object.entries(values).map(([name, value]) =>
        record("ConfigRecord", { ...resourceOf(resource, " "), name, value }),
      ),
    ),
  ];
}

function node(): Services {
  const config = new LiveConfig(parseStatic({ file, workingDirectory: "/" }), { warn: () => {} });
  const image = applyRecords(emptyImage(), storedRecords());
  config.apply((type, name) => configOf(image, type, name), [...image.configs.values()]);
  const controller = {
    send: async (_: unknown, request: unknown) =>
      alterOnController({ image, nodeId: 1 }, request as never, configRules(config)).reply,
  };
  return { config, image: () => image, controller } as unknown as Services;
}

const context = { apiVersion: 4, listenerKind: "broker", listener: "PLAINTEXT" } as unknown as RequestContext;

const sources = [
  "UNKNOWN",
  "DYNAMIC_TOPIC_CONFIG",
  "DYNAMIC_BROKER_CONFIG",
  "DYNAMIC_DEFAULT_BROKER_CONFIG",
  "STATIC_BROKER_CONFIG",
  "DEFAULT_CONFIG",
  "DYNAMIC_BROKER_LOGGER_CONFIG",
  "DYNAMIC_CLIENT_METRICS_CONFIG",
  "DYNAMIC_GROUP_CONFIG",
];
const types = ["UNKNOWN", "BOOLEAN", "STRING", "INT", "SHORT", "LONG", "DOUBLE", "LIST", "CLASS", "PASSWORD"];

test.each(Object.entries(answers.described))("%s is described as Apache describes it", async (resource, expected) => {
  const request = {
    resources: [{ ...resourceOf(resource, " "), configurationKeys: null }],
    includeSynonyms: true,
    includeDocumentation: true,
  };
  const { results } = (await describeConfigs.handle(node(), request, context)) as DescribeConfigsResponse;
  const described = (results[0] as DescribeConfigsResult).configs.map((entry) => ({
    name: entry.name,
    value: entry.value,
    source: sources[entry.configSource],
    readOnly: entry.readOnly,
    sensitive: entry.isSensitive,
    type: types[entry.configType],
    synonyms: entry.synonyms.map((synonym) => [synonym.name, synonym.value, sources[synonym.source]]),
  }));
  const sorted = described.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(sorted as unknown[]).toEqual(expected as unknown[]);
});

const operations = ["SET", "DELETE", "APPEND", "SUBTRACT"];

test.each(answers.alterations as [string, string, string | null][])("%s: %s", async (line, error, message) => {
  const [type = "", resourceName = "", ...changes] = line.split("|");
  const configs = changes.map((change) => {
    const [operation = "", name = "", ...value] = change.split(" ");
    const text = value.length === 0 ? null : value.join(" ");
    return { name, configOperation: operations.indexOf(operation), value: text };
  });
  const resources = [{ resourceType: typeIds[type] as number, resourceName, configs }];
  const request = { resources, validateOnly: true };
  const reply = (await incrementalAlterConfigs.handle(node(), request, context)) as IncrementalAlterConfigsResponse;
  const answer = reply.responses[0] as AlterConfigsResourceResponse;
  const ours = [errorName(answer.errorCode), answer.errorMessage ?? errors[errorName(answer.errorCode)].message];
  expect(ours).toEqual([error, message]);
});
