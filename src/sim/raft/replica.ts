/** One host of the quorum: a disk, a wall clock, and the raft driver on it, with a state machine that listens. */
import type { Logger } from "../../../base/ports.ts";
import { ZERO_UUID } from "../../../base/uuid.ts";
import type { HostAndPort } from "../../raft/driver/host.ts";
import type { CommittedBatch, LeaderAndEpoch, RaftListener, RaftSnapshot } from "../../raft/driver/listeners.ts";
import { bootstrapSnapshotId, encodeSnapshot, snapshotFileName } from "../../raft/driver/snapshot.ts";
import { defaultRaftSettings, RaftDriver } from "../../raft/driver.ts";
import type { Endpoint, Voter } from "../../raft/state.ts";
import { SimClock, WallClock } from "../clock.ts";
import { SimDisk } from "../disk.ts";
import { DiskDoor } from "../disk-door.ts";
import { Life, stackOf, type World } from "../world.ts";
import type { Messages } from "./messages.ts";
import type { RaftPlan } from "./plan.ts";

export const METADATA_LOG = "/data/__cluster_metadata-0";
const utf8 = new TextEncoder();
const noUtf8 = new TextDecoder();
export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
/** A node that moves is at another port, of which the rest says which node it is. */
const PORTS = 100;
export const endpointAt = (port: number): Endpoint => ({ name: "CONTROLLER", host: "localhost", port });
export const nodeAt = (port: number): number => port % PORTS;

/** Who hears what the state machines hear. */
export interface ReplicaEvents {
  applied(replica: Replica, batch: AppliedBatch, state: string): void;
  /** A snapshot. */
  loaded(): void;
  started(replica: Replica): void;
  wroteSnapshot(replica: Replica): void;
  /** The process has ended by itself: the disk failed, or power did in the middle of a turn. */
  ended(replica: Replica, power: boolean): void;
}

/** What a state machine has applied: a batch, or (with no offset of its own) a snapshot. */
export interface AppliedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly isControl: boolean;
}

/** What a state machine is here: how many records it has seen, and a hash of all of them in their order. */
class Machine implements RaftListener {
  count = 0;
  hash = 0;
  nextOffset = 0;
  lastEpoch = 0;
  appendTimeMs = 0;
  private readonly run: Run;

  constructor(run: Run) {
    this.run = run;
  }

  committed(batches: readonly CommittedBatch[]): void {
    const { run } = this;
    if (!run.life.acts) return;
    for (const { baseOffset, lastOffset, epoch, appendTimeMs, records } of batches) {
      if (baseOffset !== this.nextOffset) run.replica.wrong("R4 batches follow each other", `${baseOffset}`);
      for (const record of records) {
        this.count++;
        this.hash = mixed(this.hash, noUtf8.decode(record));
      }
      this.nextOffset = lastOffset + 1;
      this.lastEpoch = epoch;
      this.appendTimeMs = appendTimeMs;
      const applied = { baseOffset, lastOffset, epoch, isControl: records.length === 0 };
      run.replica.events.applied(run.replica, applied, `${epoch} ${this.count} ${this.hash}`);
    }
  }

  snapshot({ id, records }: RaftSnapshot): void {
    const { run } = this;
    if (!run.life.acts) return;
    const leads = run.driver?.leader.leaderId === run.replica.id;
    if (leads && this.nextOffset > 0) run.replica.wrong("R7 a leader never loads a snapshot", `${id.offset}`);
    const [state = "0 0"] = Array.from(records, (record) => noUtf8.decode(record));
    const [count = 0, hash = 0] = state.split(" ").map(Number);
    this.count = count;
    this.hash = hash;
    this.nextOffset = id.offset;
    this.lastEpoch = id.epoch;
    // R7: it says what the records before it say.
    if (id.offset === 0) return;
    run.replica.events.loaded();
    const lastOffset = id.offset - 1;
    const applied = { baseOffset: lastOffset, lastOffset, epoch: id.epoch, isControl: false };
    run.replica.events.applied(run.replica, applied, `${id.epoch} ${count} ${hash}`);
  }

