/** The same load from kafkajs: an idempotent producer, one batch after the other, and a consumer in a group. */
import { type Consumer, Kafka, logLevel, type Producer } from "kafkajs";
import type { Acknowledged } from "./history.ts";
import type { Target } from "./load.ts";

const BATCH = 10;
const PAUSE_MS = 20;

/** Patient, as an application that rides out a failover is: by default kafkajs gives up after five tries. */
export function clientOf({ bootstrap }: Pick<Target, "bootstrap">): Kafka {
  const retry = { initialRetryTime: 50, maxRetryTime: 500, retries: 200 };
  return new Kafka({ brokers: bootstrap.split(","), logLevel: logLevel.NOTHING, retry });
}

export class KafkajsProducer {
  readonly acknowledged: Acknowledged[] = [];
  private readonly producer: Producer;
  private readonly target: Target;
  private readonly name: string;
  private stopped = false;
  private done: Promise<void> = Promise.resolve();

  constructor(target: Target, name: string) {
    this.target = target;
    this.name = name;
    this.producer = clientOf(target).producer({ idempotent: true, maxInFlightRequests: 1 });
  }

  async start(): Promise<void> {
    await this.producer.connect();
    this.done = this.run();
  }

  /** Rejects where a batch was given up. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
    await this.producer.disconnect();
  }

  private async run(): Promise<void> {
    const { topic, partitions } = this.target;
    for (let number = 0; !this.stopped; ) {
      const partition = (number / BATCH) % partitions;
      const messages = Array.from({ length: BATCH }, () => ({ value: `${this.name}:${number++}`, partition }));
      const [answer] = await this.producer.send({ topic, acks: -1, messages });
      const atMs = Date.now();
      const base = Number(answer?.baseOffset);
      messages.forEach(({ value }, i) => void this.acknowledged.push({ partition, offset: base + i, value, atMs }));
      await Bun.sleep(PAUSE_MS);
    }
  }
}

export class KafkajsConsumer {
  readonly values = new Map<string, number>();
  private readonly consumer: Consumer;
  private readonly topic: string;

  constructor(target: Target, groupId: string) {
    this.topic = target.topic;
    this.consumer = clientOf(target).consumer({ groupId, sessionTimeout: 6_000, heartbeatInterval: 500 });
  }

  async start(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await this.consumer.run({
      eachMessage: async ({ message }) => {
        const value = String(message.value);
        this.values.set(value, (this.values.get(value) ?? 0) + 1);
      },
    });
  }

  /** Resolves when it has seen every one of them. */
  async hasSeen(values: readonly string[]): Promise<void> {
    while (values.some((value) => !this.values.has(value))) await Bun.sleep(50);
  }

  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }
}
