/** One request: its header, and what its handler may know of it. */
import type { RequestHeader } from "../../protocol/frame.ts";
import type { ListenerKind, RequestContext } from "../apis/api.ts";
import type { ReplySlot } from "./reply-queue.ts";

/** The facts of a connection that its requests share. */
export interface ConnectionFacts {
  readonly id: string;
  readonly listener: string;
  readonly listenerKind: ListenerKind;
  readonly clientHost: string;
  readonly principal: string;
  onClose(run: () => void): () => void;
}

export class Request implements RequestContext {
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly listener: string;
  readonly listenerKind: ListenerKind;
  readonly principal: string;
  readonly #connection: ConnectionFacts;
  readonly #slot: ReplySlot;

  constructor(header: RequestHeader, connection: ConnectionFacts, slot: ReplySlot) {
    this.apiVersion = header.apiVersion;
    this.correlationId = header.correlationId;
    this.clientId = header.clientId ?? ""; // nullable by an accident of history: Apache reads it as empty
    this.clientHost = connection.clientHost;
    this.listener = connection.listener;
    this.listenerKind = connection.listenerKind;
    this.principal = connection.principal;
    this.#connection = connection;
    this.#slot = slot;
  }

  get connectionId(): string {
    return this.#connection.id;
  }

  afterSent(run: () => void): void {
    this.#slot.afterSent(run);
  }

  onClose(run: () => void): () => void {
    return this.#connection.onClose(run);
  }
}
