/**
 * Which brokers host the replicas of new partitions: striped over racks and, inside a rack, over brokers, both from a
 * random start, so that leaders and replicas spread evenly. Unfenced brokers come first; the first replica of a
 * partition is always on one. As Kafka's StripedReplicaPlacer.
 */
import type { Random as AnyRandom } from "../../../base/ports.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type { MetadataImage } from "../image.ts";
import { type ControllerState, hasUncordonedDirectory } from "./state.ts";

/** Placement draws numbers below a bound, and nothing else. */
type Random = Pick<AnyRandom, "below">;

export interface UsableBroker {
  readonly id: number;
  readonly rack: string | null;
  readonly fenced: boolean;
}

/** Registered, not in controlled shutdown, and with a log directory that takes new replicas. */
export function usableBrokers({ image, heartbeats }: Pick<ControllerState, "image" | "heartbeats">): UsableBroker[] {
  const shuttingDown = (id: number) => heartbeats.controlledShutdownOffset(id) >= 0;
  return [...registeredBrokers(image)].filter(({ id }) => !shuttingDown(id));
}

function* registeredBrokers(image: MetadataImage): Generator<UsableBroker> {
  for (const broker of image.brokers.values()) {
    if (hasUncordonedDirectory(broker)) yield { id: broker.id, rack: broker.rack, fenced: broker.fenced };
  }
}

/**
 * The replicas of each new partition.
 * @throws KafkaError INVALID_REPLICATION_FACTOR
 */
export function placeReplicas(
  brokers: readonly UsableBroker[],
  partitions: number,
  replicationFactor: number,
  random: Random,
): number[][] {
  const unfenced = brokers.filter(({ fenced }) => !fenced).length;
  if (replicationFactor <= 0) {
    refuse(`Invalid replication factor ${replicationFactor}: the replication factor must be positive.`);
  }
  if (unfenced === 0) refuse("All brokers are currently fenced, or have all their log directories cordoned.");
  if (replicationFactor > brokers.length) {
    refuse(
      `The target replication factor of ${replicationFactor} cannot be reached because only ${brokers.length} ` +
        "broker(s) are registered or some brokers have all their log directories cordoned.",
    );
  }
  const racks = new Racks(brokers, unfenced, random);
  return Array.from({ length: partitions }, () => racks.place(replicationFactor));
}

function refuse(message: string): never {
  throw new KafkaError("INVALID_REPLICATION_FACTOR", message);
}

/** The brokers of one rack in one state; each partition (epoch) starts one further than the one before. */
class BrokerRing {
  private readonly ids: number[];
  private offset: number;
  private index = 0;
  private epoch = 0;

  constructor(ids: readonly number[], random: Random) {
    this.ids = ids.toSorted((a, b) => a - b);
    this.offset = ids.length === 0 ? 0 : random.below(ids.length);
  }

  /** The next broker of this partition, -1 once all were named. */
  next(epoch: number): number {
    if (this.ids.length === 0) return -1;
    if (this.epoch !== epoch) {
      this.epoch = epoch;
      this.index = 0;
      this.offset = (this.offset + 1) % this.ids.length;
    }
    if (this.index >= this.ids.length) return -1;
    return this.ids[(this.index++ + this.offset) % this.ids.length] as number;
  }

  shuffle(random: Random): void {
    shuffle(this.ids, random);
  }
}

interface Rack {
  readonly unfenced: BrokerRing;
  readonly fenced: BrokerRing;
}

class Racks {
  private readonly racks: readonly Rack[];
  /** Indexes into the racks, as they are visited. */
  private readonly order: number[];
  private readonly unfenced: number;
  private readonly random: Random;
  private epoch = 0;
  private offset: number;

  constructor(brokers: readonly UsableBroker[], unfenced: number, random: Random) {
    // Brokers without a rack form one of their own, and it comes first.
    const names = [...new Set(brokers.map(({ rack }) => rack))].sort((a, b) => {
      if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
      return a < b ? -1 : a > b ? 1 : 0;
    });
    const ring = (rack: string | null, fenced: boolean) => {
      const members = brokers.filter((broker) => broker.rack === rack && broker.fenced === fenced);
      return new BrokerRing(
        members.map(({ id }) => id),
        random,
      );
    };
    this.racks = names.map((name) => ({ fenced: ring(name, true), unfenced: ring(name, false) }));
    this.order = this.racks.map((_, index) => index);
    this.unfenced = unfenced;
    this.random = random;
    this.offset = random.below(this.racks.length);
  }

  place(replicationFactor: number): number[] {
    this.shuffleAfterFullRound();
    if (this.offset === this.racks.length) this.offset = 0;
    let leaderRack = this.offset;
    let leader = this.rack(leaderRack).unfenced.next(this.epoch);
    while (leader < 0) {
      leaderRack = (leaderRack + 1) % this.racks.length;
      leader = this.rack(leaderRack).unfenced.next(this.epoch);
    }
    const replicas = [leader, ...this.followers(replicationFactor - 1, leaderRack)];
    this.epoch++;
    this.offset++;
    return replicas;
  }

  /** From rack to rack; the leader's rack sits out its first turn. */
  private followers(count: number, leaderRack: number): number[] {
    const replicas: number[] = [];
    let skip = leaderRack;
    for (let rack = this.offset; replicas.length < count; rack = (rack + 1) % this.racks.length) {
      if (rack === skip) {
        skip = -1;
        continue;
      }
      const { unfenced, fenced } = this.rack(rack);
      let broker = unfenced.next(this.epoch);
      if (broker < 0) broker = fenced.next(this.epoch);
      if (broker >= 0) replicas.push(broker);
    }
    return replicas;
  }

  /** After as many partitions as there are unfenced brokers the same assignments would come again. */
  private shuffleAfterFullRound(): void {
    if (this.epoch !== this.unfenced || this.unfenced <= 1) return;
    // The racks keep their own order among themselves: only the order in which they are visited is another.
    shuffle(this.order, this.random);
    for (const { unfenced, fenced } of this.racks) {
      fenced.shuffle(this.random);
      unfenced.shuffle(this.random);
    }
    this.epoch = 0;
  }

  private rack(index: number): Rack {
    return this.racks[this.order[index] as number] as Rack;
  }
}

function shuffle<Item>(items: Item[], random: Random): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [items[last], items[other]] = [items[other] as Item, items[last] as Item];
  }
}
