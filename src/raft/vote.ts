/**
 * Elections. A replica that hears of no leader first asks whether it could win (pre-vote, KIP-996), and only then opens
 * a
 * new epoch. It votes for at most one candidate in an epoch, and the vote is on disk before the answer leaves.
 */
import { assert } from "../../base/assert.ts";
import { becomeLeader } from "./leader.ts";
import type { Effect, Election, OffsetAndEpoch, RaftState, ReplicaKey, Step, VoteReply, VoteRequest } from "./state.ts";
import { majority, mayCampaign, ownVote, sameReplica, votersOf } from "./voters.ts";

export function electionOf(state: RaftState): Election {
  return { epoch: state.epoch, leaderId: state.leaderId, votedFor: state.votedFor };
}

/** No leader was heard of in time (or this is the only voter): ask the others whether an election would succeed. */
export function becomeProspective(state: RaftState): Step {
  assert(mayCampaign(state), "an observer never asks for votes");
  assert(state.role.name !== "leader", "a leader needs no election");
  const own = ownVote(state);
  const next: RaftState = { ...state, role: { name: "prospective", granted: own, rejected: [] } };
  if (hasMajority(next, own)) return becomeCandidate(next, []);
  return { state: next, effects: [{ do: "armElectionTimer" }, ...askForVotes(next, true)] };
}

/** A new epoch, with the own vote in it. `before` are effects that come first. */
function becomeCandidate(state: RaftState, before: readonly Effect[]): Step {
  const own = ownVote(state);
  const next: RaftState = {
    ...state,
    epoch: state.epoch + 1,
    leaderId: null,
    votedFor: state.self,
    role: { name: "candidate", granted: own, rejected: [] },
  };
  const effects: Effect[] = [
    ...before,
    { do: "persistElection", election: electionOf(next) },
    { do: "leaderChanged", leaderId: null, epoch: next.epoch },
  ];
  if (hasMajority(next, own)) return becomeLeader(next, own, effects);
  return { state: next, effects: [...effects, { do: "armElectionTimer" }, ...askForVotes(next, false)] };
}

function askForVotes(state: RaftState, preVote: boolean): Effect[] {
  const { self: from, epoch } = state;
  const logEnd = { offset: state.log.offset, epoch: state.log.epoch };
  return votersOf(state)
    .filter((voter) => voter.id !== from.id)
    .map(({ id, directoryId }) => {
      const to = { id, directoryId };
      return { do: "send", to, message: { type: "voteRequest", from, epoch, to, logEnd, preVote } } as const;
    });
}

function hasMajority(state: RaftState, granted: readonly number[]): boolean {
  return granted.length >= majority(votersOf(state));
}

/**
 * The epochs in the request have been checked by the caller: a vote is asked for an epoch that the log has not seen.
 */
export function answerVote(state: RaftState, request: VoteRequest): Step {
  if (request.epoch < state.epoch) return { state, effects: [voteReply(state, request, false)] };
  let next = state;
  const effects: Effect[] = [];
  if (request.epoch > state.epoch) {
    const step = enterEpoch(state, request.epoch, null);
    next = step.state;
    effects.push(...step.effects);
  }
  if (!sameReplica(request.to, next.self))
    return { state: next, effects: [...effects, voteReply(next, request, false)] };
  const granted = canGrant(next, request);
  const votes = granted && !request.preVote && next.votedFor === null;
  if (votes) {
    next = { ...next, votedFor: request.from };
    effects.push({ do: "persistElection", election: electionOf(next) }, { do: "armElectionTimer" });
  }
  effects.push(voteReply(next, request, granted));
  return { state: next, effects };
}

/**
 * A standard vote goes to the first candidate whose log is at least as long. A pre-vote promises nothing, so any
 * replica
 * that follows no live leader grants it; a follower of one refuses, which is what keeps a rejoining node from deposing
 * it.
 */
function canGrant(state: RaftState, { from, logEnd, preVote }: VoteRequest): boolean {
  const upToDate = isAtLeast(logEnd, state.log);
  switch (state.role.name) {
    case "leader":
      return false;
    case "candidate":
    case "resigned":
      return preVote && upToDate;
    case "follower":
      return preVote && !state.role.hasFetched && upToDate;
    case "unattached":
    case "prospective":
      if (preVote) return upToDate;
      if (state.votedFor !== null) return state.votedFor.id === from.id && sameReplica(state.votedFor, from);
      return state.leaderId === null && upToDate;
  }
}

function isAtLeast(log: OffsetAndEpoch, other: OffsetAndEpoch): boolean {
  return log.epoch > other.epoch || (log.epoch === other.epoch && log.offset >= other.offset);
}

function voteReply(state: RaftState, request: VoteRequest, granted: boolean): Effect {
  const { epoch, leaderId } = state;
  const { preVote } = request;
  const message = { type: "voteReply", from: state.self.id, epoch, leaderId, granted, preVote } as const;
  return { do: "send", to: request.from, message };
}

/** A higher epoch was heard of. What this replica was before is over. */
export function enterEpoch(state: RaftState, epoch: number, leaderId: number | null): Step {
  assert(epoch > state.epoch, "the epoch never goes back");
  const next: RaftState = { ...state, epoch, leaderId, votedFor: null, role: { name: "unattached" } };
  const effects: Effect[] = [
    { do: "persistElection", election: electionOf(next) },
    { do: "leaderChanged", leaderId, epoch },
  ];
  if (mayCampaign(next)) effects.push({ do: "armElectionTimer" });
  return { state: next, effects };
}

export function countVote(state: RaftState, reply: VoteReply): Step {
  if (reply.epoch > state.epoch) return enterEpoch(state, reply.epoch, null);
  const { role } = state;
  const expected = reply.preVote ? "prospective" : "candidate";
  if (reply.epoch < state.epoch || role.name !== expected) return { state, effects: [] };
  if (!votersOf(state).some((voter) => voter.id === reply.from)) return { state, effects: [] };
  const granted = reply.granted ? including(role.granted, reply.from) : role.granted;
  // Who refused at first may grant a pre-vote later, when it too has lost the leader.
  const rejected = reply.granted
    ? role.rejected.filter((id) => id !== reply.from)
    : including(role.rejected, reply.from);
  const next: RaftState = { ...state, role: { ...role, granted, rejected } };
  if (!hasMajority(next, granted)) return isLost(next, rejected) ? waitAgain(next) : { state: next, effects: [] };
  return role.name === "prospective" ? becomeCandidate(next, []) : becomeLeader(next, granted, []);
}

/** Too many refuse: no election now. A candidate waits for its timeout, since its epoch is open. */
function isLost(state: RaftState, rejected: readonly number[]): boolean {
  const voters = votersOf(state);
  return state.role.name === "prospective" && voters.length - rejected.length < majority(voters);
}

/** Without forgetting a vote given in this epoch; it looks for a leader meanwhile. */
export function waitAgain(state: RaftState): Step {
  return { state: { ...state, leaderId: null, role: { name: "unattached" } }, effects: [{ do: "armElectionTimer" }] };
}

function including(ids: readonly number[], id: number): readonly number[] {
  return ids.includes(id) ? ids : [...ids, id].sort((a, b) => a - b);
}

/** For a vote that was persisted, whose directory may be unknown in old files. */
export function votedForSelf(election: Election, self: ReplicaKey): boolean {
  return election.votedFor !== null && election.votedFor.id === self.id && sameReplica(election.votedFor, self);
}
