// From kafka-clients-4.3.1.jar: common/message/GetTelemetrySubscriptionsRequest.json and common/message/GetTelemetrySubscriptionsResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface GetTelemetrySubscriptionsRequest {
  clientInstanceId: string;
}

export function readGetTelemetrySubscriptionsRequest(from: Reader, _version: number): GetTelemetrySubscriptionsRequest {
  const clientInstanceId = from.uuid();
  from.skipTags();
  return { clientInstanceId };
}

export function writeGetTelemetrySubscriptionsRequest(to: Writer, value: GetTelemetrySubscriptionsRequest, _version: number): void {
  to.uuid(value.clientInstanceId);
  to.noTags();
}

export interface GetTelemetrySubscriptionsResponse {
  throttleTimeMs: number;
  errorCode: number;
  clientInstanceId: string;
  subscriptionId: number;
  acceptedCompressionTypes: number[];
  pushIntervalMs: number;
  telemetryMaxBytes: number;
  deltaTemporality: boolean;
  requestedMetrics: string[];
}

export function readGetTelemetrySubscriptionsResponse(from: Reader, _version: number): GetTelemetrySubscriptionsResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const clientInstanceId = from.uuid();
  const subscriptionId = from.int32();
  const acceptedCompressionTypes: number[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) acceptedCompressionTypes.push(from.int8());
  const pushIntervalMs = from.int32();
  const telemetryMaxBytes = from.int32();
  const deltaTemporality = from.bool();
  const requestedMetrics: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) requestedMetrics.push(from.compactString());
  from.skipTags();
  return { throttleTimeMs, errorCode, clientInstanceId, subscriptionId, acceptedCompressionTypes, pushIntervalMs, telemetryMaxBytes, deltaTemporality, requestedMetrics };
}

export function writeGetTelemetrySubscriptionsResponse(to: Writer, value: GetTelemetrySubscriptionsResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.uuid(value.clientInstanceId);
  to.int32(value.subscriptionId);
  to.compactArrayLength(value.acceptedCompressionTypes.length);
  for (const each of value.acceptedCompressionTypes) to.int8(each);
  to.int32(value.pushIntervalMs);
  to.int32(value.telemetryMaxBytes);
  to.bool(value.deltaTemporality);
  to.compactArrayLength(value.requestedMetrics.length);
  for (const each of value.requestedMetrics) to.compactString(each);
  to.noTags();
}

export const GetTelemetrySubscriptions: Message<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse> = {
  key: 71,
  name: "GetTelemetrySubscriptions",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readGetTelemetrySubscriptionsRequest,
  writeRequest: writeGetTelemetrySubscriptionsRequest,
  readResponse: readGetTelemetrySubscriptionsResponse,
  writeResponse: writeGetTelemetrySubscriptionsResponse,
};
