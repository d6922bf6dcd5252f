import { expect, test } from "bun:test";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { BrokerHeartbeat } from "../../../protocol/generated/broker-heartbeat.ts";
import { CreateTopics, type CreateTopicsRequest } from "../../../protocol/generated/create-topics.ts";
import { bootstrapRecords } from "../bootstrap.ts";
import type { CommittedBatch, MetadataLog, MetadataLogListener, OffsetAndEpoch } from "../metadata-log.ts";
import { MetadataPublisher } from "../publisher.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { readRecord, writeRecord } from "../records/serde.ts";
import { brokerRecord, clusterImage, controllerState, topic } from "../testing/controller-fixture.ts";
import { testRandom } from "../testing/random-records.ts";
import { fenceStaleBrokers } from "./broker-heartbeat.ts";
import { ownContext } from "./channel.ts";
import { LocalChannel } from "./local-channel.ts";
import { metadataOperations } from "./operations.ts";
import { type PeriodicTask, QuorumController } from "./quorum-controller.ts";
import { atomicResult, result } from "./result.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A log whose commits a test decides. */
class ManualLog implements MetadataLog {
  leader = { leaderId: null as number | null, epoch: 0 };
  highWatermark = 0;
  endOffset = 0;
  get toldHighWatermark() {
    return this.highWatermark;
  }
  latestSnapshotId = null;
  readonly snapshots: { readonly id: OffsetAndEpoch; readonly records: MetadataRecord[] }[] = [];
  readonly appended: MetadataRecord[][] = [];
  private readonly listeners: MetadataLogListener[] = [];
  private readonly uncommitted: CommittedBatch[] = [];

  register(listener: MetadataLogListener): void {
    this.listeners.push(listener);
  }
  append(epoch: number, records: readonly Uint8Array[]): number {
    if (this.leader.leaderId !== 1 || this.leader.epoch !== epoch) throw new KafkaError("NOT_CONTROLLER", "not leader");
    const baseOffset = this.endOffset;
    this.endOffset += records.length;
    this.appended.push(records.map(readRecord));
    const sizeBytes = records.reduce((total, { length }) => total + length, 0);
    const batch = { baseOffset, lastOffset: this.endOffset - 1, epoch, appendTimeMs: 0, sizeBytes, records };
    this.uncommitted.push(batch);
    return this.endOffset - 1;
  }
  resign(epoch: number): void {
    this.lead(null, epoch);
  }
  async createSnapshot(id: OffsetAndEpoch, _: number, records: Iterable<Uint8Array>): Promise<void> {
    this.snapshots.push({ id, records: Array.from(records, readRecord) });
  }
  /** Everything appended so far, as one delivery. */
  commit(): void {
    const batches = this.uncommitted.splice(0);
    if (batches.length === 0) return;
    this.highWatermark = this.endOffset;
    for (const listener of this.listeners) listener.committed(batches);
  }
  lead(leaderId: number | null, epoch: number): void {
    this.leader = { leaderId, epoch };
    for (const listener of this.listeners) listener.leaderChanged(this.leader);
  }
  /** What was appended and never committed is gone. */
  lose(epoch: number): void {
    this.endOffset = this.highWatermark;
    this.uncommitted.length = 0;
    this.lead(2, epoch);
  }
}

function node(maxIdleIntervalMs = 0, periodic: readonly PeriodicTask[] = []) {
  const clock = new FakeClock();
  const log = new ManualLog();
  const fatal: unknown[] = [];
  const { settings, topicConfigs } = controllerState(clusterImage([]));
  const controller = new QuorumController({
    nodeId: 1,
    clusterId: "cluster",
    clock,
    random: testRandom(1),
    logger: silent,
    log,
    kraftVersion: () => 1,
    kraftUpgradeRefused: () => null,
    upgradeKraftVersion: () => {},
    settings,
    topicConfigs,
    times: { brokerSessionTimeoutMs: 9000, maxIdleIntervalMs },
    minInsyncReplicas: 1,
    bootstrap: bootstrapRecords(),
    operations: metadataOperations(),
    fenceStale: fenceStaleBrokers,
    periodic,
    onFatal: (error) => fatal.push(error),
  });
  const snapshotSettings = { maxRecordBytesBetweenSnapshots: 1e9, maxSnapshotIntervalMs: 0 };
  const publisher = new MetadataPublisher({
    clock,
    logger: silent,
    log,
    settings: snapshotSettings,
    onFatal: (error) => fatal.push(error),
  });
  log.register(publisher);
  log.register(controller);
  return { clock, log, controller, publisher, fatal, snapshotSettings };
}

const create = (...names: string[]): CreateTopicsRequest => ({
  topics: names.map((name) => topic(name)),
  timeoutMs: 1000,
  validateOnly: false,
});
const context = ownContext(7);

