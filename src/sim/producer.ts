/**
 * A producer: makes batches with values of their own, sends them with the acks of its plan, several in flight, again
 * where it may, and tells the model how each of them ended.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { InitProducerId } from "../../protocol/generated/init-producer-id.ts";
import { Produce, type ProduceResponse } from "../../protocol/generated/produce.ts";
import { crc as crcOf } from "../../protocol/records/batch.ts";
import { buildBatch } from "../../protocol/records/builder.ts";
import type { Dice } from "./dice.ts";
import type { PartitionModel, SentBatch } from "./model.ts";
import type { ProducerPlan } from "./plan.ts";
import type { LiveTopic, Scenario } from "./scenario.ts";
import type { WireClient, WireConnection } from "./wire.ts";

const utf8 = new TextEncoder();
const ANSWER_MS = 8_000;
/** So many that the gap is never reached. */
const SEQUENCES_SKIPPED = 1_000_000;

interface Identity {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

interface Queued {
  readonly batch: SentBatch;
  readonly bytes: Uint8Array;
  /** The life of the brokers in which it was first sent. */
  life: number;
}

/** The batches to one partition, oldest first, not yet settled. */
interface Lane {
  readonly era: number;
  readonly topic: LiveTopic;
  readonly index: number;
  readonly model: PartitionModel;
  readonly queue: Queued[];
  nextSequence: number;
  nextOrder: number;
  busy: boolean;
  /** Some batch of this producer id and epoch is in the log for good. */
  isKnown: boolean;
}

interface Answer {
  readonly error: string;
  readonly offset: number;
}

export class SimProducer {
  private readonly scenario: Scenario;
  private readonly plan: ProducerPlan;
  private readonly name: string;
  private readonly dice: Dice;
  private client: WireClient;
  private lanes = new Map<number, Lane>();
  private producerId = -1;
  private producerEpoch = -1;
  private generation = 0;
  private made = 0;

  constructor(scenario: Scenario, plan: ProducerPlan, name: string) {
    this.scenario = scenario;
    this.plan = plan;
    this.name = name;
    this.dice = scenario.world.dice(name);
    this.client = scenario.client(name);
    // The new cluster gives the same ids once more, to others.
    scenario.onDiskLost(() => {
      this.producerId = -1;
    });
  }

  start(): void {
    void this.run(this.generation);
  }

  /** The process ends without a word: what it had under way nobody will tell. */
  crash(): void {
    this.generation++;
    this.client.life.alive = false;
    this.scenario.network.ended(this.client.life, this.dice.chance(0.5));
    for (const lane of this.lanes.values()) for (const { batch } of lane.queue) this.unknown(batch);
    this.lanes = new Map();
    this.producerId = -1;
    this.client = this.scenario.client(this.name);
    this.start();
  }

  get isIdle(): boolean {
    for (const lane of this.lanes.values()) {
      if (lane.queue.length > 0 && lane.era === this.scenario.era) return false;
    }
    return true;
  }

  private async run(generation: number): Promise<void> {
    while (generation === this.generation && !this.scenario.windingDown) {
      await this.client.sleep(this.dice.exponential(this.plan.everyMs));
      const topic = this.scenario.topics.get(this.plan.topic);
      if (topic === undefined || this.scenario.windingDown) continue;
      if (this.plan.idempotent && this.producerId < 0 && !(await this.initialize())) continue;
      this.add(topic);
      if (!this.plan.idempotent) continue;
      if (this.dice.chance(0.02)) this.startOver(); // it has waited long enough
      if (this.dice.chance(0.04)) await this.tryForbidden();
    }
  }

  private async initialize(): Promise<boolean> {
    const request = { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 };
    try {
      const era = this.scenario.era;
      const flags = { enable2Pc: false, keepPreparedTxn: false };
      const reply = await this.client.call(InitProducerId, 4, { ...request, ...flags }, ANSWER_MS);
      if (reply.errorCode !== 0) {
        this.scenario.error(reply.errorCode, "InitProducerId");
        return false;
      }
      if (era !== this.scenario.era) return false;
      this.scenario.producerIdGiven(reply.producerId);
      this.producerId = reply.producerId;
      this.producerEpoch = reply.producerEpoch;
      return true;
    } catch {
      return false;
    }
  }

  private add(topic: LiveTopic): void {
    const index = this.dice.below(topic.partitions.length);
    const lane = this.lane(topic, index);
    if (lane.queue.length >= this.plan.inFlightMax * 2) return;
    lane.queue.push(this.make(lane));
    if (!lane.busy) void this.pump(lane, this.generation);
  }

