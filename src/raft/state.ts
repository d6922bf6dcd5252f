/**
 * The values of KRaft: what a replica knows (RaftState), what can happen to it (RaftEvent) and what it then wants done
 * (Effect). All are plain and immutable; `core.ts` is the function between them.
 */

/**
 * A replica is its node id and the id of the directory that holds its log: a wiped disk is another replica (KIP-853).
 */
export interface ReplicaKey {
  readonly id: number;
  /** ZERO_UUID where it is not known (kraft.version 0). */
  readonly directoryId: string;
}

export interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface Voter extends ReplicaKey {
  readonly endpoints: readonly Endpoint[];
  /** The kraft.version levels that this voter can work with. */
  readonly kraftVersions: readonly [min: number, max: number];
}

/** By id, ascending. */
export type VoterSet = readonly Voter[];

/** One voter set or kraft.version, in force from the record at `offset` on; -1: before the log (bootstrap, static). */
export interface Since<Value> {
  readonly offset: number;
  readonly value: Value;
}

export interface OffsetAndEpoch {
  readonly offset: number;
  readonly epoch: number;
}

/** What the core knows of its own log. */
export interface LogEnd {
  /** The offset that the next record gets, and the epoch of the last record (0 where there is none). */
  readonly offset: number;
  readonly epoch: number;
  /** Below it everything survives power loss. */
  readonly durableOffset: number;
}

/** How far another replica is, as its leader sees it. */
export interface Progress extends ReplicaKey {
  /** It has everything below; null until its first fetch. */
  readonly endOffset: number | null;
  readonly lastFetchMs: number;
  readonly lastCaughtUpMs: number;
  /** Where the leader's log ended at that fetch: who has that later was caught up then. */
  readonly leaderEndOffset: number;
}

export type Role =
  /** Knows no leader to follow; may have voted in this epoch. A node that is no voter is an observer in this role. */
  | { readonly name: "unattached" }
  /** Asks whether an election would succeed, without a new epoch (KIP-996). */
  | { readonly name: "prospective"; readonly granted: readonly number[]; readonly rejected: readonly number[] }
  | { readonly name: "candidate"; readonly granted: readonly number[]; readonly rejected: readonly number[] }
  | {
      readonly name: "leader";
      readonly epochStartOffset: number;
      readonly granted: readonly number[];
      /** Voters and observers, without this node. */
      readonly progress: readonly Progress[];
      /** Voters that fetched since the quorum was last seen to be with this leader. */
      readonly fetchers: readonly number[];
      /** Static voters as far as they have told of themselves: their directories, for the day they can change. */
      readonly learned: VoterSet;
    }
  /** `hasFetched`: the leader has answered, so it lives. `leaderIsGone`: it does not; an election comes. */
  | { readonly name: "follower"; readonly hasFetched: boolean; readonly leaderIsGone: boolean }
  /** Led this epoch and gave it up; cannot lead or vote in it again. */
  | { readonly name: "resigned" };

export interface RaftState {
  readonly self: ReplicaKey;
  readonly endpoints: readonly Endpoint[];
  readonly epoch: number;
  readonly leaderId: number | null;
  readonly votedFor: ReplicaKey | null;
  readonly role: Role;
  readonly log: LogEnd;
  /** Oldest first, never empty; the last one is in force, committed or not. */
  readonly voters: readonly Since<VoterSet>[];
  readonly kraftVersion: readonly Since<number>[];
  /** As far as this log reaches; null until this node knows it. */
  readonly highWatermark: number | null;
  /** The latest that a leader has told or this one has reached, also where this log does not reach so far yet. */
  readonly toldHighWatermark: number | null;
}

/** The part of the state that must survive a restart: the `quorum-state` file. */
export interface Election {
  readonly epoch: number;
  readonly leaderId: number | null;
  readonly votedFor: ReplicaKey | null;
}

export interface VoteRequest {
  readonly type: "voteRequest";
  readonly from: ReplicaKey;
  readonly epoch: number;
  /** Who is asked: a voter that was reformatted under the same id must not answer for the old one. */
  readonly to: ReplicaKey;
  readonly logEnd: OffsetAndEpoch;
  readonly preVote: boolean;
}

export interface VoteReply {
  readonly type: "voteReply";
  readonly from: number;
  readonly epoch: number;
  readonly leaderId: number | null;
  readonly granted: boolean;
  readonly preVote: boolean;
}

export type RaftMessage = VoteRequest | VoteReply;

export type ControlRecord =
  | { readonly type: "leaderChange"; readonly leaderId: number; readonly voters: number[]; readonly granting: number[] }
  | { readonly type: "kraftVersion"; readonly level: number }
  | { readonly type: "voters"; readonly voters: VoterSet };

