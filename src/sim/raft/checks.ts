/**
 * What must hold of a quorum at every moment (RELIABILITY: R1-R10, but for R8: voter sets do not change yet). Much is
 * seen as it happens, the logs and what the devices hold are looked at from time to time.
 */
import { code } from "../../../protocol/errors.ts";
import type { VoteRequest, VoteResponse } from "../../../protocol/generated/vote.ts";
import * as batch from "../../../protocol/records/batch.ts";
import { forEachBatch } from "../../../protocol/records/cursor.ts";
import { parseSnapshotName } from "../../raft/driver/snapshot.ts";
import type { World } from "../world.ts";
import type { RaftPlan } from "./plan.ts";
import { METADATA_LOG, type Replica, voterOf } from "./replica.ts";

export class RaftChecks {
  /** What is committed, as far as anybody has applied it. */
  committedEnd = 0;
  elections = 0;
  /** The same by the epoch of the leader that committed it. */
  private readonly committedEnds = new Map<number, number>();
  private lookedAt = 0;
  private readonly world: World;
  private readonly plan: RaftPlan;
  private readonly leaders = new Map<number, Replica>();
  /** By the offset of its last record: what every state machine says after that batch. */
  private readonly history = new Map<number, string>();
  /** Who was voted for, by voter and epoch. */
  private readonly votes = new Map<string, string>();
  /** By base offset and epoch: the batch, and the one before it where that was seen. */
  private readonly batches = new Map<string, { readonly crc: number; before: string | null }>();

  constructor(world: World, plan: RaftPlan) {
    this.world = world;
    this.plan = plan;
  }

  /** Whoever leads now; calls back for a leader that was not known. */
  observe(replica: Replica, elected: (replica: Replica) => void): void {
    const { current } = replica;
    if (current?.driver == null) return;
    const { epoch } = current.driver.leader;
    replica.epoch = Math.max(replica.epoch, epoch);
    if (!current.leads) return;
    const known = this.leaders.get(epoch);
    if (known === replica) return;
    if (known !== undefined) this.fail("R1 an epoch has one leader", `epoch ${epoch}: ${known.id} and ${replica.id}`);
    this.leaders.set(epoch, replica);
    this.elections++;
    this.world.note(`replica ${replica.id} leads epoch ${epoch}`);
    this.complete(replica, epoch, current.driver.endOffset);
    if (!replica.isVoter) this.fail("R10 only a voter leads", `${replica.id} with ${replica.directoryId}`);
    elected(replica);
  }

  /**
   * R3: it has the last batch that leaders before it have committed, and with that (R2) all before it. One whose votes
   * came late may lead an epoch that is over: what younger leaders committed is none of its.
   */
  private complete(leader: Replica, leaderEpoch: number, endOffset: number): void {
    let last = -1;
    for (const [epoch, end] of this.committedEnds) if (epoch < leaderEpoch) last = Math.max(last, end - 1);
    const known = this.history.get(last);
    let epoch: number | null = null;
    for (const [, bytes] of logFiles(leader, false)) {
      forEachBatch(bytes, (at, sizeBytes) => {
        if (sizeBytes < batch.HEADER_SIZE) return;
        const isLast = batch.baseOffset(bytes, at) <= last && batch.lastOffset(bytes, at) >= last;
        if (isLast) epoch = batch.partitionLeaderEpoch(bytes, at);
      });
    }
    const isSame = epoch === null ? endOffset > last : known?.startsWith(`${epoch} `) !== false;
    if (isSame) return;
    const detail = `${leader.id} ends at ${endOffset}, committed is ${last + 1} with ${known}, it has epoch ${epoch}`;
    this.fail("R3 a leader has all that is committed", detail);
  }

  applied(replica: Replica, lastOffset: number, state: string): void {
    const known = this.history.get(lastOffset);
    if (known === undefined) {
      this.history.set(lastOffset, state);
      const epoch = replica.current?.driver?.leader.epoch ?? 0;
      this.committedEnds.set(epoch, lastOffset + 1);
      if (replica.current?.leads !== true) {
        this.fail("R9 only what a leader has committed is applied", `${replica.id} applies ${lastOffset} first`);
      }
    } else if (known !== state) {
      this.fail("R4 all apply the same", `at ${lastOffset} ${replica.id} says ${state}, before it was ${known}`);
    }
    this.committedEnd = Math.max(this.committedEnd, lastOffset + 1);
  }

