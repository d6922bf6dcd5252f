/**
 * A quorum of whole drivers, each on a disk of its own in memory, with one clock and a network that delays, loses and
 * doubles. A history is a function of its seed. What must never happen is checked as it happens.
 */
import { assert } from "../../../base/assert.ts";
import type { Cancel, Clock, Disk } from "../../../base/ports.ts";
import { Prng } from "../../../base/prng.ts";
import { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { ZERO_UUID } from "../../../base/uuid.ts";
import type { VoteRequest, VoteResponse } from "../../../protocol/generated/vote.ts";
import type { Message } from "../../../protocol/message.ts";
import type { HostAndPort, RaftNetwork } from "../driver/host.ts";
import type { CommittedBatch, LeaderAndEpoch, RaftListener, RaftSnapshot } from "../driver/listeners.ts";
import { bootstrapSnapshotId, encodeSnapshot, snapshotFileName } from "../driver/snapshot.ts";
import { RaftDriver, type RaftSettings } from "../driver.ts";
import type { ReplicaKey, Voter } from "../state.ts";
import { bytes, controllerAt, path, silent, testSettings, text } from "./raft-fixture.ts";

/** Of the disk that is the node's `nth`. */
const directoryOf = (id: number, nth: number): string =>
  `${"ABCDEFGHIJ"[id]}${"dDxyz01234"[nth % 10]}irectoryOfThisNodeAA`;

/** Runs timers one after the other, in order of time; between two, promises settle. */
class Timeline {
  ticks = 0;
  private order = 0;
  private timers: { readonly dueMs: number; readonly order: number; readonly fire: () => void }[] = [];

  after(delayMs: number, fire: () => void): Cancel {
    const timer = { dueMs: this.ticks + delayMs, order: this.order++, fire };
    const at = this.timers.findLastIndex((other) => other.dueMs <= timer.dueMs);
    this.timers.splice(at + 1, 0, timer);
    return () => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    };
  }

  async run(forMs: number): Promise<void> {
    const untilMs = this.ticks + forMs;
    for (;;) {
      const next = this.timers[0];
      if (next === undefined || next.dueMs > untilMs) break;
      this.timers.shift();
      this.ticks = next.dueMs;
      next.fire();
      for (let i = 0; i < 12; i++) await Promise.resolve();
    }
    this.ticks = untilMs;
  }
}

/** What a state machine is here: how many records it has seen, and a hash of all of them in their order. */
export class Machine implements RaftListener {
  count = 0;
  hash = 0;
  nextOffset = 0;
  leader: LeaderAndEpoch = { leaderId: null, epoch: 0 };
  lastEpoch = 0;
  appendTimeMs = 0;
  snapshotsLoaded = 0;
  private readonly world: Cluster;
  private readonly id: number;

  constructor(world: Cluster, id: number) {
    this.world = world;
    this.id = id;
  }

  committed(batches: readonly CommittedBatch[]): void {
    for (const { baseOffset, lastOffset, epoch, appendTimeMs, records } of batches) {
      assert(baseOffset === this.nextOffset, "committed batches follow each other");
      for (const record of records) {
        this.count++;
        this.hash = mixed(this.hash, text(record));
      }
      this.nextOffset = lastOffset + 1;
      this.lastEpoch = epoch;
      this.appendTimeMs = appendTimeMs;
      this.world.applied(lastOffset, `${epoch} ${this.count} ${this.hash}`);
    }
  }

  snapshot({ id, records }: RaftSnapshot): void {
    assert(
      this.world.node(this.id).driver?.leader.leaderId !== this.id || this.nextOffset === 0,
      "R7: no leader loads",
    );
    const [state = "0 0"] = Array.from(records, text);
    const [count = 0, hash = 0] = state.split(" ").map(Number);
    this.count = count;
    this.hash = hash;
    this.nextOffset = id.offset;
    this.lastEpoch = id.epoch;
    if (id.offset > 0) this.snapshotsLoaded++;
    // R7: the snapshot says what the records before it say.
    if (id.offset > 0) this.world.applied(id.offset - 1, `${id.epoch} ${count} ${hash}`);
  }

  leaderChanged(leader: LeaderAndEpoch): void {
    this.leader = leader;
    if (leader.leaderId === this.id) this.world.elected(leader.epoch, this.id);
  }
}

function mixed(hash: number, value: string): number {
  let next = hash;
  for (let i = 0; i < value.length; i++) next = (Math.imul(next, 31) + value.charCodeAt(i)) | 0;
  return next;
}

