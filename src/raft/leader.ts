/**
 * What a leader does: it opens its epoch with a LeaderChange record, appends, and counts who has what on disk. The high
 * watermark is the highest offset that a majority of voters has durably, once that includes a record of its own epoch.
 */
import { assert } from "../../base/assert.ts";
import type { ControlRecord, Effect, Entries, Progress, RaftState, ReplicaKey, Step } from "./state.ts";
import {
  changed,
  isOnlyVoter,
  isVoter,
  kraftVersionOf,
  latest,
  majority,
  needsUpdate,
  ownVoter,
  sameReplica,
  votersOf,
  withVoter,
} from "./voters.ts";

export function becomeLeader(state: RaftState, granted: readonly number[], before: readonly Effect[]): Step {
  assert(state.role.name === "candidate", "only a candidate wins an election");
  assert(granted.length >= majority(votersOf(state)), "a leader has a majority of votes");
  assert(state.log.epoch < state.epoch, "no record of the new epoch exists before its leader");
  const leaderId = state.self.id;
  const progress = votersOf(state)
    .filter((voter) => voter.id !== leaderId)
    .map(({ id, directoryId }) => unheard({ id, directoryId }));
  const learned = withVoter(votersOf(state), ownVoter(state));
  const led: RaftState = {
    ...state,
    leaderId,
    votedFor: null,
    role: { name: "leader", epochStartOffset: state.log.offset, granted, progress, fetchers: [], learned },
  };
  const opened = appendControl(led, epochStart(led, granted));
  const effects: Effect[] = [
    ...before,
    { do: "cancelTimer" },
    { do: "persistElection", election: { epoch: led.epoch, leaderId, votedFor: null } },
    ...opened.effects,
    { do: "leaderChanged", leaderId, epoch: led.epoch },
  ];
  if (!isOnlyVoter(state)) effects.push({ do: "armCheckQuorumTimer" }, { do: "beginQuorumEpoch", epoch: led.epoch });
  return { state: opened.state, effects };
}

export const unheard = ({ id, directoryId }: ReplicaKey): Progress => ({
  ...{ id, directoryId, endOffset: null, lastFetchMs: -1, lastCaughtUpMs: -1, leaderEndOffset: -1 },
});

/**
 * With kraft.version 1 the leader also writes the voters where they are not in the log yet or its own entry changed.
 */
function epochStart(state: RaftState, granting: readonly number[]): ControlRecord[] {
  const { offset, value: voters } = latest(state.voters);
  const ids = voters.map((voter) => voter.id);
  const records: ControlRecord[] = [
    { type: "leaderChange", leaderId: state.self.id, voters: ids, granting: [...granting] },
  ];
  const own = ownVoter(state);
  if (kraftVersionOf(state) >= 1 && (offset === -1 || needsUpdate(voters, own))) {
    records.push({ type: "kraftVersion", level: kraftVersionOf(state) });
    records.push({ type: "voters", voters: withVoter(voters, own) });
  }
  return records;
}

export function appendControl(state: RaftState, control: readonly ControlRecord[]): Step {
  const base = state.log.offset;
  let { voters, kraftVersion } = state;
  control.forEach((record, at) => {
    if (record.type === "voters") voters = changed(voters, base + at, record.voters);
    if (record.type === "kraftVersion") kraftVersion = changed(kraftVersion, base + at, record.level);
  });
  return appended({ ...state, voters, kraftVersion }, { control }, control.length);
}

function appended(state: RaftState, entries: Entries, count: number): Step {
  assert(count > 0, "a batch is never empty");
  const baseOffset = state.log.offset;
  const log = { ...state.log, offset: baseOffset + count, epoch: state.epoch };
  return { state: { ...state, log }, effects: [{ do: "append", baseOffset, epoch: state.epoch, entries }] };
}

/** The records of one batch: all or none of them survive a crash. */
export function append(state: RaftState, epoch: number, records: readonly Uint8Array[]): Step {
  assert(state.role.name === "leader" && state.epoch === epoch, "only the leader of the epoch appends");
  return appended(state, { records }, records.length);
}

/** "Disk done": the own log counts toward the high watermark only now. */
export function durable(state: RaftState, offset: number): Step {
  assert(offset >= state.log.durableOffset, "what is durable stays durable");
  assert(offset <= state.log.offset, "nothing is durable before it is appended");
  const next = { ...state, log: { ...state.log, durableOffset: offset } };
  return advanceHighWatermark(next);
}