test("the first leader of an empty log writes the bootstrap records in one metadata transaction", () => {
  const { log, publisher, controller } = node();
  log.lead(1, 1);
  expect(log.appended[0]?.map(({ type }) => type)).toEqual([
    "BeginTransactionRecord",
    ...bootstrapRecords().map(({ type }) => type),
    "ConfigRecord",
    "EndTransactionRecord",
  ]);
  expect(publisher.image.features.metadataVersion).toBeNull();
  log.commit();
  expect(publisher.image.features.metadataVersion).toBe(30);
  expect(controller.isActive).toBe(true);
});

async function withBroker() {
  const all = node();
  all.log.lead(1, 1);
  const registered = all.controller.run(() => atomicResult([brokerRecord({ id: 1 })], null));
  all.log.commit();
  await registered;
  return all;
}

test("a reply waits for the commit; the next operation already sees its records", async () => {
  const { controller, log } = await withBroker();
  const replies: string[] = [];
  const asked = (name: string) =>
    controller.handle(CreateTopics, create(name), context).then(({ reply }) => {
      replies.push(`${name} ${reply.topics[0]?.errorCode}`);
    });
  const both = [asked("orders"), asked("orders")];
  await Promise.resolve();
  expect(replies).toEqual([]);
  log.commit();
  await Promise.all(both);
  expect(replies).toEqual(["orders 0", "orders 36"]); // TOPIC_ALREADY_EXISTS waited for the first: it may have failed
});

test("a lost leadership drops what was not committed and answers NOT_CONTROLLER", async () => {
  const { controller, log, publisher } = await withBroker();
  const asked = controller.handle(CreateTopics, create("orders"), context);
  log.lose(2);
  await expect(asked).rejects.toMatchObject({ error: "NOT_CONTROLLER" });
  await expect(controller.handle(CreateTopics, create("orders"), context)).rejects.toMatchObject({
    error: "NOT_CONTROLLER",
  });
  log.lead(1, 3);
  const again = controller.handle(CreateTopics, create("orders"), context);
  log.commit();
  expect((await again).reply.topics[0]?.errorCode).toBe(0);
  expect(publisher.image.topicsByName.get("orders")).toBeDefined();
});

test("an append that the log refuses is not seen by the next operation", async () => {
  const { controller, log } = await withBroker();
  log.leader = { leaderId: 2, epoch: 2 }; // raft knows, the controller has not been told yet
  await expect(controller.handle(CreateTopics, create("orders"), context)).rejects.toMatchObject({
    error: "NOT_CONTROLLER",
  });
  expect(controller.isActive).toBe(false);
});

test("an operation whose records cannot be applied fails alone", async () => {
  const { controller, log, fatal } = await withBroker();
  const wrong = { ...{ topicId: "DDDDDDDDDDDDDDDDDDDDDA", partitionId: 0 }, name: "of no topic" };
  const before = log.endOffset;
  const asked = controller.run(() => atomicResult([record("RemoveTopicRecord", wrong)], null));
  await expect(asked).rejects.toThrow("DDDDDDDDDDDDDDDDDDDDDA");
  expect([log.endOffset, fatal, controller.isActive]).toEqual([before, [], true]);
  const next = controller.handle(CreateTopics, create("orders"), context);
  log.commit();
  expect((await next).reply.topics[0]?.errorCode).toBe(0);
});

test("a long list that need not be atomic is cut into batches", async () => {
  const { controller, log } = await withBroker();
  const before = log.appended.length;
  const records = Array.from({ length: 25_000 }, () => record("NoOpRecord", {}));
  const done = controller.run(() => result(records, "done"));
  log.commit();
  expect(await done).toEqual({ reply: "done", offset: log.endOffset - 1 });
  expect(log.appended.slice(before).map(({ length }) => length)).toEqual([10_000, 10_000, 5_000]);
});

test("a leader that died inside a transaction: the next one takes it back", () => {
  const { log, publisher } = node();
  log.lead(1, 1);
  log.commit();
  const open = [
    record("BeginTransactionRecord", { name: "half" }),
    record("TopicRecord", { name: "half", topicId: "DDDDDDDDDDDDDDDDDDDDDA" }),
  ];
  log.append(1, open.map(writeRecord));
  log.commit();
  expect(publisher.image.topicsByName.get("half")).toBeUndefined();
  log.lead(1, 2);
  expect(log.appended.at(-1)?.map(({ type }) => type)).toEqual(["AbortTransactionRecord"]);
  log.commit();
  expect(publisher.image.topicsByName.get("half")).toBeUndefined();
  expect(publisher.appliedOffset).toBe(log.endOffset - 1);
});

test("NoOp records come while the controller is active, and stop with it", async () => {
  const { clock, log } = node(500);
  log.lead(1, 1);
  await clock.run(1_600, 100);
  expect(log.appended.filter(([first]) => first?.type === "NoOpRecord")).toHaveLength(3);
  log.lead(2, 2);
  await clock.run(5_000, 500);
  expect(log.appended.filter(([first]) => first?.type === "NoOpRecord")).toHaveLength(3);
});

