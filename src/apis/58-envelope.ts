/**
 * Envelope (key 58), v0: a broker hands on a client's request to the active controller, with the client's principal and
 * address (KIP-590). The answer carries the whole reply, header included. Errors, whole: INVALID_REQUEST where the
 * request is none that brokers hand on, NOT_CONTROLLER, which the broker takes as its own.
 */
import { Reader } from "../../protocol/bytes/reader.ts";
import { code, KafkaError } from "../../protocol/errors.ts";
import { type RequestHeader, readRequestHeader, responseFrame } from "../../protocol/frame.ts";
import { Envelope, type EnvelopeRequest, type EnvelopeResponse } from "../../protocol/generated/envelope.ts";
import { DefaultPrincipalData } from "../../protocol/generated/records/principal/default-principal-data.ts";
import { type Answer, type AnyApi, api, type RequestContext } from "./api.ts";
import type { Services } from "./services.ts";

const FRAME_SIZE_BYTES = 4;

/** As Kafka's ApiKeys has it. */
const forwardable: ReadonlySet<string> = new Set([
  ...["CreateTopics", "DeleteTopics", "CreatePartitions", "ElectLeaders", "UnregisterBroker", "UpdateFeatures"],
  ...["AlterConfigs", "IncrementalAlterConfigs", "AlterClientQuotas", "AlterUserScramCredentials"],
  ...["AlterPartitionReassignments", "ListPartitionReassignments", "DescribeQuorum", "AddRaftVoter", "RemoveRaftVoter"],
  ...["CreateAcls", "DeleteAcls", "CreateDelegationToken", "RenewDelegationToken", "ExpireDelegationToken"],
  "AllocateProducerIds",
]);

export const envelope = api({
  message: Envelope,
  versions: [0, 0],
  listeners: ["controller"],
  refused: (_, errorCode) => failed(errorCode),
  handle: (services, request, context) => unwrapped(services, request, context),
});

const failed = (errorCode: number): EnvelopeResponse => ({ responseData: null, errorCode });

async function unwrapped(
  services: Services,
  envelope: EnvelopeRequest,
  outer: RequestContext,
): Promise<EnvelopeResponse> {
  const reader = new Reader(envelope.requestData);
  const header = readRequestHeader(reader, (key) => services.apis.find(({ message }) => message.key === key)?.message);
  const inner = services.apis.find(({ message }) => message.key === header.apiKey) as AnyApi;
  const { message, versions } = inner;
  const isServed = header.apiVersion >= versions[0] && header.apiVersion <= versions[1];
  if (!forwardable.has(message.name) || !isServed) return failed(code("INVALID_REQUEST"));
  if (services.quorum().leaderId !== services.nodeId) return failed(code("NOT_CONTROLLER"));
  const request = message.readRequest(reader, header.apiVersion);
  let answer: Answer<unknown>;
  try {
    answer = await inner.handle(services, request, contextOf(envelope, header, outer));
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    if (error.error === "NOT_CONTROLLER") return failed(code("NOT_CONTROLLER"));
    answer = inner.refused(request, code(error.error), error.message, header.apiVersion);
  }
  if (typeof answer === "symbol") return failed(code("INVALID_REQUEST"));
  const frame = responseFrame(message, answer, header.apiVersion, header.correlationId);
  return { responseData: joined(frame).subarray(FRAME_SIZE_BYTES), errorCode: 0 };
}

/** As if the client had asked here. */
function contextOf(
  { requestPrincipal, clientHostAddress }: EnvelopeRequest,
  { apiVersion, correlationId, clientId }: RequestHeader,
  outer: RequestContext,
): RequestContext {
  return {
    apiVersion,
    correlationId,
    clientId,
    clientHost: hostOf(clientHostAddress) ?? outer.clientHost,
    listener: outer.listener,
    listenerKind: outer.listenerKind,
    connectionId: outer.connectionId,
    principal: requestPrincipal === null ? outer.principal : principalOf(requestPrincipal),
    afterSent: (run) => outer.afterSent(run),
    onClose: (run) => outer.onClose(run),
  };
}

function principalOf(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  const version = reader.int16();
  const { type, name } = DefaultPrincipalData.read(reader, version);
  return `${type}:${name}`;
}

function hostOf(bytes: Uint8Array): string | null {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return null;
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] as number) << 8) | (bytes[2 * at + 1] as number));
  return groups.map((group) => group.toString(16)).join(":");
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
