/**
 * R8: voters change one at a time (KIP-853). The voter sets are read from the logs on the disks: what each replica
 * believes, what leaders write and what is acknowledged must follow from them.
 */
import { ZERO_UUID } from "../../../base/uuid.ts";
import { code } from "../../../protocol/errors.ts";
import type { AddRaftVoterRequest } from "../../../protocol/generated/add-raft-voter.ts";
import type { FetchRequest } from "../../../protocol/generated/fetch.ts";
import type { RemoveRaftVoterRequest } from "../../../protocol/generated/remove-raft-voter.ts";
import type { ReplicaKey, Voter, VoterSet } from "../../raft/state.ts";
import type { World } from "../world.ts";
import { type LoggedVoters, type VotersAt, votersInLog, votersInSnapshots } from "./log-files.ts";
import type { RaftPlan } from "./plan.ts";
import { type Replica, voterOf } from "./replica.ts";

export const votersOfPlan = (plan: RaftPlan) => Array.from({ length: plan.voters }, (_, n) => voterOf(plan, n + 1));

/** Of kraft.version 0 only the node id is known. */
export const isSame = (voter: ReplicaKey, key: ReplicaKey): boolean =>
  voter.id === key.id && (voter.directoryId === ZERO_UUID || voter.directoryId === key.directoryId);
export const has = (voters: VoterSet, key: ReplicaKey): boolean => voters.some((voter) => isSame(voter, key));
export const majorityOf = (voters: VoterSet): number => Math.floor(voters.length / 2) + 1;

/** Who is in the one set and not in the other. */
const missing = (from: VoterSet, to: VoterSet): Voter[] => from.filter((voter) => !has(to, voter));

export const votersText = (voters: VoterSet): string =>
  voters.map(({ id, directoryId, endpoints }) => `${id}:${directoryId.slice(0, 2)}@${endpoints[0]?.port}`).join();

export class VoterChecks {
  /** The sets that are committed, in their order; the first is that of the formatted directories. */
  readonly committed: VotersAt[];
  private readonly world: World;
  private readonly plan: RaftPlan;
  private readonly seen = new Set<string>();
  /** By epoch: where it begins, once that is committed. */
  private readonly openedAt = new Map<number, number>();
  /** By the epoch of the leader and the replica: the highest offset that it has asked for. */
  private readonly fetchedTo = new Map<string, number>();
  private readonly looked = new WeakMap<object, { voters: VoterSet | null; endOffset: number }>();

  constructor(world: World, plan: RaftPlan) {
    this.world = world;
    this.plan = plan;
    this.committed = [{ offset: -1, epoch: 0, voters: votersOfPlan(plan) }];
  }

  get latest(): VotersAt {
    return this.committed.at(-1) as VotersAt;
  }

  /** The leader has committed this batch. */
  applied(leader: Replica, baseOffset: number, lastOffset: number, epoch: number, isControl: boolean): void {
    if (!this.openedAt.has(epoch)) this.openedAt.set(epoch, baseOffset);
    if (!isControl || this.plan.kraftVersion === 0) return;
    for (const record of votersInLog(leader).records) {
      if (record.offset < baseOffset || record.offset > lastOffset) continue;
      this.compare(leader, this.latest.voters, record);
      this.committed.push(record);
    }
  }

  fetched(request: FetchRequest): void {
    const asked = request.topics[0]?.partitions[0];
    if (asked === undefined) return;
    const { currentLeaderEpoch, fetchOffset, replicaDirectoryId } = asked;
    const key = `${currentLeaderEpoch} ${request.replicaState.replicaId} ${replicaDirectoryId}`;
    this.fetchedTo.set(key, Math.max(this.fetchedTo.get(key) ?? 0, fetchOffset));
  }

  /** Whatever the replica believes now. */
  observe(replica: Replica): void {
    const { current } = replica;
    if (current?.driver == null || this.plan.kraftVersion === 0) return;
    const { driver } = current;
    const { voters } = driver.describe();
    const looked = this.looked.get(driver) ?? { voters: null, endOffset: 0 };
    const isNews = looked.voters !== voters || driver.endOffset < looked.endOffset;
    if (isNews && !this.look(replica)) return; // its disk is still to follow
    looked.voters = voters;
    looked.endOffset = driver.endOffset;
    this.looked.set(driver, looked);
    if (!current.leads || has(voters, replica)) return;
    const { offset = -1 } = votersInLog(replica).records.at(-1) ?? {};
    if (offset >= current.machine.nextOffset) return;
    this.fail("R8 a leader that was removed leads no longer", `${replica.id} was at ${offset}, and leads`);
  }

  /** What is on the disk, and whether the process believes that. False where the disk is still to follow. */
  look(replica: Replica): boolean {
    if (this.plan.kraftVersion === 0) return true;
    const log = votersInLog(replica);
    this.follow(replica, log);
    const driver = replica.current?.driver;
    if (driver == null) return true;
    const snapshots = votersInSnapshots(replica);
    for (const snapshot of snapshots) this.snapshot(replica, snapshot);
    const { end } = log;
    const latest = snapshots.filter(({ offset, epoch }) => !end || (offset <= end.offset && epoch <= end.epoch)).at(-1);
    const isLoading = end !== null && (driver.latestSnapshotId?.epoch ?? 0) > end.epoch;
    if (isLoading || driver.endOffset !== (end?.offset ?? latest?.offset ?? 0)) return false;
    const last = log.records.at(-1);
    const isLogged = last !== undefined && last.offset >= (latest?.offset ?? 0);
    const wanted = isLogged ? last.voters : (latest?.voters ?? []);
    const { voters } = driver.describe();
    if (votersText(voters) === votersText(wanted)) return true;
    const detail = `${replica.id} ends at ${driver.endOffset} with ${votersText(wanted)}, it goes by ${votersText(voters)}`;
    this.fail("R8 the last voters of a log are in force", detail);
    return true;
  }

