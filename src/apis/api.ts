/**
 * The shape of one API: a generated message, the versions spoken, the listeners it is served on, and a handler that
 * only translates between the wire and the layers below. `registry.ts` lists them all.
 */
import type { Message } from "../../protocol/message.ts";
import type { Services } from "./services.ts";

export type ListenerKind = "broker" | "controller";

/** What a handler may know of the connection and of the request's own frame. */
export interface RequestContext {
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  /** The peer's address without port, as Kafka prints it after "/". */
  readonly clientHost: string;
  /** The listener's name, such as PLAINTEXT. */
  readonly listener: string;
  readonly listenerKind: ListenerKind;
  /** Unique per connection of this process; sessions are bound to it. */
  readonly connectionId: string;
  /** "User:ANONYMOUS" until there is authentication. */
  readonly principal: string;
  /** Runs once the reply has been handed to the socket or its connection is gone: releases views. */
  afterSent(run: () => void): void;
  /** Runs when the connection closes; returns the cancel. */
  onClose(run: () => void): () => void;
}

/** The answer of an API that wants none on this request (Produce with acks=0). */
export const noReply: unique symbol = Symbol("no reply");
export type NoReply = typeof noReply;
/** Ask dispatch to close the connection, as Apache does where it can give no answer. */
export const closeConnection: unique symbol = Symbol("close connection");
export type CloseConnection = typeof closeConnection;

export type Answer<Response> = Response | NoReply | CloseConnection;

export interface Api<Request, Response> {
  readonly message: Message<Request, Response>;
  /** The versions served, within the message's own. */
  readonly versions: readonly [min: number, max: number];
  readonly listeners: readonly ListenerKind[];
  /** ApiVersions shows it; some APIs are spoken between nodes only (default true). */
  readonly advertised?: boolean;
  /** The whole reply for a request refused with one error, as Apache's `getErrorResponse`. */
  readonly refused: (request: Request, errorCode: number, message: string | null, version: number) => Answer<Response>;
  readonly handle: (
    services: Services,
    request: Request,
    context: RequestContext,
  ) => Answer<Response> | Promise<Answer<Response>>;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds APIs of every request and response type.
export type AnyApi = Api<any, any>;

/** Types one API against its generated message. */
export function api<Request, Response>(definition: Api<Request, Response>): Api<Request, Response> {
  return definition;
}
