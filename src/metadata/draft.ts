/**
 * The next image while records are applied to it. What an image shares with others is copied the first time it changes:
 * the maps of brokers and controllers, and the partitions of each touched topic; everything else is persistent already.
 */
import { assert } from "../../base/assert.ts";
import type {
  BrokerRegistration,
  ControllerRegistration,
  FeaturesImage,
  MetadataImage,
  PartitionRegistration,
  Provenance,
  TopicImage,
} from "./image.ts";
import { hasCollisionChars, unifyCollisionChars } from "./topic-names.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export class Draft {
  /** Fields are replaced, never what they hold; topics, brokers and controllers only through the methods below. */
  readonly next: Mutable<MetadataImage>;
  private brokers: Map<number, BrokerRegistration> | null = null;
  private controllers: Map<number, ControllerRegistration> | null = null;
  /** The partitions of the topics touched so far, by topic id: ours to change. */
  private readonly partitions = new Map<string, Map<number, PartitionRegistration>>();

  constructor(base: MetadataImage) {
    this.next = { ...base };
  }

  setFeatures(change: Partial<FeaturesImage>): void {
    this.next.features = { ...this.next.features, ...change };
  }

  setBroker(broker: BrokerRegistration): void {
    this.ownBrokers().set(broker.id, broker);
  }

  removeBroker(id: number): void {
    this.ownBrokers().delete(id);
  }

  setController(controller: ControllerRegistration): void {
    this.controllers ??= new Map(this.next.controllers);
    this.next.controllers = this.controllers;
    this.controllers.set(controller.id, controller);
  }

  topic(id: string): TopicImage | undefined {
    return this.next.topicsById.get(id);
  }

  addTopic(name: string, id: string): void {
    const partitions = new Map<number, PartitionRegistration>();
    this.partitions.set(id, partitions);
    this.setTopic({ name, id, partitions });
    if (hasCollisionChars(name)) {
      this.next.topicsByMetricName = this.next.topicsByMetricName.with(unifyCollisionChars(name), name);
    }
  }

  setPartition(topicId: string, partition: number, registration: PartitionRegistration): void {
    let own = this.partitions.get(topicId);
    if (own === undefined) {
      const topic = this.topic(topicId);
      assert(topic !== undefined, `the topic ${topicId} of a partition record exists`);
      own = new Map(topic.partitions);
      this.partitions.set(topicId, own);
      this.setTopic({ name: topic.name, id: topicId, partitions: own });
    }
    own.set(partition, registration);
  }

  removeTopic(topic: TopicImage): void {
    this.partitions.delete(topic.id);
    this.next.topicsById = this.next.topicsById.without(topic.id);
    // A name that was taken again in the meantime belongs to the new topic.
    if (this.next.topicsByName.get(topic.name)?.id === topic.id) {
      this.next.topicsByName = this.next.topicsByName.without(topic.name);
      const metricName = unifyCollisionChars(topic.name);
      if (this.next.topicsByMetricName.get(metricName) === topic.name) {
        this.next.topicsByMetricName = this.next.topicsByMetricName.without(metricName);
      }
    }
  }

  /** The draft ends here: what it owned now belongs to the image. */
  finish(provenance: Provenance): MetadataImage {
    this.next.provenance = provenance;
    return this.next;
  }

  private setTopic(topic: TopicImage): void {
    this.next.topicsById = this.next.topicsById.with(topic.id, topic);
    this.next.topicsByName = this.next.topicsByName.with(topic.name, topic);
  }

  private ownBrokers(): Map<number, BrokerRegistration> {
    this.brokers ??= new Map(this.next.brokers);
    this.next.brokers = this.brokers;
    return this.brokers;
  }
}
