/**
 * ListConfigResources (key 74), v0-1: which resources have settings. v0 client metrics only (KIP-714), v1 any type
 * (KIP-1142). Error: UNSUPPORTED_VERSION for a type that the version does not have.
 */
import { code } from "../../protocol/errors.ts";
import { type ConfigResource, ListConfigResources } from "../../protocol/generated/list-config-resources.ts";
import { resourceType } from "../config/live.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { api } from "./api.ts";

export const listConfigResources = api({
  message: ListConfigResources,
  versions: [0, 1],
  listeners: ["broker"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, configResources: [] }),
  handle: ({ image }, { resourceTypes }, { apiVersion, listener }) => {
    const supported: readonly number[] = apiVersion === 0 ? [resourceType.clientMetrics] : Object.values(resourceType);
    const wanted = resourceTypes.length === 0 ? supported : resourceTypes;
    if (wanted.some((type) => !supported.includes(type))) {
      return { throttleTimeMs: 0, errorCode: code("UNSUPPORTED_VERSION"), configResources: [] };
    }
    const configResources = inOrder
      .filter((type) => wanted.includes(type))
      .flatMap((type) =>
        namesOf(image(), type, listener).map((resourceName) => ({ resourceName, resourceType: type })),
      );
    return { throttleTimeMs: 0, errorCode: 0, configResources };
  },
});

const inOrder: readonly ConfigResource["resourceType"][] = [
  resourceType.group,
  resourceType.clientMetrics,
  resourceType.brokerLogger,
  resourceType.broker,
  resourceType.topic,
];

function namesOf(image: MetadataImage, type: number, listener: string): string[] {
  switch (type) {
    case resourceType.topic:
      return [...image.topicsByName].map(([name]) => name);
    case resourceType.broker:
    case resourceType.brokerLogger:
      return [...image.brokers.values()]
        .filter((broker) => !broker.fenced && broker.endpoints.has(listener))
        .map((broker) => String(broker.id));
    default:
      return [...image.configs]
        .filter(([, config]) => config.resourceType === type)
        .map(([, config]) => config.resourceName);
  }
}