export class Node {
  readonly id: number;
  disk: MemoryDisk;
  disks = 0;
  driver: RaftDriver | null = null;
  machine: Machine;
  /** Every start is another life: what an earlier one set in motion is lost. */
  life = 0;
  epoch = 0;

  constructor(id: number, disk: MemoryDisk, machine: Machine) {
    this.id = id;
    this.disk = disk;
    this.machine = machine;
  }

  get directoryId(): string {
    return directoryOf(this.id, this.disks);
  }
  get key(): ReplicaKey {
    return { id: this.id, directoryId: this.directoryId };
  }
}

export interface ClusterOptions {
  readonly voters: number;
  readonly observers?: number;
  /** The voters are in the log, and change (kraft.version 1). */
  readonly dynamic?: boolean;
  readonly settings?: Partial<RaftSettings>;
}

export class Cluster {
  readonly random: Prng;
  readonly time = new Timeline();
  readonly nodes: Node[];
  readonly failures: unknown[] = [];
  /** Of 1000 requests or answers. */
  lost = 0;
  doubled = 0;
  delayMaxMs = 5;
  syncMaxMs = 3;
  /** Pairs "from to" that nothing passes. */
  readonly cut = new Set<string>();
  elections = 0;
  /** Of the voters, that were answered as done. */
  changes = 0;
  /** Leaders that have not answered yet. */
  private readonly changing = new Set<RaftDriver>();
  private readonly dynamic: boolean;
  private readonly voters: readonly Voter[];
  private readonly settings: RaftSettings;
  private readonly leaders = new Map<number, number>();
  /** By the offset of its last record: what every state machine says after that batch. */
  private readonly history = new Map<number, string>();
  private values = 0;

  constructor(seed: number, { voters, observers = 0, dynamic = false, settings = {} }: ClusterOptions) {
    this.random = new Prng(seed);
    this.dynamic = dynamic;
    this.settings = { ...testSettings, segmentBytes: 4096, ...settings };
    const ids = Array.from({ length: voters + observers }, (_, n) => n + 1);
    this.voters = ids.slice(0, voters).map((id) => {
      const directoryId = dynamic ? directoryOf(id, 0) : ZERO_UUID;
      return { id, directoryId, endpoints: [controllerAt(id)], kraftVersions: [0, 1] };
    });
    this.nodes = ids.map((id) => new Node(id, this.newDisk(dynamic && id <= voters), new Machine(this, id)));
  }

  /** As `--initial-controllers` formats it, or empty. */
  private newDisk(withVoters: boolean): MemoryDisk {
    const disk = new MemoryDisk(() => this.nowMs());
    disk.makeDirectory(path);
    if (withVoters) {
      const nowMs = this.nowMs();
      const { voters } = this;
      const content = { epoch: 0, lastContainedLogTimeMs: nowMs, kraftVersion: 1, voters, records: [], nowMs };
      const bytesOfAll = new Uint8Array(Buffer.concat([...encodeSnapshot(content)]));
      disk.plant(`${path}/${snapshotFileName(bootstrapSnapshotId)}`, bytesOfAll);
    }
    disk.crash("all");
    disk.gate = () => new Promise((resolve) => this.time.after(this.random.below(this.syncMaxMs + 1), resolve));
    return disk;
  }

  /** The machine burns down; another takes its place, with an empty disk of its own. */
  async wipe(id: number): Promise<void> {
    await this.crash(id, true);
    const node = this.node(id);
    node.disks++;
    node.disk = this.newDisk(false);
    node.machine = new Machine(this, id);
    node.epoch = 0;
  }

  private get leader(): RaftDriver | null {
    const leading = this.nodes.filter(({ id, driver }) => driver?.leader.leaderId === id);
    return leading.at(-1)?.driver ?? null;
  }

  /** Asks who leads to make this node a voter; the answer comes later, or never. */
  addVoter(id: number): void {
    const listeners = [controllerAt(id)];
    const { directoryId: voterDirectoryId } = this.node(id);
    const request = { clusterId: "cluster", timeoutMs: 1_000, voterId: id, voterDirectoryId, listeners };
    const { leader } = this;
    const ackWhenCommitted = this.random.below(2) === 0;
    if (leader !== null) this.change(leader, leader.voterRequests.add({ ...request, ackWhenCommitted }));
  }

