/**
 * Producer ids for idempotent producers: the controller gives this node blocks of them (a ProducerIdsRecord each), so
 * that no two nodes and no two lives of a node ever give the same one. As Kafka's RPCProducerIdManager.
 */
import { assert } from "../../base/assert.ts";
import { KafkaError } from "../../protocol/errors.ts";

export interface ProducerIdBlock {
  readonly start: number;
  readonly length: number;
}

export class ProducerIds {
  private readonly allocate: () => Promise<ProducerIdBlock>;
  private next = 0;
  private end = 0;
  private allocating: Promise<void> | null = null;

  /** `allocate` asks the controller; it rejects where there is none. */
  constructor(allocate: () => Promise<ProducerIdBlock>) {
    this.allocate = allocate;
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
      this.allocating ??= this.refill().finally(() => {
        this.allocating = null;
      });
      await this.allocating;
    }
    return this.next++;
  }

  private async refill(): Promise<void> {
    try {
      const { start, length } = await this.allocate();
      assert(length > 0 && start >= this.end, "blocks are handed out once, in ascending order");
      this.next = start;
      this.end = start + length;
    } catch (cause) {
      if (!(cause instanceof KafkaError)) throw cause;
      throw new KafkaError("COORDINATOR_LOAD_IN_PROGRESS", "No producer ids can be had from the controller", cause);
    }
  }
}
