/** Bugs of raft, planted as those of mutants.ts are: each must be found by seeds of a quorum alone. */
import type { Mutant } from "../mutants.ts";

export const raftMutants: readonly Mutant[] = [
  {
    name: "replicas of an older epoch are counted (figure 8)",
    file: "src/raft/leader.ts",
    find: "if (offset <= role.epochStartOffset || offset <= (state.highWatermark ?? -1))",
    replace: "if (offset <= (state.highWatermark ?? 0))",
  },
  {
    name: "the vote is forgotten",
    file: "src/raft/driver.ts",
    find: "return writeElection(disk, ",
    replace: "return disk.syncDirectory(path); void writeElection(disk, ",
  },
  {
    name: "the vote is answered before it is durable",
    file: "src/raft/driver.ts",
    find: "return writeElection(disk, ",
    replace: "void [disk, path].length; return void writeElection(disk, ",
  },
  {
    name: "two votes in an epoch",
    file: "src/raft/vote.ts",
    find: "if (state.votedFor !== null) return state.votedFor.id === from.id && sameReplica(state.votedFor, from);",
    replace: "",
  },
  {
    name: "a vote for a shorter log",
    file: "src/raft/vote.ts",
    find: "const upToDate = isAtLeast(logEnd, state.log);",
    replace: "const upToDate = logEnd.offset >= 0;",
  },
  {
    name: "logs are compared by offset alone",
    file: "src/raft/vote.ts",
    find: "return log.epoch > other.epoch || (log.epoch === other.epoch && log.offset >= other.offset);",
    replace: "return log.offset >= other.offset;",
  },
  {
    name: "a follower of a live leader grants pre-votes",
    file: "src/raft/vote.ts",
    find: "return preVote && !state.role.hasFetched && upToDate;",
    replace: "return preVote && upToDate;",
  },
  {
    name: "no pre-vote",
    file: "src/raft/vote.ts",
    find: "if (hasMajority(next, own)) return becomeCandidate(next, []);",
    replace: "return becomeCandidate(next, []);",
  },
  {
    name: "a majority is one voter less",
    file: "src/raft/voters.ts",
    find: "return Math.floor(voters.length / 2) + 1;",
    replace: "return Math.max(1, Math.floor(voters.length / 2));",
  },
  {
    name: "the high watermark counts one voter less",
    file: "src/raft/leader.ts",
    find: "ends.sort((a, b) => b - a)[majority(votersOf(state)) - 1] ?? -1;",
    replace: "ends.sort((a, b) => b - a)[Math.max(0, majority(votersOf(state)) - 2)] ?? -1;",
  },
  {
    name: "the high watermark is one too high",
    file: "src/raft/leader.ts",
    find: "ends.sort((a, b) => b - a)[majority(votersOf(state)) - 1] ?? -1;",
    replace: "Math.min(state.log.offset, 1 + (ends.sort((a, b) => b - a)[majority(votersOf(state)) - 1] ?? -1));",
  },
  {
    name: "the leader counts what it has not synced",
    file: "src/raft/leader.ts",
    find: "if (sameReplica(voter, state.self)) return state.log.durableOffset;",
    replace: "if (sameReplica(voter, state.self)) return state.log.offset;",
  },
  {
    name: "a follower asks for more before it has synced",
    file: "src/raft/driver/fetcher.ts",
    find: "return host.log.sync().then(() => {",
    replace: "void host.log.sync().then(() => {",
  },
  {
    name: "a follower commits beyond its log",
    file: "src/raft/follow.ts",
    find: "const offset = Math.min(committed, state.log.offset);",
    replace: "const offset = state.log.offset;",
  },
  {
    name: "truncation by offset, not by epoch",
    file: "src/raft/driver/lineage.ts",
    find: "const offset = own.epoch === end.epoch ? Math.min(own.offset, end.offset) : own.offset;",
    replace: "const offset = Math.min(log.logEndOffset, end.offset);",
  },
  {
    name: "a log is a beginning of the leader's by its length",
    file: "src/raft/driver/lineage.ts",
    find: "return end.epoch === epoch && end.offset >= offset ?",
    replace: "return offset <= log.logEndOffset ?",
  },
  {
    name: "a leader that has lost records leads its epoch on",
    file: "src/raft/core.ts",
    find: 'if (leaderId === self.id) return { ...base, epoch, leaderId: null, votedFor, role: { name: "resigned" } };',
    replace: `if (leaderId === self.id) {
    const role = { name: "leader", epochStartOffset: log.offset - 1, granted: [], progress: [], fetchers: [] } as const;
    return { ...base, epoch, leaderId, votedFor, role };
  }`,
  },
  {
    name: "a wiped voter votes on",
    file: "src/raft/driver/server.ts",
    find: "if (id < 0) return true;",
    replace: "if (id < 0 || id === self.id) return true;",
  },
  {
    name: "voters change before the last change is committed",
    file: "src/raft/voter-changes.ts",
    find: "if (offset < committed) return null;",
    replace: "if (offset < state.log.offset) return null;",
  },
  {
    name: "voters change before the epoch has committed anything",
    file: "src/raft/voter-changes.ts",
    find: "if ((state.highWatermark ?? -1) > epochStartOffset) return null;",
    replace: "if (epochStartOffset < state.log.offset) return null;",
  },
  {
    name: "two voters are removed at once",
    file: "src/raft/voter-changes.ts",
    find: "(voter) => voter.id !== key.id || voter.directoryId !== key.directoryId);",
    replace: "({ id }) => id !== key.id && (voters.length < 5 || id !== (key.id % voters.length) + 1));",
  },
  {
    name: "an addition is acknowledged before it is committed",
    file: "src/raft/driver/voter-requests.ts",
    find: 'if (!ackWhenCommitted) pending.answer("NONE");',
    replace: 'pending.answer("NONE");',
  },
  {
    name: "a removal is acknowledged before it is committed",
    file: "src/raft/driver/voter-requests.ts",
    find: "const { epoch, log } = host.state;",
    replace: 'const { epoch, log } = host.state; host.clock.after(0, () => pending.answer("NONE"));',
  },
  {
    name: "who lags behind is added",
    file: "src/raft/voter-changes.ts",
    find: "if (isCaughtUp) return null;",
    replace: "if (isCaughtUp || nowMs > 0) return null;",
  },
  {
    name: "a voter that is removed leads on",
    file: "src/raft/leader.ts",
    find: "if (!isRemoved) return { state: next, effects };",
    replace: "if (!isRemoved || isRemoved) return { state: next, effects };",
  },
  {
    name: "a voter that is removed asks for no votes",
    file: "src/raft/voters.ts",
    find: "return offset >= (highWatermark ?? 0) && isVoter(voters.at(-2)?.value ?? [], self);",
    replace: "return offset < (highWatermark ?? 0) && isVoter([], self);",
  },
  {
    name: "the own vote counts of who is no voter",
    file: "src/raft/voters.ts",
    find: "return isVoter(latest(voters).value, self) ? [self.id] : [];",
    replace: "return voters.length > 0 ? [self.id] : [];",
  },
  {
    name: "the leader counts itself though it is removed",
    file: "src/raft/leader.ts",
    find: "const offset = ends.sort((a, b) => b - a)[majority(votersOf(state)) - 1] ?? -1;",
    replace: `if (!isVoter(votersOf(state), state.self)) ends.push(state.log.durableOffset);
  const offset = ends.sort((a, b) => b - a)[majority(votersOf(state)) - 1] ?? -1;`,
  },
  {
    name: "voters that are truncated stay in force",
    file: "src/raft/follow.ts",
    find: "const voters = before(state.voters, endOffset);",
    replace: "const { voters } = state;",
  },
  {
    name: "the voters of a snapshot are not read",
    file: "src/raft/driver/load.ts",
    find: "if (snapshot.voters !== null) voters =",
    replace: "if (snapshot.voters !== null && latest.offset === 0) voters =",
  },
  {
    name: "a snapshot has the voters that are not committed yet",
    file: "src/raft/driver.ts",
    find: "voters: latest(voters.filter((since) => since.offset < id.offset)).value,",
    replace: "voters: latest(voters).value,",
  },
  {
    name: "voters in the leader's records are not read",
    file: "src/raft/driver/fetcher.ts",
    find: 'if (record?.type === "voters") voters.push(',
    replace: 'if (record?.type === "voters" && entry.offset % 2 === 0) voters.push(',
  },
  {
    name: "any directory may update a voter",
    file: "src/raft/voter-changes.ts",
    find: 'return isVoter(votersOf(state), voter) ? null : "VOTER_NOT_FOUND";',
    replace: "return null;",
  },
  {
    name: "an observer never misses its leader",
    file: "src/raft/core.ts",
    find: 'if (isObserver && state.role.name !== "resigned") return leaderMissed(state);',
    replace: 'if (isObserver && state.role.name !== "resigned") return { state, effects: [] };',
  },
  {
    name: "a voter that has moved does not tell",
    file: "src/raft/voters.ts",
    find: "return !sameEndpoints(known.endpoints, own.endpoints) || min",
    replace: "return min",
  },
  {
    name: "a snapshot is one record too short",
    file: "src/raft/driver/listeners.ts",
    find: "entry.nextOffset = latest.offset;",
    replace: "entry.nextOffset = latest.offset - (latest.offset > 0 ? 1 : 0);",
  },
  {
    name: "a leader that nobody follows does not resign",
    file: "src/raft/core.ts",
    find: "return isOnlyVoter(state) ? { state, effects: [] } : resign(state, state.epoch);",
    replace: "return { state, effects: [] };",
  },
];
