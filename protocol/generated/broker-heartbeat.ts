// From kafka-clients-4.3.1.jar: common/message/BrokerHeartbeatRequest.json and common/message/BrokerHeartbeatResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface BrokerHeartbeatRequest {
  brokerId: number;
  brokerEpoch: number;
  currentMetadataOffset: number;
  wantFence: boolean;
  wantShutDown: boolean;
  offlineLogDirs: string[];
  cordonedLogDirs: string[] | null;
}

export function readBrokerHeartbeatRequest(from: Reader, version: number): BrokerHeartbeatRequest {
  const brokerId = from.int32();
  const brokerEpoch = from.int64();
  const currentMetadataOffset = from.int64();
  const wantFence = from.bool();
  const wantShutDown = from.bool();
  let offlineLogDirs: string[] = [];
  let cordonedLogDirs: string[] | null = null;
  for (let tags = from.unsignedVarint(); tags > 0; tags--) {
    const tag = from.unsignedVarint();
    const size = from.unsignedVarint();
    switch (tag) {
      case 0: {
        if (!(version >= 1)) { from.skip(size); break; }
        offlineLogDirs = [];
        for (let left = from.compactArrayLength(16); left > 0; left--) offlineLogDirs.push(from.uuid());
        break;
      }
      case 1: {
        if (!(version === 2)) { from.skip(size); break; }
        const count = from.compactNullableArrayLength(16);
        cordonedLogDirs = count < 0 ? null : [];
        for (let left = count; left > 0; left--) cordonedLogDirs!.push(from.uuid());
        break;
      }
      default: from.skip(size);
    }
  }
  return { brokerId, brokerEpoch, currentMetadataOffset, wantFence, wantShutDown, offlineLogDirs, cordonedLogDirs };
}

export function writeBrokerHeartbeatRequest(to: Writer, value: BrokerHeartbeatRequest, version: number): void {
  to.int32(value.brokerId);
  to.int64(value.brokerEpoch);
  to.int64(value.currentMetadataOffset);
  to.bool(value.wantFence);
  to.bool(value.wantShutDown);
  if (version === 0 && value.offlineLogDirs.length !== 0) to.unsupported("BrokerHeartbeatRequest.offlineLogDirs", version);
  if (version <= 1 && value.cordonedLogDirs !== null) to.unsupported("BrokerHeartbeatRequest.cordonedLogDirs", version);
  const hasOfflineLogDirs = version >= 1 && value.offlineLogDirs.length !== 0;
  const hasCordonedLogDirs = version === 2 && value.cordonedLogDirs !== null;
  to.unsignedVarint((hasOfflineLogDirs ? 1 : 0) + (hasCordonedLogDirs ? 1 : 0));
  if (hasOfflineLogDirs) {
    const mark = to.openTag(0);
    to.compactArrayLength(value.offlineLogDirs.length);
    for (const each of value.offlineLogDirs) to.uuid(each);
    to.closeTag(mark);
  }
  if (hasCordonedLogDirs) {
    const mark = to.openTag(1);
    to.compactArrayLength(value.cordonedLogDirs?.length ?? -1);
    for (const each of value.cordonedLogDirs ?? []) to.uuid(each);
    to.closeTag(mark);
  }
}

export interface BrokerHeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
  isCaughtUp: boolean;
  isFenced: boolean;
  shouldShutDown: boolean;
}

export function readBrokerHeartbeatResponse(from: Reader, _version: number): BrokerHeartbeatResponse {
  const throttleTimeMs = from.int32();
  const errorCode = from.int16();
  const isCaughtUp = from.bool();
  const isFenced = from.bool();
  const shouldShutDown = from.bool();
  from.skipTags();
  return { throttleTimeMs, errorCode, isCaughtUp, isFenced, shouldShutDown };
}

export function writeBrokerHeartbeatResponse(to: Writer, value: BrokerHeartbeatResponse, _version: number): void {
  to.int32(value.throttleTimeMs);
  to.int16(value.errorCode);
  to.bool(value.isCaughtUp);
  to.bool(value.isFenced);
  to.bool(value.shouldShutDown);
  to.noTags();
}

export const BrokerHeartbeat: Message<BrokerHeartbeatRequest, BrokerHeartbeatResponse> = {
  key: 63,
  name: "BrokerHeartbeat",
  versions: [0, 2],
  flexibleFrom: 0,
  latestVersionUnstable: false,
  listeners: ["controller"],
  readRequest: readBrokerHeartbeatRequest,
  writeRequest: writeBrokerHeartbeatRequest,
  readResponse: readBrokerHeartbeatResponse,
  writeResponse: writeBrokerHeartbeatResponse,
};
