/**
 * What must hold of a quorum at every moment (RELIABILITY: R1-R10). Much is seen as it happens, the logs and what the
 * devices hold are looked at from time to time.
 */
import { code } from "../../../protocol/errors.ts";
import type { VoteRequest, VoteResponse } from "../../../protocol/generated/vote.ts";
import * as batch from "../../../protocol/records/batch.ts";
import { forEachBatch } from "../../../protocol/records/cursor.ts";
import type { ReplicaKey, VoterSet } from "../../raft/state.ts";
import type { World } from "../world.ts";
import { durableEnd, forEachLogged, logFiles } from "./log-files.ts";
import type { RaftPlan } from "./plan.ts";
import type { AppliedBatch, Replica } from "./replica.ts";
import { isSame, majorityOf, VoterChecks, votersOfPlan, votersText } from "./voter-checks.ts";

interface Vote {
  readonly epoch: number;
  readonly voter: ReplicaKey;
  readonly candidate: ReplicaKey;
}

export class RaftChecks {
  /** What is committed, as far as anybody has applied it. */
  committedEnd = 0;
  elections = 0;
  readonly voters: VoterChecks;
  /** The voters of the leader that has committed the last of it. */
  private committedBy: VoterSet;
  /** The same by the epoch of the leader that committed it. */
  private readonly committedEnds = new Map<number, number>();
  private lookedAt = 0;
  private readonly world: World;
  private readonly leaders = new Map<number, Replica>();
  /** By the offset of its last record: what every state machine says after that batch. */
  private readonly history = new Map<number, string>();
  private readonly votes: Vote[] = [];
  /** By base offset and epoch: the batch, and the one before it where that was seen. */
  private readonly batches = new Map<string, { readonly crc: number; before: string | null }>();

  constructor(world: World, plan: RaftPlan) {
    this.world = world;
    this.voters = new VoterChecks(world, plan);
    this.committedBy = votersOfPlan(plan);
  }

  /** Whoever leads now; calls back for a leader that was not known. */
  observe(replica: Replica, elected: (replica: Replica) => void): void {
    const { current } = replica;
    if (current?.driver == null) return;
    const { epoch } = current.driver.leader;
    replica.epoch = Math.max(replica.epoch, epoch);
    this.voters.observe(replica);
    if (!current.leads) return;
    const known = this.leaders.get(epoch);
    if (known === replica) return;
    if (known !== undefined) this.fail("R1 an epoch has one leader", `epoch ${epoch}: ${known.id} and ${replica.id}`);
    this.leaders.set(epoch, replica);
    this.elections++;
    this.world.note(`replica ${replica.id} leads epoch ${epoch}`);
    this.complete(replica, epoch, current.driver.endOffset);
    const votes = this.votes.filter((vote) => vote.epoch === epoch && isSame(vote.candidate, replica));
    this.voters.elected(replica, epoch, votes);
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

  applied(replica: Replica, batch: AppliedBatch, state: string): void {
    const { baseOffset, lastOffset, isControl } = batch;
    const known = this.history.get(lastOffset);
    if (known === undefined) {
      this.history.set(lastOffset, state);
      const driver = replica.current?.driver;
      this.committedEnds.set(driver?.leader.epoch ?? 0, lastOffset + 1);
      this.committedBy = driver?.describe().voters ?? [];
      this.voters.applied(replica, baseOffset, lastOffset, batch.epoch, isControl);
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
    const { id, directoryId } = voter;
    const { replicaEpoch: epoch, voterDirectoryId: wanted } = asked;
    if (!isSame({ id, directoryId: wanted }, voter)) {
      this.fail("R10 a wiped directory never votes", `${id} with ${directoryId} for ${wanted}`);
    }
    const candidate = { id: asked.replicaId, directoryId: asked.replicaDirectoryId };
    const before = this.votes.find((vote) => vote.epoch === epoch && isSame(vote.voter, voter));
    if (before === undefined) this.votes.push({ epoch, voter: { id, directoryId }, candidate });
    else if (!isSame(before.candidate, candidate)) {
      this.fail("R5 one vote in an epoch", `${id} in ${epoch}: ${before.candidate.id} and ${candidate.id}`);
    }
  }

  /** R2: a batch of the same offset and epoch is the same everywhere, and so is all before it. */
  logMatching(replica: Replica): void {
    let before: string | null = null;
    forEachLogged(replica, (bytes, at) => {
      const key = `${batch.baseOffset(bytes, at)} ${batch.partitionLeaderEpoch(bytes, at)}`;
      const crc = batch.crc(bytes, at);
      const known = this.batches.get(key);
      if (known === undefined) this.batches.set(key, { crc, before });
      else {
        const isTwin = known.crc === crc && (known.before === null || before === null || known.before === before);
        if (!isTwin) this.fail("R2 logs match", `${replica.id} has another batch at ${key}, or before it`);
        known.before ??= before;
      }
      before = key;
    });
  }

  /** R6: a majority has on its devices what a leader calls committed; a disk that was lost may have had it. */
  durability(replicas: readonly Replica[]): void {
    const { committedEnd, committedBy } = this;
    if (committedEnd === this.lookedAt) return;
    this.lookedAt = committedEnd;
    const holders = committedBy.filter((voter) => {
      const replica = replicas.find((each) => isSame(voter, each));
      return replica === undefined || durableEnd(replica) >= committedEnd;
    });
    if (holders.length >= majorityOf(committedBy)) return;
    const detail = `${committedEnd} is committed by ${votersText(committedBy)}, durable on ${votersText(holders) || "none"}`;
    this.fail("R6 what is committed is durable on a majority", detail);
  }

  private fail(invariant: string, detail: string): void {
    this.world.fail(invariant, detail);
  }
}
