/**
 * What a leader does: it opens its epoch with a LeaderChange record, appends, and counts who has what on disk. The high
 * watermark is the highest offset that a majority of voters has durably, once that includes a record of its own epoch.
 */
import { assert } from "../../base/assert.ts";
import type { ControlRecord, Effect, Entries, RaftState, Step, Voter } from "./state.ts";
import { changed, kraftVersionOf, latest, majority, needsUpdate, votersOf, withVoter } from "./voters.ts";

/** The kraft.version levels that we can work with. */
export const supportedKraftVersions: readonly [min: number, max: number] = [0, 1];

export function becomeLeader(state: RaftState, granted: readonly number[], before: readonly Effect[]): Step {
  assert(state.role.name === "candidate", "only a candidate wins an election");
  assert(granted.length >= majority(votersOf(state)), "a leader has a majority of votes");
  assert(state.log.epoch < state.epoch, "no record of the new epoch exists before its leader");
  const leaderId = state.self.id;
  const progress = votersOf(state)
    .filter((voter) => voter.id !== leaderId)
    .map(({ id, directoryId }) => ({ id, directoryId, endOffset: null, lastFetchMs: -1, lastCaughtUpMs: -1 }));
  const led: RaftState = {
    ...state,
    leaderId,
    votedFor: null,
    role: { name: "leader", epochStartOffset: state.log.offset, granted, progress },
  };
  const opened = appendControl(led, epochStart(led, granted));
  const effects: Effect[] = [
    ...before,
    { do: "cancelElectionTimer" },
    { do: "persistElection", election: { epoch: led.epoch, leaderId, votedFor: null } },
    ...opened.effects,
    { do: "leaderChanged", leaderId, epoch: led.epoch },
  ];
  return { state: opened.state, effects };
}

/**
 * With kraft.version 1 the leader also writes the voters where they are not in the log yet or its own entry changed.
 */
function epochStart(state: RaftState, granting: readonly number[]): ControlRecord[] {
  const { offset, value: voters } = latest(state.voters);
  const ids = voters.map((voter) => voter.id);
  const records: ControlRecord[] = [
    { type: "leaderChange", leaderId: state.self.id, voters: ids, granting: [...granting] },
  ];
  const own: Voter = { ...state.self, endpoints: state.endpoints, kraftVersions: supportedKraftVersions };
  if (kraftVersionOf(state) >= 1 && (offset === -1 || needsUpdate(voters, own))) {
    records.push({ type: "kraftVersion", level: kraftVersionOf(state) });
    records.push({ type: "voters", voters: withVoter(voters, own) });
  }
  return records;
}

function appendControl(state: RaftState, control: readonly ControlRecord[]): Step {
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
  const ends = votersOf(state).map(({ id }) => {
    if (id === state.self.id) return state.log.durableOffset;
    return role.progress.find((replica) => replica.id === id)?.endOffset ?? -1;
  });
  const offset = ends.sort((a, b) => b - a)[majority(votersOf(state)) - 1] ?? -1;
  // A record of an earlier epoch counts as committed only together with one of this epoch (Raft, 5.4.2).
  if (offset <= role.epochStartOffset || offset <= (state.highWatermark ?? -1)) return { state, effects: [] };
  assert(offset <= state.log.offset, "nothing is committed that the leader does not have");
  return { state: { ...state, highWatermark: offset }, effects: [{ do: "highWatermark", offset }] };
}

/** This node cannot go on as leader of the epoch, and will not lead or vote in it again. */
export function resign(state: RaftState, epoch: number): Step {
  if (state.role.name !== "leader" || state.epoch !== epoch) return { state, effects: [] };
  const next: RaftState = { ...state, leaderId: null, role: { name: "resigned" } };
  return { state: next, effects: [{ do: "leaderChanged", leaderId: null, epoch }, { do: "armElectionTimer" }] };
}