/** Sorted from the most advanced voter on, the one in the middle has everything that a majority has. */
export function advanceHighWatermark(state: RaftState): Step {
  const { role } = state;
  if (role.name !== "leader") return { state, effects: [] };
  const ends = votersOf(state).map((voter) => {
    if (sameReplica(voter, state.self)) return state.log.durableOffset;
    return role.progress.find((replica) => isSame(replica, voter))?.endOffset ?? -1;
  });
  const offset = ends.sort((a, b) => b - a)[majority(votersOf(state)) - 1] ?? -1;
  // A record of an earlier epoch counts as committed only together with one of this epoch (Raft, 5.4.2).
  if (offset <= role.epochStartOffset || offset <= (state.highWatermark ?? -1)) return { state, effects: [] };
  assert(offset <= state.log.offset, "nothing is committed that the leader does not have");
  const next = { ...state, highWatermark: offset, toldHighWatermark: offset };
  const effects: Effect[] = [{ do: "highWatermark", offset }];
  // Who is no voter any more leads until that is committed, and no longer.
  const isRemoved = !isVoter(votersOf(state), state.self) && latest(state.voters).offset < offset;
  if (!isRemoved) return { state: next, effects };
  const resigned = resign(next, next.epoch);
  return { state: resigned.state, effects: [...effects, ...resigned.effects] };
}

/** An observer that has not fetched for so long is no longer listed. */
const OBSERVER_SESSION_MS = 300_000;

/** Another replica has everything before `offset`. A voter says so only of what it has durably. */
export function fetched(state: RaftState, from: ReplicaKey, offset: number, nowMs: number): Step {
  const { role } = state;
  assert(role.name === "leader", "only a leader answers fetches");
  assert(offset <= state.log.offset, "nobody has more than the leader");
  const voter = votersOf(state).find((each) => sameReplica(each, from));
  const key = voter ?? from;
  const before = role.progress.find((replica) => isSame(replica, key)) ?? unheard(key);
  let { lastCaughtUpMs } = before;
  if (offset >= state.log.offset) lastCaughtUpMs = nowMs;
  else if (before.leaderEndOffset >= 0 && offset >= before.leaderEndOffset) lastCaughtUpMs = before.lastFetchMs;
  const now = { ...before, endOffset: offset, lastFetchMs: nowMs, lastCaughtUpMs, leaderEndOffset: state.log.offset };
  const others = role.progress.filter((replica) => {
    if (isSame(replica, key)) return false;
    const isListed = votersOf(state).some((each) => isSame(each, replica));
    return isListed || nowMs - replica.lastFetchMs < OBSERVER_SESSION_MS;
  });
  const progress = [...others, now].sort((a, b) => a.id - b.id);
  const seen = heardOf({ ...state, role: { ...role, progress } }, from);
  const advanced = advanceHighWatermark(seen.state);
  return { state: advanced.state, effects: [...seen.effects, ...advanced.effects] };
}

/** A leader that a majority no longer follows is none: it counts who fetches, and begins again with each majority. */
export function heardOf(state: RaftState, from: ReplicaKey): Step {
  const { role } = state;
  assert(role.name === "leader", "only a leader is followed");
  const voters = votersOf(state);
  const isPeer = from.id !== state.self.id && voters.some((voter) => sameReplica(voter, from));
  if (!isPeer || role.fetchers.includes(from.id)) return { state, effects: [] };
  const fetchers = [...role.fetchers, from.id];
  const own = isVoter(voters, state.self) ? 1 : 0;
  if (fetchers.length + own < majority(voters))
    return { state: { ...state, role: { ...role, fetchers } }, effects: [] };
  return { state: { ...state, role: { ...role, fetchers: [] } }, effects: [{ do: "armCheckQuorumTimer" }] };
}

function isSame(one: ReplicaKey, other: ReplicaKey): boolean {
  return one.id === other.id && one.directoryId === other.directoryId;
}

/** This node cannot go on as leader of the epoch, and will not lead or vote in it again. */
export function resign(state: RaftState, epoch: number): Step {
  const { role } = state;
  if (role.name !== "leader" || state.epoch !== epoch) return { state, effects: [] };
  const ends = (voter: ReplicaKey) => role.progress.find((replica) => isSame(replica, voter))?.endOffset ?? -1;
  const successors = votersOf(state)
    .filter((voter) => voter.id !== state.self.id)
    .map(({ id, directoryId }) => ({ id, directoryId }))
    .sort((a, b) => ends(b) - ends(a) || a.id - b.id);
  const next: RaftState = { ...state, leaderId: null, role: { name: "resigned" } };
  const effects: Effect[] = [
    { do: "leaderChanged", leaderId: null, epoch },
    { do: "armElectionTimer" },
    { do: "endQuorumEpoch", epoch, successors },
  ];
  return { state: next, effects };
}
