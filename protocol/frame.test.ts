/** Headers by API and version, and whole frames there and back. */
import { expect, test } from "bun:test";
import { DecodeError } from "./bytes/decode-error.ts";
import { Reader } from "./bytes/reader.ts";
import { Writer } from "./bytes/writer.ts";
import {
  readRequestHeader,
  readResponseHeader,
  requestFrame,
  requestHeaderVersion,
  responseFrame,
  responseHeaderVersion,
  writeRequestHeader,
} from "./frame.ts";
import { ApiVersions } from "./generated/api-versions.ts";
import * as generated from "./generated/headers.ts";
import { Heartbeat } from "./generated/heartbeat.ts";
import { SaslHandshake } from "./generated/sasl-handshake.ts";

test("a flexible version has a flexible header, but an ApiVersions response never", () => {
  expect([3, 4].map((version) => requestHeaderVersion(Heartbeat, version))).toEqual([1, 2]);
  expect([3, 4].map((version) => responseHeaderVersion(Heartbeat, version))).toEqual([0, 1]);
  expect([2, 3, 9].map((version) => requestHeaderVersion(ApiVersions, version))).toEqual([1, 2, 2]);
  expect([2, 3, 9].map((version) => responseHeaderVersion(ApiVersions, version))).toEqual([0, 0, 0]);
  expect(requestHeaderVersion(SaslHandshake, 1)).toBe(1);
});

test.each([3, 4])("the header of Heartbeat v%d is Kafka's", (version) => {
  const header = { apiKey: 12, apiVersion: version, correlationId: -7, clientId: "żółw" };
  const ours = new Writer();
  writeRequestHeader(ours, Heartbeat, header);
  const theirs = new Writer();
  const { apiKey: requestApiKey, apiVersion: requestApiVersion, correlationId, clientId } = header;
  const headerVersion = requestHeaderVersion(Heartbeat, version);
  generated.writeRequestHeader(theirs, { requestApiKey, requestApiVersion, correlationId, clientId }, headerVersion);
  const bytes = ours.finishBytes();
  expect(bytes).toEqual(theirs.finishBytes());
  const from = new Reader(bytes);
  expect(readRequestHeader(from, () => Heartbeat)).toEqual(header);
  expect(from.remaining).toBe(0);
});

test.each([0, 4])("a Heartbeat v%d goes there and back", (version) => {
  const request = { groupId: "g", generationId: 3, memberId: "m", groupInstanceId: null };
  const from = new Reader(
    Buffer.concat(requestFrame(Heartbeat, request, version, { correlationId: 5, clientId: null })),
  );
  expect(from.int32()).toBe(from.remaining);
  expect(readRequestHeader(from, () => Heartbeat)).toEqual({
    apiKey: 12,
    apiVersion: version,
    correlationId: 5,
    clientId: null,
  });
  expect(Heartbeat.readRequest(from, version)).toEqual(request);
  const response = { throttleTimeMs: 0, errorCode: 27 };
  from.point(Buffer.concat(responseFrame(Heartbeat, response, version, 5)));
  expect(from.int32()).toBe(from.remaining);
  expect(readResponseHeader(from, Heartbeat, version)).toBe(5);
  expect(Heartbeat.readResponse(from, version)).toEqual(response);
  expect(from.remaining).toBe(0);
});

test("a request of an API that nobody knows cannot be read", () => {
  expect(() => readRequestHeader(new Reader(new Uint8Array(20)), () => undefined)).toThrow("unknown API key 0");
});

test("a header that ends too early is refused", () => {
  const to = new Writer();
  writeRequestHeader(to, Heartbeat, { apiKey: 12, apiVersion: 4, correlationId: 1, clientId: "someone" });
  const bytes = to.finishBytes();
  for (let length = 0; length < bytes.length; length++) {
    expect(() => readRequestHeader(new Reader(bytes, 0, length), () => Heartbeat)).toThrow(DecodeError);
  }
});
