/**
 * Answers what other replicas ask (KIP-595, KIP-853): Vote, BeginQuorumEpoch, EndQuorumEpoch, Fetch, FetchSnapshot.
 * The checks and their order are those of Kafka's KafkaRaftClient. An answer leaves when everything that it promises is
 * on disk; a fetch that finds nothing new waits for the leader to append or commit.
 */
import type { Cancel } from "../../../base/ports.ts";
import { METADATA_TOPIC_ID, ZERO_UUID } from "../../../base/uuid.ts";
import { code, type ErrorName } from "../../../protocol/errors.ts";
import type {
  BeginQuorumEpochRequest,
  BeginQuorumEpochResponse,
} from "../../../protocol/generated/begin-quorum-epoch.ts";
import type { EndQuorumEpochRequest, EndQuorumEpochResponse } from "../../../protocol/generated/end-quorum-epoch.ts";
import type { FetchPartition, FetchRequest, FetchResponse, PartitionData } from "../../../protocol/generated/fetch.ts";
import type { FetchSnapshotRequest, FetchSnapshotResponse } from "../../../protocol/generated/fetch-snapshot.ts";
import type { VoteRequest, VoteRequestPartitionData, VoteResponse } from "../../../protocol/generated/vote.ts";
import type { ReplicaKey, VoteReply } from "../state.ts";
import { type Addresses, isOurCluster, leaderOnly, type RaftHost, whenIdle } from "./host.ts";
import { locate } from "./lineage.ts";

export const METADATA_TOPIC = "__cluster_metadata";
const PARTITION = 0;

interface Parked {
  readonly retry: () => void;
  readonly cancel: Cancel;
}

export class RaftServer {
  private readonly host: RaftHost;
  private readonly addresses: Addresses;
  /** Every vote request has one reply, in the order of the requests. */
  private readonly voters: ((reply: VoteReply) => void)[] = [];
  private parked: Parked[] = [];

  constructor(host: RaftHost, addresses: Addresses) {
    this.host = host;
    this.addresses = addresses;
  }

  vote(request: VoteRequest): Promise<VoteResponse> {
    const refused = (name: ErrorName) => ({ errorCode: code(name), topics: [], nodeEndpoints: [] });
    if (!isOurCluster(this.host, request.clusterId)) return Promise.resolve(refused("INCONSISTENT_CLUSTER_ID"));
    const asked = onlyPartition(request.topics);
    if (asked === null) return Promise.resolve(refused("INVALID_REQUEST"));
    return whenIdle(this.host, () => this.askedForVote(request, asked));
  }

  private askedForVote(request: VoteRequest, asked: VoteRequestPartitionData): VoteResponse | Promise<VoteResponse> {
    const { lastOffset, lastOffsetEpoch, replicaEpoch: epoch, preVote } = asked;
    // A candidate has seen no record of the epoch that it opens; who only asks whether it should may have.
    const isIllegal = preVote ? lastOffsetEpoch > epoch : lastOffsetEpoch >= epoch;
    if (lastOffset < 0 || lastOffsetEpoch < 0 || isIllegal) return this.voteAnswer("INVALID_REQUEST", false);
    const error = this.voterOnly(asked.replicaId, epoch);
    if (error !== null) return this.voteAnswer(error, false);
    const isForUs = this.isOurKey(request.voterId, asked.voterDirectoryId);
    const { promise, resolve } = Promise.withResolvers<VoteResponse>();
    this.voters.push(({ granted }) => resolve(this.voteAnswer(isForUs ? "NONE" : "INVALID_VOTER_KEY", granted)));
    this.host.handle({
      type: "voteRequest",
      from: { id: asked.replicaId, directoryId: asked.replicaDirectoryId },
      epoch,
      to: isForUs ? this.host.state.self : { id: -1, directoryId: ZERO_UUID },
      logEnd: { offset: lastOffset, epoch: lastOffsetEpoch },
      preVote,
    });
    return promise;
  }

  /** The reply of the earliest vote request; everything that it promises is durable. */
  voteReplied(reply: VoteReply): void {
    this.voters.shift()?.(reply);
  }

  private voteAnswer(error: ErrorName, voteGranted: boolean): VoteResponse {
    return { ...this.answered({ errorCode: code(error), ...this.leader, voteGranted }), errorCode: 0 };
  }

