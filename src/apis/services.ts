/** What a handler may call: the parts of one node, handed in by `broker.ts`. Add a field where a handler needs one. */
import type { Clock, Logger, Random } from "../../base/ports.ts";
import type { AddRaftVoterRequest, AddRaftVoterResponse } from "../../protocol/generated/add-raft-voter.ts";
import type { BeginQuorumEpochRequest, BeginQuorumEpochResponse } from "../../protocol/generated/begin-quorum-epoch.ts";
import type { EndQuorumEpochRequest, EndQuorumEpochResponse } from "../../protocol/generated/end-quorum-epoch.ts";
import type { FetchRequest, FetchResponse } from "../../protocol/generated/fetch.ts";
import type { FetchSnapshotRequest, FetchSnapshotResponse } from "../../protocol/generated/fetch-snapshot.ts";
import type { RemoveRaftVoterRequest, RemoveRaftVoterResponse } from "../../protocol/generated/remove-raft-voter.ts";
import type { UpdateRaftVoterRequest, UpdateRaftVoterResponse } from "../../protocol/generated/update-raft-voter.ts";
import type { VoteRequest, VoteResponse } from "../../protocol/generated/vote.ts";
import type { LiveConfig } from "../config/live.ts";
import type { GroupCoordinator } from "../groups/group-coordinator.ts";
import type { BrokerWatch } from "../metadata/controller/broker-watch.ts";
import type { ControllerChannel } from "../metadata/controller/channel.ts";
import type { MetadataImage } from "../metadata/image.ts";
import type { FetchSessions } from "../partition/fetch-sessions.ts";
import type { ReplicaManager } from "../partition/replica-manager.ts";
import type { ProducerIds } from "../txn/producer-ids.ts";
import type { AnyApi } from "./api.ts";
import type { AutoTopicCreation } from "./auto-topic-creation.ts";

/** Of a replica of the metadata log. */
export interface QuorumReplica {
  readonly id: number;
  readonly directoryId: string;
  /** Null until its first fetch. */
  readonly endOffset: number | null;
  readonly lastFetchMs: number;
  readonly lastCaughtUpMs: number;
}

export interface QuorumView {
  readonly leaderId: number | null;
  readonly epoch: number;
  readonly highWatermark: number | null;
  readonly voters: readonly {
    readonly id: number;
    readonly directoryId: string;
    readonly endpoints: readonly { readonly name: string; readonly host: string; readonly port: number }[];
  }[];
  readonly progress: readonly QuorumReplica[];
  readonly kraftVersion: number;
}

/** What other nodes ask the metadata quorum's replica in this node. */
export interface QuorumServer {
  vote(request: VoteRequest): Promise<VoteResponse>;
  beginQuorumEpoch(request: BeginQuorumEpochRequest): Promise<BeginQuorumEpochResponse>;
  endQuorumEpoch(request: EndQuorumEpochRequest): Promise<EndQuorumEpochResponse>;
  fetch(request: FetchRequest): Promise<FetchResponse>;
  fetchSnapshot(request: FetchSnapshotRequest): Promise<FetchSnapshotResponse>;
}

/** What is asked to change the voters of the metadata quorum. */
export interface VoterServer {
  add(request: AddRaftVoterRequest): Promise<AddRaftVoterResponse>;
  remove(request: RemoveRaftVoterRequest): Promise<RemoveRaftVoterResponse>;
  update(request: UpdateRaftVoterRequest): Promise<UpdateRaftVoterResponse>;
}

export interface Services {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly nodeId: number;
  readonly clusterId: string;
  /** What this node speaks: the registry. */
  readonly apis: readonly AnyApi[];
  readonly config: LiveConfig;
  /** The committed metadata as this node has applied it. */
  image(): MetadataImage;
  /** The finalized level of kraft.version, which lives in raft's own records. */
  kraftVersion(): number;
  /** The quorum as raft sees it, for DescribeQuorum. */
  quorum(): QuorumView;
  readonly raft: QuorumServer;
  readonly raftVoters: VoterServer;
  readonly controller: ControllerChannel;
  /** Hears of the connections that brokers' heartbeats come over. */
  readonly brokerWatch: BrokerWatch;
  /** The leader of the quorum; null while none is known. */
  controllerId(): number | null;
  readonly replicas: ReplicaManager;
  readonly fetchSessions: FetchSessions;
  readonly producerIds: ProducerIds;
  readonly groups: GroupCoordinator;
  readonly autoTopics: AutoTopicCreation;
}