  private lane(topic: LiveTopic, index: number): Lane {
    const known = this.lanes.get(index);
    if (known !== undefined && known.topic === topic) return known;
    const model = topic.partitions[index] as PartitionModel;
    const { era } = this.scenario;
    const fresh = { busy: false, isKnown: false };
    const lane: Lane = { era, topic, index, model, queue: [], nextSequence: 0, nextOrder: 0, ...fresh };
    this.lanes.set(index, lane);
    return lane;
  }

  private make(lane: Lane): Queued {
    const { producerId, producerEpoch } = this;
    const identity = { producerId, producerEpoch, baseSequence: lane.nextSequence };
    const made = this.makeBatch(lane, this.plan.idempotent ? identity : null);
    lane.nextSequence += made.batch.count;
    lane.nextOrder++;
    return made;
  }

  private makeBatch(lane: Lane, identity: Identity | null): Queued {
    const { acks, recordsMax, recordBytesMax } = this.plan;
    const id = `${this.name}.${this.generation}.${++this.made}`;
    const count = this.dice.between(1, recordsMax);
    const values = Array.from({ length: count }, (_, n) => {
      return `${id}/${n} ${"x".repeat(this.dice.below(recordBytesMax))}`;
    });
    const timestamp = this.scenario.node.wall.nowMs();
    const records = values.map((value) => ({ timestamp, key: utf8.encode(id), value: utf8.encode(value) }));
    const bytes = buildBatch(records, identity ?? {});
    const producer = `${this.name}.${identity?.producerId}.${identity?.producerEpoch}`;
    const batch: SentBatch = {
      ...{ id, producer, order: lane.nextOrder, idempotent: identity !== null, acks, count },
      ...{ crc: crcOf(bytes, 0), values, attempts: 0, outcome: "pending" },
    };
    lane.model.batches.set(id, batch);
    return { batch, bytes, life: this.scenario.lives };
  }

  /** One window after the other, each sent at once and settled as a whole. */
  private async pump(lane: Lane, generation: number): Promise<void> {
    lane.busy = true;
    while (lane.queue.length > 0 && generation === this.generation) {
      if (lane.era !== this.scenario.era) break;
      try {
        const connection = await this.client.connectedTo(lane.topic.name, lane.index);
        await this.sendWindow(lane, connection);
      } catch {
        await this.client.sleep(50 + this.dice.below(300));
      }
    }
    lane.busy = false;
  }

  private async sendWindow(lane: Lane, connection: WireConnection): Promise<void> {
    const { memoryLosses } = this.scenario;
    const window = lane.queue.slice(0, this.plan.inFlightMax);
    const answers = await Promise.all(window.map((queued) => this.send(lane, queued, connection)));
    if (lane.era !== this.scenario.era || this.lanes.get(lane.index) !== lane) return;
    let retry = false;
    for (const [n, queued] of window.entries()) {
      const isStale = queued.batch.acks === 1 && memoryLosses !== this.scenario.memoryLosses;
      const answer = isStale ? lateAnswer : (answers[n] as Answer);
      const settled = this.settle(lane, queued, answer, retry);
      if (settled) lane.queue.splice(lane.queue.indexOf(queued), 1);
      else retry = true;
      if (this.lanes.get(lane.index) !== lane) return;
    }
    if (retry) this.client.forgetLeaders();
    if (retry) await this.client.sleep(20 + this.dice.below(200));
  }

  private async send(lane: Lane, queued: Queued, connection: WireConnection): Promise<Answer> {
    const { batch, bytes } = queued;
    if (batch.attempts++ === 0) queued.life = this.scenario.lives;
    const version = this.dice.pick([3, 7, 9, 11, 13]);
    const topicData = [
      {
        name: version >= 13 ? "" : lane.topic.name,
        topicId: version >= 13 ? lane.topic.id : ZERO_UUID,
        partitionData: [{ index: lane.index, records: bytes }],
      },
    ];
    const request = { transactionalId: null, acks: batch.acks, timeoutMs: 5_000, topicData };
    if (batch.acks === 0) {
      connection.tell(Produce, version, request);
      return { error: "none", offset: -1 };
    }
    try {
      const reply = await connection.call(Produce, version, request, ANSWER_MS);
      return this.answerOf(reply);
    } catch {
      return { error: "indeterminate", offset: -1 };
    }
  }

  private answerOf({ responses: [topic] }: ProduceResponse): Answer {
    const partition = topic?.partitionResponses[0];
    if (partition === undefined) {
      this.scenario.world.fail("a produce answer names its partition", this.name);
      return { error: "indeterminate", offset: -1 };
    }
    if (partition.errorCode === 0) return { error: "none", offset: partition.baseOffset };
    return { error: this.scenario.error(partition.errorCode, "Produce"), offset: -1 };
  }

