/** What the controller asks of the settings of this node: whether a change may be, and what a topic then has. */
import { KafkaError } from "../../../protocol/errors.ts";
import { validateClientMetricsConfigs } from "../../config/client-metrics-rules.ts";
import { source } from "../../config/describe.ts";
import { ConfigError } from "../../config/error.ts";
import { validateGroupConfigs } from "../../config/group-rules.ts";
import { inheritedText } from "../../config/inherit.ts";
import type { LiveConfig } from "../../config/live.ts";
import { topicConfigs } from "../../config/table.ts";
import { validateTopicConfigs } from "../../config/topic-rules.ts";
import { defaultValue } from "../../config/value.ts";
import { configOf, configResourceTypes, type MetadataImage } from "../image.ts";
import { topicNameProblem } from "../topic-names.ts";
import type { CreatedTopicConfig, TopicConfigRules } from "./state.ts";

/** A ConfigError of `check` as the KafkaError INVALID_CONFIG that a reply carries. */
function asInvalidConfig(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof ConfigError) throw new KafkaError("INVALID_CONFIG", error.message);
    throw error;
  }
}

export interface ConfigRules extends TopicConfigRules {
  /**
   * Whether a resource may have these values, all of its own taken together.
   * @throws KafkaError
   */
  validateResource(
    resourceType: number,
    resourceName: string,
    before: ReadonlyMap<string, string>,
    after: ReadonlyMap<string, string>,
  ): void;
}

export function configRules(live: LiveConfig): ConfigRules {
  return {
    validate: (_, configs) => asInvalidConfig(() => validateTopicConfigs(new Map(), configs, live.values)),
    effective: (image, topic, name) => {
      const own = configOf(image, configResourceTypes.topic, topic);
      return topicEntry(live, image, own, name).value ?? "";
    },
    describe: (image, configs) =>
      [...topicConfigs.values()]
        .filter((row) => !("internal" in row) || configs.has(row.name))
        .map((row) => topicEntry(live, image, configs, row.name)),
    validateResource: (type, name, before, after) => validateResource(live, type, name, before, after),
  };
}

/** As Apache's KafkaConfigSchema: topic, then the three levels of this node, then the topic's own default. */
function topicEntry(
  live: LiveConfig,
  image: MetadataImage,
  own: ReadonlyMap<string, string>,
  name: string,
): CreatedTopicConfig {
  const row = topicConfigs.get(name);
  if (row === undefined) throw new KafkaError("INVALID_CONFIG", `Unknown topic config name: ${name}`);
  const levels: readonly (readonly [number, string | null | undefined])[] = [
    [source.topic, own.get(name)],
    [source.dynamicBroker, inheritedText(configOf(image, configResourceTypes.broker, String(live.static.nodeId)), row)],
    [source.dynamicCluster, inheritedText(configOf(image, configResourceTypes.broker, ""), row)],
    [source.staticBroker, inheritedText(live.static.originals, row)],
    [source.default, defaultValue(row).text],
  ];
  const [configSource, value] = levels.find(([, text]) => text !== undefined && text !== null) ?? [
    source.default,
    null,
  ];
  return { name, value: value ?? null, readOnly: false, configSource, isSensitive: false };
}

function validateResource(
  live: LiveConfig,
  type: number,
  name: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): void {
  switch (type) {
    case configResourceTypes.topic:
      validateTopicName(name);
      asInvalidConfig(() => validateTopicConfigs(before, after, live.values));
      break;
    case configResourceTypes.broker:
      validateBrokerName(name);
      break;
    case configResourceTypes.clientMetrics:
      asInvalidConfig(() => validateClientMetricsConfigs(name, after));
      break;
    case configResourceTypes.group:
      if (name === "") throw new KafkaError("INVALID_REQUEST", "Default group resources are not allowed.");
      asInvalidConfig(() => validateGroupConfigs(after, live.values));
      break;
    default:
      throw new KafkaError("INVALID_REQUEST", "Unknown resource type BROKER_LOGGER");
  }
}

function validateTopicName(name: string): void {
  if (name === "") throw new KafkaError("INVALID_REQUEST", "Default topic resources are not allowed.");
  const problem = topicNameProblem(name);
  if (problem !== null) throw new KafkaError("INVALID_TOPIC_EXCEPTION", problem);
}

function validateBrokerName(name: string): void {
  if (name === "") return;
  if (!/^[+-]?\d{1,10}$/.test(name)) {
    throw new KafkaError("INVALID_REQUEST", "Unable to parse broker name as a base 10 number.");
  }
  if (Number(name) < 0) throw new KafkaError("INVALID_REQUEST", "Invalid negative broker ID.");
}
