/**
 * KRaft as a function: no I/O, no clock, no randomness, no await. Same state, same event, same step. The driver
 * performs the effects strictly in order and reports back with events; a quorum of one takes the same path as any
 * other.
 *
 *     unattached ──timeout──► prospective ──majority──► candidate ──majority──► leader ──resign──► resigned
 *         ▲                        (pre-vote)            (epoch + 1)                                   │
 *         └─────────────── a higher epoch is heard of, from every role ◄──────────timeout─────────────┘
 */
import { assert, unreachable } from "../../base/assert.ts";
import {
  epochEnded,
  follow,
  leaderCommitted,
  leaderGone,
  leaderHeard,
  leaderMissed,
  replicated,
  snapshotLoaded,
  truncate,
} from "./follow.ts";
import { append, durable, fetched, heardOf, resign } from "./leader.ts";
import type {
  Effect,
  Election,
  Endpoint,
  LogEnd,
  RaftEvent,
  RaftState,
  ReplicaKey,
  Since,
  Step,
  VoterSet,
} from "./state.ts";
import { answerVote, becomeProspective, countVote, electionOf, enterEpoch, votedForSelf, waitAgain } from "./vote.ts";
import { changeVoters, updateVoter, upgradeKraftVersion } from "./voter-changes.ts";
import { isOnlyVoter, mayCampaign, ownVote } from "./voters.ts";

export interface Restored {
  readonly self: ReplicaKey;
  readonly endpoints: readonly Endpoint[];
  /** From quorum-state; null where there is none yet. */
  readonly election: Election | null;
  readonly log: LogEnd;
  readonly voters: readonly Since<VoterSet>[];
  readonly kraftVersion: readonly Since<number>[];
}

/**
 * The state after a restart. A leader comes back as resigned: it must not vote for another in its own epoch, nor append
 * to
 * it, because records that were lost with the page cache would then have twins at the same offset and epoch.
 */
export function restore({ self, endpoints, election, log, voters, kraftVersion }: Restored): RaftState {
  assert(log.durableOffset === log.offset, "a log is synced to its end before it counts");
  const base = { self, endpoints, log, voters, kraftVersion, highWatermark: null, toldHighWatermark: null };
  const behind = election === null || election.epoch < log.epoch;
  if (behind) {
    const epoch = election === null ? log.epoch : Math.max(election.epoch, log.epoch);
    return { ...base, epoch, leaderId: null, votedFor: null, role: { name: "unattached" } };
  }
  const { epoch, leaderId, votedFor } = election;
  if (leaderId === self.id) return { ...base, epoch, leaderId: null, votedFor, role: { name: "resigned" } };
  if (votedForSelf(election, self)) {
    return {
      ...base,
      epoch,
      leaderId: null,
      votedFor,
      role: { name: "candidate", granted: ownVote(base), rejected: [] },
    };
  }
  return { ...base, epoch, leaderId, votedFor, role: { name: "unattached" } };
}

export function step(state: RaftState, event: RaftEvent): Step {
  const next = decide(state, event);
  check(state, next.state);
  return next;
}

function decide(state: RaftState, event: RaftEvent): Step {
  switch (event.type) {
    case "started":
      return started(state);
    case "electionTimeout":
      return electionTimeout(state);
    case "voteRequest":
      return answerVote(state, event);
    case "voteReply":
      return countVote(state, event);
    case "append":
      return append(state, event.epoch, event.records);
    case "durable":
      return durable(state, event.offset);
    case "resign":
      return resign(state, event.epoch);
    case "changeVoters":
      return changeVoters(state, event.epoch, event.voters);
    case "updateVoter":
      return updateVoter(state, event.epoch, event.voter);
    case "upgradeKraftVersion":
      return upgradeKraftVersion(state, event.epoch, event.level);
    case "leaderFound":
      return follow(state, event.epoch, event.leaderId);
    case "leaderHeard":
      return leaderHeard(state, event.epoch);
    case "replicated":
      return replicated(state, event);
    case "diverged":
      return truncate(state, event.endOffset, event.lastEpoch);
    case "leaderCommitted":
      return leaderCommitted(state, event.epoch, event.offset);
    case "snapshotLoaded":
      return snapshotLoaded(state, event);
    case "fetched":
      return fetched(state, event.from, event.offset, event.nowMs);
    case "snapshotFetched":
      return heardOf(state, event.from);
    case "checkQuorumTimeout":
      return isOnlyVoter(state) ? { state, effects: [] } : resign(state, state.epoch);
    case "leaderGone":
      return leaderGone(state, event.epoch);
    case "epochEnded":
      return epochEnded(state, event.epoch, event.leaderId, event.delayMs);
    default:
      return unreachable(event);
  }
}

/** A node that is the only voter need not wait for anybody: it opens its epoch at once. */
function started(state: RaftState): Step {
  const persisted: Effect = { do: "persistElection", election: electionOf(state) };
  if (!mayCampaign(state)) return startedAsObserver(state, persisted);
  if (isOnlyVoter(state)) return becomeProspective(state);
  return { state, effects: [persisted, { do: "armElectionTimer" }] };
}

/** What it was as a voter is over; it looks for the leader. Who led may not vote in that epoch again. */
function startedAsObserver(state: RaftState, persisted: Effect): Step {
  if (state.role.name === "resigned") return enterEpoch(state, state.epoch + 1, null);
  return { state: { ...state, role: { name: "unattached" } }, effects: [persisted] };
}

function electionTimeout(state: RaftState): Step {
  // Voters may have changed since the timer was armed.
  const isObserver = !mayCampaign(state);
  if (isObserver && state.role.name !== "resigned") return leaderMissed(state);
  switch (state.role.name) {
    case "unattached":
    case "follower":
    case "candidate":
      return becomeProspective(state);
    case "resigned": {
      const entered = enterEpoch(state, state.epoch + 1, null);
      if (!isOnlyVoter(entered.state)) return entered;
      const asked = becomeProspective(entered.state);
      return { state: asked.state, effects: [...entered.effects, ...asked.effects] };
    }
    case "prospective":
      return waitAgain(state); // nobody answered in time
    case "leader":
      return { state, effects: [] };
    default:
      return unreachable(state.role);
  }
}

function check(before: RaftState, after: RaftState): void {
  assert(after.epoch >= before.epoch, "the epoch never goes back");
  assert((after.highWatermark ?? -1) >= (before.highWatermark ?? -1), "the high watermark never goes back");
  if (after.epoch === before.epoch && before.votedFor !== null && after.votedFor !== null) {
    assert(after.votedFor.id === before.votedFor.id, "one vote in an epoch");
  }
}
