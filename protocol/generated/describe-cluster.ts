// From kafka-clients-4.3.1.jar: common/message/DescribeClusterRequest.json and common/message/DescribeClusterResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface DescribeClusterRequest {
  includeClusterAuthorizedOperations: boolean;
  endpointType: number;
  includeFencedBrokers: boolean;
}

export function readDescribeClusterRequest(from: Reader, version: number): DescribeClusterRequest {
  const includeClusterAuthorizedOperations = from.bool();
  const endpointType = version === 0 ? 1 : from.int8();
  const includeFencedBrokers = version <= 1 ? false : from.bool();
  from.skipTags();
  return { includeClusterAuthorizedOperations, endpointType, includeFencedBrokers };
}

export function writeDescribeClusterRequest(to: Writer, value: DescribeClusterRequest, version: number): void {
  to.bool(value.includeClusterAuthorizedOperations);
  if (version >= 1) to.int8(value.endpointType);
  if (version === 0 && value.endpointType !== 1) to.unsupported("DescribeClusterRequest.endpointType", version);
  if (version === 2) to.bool(value.includeFencedBrokers);
  if (version <= 1 && value.includeFencedBrokers) to.unsupported("DescribeClusterRequest.includeFencedBrokers", version);
  to.noTags();
}

export interface DescribeClusterResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  endpointType: number;
  clusterId: string;
  controllerId: number;
  brokers: DescribeClusterBroker[];
  clusterAuthorizedOperations: number;
}

export interface DescribeClusterBroker {
  brokerId: number;
  host: string;
  port: number;
  rack: string | null;
  isFenced: boolean;
}

export function readDescribeClusterResponse(from: Reader, version: number): DescribeClusterResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const errorMessage: string | null = from.compactNullableString();
  const endpointType = version === 0 ? 1 : from.int8();
  const clusterId = from.compactString();
  const controllerId = from.int32();
  const brokers: DescribeClusterBroker[] = [];
  for (let left = from.compactArrayLength(11); left > 0; left--) brokers.push(readDescribeClusterBroker(from, version));
  const clusterAuthorizedOperations = from.int32();
  from.skipTags();
  return { throttleTimeMs, errorCode, errorMessage, endpointType, clusterId, controllerId, brokers, clusterAuthorizedOperations };
}

export function writeDescribeClusterResponse(to: Writer, value: DescribeClusterResponse, version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.compactNullableString(value.errorMessage);
  if (version >= 1) to.int8(value.endpointType);
  to.compactString(value.clusterId);
  to.int32(value.controllerId);
  to.compactArrayLength(value.brokers.length);
  for (const each of value.brokers) writeDescribeClusterBroker(to, each, version);
  to.int32(value.clusterAuthorizedOperations);
  to.noTags();
}

export function readDescribeClusterBroker(from: Reader, version: number): DescribeClusterBroker {
  const brokerId = from.int32();
  const host = from.compactString();
  const port = from.int32();
  const rack: string | null = from.compactNullableString();
  const isFenced = version <= 1 ? false : from.bool();
  from.skipTags();
  return { brokerId, host, port, rack, isFenced };
}

export function writeDescribeClusterBroker(to: Writer, value: DescribeClusterBroker, version: number): void {
  to.int32(value.brokerId);
  to.compactString(value.host);
  to.int32(value.port);
  to.compactNullableString(value.rack);
  if (version === 2) to.bool(value.isFenced);
  to.noTags();
}

export const DescribeCluster: Message<DescribeClusterRequest, DescribeClusterResponse> = {
  key: 60,
  name: "DescribeCluster",
  versions: [0, 2],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readDescribeClusterRequest,
  writeRequest: writeDescribeClusterRequest,
  readResponse: readDescribeClusterResponse,
  writeResponse: writeDescribeClusterResponse,
};
