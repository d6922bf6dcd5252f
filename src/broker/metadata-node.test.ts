import { expect, test } from "bun:test";
import type { Net, Ports, Work } from "../../base/ports.ts";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { CreateTopics } from "../../protocol/generated/create-topics.ts";
import { LiveConfig } from "../config/live.ts";
import { parseStatic } from "../config/static.ts";
import { ControllerRegistrar } from "../lifecycle/controller-registration.ts";
import { Lifecycle } from "../lifecycle/lifecycle.ts";
import { ownContext } from "../metadata/controller/channel.ts";
import { supportedFeatures } from "../metadata/features.ts";
import { type PartitionRegistration, RECOVERED } from "../metadata/image.ts";
import { record } from "../metadata/records/record.ts";
import { readRecord } from "../metadata/records/serde.ts";
import { brokerRecord, directoryOf } from "../metadata/testing/controller-fixture.ts";
import { decodeBatches } from "../raft/driver/batches.ts";
import { openCluster } from "./identity.ts";
import { raftEndpoints } from "./listeners.ts";
import { type MetadataNode, openMetadata } from "./metadata-node.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

class Machine {
  readonly clock = new FakeClock();
  readonly disk = new MemoryDisk(() => this.clock.nowMs());
  readonly fatal: unknown[] = [];
  private starts = 0;

  async start(overrides: readonly (readonly [string, string])[] = []) {
    const { clock, disk } = this;
    const ports: Ports = {
      clock,
      disk,
      logger,
      random: new Prng(++this.starts),
      net: undefined as unknown as Net,
      work: undefined as unknown as Work,
    };
    const settings = parseStatic({ file: null, overrides, workingDirectory: "/home" });
    const config = new LiveConfig(settings, logger);
    const endpoints = raftEndpoints(settings.advertisedControllerListeners);
    const identity = await openCluster({
      ...ports,
      nodeId: settings.nodeId,
      logDirs: settings.logDirs,
      metadataLogDir: settings.metadataLogDir,
      isController: true,
      staticQuorum: settings.quorumVoters.length > 0,
      hasPeers: settings.quorumVoters.length > 1,
      controllerEndpoints: endpoints,
      clusterId: null,
    });
    const onFatal = (error: unknown) => this.fatal.push(error);
    const metadata = await openMetadata({ ports, config, identity, endpoints, onFatal });
    const common = { nodeId: 1, clock, random: ports.random, logger, channel: metadata.quickChannel };
    const features = supportedFeatures();
    const listener = { name: "CONTROLLER", host: "localhost", port: 9093, securityProtocol: 0 };
    const registrar = new ControllerRegistrar({ ...common, features, listeners: [listener] });
    metadata.publisher.subscribe((changes) => registrar.changed(changes));
    const lifecycle = new Lifecycle({
      ...common,
      clusterId: identity.clusterId,
      metadata: metadata.publisher,
      hasController: () => true,
      listeners: [{ name: "PLAINTEXT", host: "localhost", port: 9092, securityProtocol: 0 }],
      features,
      rack: null,
      directories: identity.directories.map(({ id }) => id),
      cordonedDirectories: () => [],
      previousBrokerEpoch: -1,
      heartbeatIntervalMs: 2000,
      registrationTimeoutMs: 60_000,
      directoryFailureTimeoutMs: 30_000,
      ready: Promise.resolve(),
      onFatal,
    });
    metadata.raft.start();
    registrar.start();
    return { metadata, lifecycle, running: lifecycle.start() };
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 400; i++) await Promise.resolve();
  }

  /** Types of all records in the log, with their batches; NoOp records left out. */
  log(): (string | number)[] {
    const bytes = this.disk.contentOf("/home/data/__cluster_metadata-0/00000000000000000000.log");
    return [...decodeBatches(bytes)].flatMap(({ records, control }) => [
      ...control.map(({ type }) => type),
      ...records.map((record) => readRecord(record).type).filter((type) => type !== "NoOpRecord"),
    ]);
  }
}

function create({ channel }: MetadataNode, name: string) {
  const topic = { name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] };
  const request = { topics: [topic], timeoutMs: 1000, validateOnly: false };
  return channel.send(CreateTopics, request, ownContext(7)).then(({ topics }) => topics[0]?.errorCode);
}

