/**
 * IncrementalAlterConfigs (key 44), v0-1: sets, deletes, appends to and subtracts from single settings (KIP-339). v1
 * flexible. Log levels (BROKER_LOGGER) change on the broker that is asked; the rest goes to the controller.
 * Errors per resource, as Kafka's ConfigAdminManager and ConfigurationControlManager: INVALID_REQUEST (repeated
 * resource,
 * repeated or null setting, type, broker), INVALID_CONFIG, then the controller's: INVALID_CONFIG,
 * UNKNOWN_TOPIC_OR_PARTITION, BROKER_ID_NOT_REGISTERED.
 */
import { KafkaError } from "../../protocol/errors.ts";
import {
  type AlterConfigsResource,
  IncrementalAlterConfigs,
} from "../../protocol/generated/incremental-alter-configs.ts";
import { currentBrokerConfigs, incremented, validateBrokerConfigs } from "../config/alter.ts";
import { checkBrokerName, checkChanges } from "../config/changes.ts";
import { type LiveConfig, resourceType } from "../config/live.ts";
import { api } from "./api.ts";
import { preprocess, reassemble, refuseAll } from "./config-changes.ts";

export const incrementalAlterConfigs = api({
  message: IncrementalAlterConfigs,
  versions: [0, 1],
  listeners: ["broker", "controller"],
  refused: ({ resources }, errorCode, message) => refuseAll(resources, errorCode, message),
  handle: async ({ config, controller }, request, context) => {
    const { resources, validateOnly } = request;
    const atController = context.listenerKind === "controller";
    const answers = preprocess(resources, (resource) =>
      atController && resource.resourceType !== resourceType.brokerLogger
        ? "controller"
        : check(config, resource, validateOnly),
    );
    const remaining = resources.filter((resource) => !answers.has(resource));
    if (remaining.length === 0) return reassemble(resources, answers, []);
    const reply = await controller.send(IncrementalAlterConfigs, { ...request, resources: remaining }, context);
    return reassemble(resources, answers, reply.responses);
  },
});

function check(config: LiveConfig, resource: AlterConfigsResource, validateOnly: boolean): "done" | "controller" {
  const { resourceType: type, resourceName, configs } = resource;
  const changes = configs.map(({ name, configOperation, value }) => ({ name, operation: configOperation, value }));
  checkChanges(changes);
  const { nodeId } = config.static;
  switch (type) {
    case resourceType.brokerLogger:
      config.logLevels.alter(nodeId, resourceName, changes, validateOnly);
      return "done";
    case resourceType.broker: {
      if (resourceName !== "") checkBrokerName(resourceName, nodeId);
      const after = incremented(currentBrokerConfigs(config, resourceName), changes);
      validateBrokerConfigs(config, resourceName, after);
      return "controller";
    }
    case resourceType.topic:
    case resourceType.clientMetrics:
    case resourceType.group:
      return "controller";
    default:
      throw new KafkaError("INVALID_REQUEST", `Unknown resource type ${type}`);
  }
}