  /** As it is known to the leader, be it wiped since: whose disk is lost goes first. */
  removeVoter(id: number): void {
    const { leader } = this;
    const voters = leader?.describe().voters ?? [];
    const voter = voters.find((each) => each.id === id);
    const isUnwise = voters.some((each) => each.id !== id && this.isLost(each));
    if (leader === null || voter === undefined || isUnwise) return;
    const request = { clusterId: "cluster", voterId: id, voterDirectoryId: voter.directoryId };
    this.change(leader, leader.voterRequests.remove(request));
  }

  private isLost({ id, directoryId }: ReplicaKey): boolean {
    return this.node(id).directoryId !== directoryId;
  }

  private change(leader: RaftDriver, answer: Promise<{ readonly errorCode: number }>): void {
    this.changing.add(leader);
    answer.then(
      ({ errorCode }) => {
        this.changing.delete(leader);
        if (errorCode === 0) this.changes++;
      },
      (error) => this.failures.push(error),
    );
  }

  /** Whether a disk may burn: each voter set that somebody may still count with keeps a majority without it. */
  canWipe(id: number): boolean {
    if (!this.dynamic || this.nodes.some(({ driver }) => driver !== null && this.changing.has(driver))) return false;
    const sets = this.nodes.map(({ driver }) => driver?.describe().voters ?? null);
    return sets.every((voters) => {
      if (voters === null) return false; // what it thinks is not known
      const lost = voters.filter((voter) => voter.id === id || this.isLost(voter));
      return voters.length === 0 || lost.length === 0 || (lost.length === 1 && voters.length >= 3);
    });
  }

  node(id: number): Node {
    return this.nodes[id - 1] as Node;
  }

  private nowMs(): number {
    return 1_700_000_000_000 + this.time.ticks;
  }

  async start(id: number): Promise<void> {
    const node = this.node(id);
    if (node.driver !== null) return;
    const life = ++node.life;
    const isAlive = () => node.life === life;
    node.machine = new Machine(this, id);
    const opened = RaftDriver.open({
      clusterId: "cluster",
      disk: mortal(node.disk, isAlive),
      clock: this.clockOf(isAlive),
      random: new Prng(this.random.below(1 << 30)),
      logger: silent,
      path,
      lockPath: null,
      self: node.key,
      endpoints: [controllerAt(id)],
      staticVoters: this.dynamic ? [] : this.voters,
      settings: this.settings,
      network: this.networkOf(id, isAlive),
      bootstrapServers: this.nodes.map((each) => ({ host: "localhost", port: each.id })),
      onFatal: (error) => {
        if (isAlive()) this.failures.push(error);
      },
    });
    opened.catch((error) => {
      if (isAlive()) this.failures.push(error);
    });
    const until = this.time.ticks + 2_000;
    let driver: RaftDriver | null = null;
    opened.then(
      (ready) => {
        driver = ready;
      },
      () => {},
    );
    while (driver === null && this.time.ticks < until && this.failures.length === 0) await this.time.run(1);
    if (driver === null || !isAlive()) return;
    node.driver = driver as RaftDriver;
    assert(node.driver.describe().epoch >= node.epoch, "R5: the epoch never goes back, not with a restart either");
    node.driver.register(node.machine);
    node.driver.start();
  }

  /** The process ends now; with `power` the machine does, and what was not synced is lost. */
  async crash(id: number, power: boolean): Promise<void> {
    for (let i = 0; i < 200; i++) await Promise.resolve(); // what runs comes to where it waits
    const node = this.node(id);
    if (node.driver !== null) node.epoch = node.driver.leader.epoch;
    node.life++;
    node.driver = null;
    if (power) node.disk.crash(this.random.below(2) === 0 ? "none" : this.random);
    else node.disk.kill();
  }

  /** Each of those that think they lead gets a record. */
  append(): void {
    for (const { id, driver } of this.nodes) {
      if (driver === null) continue;
      const { leaderId, epoch } = driver.leader;
      if (leaderId !== id) continue;
      try {
        driver.append(epoch, [bytes(`${++this.values}`)]);
      } catch {
        // it has heard of another epoch, and its effects are still to come
      }
    }
  }

  snapshot(id: number): void {
    const { driver, machine } = this.node(id);
    if (driver === null || machine.count === 0 || machine.nextOffset > driver.highWatermark) return;
    const at = { offset: machine.nextOffset, epoch: machine.lastEpoch };
    const life = this.node(id).life;
    driver.createSnapshot(at, machine.appendTimeMs, [bytes(`${machine.count} ${machine.hash}`)]).catch((error) => {
      if (this.node(id).life === life) this.failures.push(error);
    });
  }