  /** True where the batch is done with. */
  private settle(lane: Lane, { batch, life }: Queued, { error, offset }: Answer, earlierFailed: boolean): boolean {
    if (error === "none") {
      if (batch.acks === 0) this.unknown(batch);
      else {
        lane.isKnown = batch.idempotent;
        this.scenario.acknowledged(lane.topic, lane.index, batch, offset);
      }
      return true;
    }
    const isFinal = final.has(error);
    this.scenario.world.note(`${batch.id} ${error}`);
    // With acks=all this error also ends the wait of what has been appended.
    const isBefore = definite.has(error) || (error === "NOT_LEADER_OR_FOLLOWER" && batch.acks !== -1);
    if (isFinal || (isBefore && !this.plan.retries)) {
      this.refuse(batch);
      if (isFinal && this.plan.idempotent) this.startOver(); // its sequence numbers are missing now
      return true;
    }
    if (sequenceErrors.has(error)) {
      if (earlierFailed) return false;
      // Of what a start reads from a snapshot it knows the last batch alone, as Apache does.
      const isRemembered = life === this.scenario.lives && !lane.model.deletes;
      if (batch.attempts === 1 || isRemembered) this.refusedInOrder(lane, batch, error);
      this.startOver();
      return false;
    }
    if (this.plan.retries) return false;
    this.unknown(batch);
    return true;
  }

  /** Certain only where no earlier attempt may have arrived. */
  private refuse(batch: SentBatch): void {
    if (batch.attempts > 1) {
      this.unknown(batch);
      return;
    }
    this.scenario.counts.refused++;
    batch.outcome = "refused";
  }

  /** All before it were taken, or are in the log unheard: it is the next, or one that the log knows. */
  private refusedInOrder(lane: Lane, batch: SentBatch, error: string): void {
    const detail = `${batch.id}, sent ${batch.attempts} times, met ${error}`;
    lane.model.suspect("P4 a sequence in order is taken", detail, null);
  }

  /** What cannot be continued is given up, as clients do: with a new epoch (KIP-360), or a new producer id. */
  private startOver(): void {
    for (const { queue } of this.lanes.values()) for (const { batch } of queue.splice(0)) this.unknown(batch);
    this.lanes = new Map();
    if (this.dice.chance(0.5)) this.producerEpoch++;
    else this.producerId = -1;
  }

  /** A batch that leaves a gap in the sequence, or one of an epoch that is over: it must not get in. */
  private async tryForbidden(): Promise<void> {
    const { era } = this.scenario;
    const lanes = [...this.lanes.values()].filter((lane) => lane.isKnown && lane.era === era && !lane.model.deletes);
    if (lanes.length === 0) return;
    const lane = this.dice.pick(lanes);
    const isOfPast = this.producerEpoch > 0 && this.dice.chance(0.5);
    const { producerId, producerEpoch, generation } = this;
    const forbidden = this.makeBatch(lane, {
      producerId,
      producerEpoch: isOfPast ? producerEpoch - 1 : producerEpoch,
      baseSequence: isOfPast ? 0 : lane.nextSequence + SEQUENCES_SKIPPED,
    });
    const { batch } = forbidden;
    // After an unclean election nobody may know the producer.
    batch.outcome = lane.model.losses === null ? "refused" : "unknown";
    const connection = await this.client.connectedTo(lane.topic.name, lane.index).catch(() => null);
    // To a new cluster, which knows nobody, nothing of it is forbidden.
    if (connection === null || generation !== this.generation || era !== this.scenario.era) return;
    const { error } = await this.send(lane, forbidden, connection);
    if (error !== "none" || era !== this.scenario.era) return;
    const promise = isOfPast ? "P4 an epoch that is over is refused" : "P4 a gap in the sequence is refused";
    lane.model.suspect(promise, `${batch.id} was taken`, null);
  }

  private unknown(batch: SentBatch): void {
    if (batch.outcome !== "pending") return;
    this.scenario.counts.indeterminate++;
    batch.outcome = "unknown";
  }
}

/** An acknowledgement by memory that may have been lost before it arrived. */
const lateAnswer: Answer = { error: "indeterminate", offset: -1 };
/** Said before anything is appended. */
const definite: ReadonlySet<string> = new Set(["UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_ID"]);
/** Sending it again would change nothing; a timestamp is one when the clock was set back meanwhile. */
const final: ReadonlySet<string> = new Set(["RECORD_LIST_TOO_LARGE", "MESSAGE_TOO_LARGE", "INVALID_TIMESTAMP"]);
const sequenceErrors: ReadonlySet<string> = new Set([
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_EPOCH",
  "DUPLICATE_SEQUENCE_NUMBER",
]);
