/**
 * The channel to the active controller where that is in this process. A request that finds no active controller waits
 * for one, and a reply waits until this node has applied the records behind it: who creates a topic can produce to it
 * at once.
 */
import type { Clock } from "../../../base/ports.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type { Message } from "../../../protocol/message.ts";
import type { ControllerChannel, ControllerContext } from "./channel.ts";
import type { QuorumController } from "./quorum-controller.ts";

export interface LocalChannelOptions {
  readonly controller: QuorumController;
  readonly clock: Clock;
  /** Resolves when this node shows everything up to and with `offset`. */
  readonly reached: (offset: number) => Promise<void>;
  /** How long a request waits for an active controller (`controller.socket.timeout.ms`). */
  readonly timeoutMs: number;
}

export class LocalChannel implements ControllerChannel {
  private readonly options: LocalChannelOptions;

  constructor(options: LocalChannelOptions) {
    this.options = options;
  }

  get isActive(): boolean {
    return this.options.controller.isActive;
  }

  /** Some that are for the active controller's node are answered by its quorum, and not by the controller. */
  supports(apiKey: number): boolean {
    return this.options.controller.supports(apiKey);
  }

  async send<Request, Response>(
    message: Message<Request, Response>,
    request: Request,
    context: ControllerContext,
  ): Promise<Response> {
    const { controller, reached } = this.options;
    if (!controller.isActive) await this.becomesActive();
    const { reply, offset } = await controller.handle(message, request, context);
    await reached(offset);
    return reply;
  }

  private becomesActive(): Promise<void> {
    const { controller, clock, timeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      const cancel = clock.after(timeoutMs, () => {
        reject(new KafkaError("NOT_CONTROLLER", `No active controller within ${timeoutMs} ms.`));
      });
      controller.whenActive(() => {
        cancel();
        resolve();
      });
    });
  }
}