  leaderChanged(_: LeaderAndEpoch): void {}
}

const kraftVersions = { name: "kraft.version", minVersion: 0, maxVersion: 1 };

/** One process. */
export class Run {
  readonly replica: Replica;
  readonly life: Life;
  readonly door: DiskDoor;
  readonly machine = new Machine(this);
  driver: RaftDriver | null = null;
  stopping = false;
  private writing = false;

  constructor(replica: Replica, life: Life, door: DiskDoor) {
    this.replica = replica;
    this.life = life;
    this.door = door;
  }

  get leads(): boolean {
    return this.driver?.leader.leaderId === this.replica.id;
  }

  answer(name: string, request: unknown): Promise<unknown> {
    const { server, voterRequests } = this.driver as RaftDriver;
    const answers: Record<string, (request: never) => Promise<unknown>> = {
      Vote: (each) => server.vote(each),
      BeginQuorumEpoch: (each) => server.beginQuorumEpoch(each),
      EndQuorumEpoch: (each) => server.endQuorumEpoch(each),
      Fetch: (each) => server.fetch(each),
      FetchSnapshot: (each) => server.fetchSnapshot(each),
      ApiVersions: () => Promise.resolve({ errorCode: 0, supportedFeatures: [kraftVersions] }),
      AddRaftVoter: (each) => voterRequests.add(each),
      RemoveRaftVoter: (each) => voterRequests.remove(each),
      UpdateRaftVoter: (each) => voterRequests.update(each),
    };
    return (answers[name] as (request: unknown) => Promise<unknown>)(request);
  }

  snapshot(): void {
    const { driver, machine, life } = this;
    if (driver === null || !life.acts || life.paused || this.writing || machine.count === 0) return;
    if (machine.nextOffset > driver.highWatermark) return;
    const at = { offset: machine.nextOffset, epoch: machine.lastEpoch };
    const records = [utf8.encode(`${machine.count} ${machine.hash}`)];
    this.writing = true;
    driver.createSnapshot(at, machine.appendTimeMs, records).then(
      () => {
        this.writing = false;
        this.replica.events.wroteSnapshot(this.replica);
      },
      (failure) => this.replica.failed(this, failure),
    );
  }
}

export class Replica {
  readonly id: number;
  readonly disk: SimDisk;
  readonly wall: WallClock;
  readonly events: ReplicaEvents;
  /** Another one with every disk. */
  directoryId: string;
  /** Where it is reached; another one when it has moved. */
  port: number;
  current: Run | null = null;
  /** The highest that it has told anybody. */
  epoch = 0;
  private readonly world: World;
  private readonly plan: RaftPlan;
  private runs = 0;
  private disks = 1;

  constructor(world: World, plan: RaftPlan, id: number, events: ReplicaEvents) {
    this.world = world;
    this.plan = plan;
    this.id = id;
    this.port = id;
    this.events = events;
    this.directoryId = directoryIdOf(id, 1);
    this.disk = new SimDisk(world, `raft ${id}`, { capacityBytes: Infinity, syncMeanMs: plan.syncMeanMs });
    this.wall = new WallClock(world);
  }

  /** As `format` leaves a directory: with the voters in it, or (kraft.version 0) with nothing. */
  format(voters: readonly Voter[]): void {
    this.disk.makeDirectory(METADATA_LOG);
    if (this.plan.kraftVersion === 1) {
      const nowMs = this.wall.nowMs();
      const content = { epoch: 0, lastContainedLogTimeMs: nowMs, kraftVersion: 1, voters, records: [], nowMs };
      const file = this.disk.file("format", `${METADATA_LOG}/${snapshotFileName(bootstrapSnapshotId)}`, true);
      for (const chunk of encodeSnapshot(content)) file.write(file.sizeBytes, chunk);
    }
    this.disk.powerCut(true); // with everything kept: all is durable now
  }

