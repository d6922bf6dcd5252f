// From kafka-clients-4.3.1.jar: common/message/PushTelemetryRequest.json and common/message/PushTelemetryResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface PushTelemetryRequest {
  clientInstanceId: string;
  subscriptionId: number;
  terminating: boolean;
  compressionType: number;
  metrics: Uint8Array;
}

export function readPushTelemetryRequest(from: Reader, _version: number): PushTelemetryRequest {
  const clientInstanceId = from.uuid();
  const subscriptionId = from.int32();
  const terminating = from.bool();
  const compressionType = from.int8();
  const metrics = from.compactBytes();
  from.skipTags();
  return { clientInstanceId, subscriptionId, terminating, compressionType, metrics };
}

export function writePushTelemetryRequest(to: Writer, value: PushTelemetryRequest, _version: number): void {
  to.uuid(value.clientInstanceId);
  to.int32(value.subscriptionId);
  to.bool(value.terminating);
  to.int8(value.compressionType);
  to.compactBytes(value.metrics);
  to.noTags();
}

export interface PushTelemetryResponse {
  throttleTimeMs: number;
  errorCode: number;
}

export function readPushTelemetryResponse(from: Reader, _version: number): PushTelemetryResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  from.skipTags();
  return { throttleTimeMs, errorCode };
}

export function writePushTelemetryResponse(to: Writer, value: PushTelemetryResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.noTags();
}

export const PushTelemetry: Message<PushTelemetryRequest, PushTelemetryResponse> = {
  key: 72,
  name: "PushTelemetry",
  versions: [0, 0],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["broker"],
  readRequest: readPushTelemetryRequest,
  writeRequest: writePushTelemetryRequest,
  readResponse: readPushTelemetryResponse,
  writeResponse: writePushTelemetryResponse,
};