test("a task of the active controller is done again and again, at once where there is more to do", () => {
  const more = [true, false, false];
  const done: number[] = [];
  const { clock, log } = node(0, [
    {
      intervalMs: 500,
      decide: () => {
        done.push(clock.ticksMs());
        return result([], more.shift() ?? false);
      },
    },
  ]);
  clock.advance(1_000);
  expect(done).toEqual([]);
  log.lead(1, 1);
  clock.advance(500);
  clock.endTurn();
  clock.advance(500);
  clock.endTurn();
  expect(done).toEqual([1_500, 1_500, 2_000]);
  log.lead(2, 2);
  clock.advance(1_000);
  expect(done.length).toBe(3);
});

test("a silent broker is fenced after its session", async () => {
  const { clock, log, publisher } = await withBroker();
  log.lead(1, 2); // a new leader has heard of nobody yet
  await clock.run(9_000, 100);
  log.commit();
  expect(publisher.image.brokers.get(1)?.fenced).toBe(false);
  await clock.run(1_200, 100);
  log.commit();
  expect(publisher.image.brokers.get(1)?.fenced).toBe(true);
});

test("a controller that was stopped does not hold its own silence against the brokers", async () => {
  const { clock, log, publisher, controller } = await withBroker();
  log.lead(1, 2);
  let stoppedMs = 0;
  const ticksMs = clock.ticksMs.bind(clock);
  clock.ticksMs = () => ticksMs() + stoppedMs;
  await clock.run(2_000, 100);
  stoppedMs = 60_000; // SIGSTOP, then SIGCONT: the timers come late, and before what the broker sent
  await clock.run(1_200, 100);
  const beat = { brokerId: 1, brokerEpoch: 101, currentMetadataOffset: 20, wantFence: false, wantShutDown: false };
  const request = { ...beat, offlineLogDirs: [], cordonedLogDirs: null };
  const asked = controller.handle(BrokerHeartbeat, request, context);
  log.commit();
  expect((await asked).reply.isFenced).toBe(false);
  await clock.run(5_000, 100);
  log.commit();
  expect(publisher.image.brokers.get(1)?.fenced).toBe(false);
});

test("a request waits for an active controller, and its reply for this node's own image", async () => {
  const { clock, log, controller, publisher } = node();
  const channel = new LocalChannel({
    controller,
    clock,
    reached: (offset) => publisher.reached(offset),
    timeoutMs: 1000,
  });
  const early = channel.send(CreateTopics, create("orders"), context);
  await clock.run(1_100);
  await expect(early).rejects.toMatchObject({ error: "NOT_CONTROLLER" });

  const applied = Promise.withResolvers<void>();
  publisher.subscribe(({ createdTopics }) => (createdTopics.length > 0 ? applied.promise : undefined));
  const asked = channel.send(CreateTopics, create("orders"), context);
  log.lead(1, 1);
  const registered = controller.run(() => atomicResult([brokerRecord({ id: 1 })], null));
  log.commit();
  await registered;
  await Promise.resolve();
  const second = channel.send(CreateTopics, create("orders", "more"), context);
  await Promise.resolve();
  log.commit();
  let answered = false;
  const both = Promise.all([asked, second]).then(() => {
    answered = true;
  });
  await clock.run(10);
  expect(answered).toBe(false);
  expect(publisher.image.topicsByName.size).toBe(0); // not shown before it is applied
  applied.resolve();
  await both;
  expect(publisher.image.topicsByName.size).toBeGreaterThan(0);
});

test("a snapshot is written after so many bytes, and says the same as the image", async () => {
  const { log, controller, publisher, snapshotSettings } = await withBroker();
  snapshotSettings.maxRecordBytesBetweenSnapshots = 100;
  const done = controller.handle(CreateTopics, create("orders", "more"), context);
  log.commit();
  await done;
  expect(log.snapshots).toHaveLength(1);
  const { id, records } = log.snapshots[0]!;
  expect(id).toEqual({ offset: log.endOffset, epoch: 1 });
  const copy = node();
  const snapshot = { id, lastContainedLogTimeMs: 0, sizeBytes: 0, records: records.map(writeRecord) };
  copy.publisher.snapshot(snapshot);
  copy.controller.snapshot(snapshot);
  const names = ({ image }: MetadataPublisher) => [...image.topicsByName.keys()].sort();
  expect(names(copy.publisher)).toEqual(names(publisher));
  expect(copy.publisher.appliedOffset).toBe(publisher.appliedOffset);
});

test("a feature of a later release ends the node with one sentence", () => {
  const { log, fatal, publisher } = node();
  log.lead(1, 1);
  log.append(1, [writeRecord(record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 31 }))]);
  expect(() => log.commit()).toThrow("metadata.version finalized at level 31");
  expect(fatal).toEqual([]);
  expect(publisher.image.features.metadataVersion).toBeNull();
});
