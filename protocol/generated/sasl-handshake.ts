// From kafka-clients-4.3.1.jar: common/message/SaslHandshakeRequest.json and common/message/SaslHandshakeResponse.json. Do not edit: npm run generate.
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Message } from "../message.ts";

export interface SaslHandshakeRequest {
  mechanism: string;
}

export function readSaslHandshakeRequest(from: Reader, _version: number): SaslHandshakeRequest {
  const mechanism = from.string();
  return { mechanism };
}

export function writeSaslHandshakeRequest(to: Writer, value: SaslHandshakeRequest, _version: number): void {
  to.string(value.mechanism);
}

export interface SaslHandshakeResponse {
  errorCode: number;
  mechanisms: string[];
}

export function readSaslHandshakeResponse(from: Reader, _version: number): SaslHandshakeResponse {
  const errorCode = from.int16();
  const mechanisms: string[] = [];
  for (let left = from.arrayLength(2); left > 0; left--) mechanisms.push(from.string());
  return { errorCode, mechanisms };
}

export function writeSaslHandshakeResponse(to: Writer, value: SaslHandshakeResponse, _version: number): void {
  to.int16(value.errorCode);
  to.arrayLength(value.mechanisms.length);
  for (const each of value.mechanisms) to.string(each);
}

export const SaslHandshake: Message<SaslHandshakeRequest, SaslHandshakeResponse> = {
  key: 17,
  name: "SaslHandshake",
  versions: [0, 1],
  flexibleFrom: Infinity,
  latestVersionUnstable: false,
  listeners: ["broker", "controller"],
  readRequest: readSaslHandshakeRequest,
  writeRequest: writeSaslHandshakeRequest,
  readResponse: readSaslHandshakeResponse,
  writeResponse: writeSaslHandshakeResponse,
};