  beginQuorumEpoch(request: BeginQuorumEpochRequest): Promise<BeginQuorumEpochResponse> {
    const refused = (name: ErrorName) => ({ errorCode: code(name), topics: [], nodeEndpoints: [] });
    const asked = onlyPartition(request.topics);
    if (!isOurCluster(this.host, request.clusterId)) return Promise.resolve(refused("INCONSISTENT_CLUSTER_ID"));
    if (asked === null) return Promise.resolve(refused("INVALID_REQUEST"));
    return whenIdle(this.host, () => {
      const { leaderId, leaderEpoch: epoch } = asked;
      let error = this.voterOnly(leaderId, epoch) ?? "NONE";
      if (error === "NONE") {
        this.learn(leaderId, request.leaderEndpoints);
        this.host.handle({ type: "leaderFound", epoch, leaderId });
        if (!this.isOurKey(request.voterId, asked.voterDirectoryId)) error = "INVALID_VOTER_KEY";
      }
      return whenIdle(this.host, () => ({
        ...this.answered({ errorCode: code(error), ...this.leader }),
        errorCode: 0,
      }));
    });
  }

  endQuorumEpoch(request: EndQuorumEpochRequest): Promise<EndQuorumEpochResponse> {
    const refused = (name: ErrorName) => ({ errorCode: code(name), topics: [], nodeEndpoints: [] });
    const asked = onlyPartition(request.topics);
    if (!isOurCluster(this.host, request.clusterId)) return Promise.resolve(refused("INCONSISTENT_CLUSTER_ID"));
    if (asked === null) return Promise.resolve(refused("INVALID_REQUEST"));
    return whenIdle(this.host, () => {
      const { leaderId, leaderEpoch: epoch } = asked;
      const error = this.voterOnly(leaderId, epoch) ?? "NONE";
      if (error === "NONE") {
        this.learn(leaderId, request.leaderEndpoints);
        this.host.handle({ type: "leaderFound", epoch, leaderId });
        const successors =
          asked.preferredCandidates.length > 0
            ? asked.preferredCandidates.map(({ candidateId, candidateDirectoryId }) => {
                return { id: candidateId, directoryId: candidateDirectoryId };
              })
            : asked.preferredSuccessors.map((id) => ({ id, directoryId: ZERO_UUID }));
        this.host.handle({ type: "epochEnded", epoch, leaderId, delayMs: backoffMs(this.host, successors) });
      }
      return whenIdle(this.host, () => ({
        ...this.answered({ errorCode: code(error), ...this.leader }),
        errorCode: 0,
      }));
    });
  }

  fetch(request: FetchRequest): Promise<FetchResponse> {
    const refused = (name: ErrorName): FetchResponse => {
      return { throttleTimeMs: 0, errorCode: code(name), sessionId: 0, responses: [], nodeEndpoints: [] };
    };
    if (!isOurCluster(this.host, request.clusterId)) return Promise.resolve(refused("INCONSISTENT_CLUSTER_ID"));
    const [topic, ...others] = request.topics;
    const [asked, ...more] = topic?.partitions ?? [];
    const isOne = others.length === 0 && more.length === 0 && asked?.partition === PARTITION;
    const isOurs = topic?.topicId === METADATA_TOPIC_ID || topic?.topic === METADATA_TOPIC;
    if (!isOne || !isOurs) return Promise.resolve(refused("INVALID_REQUEST"));
    const { fetchOffset, lastFetchedEpoch, currentLeaderEpoch } = asked;
    const isSound = fetchOffset >= 0 && lastFetchedEpoch >= 0 && lastFetchedEpoch <= currentLeaderEpoch;
    return whenIdle(this.host, () => {
      if (request.maxWaitMs < 0 || !isSound) return this.fetchAnswer({ errorCode: code("INVALID_REQUEST") });
      return this.fetchOrPark(request, asked);
    });
  }

  private fetchOrPark(request: FetchRequest, asked: FetchPartition): FetchResponse | Promise<FetchResponse> {
    const response = this.tryFetch(request, asked);
    const partition = response.responses[0]?.partitions[0] as PartitionData;
    const isNews =
      partition.errorCode !== 0 ||
      (partition.records?.length ?? 0) > 0 ||
      partition.divergingEpoch.epoch >= 0 ||
      partition.snapshotId.epoch >= 0 ||
      partition.highWatermark > asked.highWatermark;
    if (isNews || request.maxWaitMs === 0) return response;
    return new Promise((resolve) => {
      const cancel = this.host.clock.after(request.maxWaitMs, () => {
        this.parked = this.parked.filter((other) => other !== parked);
        resolve(response);
      });
      const parked: Parked = { cancel, retry: () => resolve(this.tryFetch(request, asked)) };
      this.parked.push(parked);
    });
  }

