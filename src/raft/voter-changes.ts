/**
 * Changes of the voter set (KIP-853): one voter at a time, and each only when the one before is committed, so that a
 * majority of the old set and one of the new always have a member in common. A leader changes the set only once a
 * record of its own epoch is committed: until then an earlier leader may have changed it too. A replica with another
 * directory is another voter, so a wiped disk is none until it is added.
 */
import { assert } from "../../base/assert.ts";
import { ZERO_UUID } from "../../base/uuid.ts";
import { advanceHighWatermark, appendControl, unheard } from "./leader.ts";
import type { ControlRecord, Effect, RaftState, ReplicaKey, Role, Step, Voter, VoterSet } from "./state.ts";
import { isOnlyVoter, isVoter, kraftVersionOf, latest, sameReplica, votersOf } from "./voters.ts";

/** Why a change is refused: Kafka's name for it, and its sentence. */
export interface Refusal {
  readonly error:
    | "REQUEST_TIMED_OUT"
    | "UNSUPPORTED_VERSION"
    | "DUPLICATE_VOTER"
    | "VOTER_NOT_FOUND"
    | "INVALID_REQUEST"
    | "INVALID_UPDATE_VERSION";
  readonly message: string;
}

type Leader = Extract<Role, { readonly name: "leader" }>;

function leaderOf(state: RaftState): Leader {
  assert(state.role.name === "leader", "only a leader changes the voters");
  return state.role;
}

export function keyText({ id, directoryId }: ReplicaKey): string {
  return `ReplicaKey(id=${id}, directoryId=${directoryId === ZERO_UUID ? "<undefined>" : directoryId})`;
}

const keysText = (voters: VoterSet): string => `[${voters.map(keyText).join(", ")}]`;

/** Null where a leader may change the voters now. */
export function changeRefused(state: RaftState, doing: "adding" | "removing"): Refusal | null {
  const fenced = fencing(state);
  if (fenced !== null) return fenced;
  const level = kraftVersionOf(state);
  if (level < 1) {
    const message = `Cluster doesn't support ${doing} voter because the kraft.version feature is ${level}`;
    return { error: "UNSUPPORTED_VERSION", message };
  }
  return uncommitted(state);
}

function fencing(state: RaftState): Refusal | null {
  const { epochStartOffset } = leaderOf(state);
  if ((state.highWatermark ?? -1) > epochStartOffset) return null;
  const message = "Request timed out waiting for leader to establish HWM and fence previous voter changes";
  return { error: "REQUEST_TIMED_OUT", message };
}

function uncommitted(state: RaftState): Refusal | null {
  const { offset } = latest(state.voters);
  const committed = state.highWatermark ?? -1;
  if (offset < committed) return null;
  const message = `Request timed out waiting for voters to commit the latest voter change at ${offset} with HWM ${committed}`;
  return { error: "REQUEST_TIMED_OUT", message };
}

/** Null where the voter may be asked for what it supports, and then be added. */
export function additionRefused(state: RaftState, key: ReplicaKey): Refusal | null {
  const refused = changeRefused(state, "adding");
  if (refused !== null) return refused;
  const voters = votersOf(state);
  if (!voters.some(({ id }) => id === key.id)) return null;
  const message = `The voter id for ${keyText(key)} is already part of the set of voters ${keysText(voters)}.`;
  return { error: "DUPLICATE_VOTER", message };
}

/** A replica that fetched within this time, and had all at some time, is no burden to the quorum. */
const CAUGHT_UP_MS = 3_600_000;

/** Null where the voter, which has told what it supports, is added now. */
export function voterRefused(state: RaftState, voter: Voter, nowMs: number): Refusal | null {
  const [min, max] = voter.kraftVersions;
  const level = kraftVersionOf(state);
  if (level < min || level > max) {
    const range = `(min: ${min}, max: ${max}`;
    const why = `the kraft.version range ${range} doesn't support the finalized version ${level}`;
    return { error: "INVALID_REQUEST", message: `Aborted add voter operation for ${keyText(voter)} since ${why}` };
  }
  const progress = leaderOf(state).progress.find((each) => each.id === voter.id && sameReplica(voter, each));
  const isCaughtUp =
    progress !== undefined && progress.lastCaughtUpMs > 0 && nowMs - progress.lastFetchMs < CAUGHT_UP_MS;
  if (isCaughtUp) return null;
  const message = `Aborted add voter operation for ${keyText(voter)} since it is lagging behind`;
  return { error: "REQUEST_TIMED_OUT", message };
}

export function withAdded(voters: VoterSet, voter: Voter): VoterSet {
  return [...voters, voter].sort((a, b) => a.id - b.id);
}