  start(messages: Messages, staticVoters: readonly Voter[], bootstrap: readonly HostAndPort[]): void {
    if (this.current !== null) return;
    const { world, id } = this;
    const life = new Life(`replica ${id} run ${++this.runs}`);
    const door = new DiskDoor(this.disk, life, () => world.afterThis(() => this.current === run && this.end(true)));
    const run = new Run(this, life, door);
    this.current = run;
    world.note(`${life.name} starts`);
    const opened = RaftDriver.open({
      ...{ clusterId: "cluster", disk: door, logger: silent, path: METADATA_LOG, lockPath: null },
      clock: new SimClock(world, life, this.wall, world.dice(`clock ${life.name}`)),
      random: world.dice(`random ${life.name}`),
      self: { id, directoryId: this.directoryId },
      endpoints: [this.endpoint],
      staticVoters,
      settings: { ...defaultRaftSettings, segmentIndexBytes: 800, ...this.plan.settings },
      network: messages.door(this, life),
      bootstrapServers: bootstrap,
      onFatal: (failure) => this.failed(run, failure),
    });
    opened.then(
      (driver) => {
        if (!life.acts) return;
        run.driver = driver;
        if (driver.leader.epoch < this.epoch) {
          this.wrong("R5 the epoch never goes back", `${driver.leader.epoch} after ${this.epoch}`);
        }
        driver.register(run.machine);
        driver.start();
        this.events.started(this);
      },
      (failure) => this.failed(run, failure),
    );
  }

  get endpoint(): Endpoint {
    return endpointAt(this.port);
  }

  /** Of no disk that it ever had. */
  get otherDirectoryId(): string {
    return directoryIdOf(this.id, 0);
  }

  /** From its next start on. */
  move(): void {
    this.port += PORTS;
    this.world.note(`replica ${this.id} moves to ${this.port}`);
  }

  /** Gives up what it leads, and ends. */
  stop(): void {
    const run = this.current;
    if (run?.driver == null || run.stopping || run.life.paused) return;
    run.stopping = true;
    this.world.note(`${run.life.name} stops`);
    run.driver.close().then(
      () => {
        if (this.current === run && run.life.acts) this.end(false);
      },
      (failure) => this.failed(run, failure),
    );
  }

  end(power: boolean): void {
    const run = this.current;
    if (run === null) return;
    this.world.note(`${run.life.name} ends${power ? " with the power" : ""}`);
    run.life.alive = false;
    this.current = null;
    if (power) this.disk.powerCut();
    else this.disk.processEnded();
    this.events.ended(this, power);
  }

  /** An empty disk takes the place of this one: whoever starts on it is another replica, and no voter. */
  wipe(): void {
    if (this.current !== null) this.end(false);
    this.disk.replaced();
    this.directoryId = directoryIdOf(this.id, ++this.disks);
    this.epoch = 0;
    this.format([]);
    this.world.note(`replica ${this.id} has an empty disk`);
  }

  failed(run: Run, failure: unknown): void {
    if (!run.life.acts) return;
    this.wrong("no replica gives up for nothing", stackOf(failure));
  }

  wrong(invariant: string, detail: string): void {
    this.world.fail(invariant, `replica ${this.id}: ${detail}`);
  }
}

export function voterOf(plan: RaftPlan, id: number): Voter {
  const directoryId = plan.kraftVersion === 1 ? directoryIdOf(id, 1) : ZERO_UUID;
  return { id, directoryId, endpoints: [endpointAt(id)], kraftVersions: [0, 1] };
}

function directoryIdOf(id: number, disk: number): string {
  return `${"ABCDEFGHIJ"[id]}${"abcdefghij"[disk % 10]}rectoryOfThisNodeAAA`;
}

function mixed(hash: number, value: string): number {
  let next = hash;
  for (let i = 0; i < value.length; i++) next = (Math.imul(next, 31) + value.charCodeAt(i)) | 0;
  return next;
}
