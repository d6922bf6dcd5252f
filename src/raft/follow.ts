/**
 * What a replica does with what it hears from a leader: it follows, takes the leader's records, and gives up those of
 * its own that the leader does not have. An observer does the same, and asks for no votes.
 */
import { assert } from "../../base/assert.ts";
import type { Effect, RaftEvent, RaftState, Since, Step } from "./state.ts";
import { electionOf, enterEpoch } from "./vote.ts";
import { isVoter, latest, mayCampaign, votersOf } from "./voters.ts";

type EventOf<Type extends RaftEvent["type"]> = Extract<RaftEvent, { readonly type: Type }>;

const followerRole = { name: "follower", hasFetched: false, leaderIsGone: false } as const;

const nothing = (state: RaftState): Step => ({ state, effects: [] });

/** An epoch that is over changes nothing; of a new one, or the present one without a leader, the leader is followed. */
export function follow(state: RaftState, epoch: number, leaderId: number | null): Step {
  if (epoch < state.epoch) return nothing(state);
  const isOther = leaderId !== null && leaderId !== state.self.id;
  // Who is told that it leads an epoch that it knows nothing of does not: it was reformatted.
  if (!isOther) return epoch > state.epoch ? enterEpoch(state, epoch, null) : nothing(state);
  const isNew = epoch > state.epoch;
  const { name } = state.role;
  if (!isNew && (name === "leader" || name === "resigned" || name === "follower")) return nothing(state);
  // That others have not missed it yet is no sign that the leader lives: who asks for votes goes on.
  if (!isNew && name === "prospective" && state.leaderId === leaderId) return nothing(state);
  const votedFor = isNew ? null : state.votedFor;
  const next: RaftState = { ...state, epoch, leaderId, votedFor, role: followerRole };
  const effects: Effect[] = [
    { do: "persistElection", election: electionOf(next) },
    { do: "leaderChanged", leaderId, epoch },
    { do: "armFetchTimer" },
  ];
  return { state: next, effects };
}

function isFollowerOf(state: RaftState, epoch: number): boolean {
  return state.role.name === "follower" && state.epoch === epoch;
}

export function leaderHeard(state: RaftState, epoch: number): Step {
  if (!isFollowerOf(state, epoch)) return nothing(state);
  return { state: { ...state, role: { ...followerRole, hasFetched: true } }, effects: [{ do: "armFetchTimer" }] };
}

/**
 * An observer misses its leader: it opens no election, but others may. One that is a voter by now, and has not read
 * that yet, may be the one whose vote they need.
 */
export function leaderMissed(state: RaftState): Step {
  return nothing(state.role.name === "follower" ? { ...state, role: followerRole } : state);
}

export function replicated(state: RaftState, event: EventOf<"replicated">): Step {
  const { epoch, endOffset, lastEpoch } = event;
  assert(isFollowerOf(state, epoch), "records are taken from the leader of the epoch");
  assert(endOffset > state.log.offset && lastEpoch >= state.log.epoch, "a log grows, and its epochs do");
  assert(lastEpoch <= epoch, "no record is of an epoch to come");
  const voters = [...state.voters, ...event.voters];
  const kraftVersion = [...state.kraftVersion, ...event.kraftVersion];
  const log = { ...state.log, offset: endOffset, epoch: lastEpoch };
  return nothing({ ...state, voters, kraftVersion, log });
}

/** What is committed is never given up: whoever asks for that is no leader of this quorum. */
export function truncate(state: RaftState, endOffset: number, lastEpoch: number): Step {
  assert(state.role.name !== "leader", "a leader's log only grows");
  assert(endOffset >= (state.highWatermark ?? 0), "what is committed is not truncated");
  assert(endOffset <= state.log.offset, "a truncation shortens the log");
  const log = { offset: endOffset, epoch: lastEpoch, durableOffset: endOffset };
  const voters = before(state.voters, endOffset);
  const kraftVersion = before(state.kraftVersion, endOffset);
  return { state: { ...state, log, voters, kraftVersion }, effects: [{ do: "truncateLog", endOffset }] };
}

function before<Value>(history: readonly Since<Value>[], endOffset: number): readonly Since<Value>[] {
  const kept = history.filter(({ offset }) => offset < endOffset);
  assert(kept.length > 0, "what was in force before the log stays");
  return kept;
}

/** What is committed is, as far as this log reaches, committed here. */
export function leaderCommitted(before: RaftState, epoch: number, committed: number): Step {
  if (!isFollowerOf(before, epoch)) return nothing(before);
  const state = { ...before, toldHighWatermark: Math.max(committed, before.toldHighWatermark ?? -1) };
  const offset = Math.min(committed, state.log.offset);
  const highWatermark = state.highWatermark ?? -1;
  // A snapshot may have brought all of it before the leader told: to know that is news, too.
  const isTold = highWatermark >= committed && highWatermark > (before.toldHighWatermark ?? -1);
  if (offset <= highWatermark && !isTold) return nothing(state);
  return { state: { ...state, highWatermark: offset }, effects: [{ do: "highWatermark", offset }] };
}

/** All that a snapshot holds is committed. */
export function snapshotLoaded(state: RaftState, { id, voters, kraftVersion }: EventOf<"snapshotLoaded">): Step {
  assert(state.role.name !== "leader", "a leader never loads a snapshot");
  assert(id.offset >= (state.highWatermark ?? 0), "a snapshot takes nothing back");
  assert(latest(voters).offset < id.offset && latest(kraftVersion).offset < id.offset, "voters are of the snapshot");
  const log = { offset: id.offset, epoch: id.epoch, durableOffset: id.offset };
  const next: RaftState = { ...state, log, voters, kraftVersion, highWatermark: id.offset };
  const effects: Effect[] = [
    { do: "startLogAt", offset: id.offset },
    { do: "highWatermark", offset: id.offset },
  ];
  return { state: next, effects };
}

/** Others may hear of it a little later: who asks them too early is refused. */
const GONE_FIRST_MS = 20;
/** Long enough for an election, so that those who are left seldom stand against each other. */
const GONE_NEXT_MS = 80;

/**
 * The process that led is gone: no need to wait for its silence. It is evidence for this node only: the others grant a
 * pre-vote when they have seen the same, or have missed the leader for their whole fetch timeout.
 */
export function leaderGone(state: RaftState, epoch: number): Step {
  const { leaderId, role, self } = state;
  if (!isFollowerOf(state, epoch) || (role.name === "follower" && role.leaderIsGone)) return nothing(state);
  const left = votersOf(state).filter(({ id }) => id !== leaderId);
  const rank = left.findIndex(({ id }) => id === self.id);
  if (rank < 0 || !isVoter(votersOf(state), self)) return nothing(state);
  return {
    state: { ...state, role: { name: "follower", hasFetched: false, leaderIsGone: true } },
    effects: [{ do: "armElectionTimer", delayMs: GONE_FIRST_MS + rank * GONE_NEXT_MS }],
  };
}

/** The leader resigns: no need to wait for its silence. */
export function epochEnded(state: RaftState, epoch: number, leaderId: number, delayMs: number): Step {
  if (!isFollowerOf(state, epoch) || state.leaderId !== leaderId) return nothing(state);
  if (!mayCampaign(state)) return nothing(state);
  return {
    state: { ...state, role: followerRole },
    effects: [{ do: "armElectionTimer", delayMs }],
  };
}
