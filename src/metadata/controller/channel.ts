/**
 * The only way of a broker to the active controller: in process where this node leads the quorum, else over the wire.
 */
import type { Message } from "../../../protocol/message.ts";

/** Who asks, as far as the controller may know; an API's RequestContext is one. */
export interface ControllerContext {
  readonly apiVersion: number;
  readonly clientId: string | null;
  readonly clientHost: string;
  readonly principal: string;
  /** Where the request came in; missing for what this node asks itself. */
  readonly listenerKind?: "broker" | "controller";
}

export interface ControllerChannel {
  /**
   * Resolves with the controller's reply once its records are committed and this node's image shows them. Rejects with
   * KafkaError NOT_CONTROLLER where there is no active controller within the time the request may take, for what came
   * from a broker's client with REQUEST_TIMED_OUT.
   */
  send<Request, Response>(
    message: Message<Request, Response>,
    request: Request,
    context: ControllerContext,
  ): Promise<Response>;
}

/** The context of requests that this node sends on its own behalf. */
export function ownContext(apiVersion: number, clientId: string | null = null): ControllerContext {
  return { apiVersion, clientId, clientHost: "127.0.0.1", principal: "User:ANONYMOUS" };
}