  /** R5, R10: one vote in an epoch, whatever restarts there are, and only of voters. */
  voted(voter: Replica, request: VoteRequest, response: VoteResponse): void {
    const asked = request.topics[0]?.partitions[0];
    const answer = response.topics[0]?.partitions[0];
    if (asked === undefined || answer === undefined || asked.preVote || !answer.voteGranted) return;
    if (answer.errorCode !== code("NONE")) return;
    if (!voter.isVoter) this.fail("R10 a wiped directory never votes", `${voter.id} with ${voter.directoryId}`);
    const key = `${voter.directoryId} ${asked.replicaEpoch}`;
    const candidate = `${asked.replicaId} ${asked.replicaDirectoryId}`;
    const before = this.votes.get(key) ?? candidate;
    if (before !== candidate) {
      this.fail("R5 one vote in an epoch", `${voter.id} in ${asked.replicaEpoch}: ${before} and ${candidate}`);
    }
    this.votes.set(key, candidate);
  }

  /** R2: a batch of the same offset and epoch is the same everywhere, and so is all before it. */
  logMatching(replica: Replica): void {
    let before: string | null = null;
    let next: number | null = null;
    let torn = false;
    for (const [, bytes] of logFiles(replica, false)) {
      forEachBatch(bytes, (at, sizeBytes) => {
        torn ||= sizeBytes < batch.HEADER_SIZE || !batch.isValid(bytes.subarray(at, at + sizeBytes), 0);
        torn ||= next !== null && batch.baseOffset(bytes, at) !== next;
        if (torn) return; // what a power cut left is no log yet
        next = batch.lastOffset(bytes, at) + 1;
        const key = `${batch.baseOffset(bytes, at)} ${batch.partitionLeaderEpoch(bytes, at)}`;
        const crc = batch.crc(bytes, at);
        const known = this.batches.get(key);
        if (known === undefined) this.batches.set(key, { crc, before });
        else {
          const isSame = known.crc === crc && (known.before === null || before === null || known.before === before);
          if (!isSame) this.fail("R2 logs match", `${replica.id} has another batch at ${key}, or before it`);
          known.before ??= before;
        }
        before = key;
      });
    }
  }

  /** R6: a majority has on its devices what a leader calls committed; a disk that was lost may have had it. */
  durability(replicas: readonly Replica[]): void {
    const { committedEnd } = this;
    if (committedEnd === this.lookedAt) return;
    this.lookedAt = committedEnd;
    const lost = replicas.filter(({ id, isVoter }) => id <= this.plan.voters && !isVoter).length;
    const holders = replicas.filter((replica) => replica.isVoter && durableEnd(replica) >= committedEnd);
    if (holders.length + lost > this.plan.voters / 2) return;
    const detail = `${committedEnd} is committed and durable on ${holders.map(({ id }) => id).join() || "none"}`;
    this.fail("R6 what is committed is durable on a majority", detail);
  }

  private fail(invariant: string, detail: string): void {
    this.world.fail(invariant, detail);
  }
}

/** The segments in their order, as programs see them or as the device holds them. */
function logFiles(replica: Replica, durable: boolean): (readonly [path: string, bytes: Uint8Array])[] {
  const { disk } = replica;
  if (disk.info(METADATA_LOG) === null) return [];
  const files = durable
    ? [...disk.durableFiles(METADATA_LOG)]
    : [...disk.filesBelow(METADATA_LOG)].map(([path, file]) => [path, file.read(0, file.sizeBytes)] as const);
  return files.filter(([path]) => path.endsWith(".log")).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One past the last offset that a power cut leaves at the worst. */
function durableEnd(replica: Replica): number {
  let end = 0;
  for (const [path] of replica.disk.durableFiles(METADATA_LOG)) {
    end = Math.max(end, parseSnapshotName(path.slice(METADATA_LOG.length + 1))?.offset ?? 0);
  }
  for (const [, bytes] of logFiles(replica, true)) {
    let torn = false;
    forEachBatch(bytes, (at, sizeBytes) => {
      torn ||= sizeBytes < batch.HEADER_SIZE || !batch.isValid(bytes.subarray(at, at + sizeBytes), 0);
      if (!torn) end = Math.max(end, batch.lastOffset(bytes, at) + 1);
    });
  }
  return end;
}

export const votersOfPlan = (plan: RaftPlan) => Array.from({ length: plan.voters }, (_, n) => voterOf(plan, n + 1));