  /** The log has grown, more of it is committed, or it has another leader: those who wait are answered. */
  wake(): void {
    if (this.parked.length === 0) return;
    this.host.whenIdle(() => {
      for (const { cancel, retry } of this.parked.splice(0)) {
        cancel();
        retry();
      }
    });
  }

  private tryFetch(request: FetchRequest, asked: FetchPartition): FetchResponse {
    const { host } = this;
    const error = leaderOnly(this.host, asked.currentLeaderEpoch);
    if (error !== null) return this.fetchAnswer({ errorCode: code(error) });
    const { fetchOffset: offset, lastFetchedEpoch: epoch } = asked;
    const at = locate(host.log, host.snapshots, { offset, epoch });
    // As Apache: a new leader knows what is committed once a record of its epoch is, and tells nothing older.
    const committed = () => {
      const { role, highWatermark } = host.state;
      const isKnown = role.name === "leader" && highWatermark !== null && highWatermark > role.epochStartOffset;
      return isKnown ? highWatermark : -1;
    };
    if (at.kind === "diverging") {
      const divergingEpoch = { epoch: at.end.epoch, endOffset: at.end.offset };
      return this.fetchAnswer({ highWatermark: committed(), divergingEpoch });
    }
    if (at.kind === "snapshot") {
      const snapshotId = { endOffset: at.id.offset, epoch: at.id.epoch };
      return this.fetchAnswer({ highWatermark: committed(), snapshotId });
    }
    const end = host.log.logEndOffset;
    const records = offset < end ? host.log.readCopy(offset, request.maxBytes, end, true) : new Uint8Array(0);
    const id = Math.max(request.replicaState.replicaId, request.replicaId);
    // Who has no id only reads: a tool, as Apache's observers without one.
    if (id >= 0) {
      const from = { id, directoryId: asked.replicaDirectoryId };
      host.handle({ type: "fetched", from, offset, nowMs: host.clock.nowMs() });
    }
    return this.fetchAnswer({ highWatermark: committed(), records });
  }