/** As kafka.Kafka 4.3.1 writes them after `format --standalone` and a start, then a topic, then a second start. */
const [leaderChange, kraftVersion, voters] = [2, 5, 6];
const formattedAndStarted = [
  ...[leaderChange, kraftVersion, voters, "BeginTransactionRecord"],
  ...new Array(6).fill("FeatureLevelRecord"),
  ...["ConfigRecord", "EndTransactionRecord", "RegisterControllerRecord", "RegisterBrokerRecord"],
  ...["BrokerRegistrationChangeRecord", "BrokerRegistrationChangeRecord"],
];

test("an empty machine is formatted, leads, registers and runs, with Apache's records in Apache's order", async () => {
  const machine = new Machine();
  const { metadata, running } = await machine.start();
  await running;
  expect(machine.log()).toEqual(formattedAndStarted);
  expect(metadata.publisher.image.brokers.get(1)?.fenced).toBe(false);
  expect(await create(metadata, "orders")).toBe(0);
  expect(metadata.publisher.image.topicsByName.get("orders")?.partitions.size).toBe(2);
  expect(machine.log().slice(formattedAndStarted.length)).toEqual([
    "TopicRecord",
    "PartitionRecord",
    "PartitionRecord",
  ]);
  expect(machine.fatal).toEqual([]);
});

test("after kill -9 the new incarnation replaces the old one at once, and leads its partitions again", async () => {
  const machine = new Machine();
  const first = await machine.start();
  await first.running;
  await create(first.metadata, "orders");
  machine.disk.kill();
  const ticksBefore = machine.clock.ticksMs();
  const { metadata, running, lifecycle } = await machine.start();
  await running;
  expect(machine.clock.ticksMs()).toBe(ticksBefore); // no session was waited for
  expect(lifecycle.brokerEpoch).toBeGreaterThan(first.lifecycle.brokerEpoch);
  const partition = metadata.publisher.image.topicsByName.get("orders")?.partitions.get(1);
  expect(partition).toMatchObject({ leader: 1, isr: [1], leaderEpoch: 2 });
});

test("a controlled shutdown leaves nobody waiting, and the next start is clean", async () => {
  const machine = new Machine();
  const { metadata, running, lifecycle } = await machine.start();
  await running;
  await create(metadata, "orders");
  const stopped = lifecycle.controlledShutdown(60_000);
  await machine.clock.run(100, 5);
  await stopped;
  expect(metadata.publisher.image.brokers.get(1)?.fenced).toBe(true);
  await metadata.raft.close();
  const again = await machine.start();
  await again.running;
  expect(again.metadata.publisher.image.topicsByName.get("orders")?.partitions.get(0)?.leader).toBe(1);
});

test("a quorum of one by controller.quorum.voters works as well, without voters in the log", async () => {
  const machine = new Machine();
  const { metadata, running } = await machine.start([["controller.quorum.voters", "1@localhost:9093"]]);
  await running;
  expect(machine.log().slice(0, 2)).toEqual([leaderChange, "BeginTransactionRecord"]);
  const election = new TextDecoder().decode(machine.disk.contentOf("/home/data/__cluster_metadata-0/quorum-state"));
  expect(JSON.parse(election)).toEqual({
    ...{ clusterId: "", leaderId: 1, leaderEpoch: 1, votedId: -1, appliedOffset: 0 },
    ...{ currentVoters: [{ voterId: 1 }], data_version: 0 },
  });
  expect(metadata.raft.describe().voters).toMatchObject([{ id: 1, directoryId: "AAAAAAAAAAAAAAAAAAAAAA" }]);
  machine.disk.kill();
  const again = await machine.start([["controller.quorum.voters", "1@localhost:9093"]]);
  await again.running;
});

test("an empty directory is not formatted for a cluster of its own where others belong to the quorum", async () => {
  const three = ["controller.quorum.voters", "1@localhost:9093,2@localhost:9094,3@localhost:9095"] as const;
  await expect(new Machine().start([three])).rejects.toThrow("format it for the cluster");
});

