/**
 * DescribeCluster (key 60), v0-2 (KIP-700): the nodes of the cluster, with their endpoints of the listener asked on.
 * v1 brokers or controllers (KIP-919), v2 fenced brokers too (KIP-1073). On a broker the controller named is any
 * broker that is up: a client sends it what the controller must do, and the broker forwards.
 * Errors (AuthHelper.computeDescribeClusterResponse): UNSUPPORTED_ENDPOINT_TYPE, MISMATCHED_ENDPOINT_TYPE
 * (INVALID_REQUEST for both at v0); on a controller UNSUPPORTED_VERSION below metadata.version 3.7-IV0.
 */
import { code, type ErrorName, KafkaError } from "../../protocol/errors.ts";
import {
  DescribeCluster,
  type DescribeClusterBroker,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
} from "../../protocol/generated/describe-cluster.ts";
import { supports } from "../metadata/features.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { anyAliveBroker } from "../metadata/topic-view.ts";
import { api, type RequestContext } from "./api.ts";
import { allClusterOperations, operationsOmitted } from "./authorized-operations.ts";
import { ownMessage } from "./refusal.ts";
import type { Services } from "./services.ts";

const BROKERS = 1;
const CONTROLLERS = 2;
const NO_NODE = -1;

export const describeCluster = api({
  message: DescribeCluster,
  versions: [0, 2],
  listeners: ["broker", "controller"],
  refused: (_, errorCode, message) => failed(errorCode, ownMessage(errorCode, message)),
  handle: (services, request, context) => {
    const served = context.listenerKind === "broker" ? BROKERS : CONTROLLERS;
    const image = services.image();
    if (served === CONTROLLERS && !supports.controllerRegistration(image.features.metadataVersion ?? 0)) {
      const message = "Direct-to-controller communication is not supported with the current MetadataVersion.";
      throw new KafkaError("UNSUPPORTED_VERSION", message);
    }
    return wrongEndpoint(request, served, context.apiVersion) ?? cluster(services, image, request, context, served);
  },
});

function wrongEndpoint({ endpointType }: DescribeClusterRequest, served: number, version: number) {
  const refuse = (name: ErrorName, message: string) => failed(code(version === 0 ? "INVALID_REQUEST" : name), message);
  if (endpointType !== BROKERS && endpointType !== CONTROLLERS) {
    return refuse("UNSUPPORTED_ENDPOINT_TYPE", `Unsupported endpoint type ${endpointType}`);
  }
  if (endpointType === served) return null;
  return refuse(
    "MISMATCHED_ENDPOINT_TYPE",
    `The request was sent to an endpoint of type ${typeName(served)}, but we wanted an endpoint of type ` +
      typeName(endpointType),
  );
}

function typeName(endpointType: number): string {
  return endpointType === BROKERS ? "BROKER" : "CONTROLLER";
}

function cluster(
  { clusterId, random, controllerId }: Services,
  image: MetadataImage,
  request: DescribeClusterRequest,
  { listener }: RequestContext,
  served: number,
): DescribeClusterResponse {
  const nodes =
    served === BROKERS ? brokers(image, listener, request.includeFencedBrokers) : controllers(image, listener);
  const named = served === BROKERS ? anyAliveBroker(image, random) : controllerId();
  return {
    throttleTimeMs: 0,
    errorCode: code("NONE"),
    errorMessage: null,
    endpointType: served,
    clusterId,
    controllerId: nodes.some(({ brokerId }) => brokerId === named) ? (named ?? NO_NODE) : NO_NODE,
    brokers: nodes,
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? allClusterOperations : operationsOmitted,
  };
}

function brokers(image: MetadataImage, listener: string, withFenced: boolean): DescribeClusterBroker[] {
  const nodes: DescribeClusterBroker[] = [];
  for (const { id, rack, fenced, endpoints } of image.brokers.values()) {
    const endpoint = endpoints.get(listener);
    if (endpoint === undefined || (fenced && !withFenced)) continue;
    nodes.push({ brokerId: id, host: endpoint.host, port: endpoint.port, rack, isFenced: fenced });
  }
  return nodes;
}

function controllers(image: MetadataImage, listener: string): DescribeClusterBroker[] {
  const nodes: DescribeClusterBroker[] = [];
  for (const { id, endpoints } of image.controllers.values()) {
    const endpoint = endpoints.get(listener);
    if (endpoint !== undefined) {
      nodes.push({ brokerId: id, host: endpoint.host, port: endpoint.port, rack: null, isFenced: false });
    }
  }
  return nodes;
}

function failed(errorCode: number, errorMessage: string | null): DescribeClusterResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    errorMessage,
    endpointType: BROKERS,
    clusterId: "",
    controllerId: NO_NODE,
    brokers: [],
    clusterAuthorizedOperations: operationsOmitted,
  };
}
