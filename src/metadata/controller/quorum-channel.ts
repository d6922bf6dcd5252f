/**
 * The way of a node to the active controller, wherever that is: in this process while this node leads the quorum, else
 * over the wire. Where there is none for a while, or it has just changed, the request waits and is sent again within
 * its time, as Kafka's NodeToControllerChannelManager does.
 */
import type { Clock } from "../../../base/ports.ts";
import { code, errors, KafkaError } from "../../../protocol/errors.ts";
import type { Message } from "../../../protocol/message.ts";
import type { ControllerChannel, ControllerContext } from "./channel.ts";
import type { LocalChannel } from "./local-channel.ts";

export interface ControllerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/** To the controller listener of another node. Rejects with KafkaError NOT_CONTROLLER where that is not active. */
export type AskController = <Request, Response>(
  to: ControllerAddress,
  message: Message<Request, Response>,
  request: Request,
  context: ControllerContext,
  timeoutMs: number,
) => Promise<Response>;

export interface QuorumChannelOptions {
  readonly nodeId: number;
  readonly local: LocalChannel;
  readonly ask: AskController;
  /** Null while no leader of the quorum is known. */
  readonly leader: () => ControllerAddress | null;
  readonly clock: Clock;
  /**
   * How long an answer may take (`controller.socket.timeout.ms`); what the node asks for itself has no more than that
   * altogether.
   */
  readonly timeoutMs: () => number;
}

const AGAIN_MS = 50;
/** What a client asks is tried so long altogether, as Kafka's forwarding does, whatever the settings say. */
const FORWARDING_MS = 60_000;

export class QuorumChannel implements ControllerChannel {
  private readonly options: QuorumChannelOptions;
  private readonly waiting = new Set<() => void>();

  constructor(options: QuorumChannelOptions) {
    this.options = options;
  }

  async send<Request, Response>(
    message: Message<Request, Response>,
    request: Request,
    context: ControllerContext,
  ): Promise<Response> {
    const { local, clock, timeoutMs } = this.options;
    // Another node means this controller, and would ask another if it knew that this one is not active.
    if (context.listenerKind === "controller" && !local.isActive) throw notActive();
    const untilMs = clock.ticksMs() + (context.listenerKind === "broker" ? FORWARDING_MS : timeoutMs());
    for (;;) {
      // It has become active while this waited: whoever asked has the answer.
      if (local.isActive && !local.supports(message.key)) throw notActive();
      const leftMs = Math.min(timeoutMs(), untilMs - clock.ticksMs());
      const answer = await this.attempt(message, request, context, leftMs);
      if (answer !== null) return answer.response;
      if (clock.ticksMs() >= untilMs) throw context.listenerKind === "broker" ? timedOut() : notActive();
      await this.moment();
    }
  }

  /** The leader has changed: who waits for one looks again at once. */
  leaderChanged(): void {
    for (const wake of [...this.waiting]) wake();
  }

  /** Null where it has to be tried again. */
  private async attempt<Request, Response>(
    message: Message<Request, Response>,
    request: Request,
    context: ControllerContext,
    timeoutMs: number,
  ): Promise<{ readonly response: Response } | null> {
    const { nodeId, local, leader, ask } = this.options;
    try {
      if (local.isActive) return { response: await local.send(message, request, context) };
      const to = leader();
      if (to === null || to.nodeId === nodeId) return null;
      return { response: await ask(to, message, request, context, timeoutMs) };
    } catch (error) {
      const isOver = context.listenerKind === "controller" || !(error instanceof KafkaError);
      if (isOver || code(error.error) !== code("NOT_CONTROLLER")) throw error;
      return null;
    }
  }

  private moment(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.waiting.delete(done);
        resolve();
      };
      const cancel = this.options.clock.after(AGAIN_MS, done);
      this.waiting.add(done);
    });
  }
}

/** What a client hears, with Kafka's general words. */
function timedOut(): KafkaError {
  return new KafkaError("REQUEST_TIMED_OUT", errors.REQUEST_TIMED_OUT.message);
}

function notActive(): KafkaError {
  return new KafkaError("NOT_CONTROLLER", "There is no active controller.");
}