  private follow(replica: Replica, { records }: LoggedVoters): void {
    let before: VoterSet | null = null;
    let uncommitted = 0;
    for (const record of records) {
      before ??= this.committed.findLast(({ offset, epoch }) => offset < record.offset && epoch <= record.epoch)
        ?.voters as VoterSet;
      const isCommitted = this.committed.some((each) => each.offset === record.offset && each.epoch === record.epoch);
      const isChange = missing(before, record.voters).length + missing(record.voters, before).length > 0;
      if (isChange && !isCommitted) uncommitted++;
      const key = `${record.offset} ${record.epoch}`;
      if (isChange && !this.seen.has(key)) this.first(replica, before, record);
      this.seen.add(key);
      before = record.voters;
    }
    if (uncommitted <= 1) return;
    this.fail("R8 one change at a time", `${replica.id} has ${uncommitted} of which none is known to be committed`);
  }

  /** A change that nobody has seen before. */
  private first(replica: Replica, before: VoterSet, record: VotersAt): void {
    this.compare(replica, before, record);
    const { offset, epoch, voters } = record;
    const opened = this.openedAt.get(epoch);
    if (opened === undefined || opened >= offset) {
      const detail = `at ${offset} in epoch ${epoch}, which begins at ${opened ?? "nothing committed"}`;
      this.fail("R8 voters change once a record of the epoch is committed", detail);
      return;
    }
    for (const { id, directoryId } of missing(voters, before)) {
      const has = this.fetchedTo.get(`${epoch} ${id} ${directoryId}`) ?? 0;
      if (has > opened) continue;
      const detail = `${id} at ${offset}: it has asked for ${has}, epoch ${epoch} begins at ${opened}`;
      this.fail("R8 who is added has caught up", detail);
    }
  }

  private compare({ id }: Replica, before: VoterSet, { offset, voters }: VotersAt): void {
    const changes = missing(before, voters).length + missing(voters, before).length;
    const members = voters.length + missing(before, voters).length;
    if (changes <= 1 && majorityOf(before) + majorityOf(voters) > members) return;
    const detail = `${id} at ${offset}: ${votersText(before)} and then ${votersText(voters)}`;
    this.fail("R8 majorities of old and new voters overlap", detail);
  }

  /** R7: it names the voters of its moment. */
  private snapshot({ id }: Replica, { offset, voters }: VotersAt): void {
    if (offset === 0) return; // as it was formatted
    const wanted = this.committed.findLast((each) => each.offset < offset)?.voters as VoterSet;
    if (votersText(voters) === votersText(wanted)) return;
    const detail = `${id} up to ${offset}: ${votersText(voters)} where ${votersText(wanted)} is committed`;
    this.fail("R7 a snapshot has the voters of its moment", detail);
  }

  /** `since`: how many sets were committed when the request arrived. */
  acknowledged(name: string, request: unknown, { errorCode }: { errorCode: number }, since: number): void {
    if (errorCode !== code("NONE")) return;
    const { voterId, voterDirectoryId } = request as AddRaftVoterRequest | RemoveRaftVoterRequest;
    const key = { id: voterId, directoryId: voterDirectoryId };
    const isAddition = name === "AddRaftVoter";
    if (isAddition && !(request as AddRaftVoterRequest).ackWhenCommitted) return;
    if (this.committed.slice(since).some(({ voters }) => has(voters, key) === isAddition)) return;
    this.fail("R8 an acknowledged change is committed", `${name} of ${voterId} ${voterDirectoryId}`);
  }

  /** R1: votes of a majority of those that count for the leader. */
  elected(leader: Replica, epoch: number, granted: readonly { readonly voter: ReplicaKey }[]): void {
    const voters = leader.current?.driver?.describe().voters ?? [];
    const has = (voter: Voter) => isSame(voter, leader) || granted.some((each) => isSame(voter, each.voter));
    const votes = voters.filter(has);
    if (votes.length >= majorityOf(voters)) return;
    const detail = `${leader.id} leads epoch ${epoch} with votes of ${votersText(votes) || "nobody"} in ${votersText(voters)}`;
    this.fail("R1 a leader has the votes of a majority", detail);
  }

  /** All go by the committed set, every voter in it is reached, and who joins by itself has done so. */
  agreed(replicas: readonly Replica[]): boolean {
    if (this.plan.kraftVersion === 0) return true;
    const { voters } = this.latest;
    const text = votersText(voters);
    const isMoved = ({ id, directoryId, endpoints }: Voter) =>
      replicas.some((each) => isSame({ id, directoryId }, each) && endpoints[0]?.port !== each.port);
    const descriptions = replicas.map(({ current }) => current?.driver?.describe());
    const leading = descriptions.find((each, n) => each?.leaderId === replicas[n]?.id);
    const isDescribed = voters.every((voter) => leading?.progress.some((each) => isSame(voter, each)));
    return (
      isDescribed &&
      descriptions.every((each) => votersText(each?.voters ?? []) === text) &&
      !voters.some(isMoved) &&
      (!this.plan.settings.autoJoin || replicas.every((replica) => has(voters, replica)))
    );
  }

  private fail(invariant: string, detail: string): void {
    this.world.fail(invariant, detail);
  }
}