/** One run that creates topics until the disk stops; returns what was acknowledged, or null where it did not stop. */
async function acknowledgedUntil(machine: Machine, stopAfter: number): Promise<string[] | null> {
  let left = stopAfter;
  machine.disk.fault = (operation) => {
    if (!["write", "sync", "rename", "syncDirectory"].includes(operation) || left-- > 0) return null;
    return "EIO";
  };
  const acknowledged: string[] = [];
  try {
    const { metadata } = await machine.start();
    await machine.settle();
    for (const name of ["a", "b", "c"]) {
      void create(metadata, name).then(
        (errorCode) => errorCode === 0 && acknowledged.push(name),
        () => {},
      );
      await machine.settle();
    }
  } catch {
    // The disk failed: the process ends.
  }
  return left < 0 ? acknowledged : null;
}

test.each([["nothing"], ["some sectors"]])(
  "a power cut after any write or sync, of which %s unsynced survives, loses no acknowledged topic",
  async (kind) => {
    let stopAfter = 0;
    for (; ; stopAfter++) {
      const machine = new Machine();
      const acknowledged = await acknowledgedUntil(machine, stopAfter);
      machine.disk.fault = () => null;
      machine.disk.crash(kind === "nothing" ? "none" : new Prng(stopAfter + 1));
      machine.fatal.length = 0;
      const { metadata, running } = await machine.start();
      await running;
      expect(machine.fatal).toEqual([]);
      for (const name of acknowledged ?? []) expect(metadata.publisher.image.topicsByName.has(name)).toBe(true);
      if (acknowledged === null) break;
    }
    expect(stopAfter).toBeGreaterThan(30);
  },
  20_000,
);

/** A partition of this node and of another one, which is up or not, as it is after that many seconds. */
async function partitionAfter(
  seconds: number,
  overrides: readonly (readonly [string, string])[],
  otherIsUp: boolean,
  more: Partial<PartitionRegistration>,
): Promise<PartitionRegistration | undefined> {
  const machine = new Machine();
  const { metadata, running } = await machine.start(overrides);
  await running;
  const topicId = directoryOf(5, 5);
  const { directories = [] } = metadata.publisher.image.brokers.get(1) ?? {};
  await metadata.controller.run(() => ({
    records: [
      brokerRecord({ id: 2, fenced: !otherIsUp }),
      record("TopicRecord", { name: "orders", topicId }),
      record(
        "PartitionRecord",
        {
          partitionId: 0,
          topicId,
          replicas: [2, 1],
          isr: [2],
          removingReplicas: [],
          addingReplicas: [],
          leader: 1,
          leaderRecoveryState: RECOVERED,
          leaderEpoch: 0,
          partitionEpoch: 0,
          directories: [directoryOf(2), directories[0] as string],
          eligibleLeaderReplicas: null,
          lastKnownElr: null,
          ...(more as object),
        },
        1,
      ),
    ],
    reply: null,
    atomic: false,
  }));
  for (let i = 0; i < seconds; i++) {
    machine.clock.advance(1_000);
    await machine.settle();
  }
  return metadata.publisher.image.topicsByName.get("orders")?.partitions.get(0);
}

test.each([
  ["true", "5", 6, 2],
  ["true", "60", 6, 1],
  ["false", "5", 6, 1],
])("auto.leader.rebalance.enable=%s looks every leader.imbalance.check.interval.seconds=%s", async (...given) => {
  const [enabled, interval, seconds, leader] = given;
  const settings = [
    ["auto.leader.rebalance.enable", enabled],
    ["leader.imbalance.check.interval.seconds", interval],
  ] as const;
  const away = { leader: 1, isr: [1, 2] };
  expect((await partitionAfter(seconds, settings, true, away))?.leader).toBe(leader);
});

test.each([
  ["true", "5000", 6, 1],
  ["true", "60000", 6, -1],
  ["false", "5000", 6, -1],
])("unclean.leader.election.enable=%s looks every unclean.leader.election.interval.ms=%s", async (...given) => {
  const [enabled, interval, seconds, leader] = given;
  const settings = [
    ["unclean.leader.election.enable", enabled],
    ["unclean.leader.election.interval.ms", interval],
  ] as const;
  expect((await partitionAfter(seconds, settings, false, { leader: -1 }))?.leader).toBe(leader);
});
