/**
 * AlterConfigs (key 33), v0-2: replaces all settings of a resource; deprecated since IncrementalAlterConfigs. v2
 * flexible.
 * Errors per resource, as Kafka's ConfigAdminManager and ConfigurationControlManager: INVALID_REQUEST (repeated
 * resource,
 * repeated or null setting, type, broker), then the controller's: INVALID_CONFIG, UNKNOWN_TOPIC_OR_PARTITION,
 * BROKER_ID_NOT_REGISTERED.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { AlterConfigs, type AlterConfigsResource } from "../../protocol/generated/alter-configs.ts";
import { validateBrokerConfigs } from "../config/alter.ts";
import { checkBrokerName, checkChanges, operation } from "../config/changes.ts";
import { type LiveConfig, resourceType } from "../config/live.ts";
import { api } from "./api.ts";
import { preprocess, reassemble, refuseAll } from "./config-changes.ts";

export const alterConfigs = api({
  message: AlterConfigs,
  versions: [0, 2],
  listeners: ["broker", "controller"],
  refused: ({ resources }, errorCode, message) => refuseAll(resources, errorCode, message),
  handle: async ({ config, controller }, request, context) => {
    if (context.listenerKind === "controller") return controller.send(AlterConfigs, request, context);
    const answers = preprocess(request.resources, (resource) => check(config, resource));
    const remaining = request.resources.filter((resource) => !answers.has(resource));
    if (remaining.length === 0) return reassemble(request.resources, answers, []);
    const reply = await controller.send(AlterConfigs, { ...request, resources: remaining }, context);
    return reassemble(request.resources, answers, reply.responses);
  },
});

function check(config: LiveConfig, { resourceType: type, resourceName, configs }: AlterConfigsResource): "controller" {
  checkChanges(configs.map(({ name, value }) => ({ name, value, operation: operation.set })));
  switch (type) {
    case resourceType.broker: {
      if (resourceName !== "") checkBrokerName(resourceName, config.static.nodeId);
      validateBrokerConfigs(config, resourceName, new Map(configs.map(({ name, value }) => [name, value as string])));
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
