/**
 * Producer ids for idempotent producers: the controller gives this node blocks of them (a ProducerIdsRecord each), so
 * that no two nodes and no two lives of a node ever give the same one. As Kafka's RPCProducerIdManager.
 */
import { assert } from "../../base/assert.ts";
import type { Clock } from "../../base/ports.ts";
import { KafkaError } from "../../protocol/errors.ts";

/**
 * A controller that is well gives a block within that. Kafka's clients do not wait at all: the first of them is always
 * refused.
 */
const PATIENCE_MS = 500;

export interface ProducerIdBlock {
  readonly start: number;
  readonly length: number;
}

export interface ProducerIdsOptions {
  readonly clock: Clock;
  /** Asks the controller; rejects where there is none, which may take long. */
  readonly allocate: () => Promise<ProducerIdBlock>;
  /** Whether the controller answers, as far as is known. */
  readonly hasController: () => boolean;
}

export class ProducerIds {
  private readonly options: ProducerIdsOptions;
  private next = 0;
  private end = 0;
  /** The request for a block that is under way, as long as clients wait for it: then rejected. */
  private awaited: Promise<void> | null = null;

  constructor(options: ProducerIdsOptions) {
    this.options = options;
  }

  /**
   * A new id; at once as long as the block lasts.
   * @throws COORDINATOR_LOAD_IN_PROGRESS where the controller gives no block: clients try again.
   */
  take(): number | Promise<number> {
    return this.next < this.end ? this.next++ : this.takeLater();
  }

  private async takeLater(): Promise<number> {
    while (this.next >= this.end) {
      this.awaited ??= this.request();
      await this.awaited;
    }
    return this.next++;
  }

  private request(): Promise<void> {
    const { clock, hasController } = this.options;
    const late = Promise.withResolvers<void>();
    const cancel = clock.after(hasController() ? PATIENCE_MS : 0, () => late.reject(unavailable()));
    const refilled = this.refill().finally(() => {
      cancel();
      this.awaited = null;
    });
    return Promise.race([refilled, late.promise]);
  }

  private async refill(): Promise<void> {
    try {
      const { start, length } = await this.options.allocate();
      assert(length > 0 && start >= this.end, "blocks are handed out once, in ascending order");
      this.next = start;
      this.end = start + length;
    } catch (cause) {
      if (!(cause instanceof KafkaError)) throw cause;
      throw unavailable(cause);
    }
  }
}

function unavailable(cause?: KafkaError): KafkaError {
  return new KafkaError("COORDINATOR_LOAD_IN_PROGRESS", "No producer ids can be had from the controller", cause);
}