  private fetchAnswer(partition: Partial<PartitionData>): FetchResponse {
    const { leaderId, leaderEpoch } = this.leader;
    const data: PartitionData = {
      partitionIndex: PARTITION,
      errorCode: 0,
      highWatermark: -1,
      lastStableOffset: -1,
      logStartOffset: this.host.log.logStartOffset,
      divergingEpoch: { epoch: -1, endOffset: -1 },
      currentLeader: { leaderId, leaderEpoch },
      snapshotId: { endOffset: -1, epoch: -1 },
      abortedTransactions: [],
      preferredReadReplica: -1,
      records: new Uint8Array(0),
      ...partition,
    };
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      sessionId: 0,
      responses: [{ topic: METADATA_TOPIC, topicId: METADATA_TOPIC_ID, partitions: [data] }],
      nodeEndpoints: this.nodeEndpoints.map((endpoint) => ({ ...endpoint, rack: null })),
    };
  }

  fetchSnapshot(request: FetchSnapshotRequest): Promise<FetchSnapshotResponse> {
    const topLevel = (name: ErrorName): FetchSnapshotResponse => {
      return { throttleTimeMs: 0, errorCode: code(name), topics: [], nodeEndpoints: [] };
    };
    if (!isOurCluster(this.host, request.clusterId)) return Promise.resolve(topLevel("INCONSISTENT_CLUSTER_ID"));
    const [topic, ...others] = request.topics;
    const [asked, ...more] = topic?.partitions ?? [];
    if (topic === undefined || asked === undefined || others.length > 0 || more.length > 0) {
      return Promise.resolve(topLevel("INVALID_REQUEST"));
    }
    const { name } = topic;
    const answer = (error: ErrorName, found: Partial<SnapshotPart> = {}): FetchSnapshotResponse => {
      const partition = { ...emptySnapshotPart, index: asked.partition, currentLeader: this.leader, ...found };
      const partitions = [{ ...partition, errorCode: code(error) }];
      return { throttleTimeMs: 0, errorCode: 0, topics: [{ name, partitions }], nodeEndpoints: this.nodeEndpoints };
    };
    return whenIdle(this.host, () => {
      const { host } = this;
      if (name !== METADATA_TOPIC || asked.partition !== PARTITION) return answer("UNKNOWN_TOPIC_OR_PARTITION");
      const error = leaderOnly(this.host, asked.currentLeaderEpoch);
      if (error !== null) return answer(error);
      const id = { offset: asked.snapshotId.endOffset, epoch: asked.snapshotId.epoch };
      // The one of offset 0 is not handed on: what it holds is in the log of the first leader.
      const part = id.offset === 0 ? null : host.snapshots.readPart(id, asked.position, request.maxBytes);
      if (part === null) return answer("SNAPSHOT_NOT_FOUND");
      if (asked.position < 0 || asked.position >= part.sizeBytes) return answer("POSITION_OUT_OF_RANGE");
      const from = { id: request.replicaId, directoryId: asked.replicaDirectoryId };
      host.handle({ type: "snapshotFetched", from });
      const { snapshotId, position } = asked;
      return answer("NONE", { snapshotId, position, size: part.sizeBytes, unalignedRecords: part.bytes });
    });
  }

  private isOurKey(id: number, directoryId: string): boolean {
    const { self } = this.host.state;
    if (id < 0) return true;
    return id === self.id && (directoryId === ZERO_UUID || directoryId === self.directoryId);
  }

  private voterOnly(replicaId: number, epoch: number): ErrorName | null {
    if (epoch < this.host.state.epoch) return "FENCED_LEADER_EPOCH";
    return replicaId < 0 ? "INVALID_REQUEST" : null;
  }

  private learn(leaderId: number, endpoints: readonly { name: string; host: string; port: number }[]): void {
    const endpoint = endpoints.find(({ name }) => name === this.host.listenerName) ?? endpoints[0];
    if (endpoint !== undefined) this.addresses.learn(leaderId, endpoint);
  }

  private get leader(): { leaderId: number; leaderEpoch: number } {
    return { leaderId: this.host.state.leaderId ?? -1, leaderEpoch: this.host.state.epoch };
  }

  private get nodeEndpoints(): { nodeId: number; host: string; port: number }[] {
    const nodeId = this.host.state.leaderId;
    const address = nodeId === null ? null : this.addresses.ofLeader(this.host, nodeId);
    return nodeId === null || address === null ? [] : [{ nodeId, host: address.host, port: address.port }];
  }

  private answered<Partition extends object>(partition: Partition) {
    const partitions = [{ partitionIndex: PARTITION, ...partition }];
    return { topics: [{ topicName: METADATA_TOPIC, partitions }], nodeEndpoints: this.nodeEndpoints };
  }
}

type SnapshotPart = FetchSnapshotResponse["topics"][number]["partitions"][number];

const emptySnapshotPart = {
  snapshotId: { endOffset: -1, epoch: -1 },
  size: 0,
  position: 0,
  unalignedRecords: new Uint8Array(0),
};

/** Null where anything but the one partition of the metadata log is asked for. */
function onlyPartition<Partition extends { partitionIndex: number }>(
  topics: readonly { readonly topicName: string; readonly partitions: readonly Partition[] }[],
): Partition | null {
  const [topic, ...others] = topics;
  const [partition, ...more] = topic?.partitions ?? [];
  if (topic?.topicName !== METADATA_TOPIC || others.length > 0 || more.length > 0) return null;
  return partition?.partitionIndex === PARTITION ? partition : null;
}

/**
 * Of `controller.quorum.election.backoff.max.ms`: the first of the successors asks for votes at once, each later one waits
 * twice as long as the one before, who is none of them longest.
 */
export function backoffMs(
  { state, settings }: Pick<RaftHost, "state" | "settings">,
  to: readonly ReplicaKey[],
): number {
  const maxMs = settings.electionBackoffMaxMs;
  const place = to.findIndex(({ id, directoryId }) => {
    return id === state.self.id && (directoryId === ZERO_UUID || directoryId === state.self.directoryId);
  });
  if (place === 0) return 0;
  if (place < 0) return maxMs;
  return Math.min(maxMs, (maxMs / 2 ** (to.length - 1)) * 2 ** (place - 1));
}