/** One record batch to append: either control records or framed metadata records. */
export type Entries = { readonly control: readonly ControlRecord[] } | { readonly records: readonly Uint8Array[] };

export type RaftEvent =
  | { readonly type: "started" }
  | { readonly type: "electionTimeout" }
  | VoteRequest
  | VoteReply
  /** The metadata layer of the leader of `epoch` appends. */
  | { readonly type: "append"; readonly epoch: number; readonly records: readonly Uint8Array[] }
  /** "Disk done": the own log is durable below `offset`. */
  | { readonly type: "durable"; readonly offset: number }
  | { readonly type: "resign"; readonly epoch: number }
  /** The leader of `epoch` puts another voter set in force. */
  | { readonly type: "changeVoters"; readonly epoch: number; readonly voters: VoterSet }
  /** A voter told the leader of `epoch` where it is reached and what it can work with. */
  | { readonly type: "updateVoter"; readonly epoch: number; readonly voter: Voter }
  /** The leader of `epoch` finalizes another kraft.version. */
  | { readonly type: "upgradeKraftVersion"; readonly epoch: number; readonly level: number }
  /** Another replica told of an epoch, and of its leader where it knows that. */
  | { readonly type: "leaderFound"; readonly epoch: number; readonly leaderId: number | null }
  /** The leader of `epoch` answered a fetch: it lives. */
  | { readonly type: "leaderHeard"; readonly epoch: number }
  /** Records of the leader of `epoch` are in the page cache. */
  | {
      readonly type: "replicated";
      readonly epoch: number;
      readonly endOffset: number;
      readonly lastEpoch: number;
      readonly voters: readonly Since<VoterSet>[];
      readonly kraftVersion: readonly Since<number>[];
    }
  /** From `endOffset` on the own log is not the leader's; the record before it is of `lastEpoch`. */
  | { readonly type: "diverged"; readonly endOffset: number; readonly lastEpoch: number }
  /** The leader of `epoch` says how far its log is committed. */
  | { readonly type: "leaderCommitted"; readonly epoch: number; readonly offset: number }
  /** The leader's snapshot is on disk, and takes the place of the whole log. */
  | {
      readonly type: "snapshotLoaded";
      readonly id: OffsetAndEpoch;
      readonly voters: readonly Since<VoterSet>[];
      readonly kraftVersion: readonly Since<number>[];
    }
  /** Another replica asks this leader for what follows `offset`: it has all before, a voter durably. */
  | { readonly type: "fetched"; readonly from: ReplicaKey; readonly offset: number; readonly nowMs: number }
  /** Another replica loads a snapshot of this leader: it follows. */
  | { readonly type: "snapshotFetched"; readonly from: ReplicaKey }
  | { readonly type: "checkQuorumTimeout" }
  /** The process that led the epoch is gone: its connection has ended, and nobody listens where it was. */
  | { readonly type: "leaderGone"; readonly epoch: number }
  /** The leader resigns; this node may ask for votes after `delayMs`. */
  | { readonly type: "epochEnded"; readonly epoch: number; readonly leaderId: number; readonly delayMs: number };

/** Performed strictly in order; each is begun only when the ones before it are done. */
export type Effect =
  /** Durable before the next effect: later effects promise it to others. */
  | { readonly do: "persistElection"; readonly election: Election }
  /** Into the page cache, now; "durable" is reported later. */
  | { readonly do: "append"; readonly baseOffset: number; readonly epoch: number; readonly entries: Entries }
  /** Durable before the next effect. */
  | { readonly do: "truncateLog"; readonly endOffset: number }
  /** Empties the log, durably; the next record gets `offset`. */
  | { readonly do: "startLogAt"; readonly offset: number }
  | { readonly do: "send"; readonly to: ReplicaKey; readonly message: RaftMessage }
  /** The one timer of a role: "electionTimeout" follows. Where no time is given, a random one. */
  | { readonly do: "armElectionTimer"; readonly delayMs?: number }
  /** The leader must be heard of in time; else "electionTimeout". */
  | { readonly do: "armFetchTimer" }
  /** A majority must be heard of in time; else "checkQuorumTimeout". */
  | { readonly do: "armCheckQuorumTimer" }
  | { readonly do: "cancelTimer" }
  /** Tell the other voters who leads, again and again while they do not fetch. */
  | { readonly do: "beginQuorumEpoch"; readonly epoch: number }
  /** Tell the other voters that this leader resigns; the first of them should succeed it. */
  | { readonly do: "endQuorumEpoch"; readonly epoch: number; readonly successors: readonly ReplicaKey[] }
  | { readonly do: "leaderChanged"; readonly leaderId: number | null; readonly epoch: number }
  | { readonly do: "highWatermark"; readonly offset: number };

export interface Step {
  readonly state: RaftState;
  readonly effects: readonly Effect[];
}
