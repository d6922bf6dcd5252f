/** Voter sets and the history of them that the log holds: a set is in force from its record on, committed or not. */
import { assert } from "../../base/assert.ts";
import { ZERO_UUID } from "../../base/uuid.ts";
import type { Endpoint, RaftState, ReplicaKey, Since, Voter, VoterSet } from "./state.ts";

/** The kraft.version levels that we can work with. */
export const supportedKraftVersions: readonly [min: number, max: number] = [0, 1];

export function latest<Value>(history: readonly Since<Value>[]): Since<Value> {
  const last = history.at(-1);
  assert(last !== undefined, "a history is never empty");
  return last;
}

export function votersOf(state: RaftState): VoterSet {
  return latest(state.voters).value;
}

export function kraftVersionOf(state: RaftState): number {
  return latest(state.kraftVersion).value;
}

/** Appends what a record at `offset` put in force. */
export function changed<Value>(
  history: readonly Since<Value>[],
  offset: number,
  value: Value,
): readonly Since<Value>[] {
  assert(offset > latest(history).offset, "a history grows with the log");
  return [...history, { offset, value }];
}

/** A voter set of kraft.version 0 does not know directory ids: there the node id alone names the voter. */
export function isVoter(voters: VoterSet, key: ReplicaKey): boolean {
  return voters.some((voter) => sameReplica(voter, key));
}

export function sameReplica(voter: ReplicaKey, key: ReplicaKey): boolean {
  return voter.id === key.id && (voter.directoryId === ZERO_UUID || voter.directoryId === key.directoryId);
}

/**
 * Whether this node may ask for votes: as a voter, and also as one that was taken out of the set while that is not
 * known to be committed. Its log may hold what no voter has, and then none of them can win without it; its own vote
 * does not count (Raft's thesis, 4.2.2).
 */
export function mayCampaign({ voters, highWatermark, self }: RaftState): boolean {
  const { offset, value } = latest(voters);
  if (isVoter(value, self)) return true;
  return offset >= (highWatermark ?? 0) && isVoter(voters.at(-2)?.value ?? [], self);
}

/** The vote that this node has as a candidate. */
export function ownVote({ voters, self }: Pick<RaftState, "voters" | "self">): readonly number[] {
  return isVoter(latest(voters).value, self) ? [self.id] : [];
}

export function isOnlyVoter(state: RaftState): boolean {
  const voters = votersOf(state);
  return voters.length === 1 && isVoter(voters, state.self);
}

export function majority(voters: VoterSet): number {
  return Math.floor(voters.length / 2) + 1;
}

/** This node as a voter. */
export function ownVoter({ self, endpoints }: RaftState): Voter {
  return { ...self, endpoints, kraftVersions: supportedKraftVersions };
}

/** The set with this node's own entry replaced. */
export function withVoter(voters: VoterSet, own: Voter): VoterSet {
  return voters.map((voter) => (voter.id === own.id ? own : voter));
}

export function needsUpdate(voters: VoterSet, own: Voter): boolean {
  const known = voters.find((voter) => voter.id === own.id);
  if (known === undefined) return false;
  const [min, max] = known.kraftVersions;
  return !sameEndpoints(known.endpoints, own.endpoints) || min !== own.kraftVersions[0] || max !== own.kraftVersions[1];
}

function sameEndpoints(one: readonly Endpoint[], other: readonly Endpoint[]): boolean {
  if (one.length !== other.length) return false;
  return one.every((endpoint) =>
    other.some((twin) => twin.name === endpoint.name && twin.host === endpoint.host && twin.port === endpoint.port),
  );
}
