/**
 * DescribeConfigs (key 32), v1-4: the settings of topics, brokers, loggers, groups and client metrics, with the levels
 * that each value could come from. v1 synonyms (KIP-226), v3 types and documentation (KIP-569), v4 flexible (KIP-482).
 * Errors per resource, in the order checked, as Kafka's ConfigHelper: INVALID_REQUEST (an unknown type: for all of
 * them),
 * INVALID_TOPIC_EXCEPTION, UNKNOWN_TOPIC_OR_PARTITION, INVALID_REQUEST.
 */
import { code, errorName, errors, KafkaError } from "../../protocol/errors.ts";
import {
  DescribeConfigs,
  type DescribeConfigsResource,
  type DescribeConfigsResourceResult,
  type DescribeConfigsResult,
} from "../../protocol/generated/describe-configs.ts";
import { javaInt } from "../config/changes.ts";
import {
  type DescribeOptions,
  describeBroker,
  describeClientMetrics,
  describeCluster,
  describeGroup,
  describeTopic,
  source,
} from "../config/describe.ts";
import { type LiveConfig, resourceType } from "../config/live.ts";
import { ROOT_LOGGER } from "../config/log-levels.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { topicNameProblem } from "../metadata/topic-names.ts";
import { api } from "./api.ts";

const knownTypes: ReadonlySet<number> = new Set(Object.values(resourceType));

export const describeConfigs = api({
  message: DescribeConfigs,
  versions: [1, 4],
  listeners: ["broker", "controller"],
  refused: ({ resources }, errorCode) => {
    const errorMessage = errors[errorName(errorCode)].message;
    const results = resources.map((resource) => ({ ...identity(resource), errorCode, errorMessage, configs: [] }));
    return { throttleTimeMs: 0, results };
  },
  handle: ({ config, image }, { resources, includeSynonyms, includeDocumentation }) => {
    if (resources.some((resource) => !knownTypes.has(resource.resourceType))) {
      throw new KafkaError("INVALID_REQUEST");
    }
    // One that is asked for again and again is described once: hundreds of settings cost six bytes to ask for.
    const described = new Map<string, DescribeConfigsResult>();
    const results = resources.map((resource) => {
      const { resourceType, resourceName, configurationKeys: keys } = resource;
      const options = { keys, synonyms: includeSynonyms, documentation: includeDocumentation };
      if (keys !== null && keys.length > 0) return result(config, image(), resource, options);
      const name = `${resourceType}:${resourceName}`;
      const known = described.get(name) ?? result(config, image(), resource, options);
      described.set(name, known);
      return known;
    });
    return { throttleTimeMs: 0, results };
  },
});

function identity({ resourceType, resourceName }: DescribeConfigsResource) {
  return { resourceType, resourceName };
}

function result(
  config: LiveConfig,
  image: MetadataImage,
  resource: DescribeConfigsResource,
  options: DescribeOptions,
): DescribeConfigsResult {
  try {
    const configs = describe(config, image, resource, options);
    return { ...identity(resource), errorCode: 0, errorMessage: "", configs };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    // Apache says no more of a missing topic than its code.
    const errorMessage = error.error === "UNKNOWN_TOPIC_OR_PARTITION" ? "" : error.message;
    return { ...identity(resource), errorCode: code(error.error), errorMessage, configs: [] };
  }
}

function describe(
  config: LiveConfig,
  image: MetadataImage,
  { resourceType: type, resourceName: name }: DescribeConfigsResource,
  options: DescribeOptions,
): DescribeConfigsResourceResult[] {
  switch (type) {
    case resourceType.topic: {
      const problem = topicNameProblem(name);
      if (problem !== null) throw new KafkaError("INVALID_TOPIC_EXCEPTION", problem);
      if (image.topicsByName.get(name) === undefined) throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION");
      return describeTopic(config, config.topic(name).values, config.stored(type, name), options);
    }
    case resourceType.broker:
      if (name === "") return describeCluster(config, options);
      checkBroker(config, name, " or empty string, but");
      return describeBroker(config, options);
    case resourceType.brokerLogger:
      if (name === "") throw new KafkaError("INVALID_REQUEST", "Broker id must not be empty");
      checkBroker(config, name, " but");
      return describeLoggers(config, options);
    case resourceType.clientMetrics:
      if (name === "") throw new KafkaError("INVALID_REQUEST", "Client metrics subscription name must not be empty");
      return describeClientMetrics(config.stored(type, name), options);
    default:
      if (name === "") throw new KafkaError("INVALID_REQUEST", "Group name must not be empty");
      return describeGroup(config, config.group(name).values, config.stored(type, name), options);
  }
}

function checkBroker(config: LiveConfig, name: string, but: string): void {
  const id = javaInt(name);
  if (id === null) throw new KafkaError("INVALID_REQUEST", `Broker id must be an integer, but it is: ${name}`);
  const { nodeId } = config.static;
  if (id !== nodeId) {
    throw new KafkaError("INVALID_REQUEST", `Unexpected broker id, expected ${nodeId}${but} received ${name}`);
  }
}

function describeLoggers({ logLevels }: LiveConfig, { keys }: DescribeOptions): DescribeConfigsResourceResult[] {
  if (keys !== null && keys.length > 0 && !keys.includes(ROOT_LOGGER)) return [];
  return [
    {
      name: ROOT_LOGGER,
      value: logLevels.root,
      readOnly: false,
      configSource: source.brokerLogger,
      isSensitive: false,
      synonyms: [],
      configType: 0,
      documentation: "",
    },
  ];
}