/** The set without the voter; a refusal where it is none, or the last one. */
export function withRemoved(state: RaftState, key: ReplicaKey): VoterSet | Refusal {
  const refused = changeRefused(state, "removing");
  if (refused !== null) return refused;
  const voters = votersOf(state);
  const left = voters.filter((voter) => voter.id !== key.id || voter.directoryId !== key.directoryId);
  if (left.length < voters.length && left.length > 0) return left;
  const message = `Cannot remove voter ${keyText(key)} from the set of voters ${keysText(voters)}`;
  return { error: "VOTER_NOT_FOUND", message };
}

/** Null where a voter may tell of its endpoints, its levels and, while the voters are static, of its directory. */
export function updateRefused(state: RaftState, voter: Voter): Refusal["error"] | null {
  const fenced = fencing(state);
  if (fenced !== null) return fenced.error;
  const level = kraftVersionOf(state);
  if (level >= 1 && uncommitted(state) !== null) return "REQUEST_TIMED_OUT";
  const [min, max] = voter.kraftVersions;
  if (level < min || level > max) return "INVALID_REQUEST";
  return isVoter(votersOf(state), voter) ? null : "VOTER_NOT_FOUND";
}

/** The leader of `epoch` appends another voter set: with one voter more, one fewer, or one that has moved. */
export function changeVoters(state: RaftState, epoch: number, voters: VoterSet): Step {
  assert(state.epoch === epoch, "only the leader of the epoch changes the voters");
  assert(changeRefused(state, "adding") === null, "one change at a time, in an epoch that has committed something");
  const before = votersOf(state);
  const joined = voters.filter((voter) => !isVoter(before, voter)).length;
  const left = before.filter((voter) => !isVoter(voters, voter)).length;
  assert(joined + left <= 1 && voters.length > 0, "R8: one voter at a time, so the majorities overlap");
  return appended(state, [{ type: "voters", voters }]);
}

/** A voter told of itself. While voters are static this leader only remembers it, for the day they are not. */
export function updateVoter(state: RaftState, epoch: number, voter: Voter): Step {
  const role = leaderOf(state);
  const replaced = (voters: VoterSet) => voters.map((each) => (each.id === voter.id ? voter : each));
  if (kraftVersionOf(state) >= 1) return changeVoters(state, epoch, replaced(votersOf(state)));
  return { state: { ...state, role: { ...role, learned: replaced(role.learned) } }, effects: [] };
}

/** Null where the voters may be written into the log, which makes a static quorum one that can change. */
export function upgradeRefused(state: RaftState, level: number): string | null {
  const { learned } = leaderOf(state);
  if (fencing(state) !== null) {
    return `Invalid upgrade of kraft.version from version ${kraftVersionOf(state)} to ${level}`;
  }
  const supports = ({ kraftVersions: [min, max] }: Voter) => level >= min && level <= max;
  if (!learned.every(supports)) {
    return `Invalid upgrade of kraft.version to ${level} because not all of the voters support it`;
  }
  const unknown = learned.filter(({ directoryId }) => directoryId === ZERO_UUID);
  return unknown.length === 0 ? null : `Directory id must be known for all of the voters: ${keysText(learned)}`;
}

export function upgradeKraftVersion(state: RaftState, epoch: number, level: number): Step {
  const { learned } = leaderOf(state);
  assert(state.epoch === epoch, "only the leader of the epoch upgrades");
  assert(upgradeRefused(state, level) === null, "every voter is known and can work with the level");
  return appended(state, [
    { type: "kraftVersion", level },
    { type: "voters", voters: learned },
  ]);
}

/** In force at once, committed or not: the high watermark and the timers follow the new set. */
function appended(state: RaftState, control: readonly ControlRecord[]): Step {
  const step = appendControl(state, control);
  const next = { ...step.state, role: following(leaderOf(state), votersOf(step.state), state.self) };
  const advanced = advanceHighWatermark(next);
  const effects: Effect[] = [...step.effects, ...timers(state, next)];
  return { state: advanced.state, effects: [...effects, ...advanced.effects] };
}

/** A voter whose directory was not known before is the same replica; who is new has not been heard of. */
function following(role: Leader, voters: VoterSet, self: ReplicaKey): Leader {
  const known = role.progress.map((replica) => {
    const voter = voters.find(({ id }) => id === replica.id);
    const isSame = voter !== undefined && replica.directoryId === ZERO_UUID;
    return isSame ? { ...replica, directoryId: voter.directoryId } : replica;
  });
  const fresh = voters.filter((voter) => voter.id !== self.id && !known.some((replica) => sameReplica(voter, replica)));
  const progress = [...known, ...fresh.map(unheard)].sort((a, b) => a.id - b.id);
  return { ...role, progress, fetchers: role.fetchers.filter((id) => voters.some((voter) => voter.id === id)) };
}

function timers(before: RaftState, after: RaftState): Effect[] {
  if (isOnlyVoter(after)) return [{ do: "cancelTimer" }];
  if (!isOnlyVoter(before)) return [];
  return [{ do: "armCheckQuorumTimer" }, { do: "beginQuorumEpoch", epoch: after.epoch }];
}