  /** R1 */
  elected(epoch: number, id: number): void {
    assert((this.leaders.get(epoch) ?? id) === id, `R1: epoch ${epoch} has two leaders`);
    this.leaders.set(epoch, id);
    this.elections++;
  }

  /** R3, R4, R9: whoever applies up to an offset has applied the same. */
  applied(lastOffset: number, state: string): void {
    const known = this.history.get(lastOffset);
    if (known === undefined) this.history.set(lastOffset, state);
    else assert(known === state, `R4: at ${lastOffset} one says ${known}, another ${state}`);
  }

  get committed(): number {
    return Math.max(0, ...this.nodes.map(({ machine }) => machine.count));
  }

  private clockOf(isAlive: () => boolean): Clock {
    return {
      nowMs: () => this.nowMs(),
      ticksMs: () => this.time.ticks,
      after: (delayMs, fire) => this.time.after(delayMs, () => isAlive() && fire()),
      turnEnd: (run) => {
        this.time.after(0, () => isAlive() && run());
      },
    };
  }

  private networkOf(from: number, isAlive: () => boolean): RaftNetwork {
    return {
      ask: <Request, Response>(to: HostAndPort, message: Message<Request, Response>, request: Request) => {
        const { promise, resolve, reject } = Promise.withResolvers<Response>();
        this.time.after(2_000, () => isAlive() && reject(new Error("no answer in time")));
        const times = this.random.below(1000) < this.doubled ? 2 : 1;
        for (let n = 0; n < times; n++) {
          this.carry(from, to.port, () => {
            const answer = this.answer(this.node(to.port), message, request);
            if (answer === null) {
              this.carry(to.port, from, () => isAlive() && reject(new Error("refused")));
              return;
            }
            answer.then(
              (response) => this.carry(to.port, from, () => isAlive() && resolve(response as Response)),
              (error) => this.failures.push(error),
            );
          });
        }
        return promise;
      },
    };
  }

  private answer(node: Node, message: { readonly name: string }, request: unknown): Promise<unknown> | null {
    const { directoryId } = node;
    const answer = answerOf(node, message, request);
    if (message.name !== "Vote" || answer === null) return answer;
    const asked = (request as VoteRequest).topics[0]?.partitions[0]?.voterDirectoryId ?? ZERO_UUID;
    return answer.then((response) => {
      const { voteGranted } = (response as VoteResponse).topics[0]?.partitions[0] ?? { voteGranted: false };
      const isOther = asked !== ZERO_UUID && asked !== directoryId;
      if (voteGranted && isOther) throw new Error(`R10: the new disk of ${node.id} votes for the old one`);
      return response;
    });
  }

  private carry(from: number, to: number, arrive: () => void): void {
    if (this.random.below(1000) < this.lost) return;
    const slow = this.random.below(100) === 0 ? 40 : 1;
    this.time.after(1 + this.random.below(this.delayMaxMs * slow), () => {
      if (!this.cut.has(`${from} ${to}`)) arrive();
    });
  }
}

const kraftVersions = { name: "kraft.version", minVersion: 0, maxVersion: 1 };

/** Null where nobody is there. */
function answerOf({ driver }: Node, { name }: { readonly name: string }, request: unknown): Promise<unknown> | null {
  if (driver === null) return null;
  const { server, voterRequests } = driver;
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
  return answers[name]?.(request as never) ?? null;
}

/** The operations that wait for the device. */
const waiting: ReadonlySet<string | symbol> = new Set(["sync", "syncDirectory", "load"]);

/** A dead process does nothing more, and hears of nothing. */
function mortal(disk: Disk, isAlive: () => boolean): Disk {
  return new Proxy(disk, {
    get: (target, name) => {
      const member = Reflect.get(target, name) as ((...args: unknown[]) => unknown) | undefined;
      if (member === undefined) return undefined;
      return (...args: unknown[]) => {
        if (!isAlive()) {
          if (waiting.has(name)) return new Promise(() => {});
          throw new Error("the process has ended");
        }
        const result = member.apply(target, args);
        if (!(result instanceof Promise)) return result;
        return new Promise((resolve, reject) => {
          result.then(
            (value) => isAlive() && resolve(value),
            (error) => isAlive() && reject(error),
          );
        });
      };
    },
  });
}
