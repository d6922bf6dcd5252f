/**
 * What this replica asks of others: votes and the beginning and end of its own epochs. An answer may tell of a leader
 * or of a later epoch, whatever was asked.
 */
import { code } from "../../../protocol/errors.ts";
import { BeginQuorumEpoch, type BeginQuorumEpochResponse } from "../../../protocol/generated/begin-quorum-epoch.ts";
import { EndQuorumEpoch } from "../../../protocol/generated/end-quorum-epoch.ts";
import { Vote, type VoteResponse } from "../../../protocol/generated/vote.ts";
import type { ReplicaKey, VoteRequest } from "../state.ts";
import { votersOf } from "../voters.ts";
import type { Addresses, HostAndPort, RaftHost } from "./host.ts";
import { METADATA_TOPIC } from "./server.ts";

const partitionIndex = 0;

const ASK_AGAIN_MS = 100;

interface TellsOfLeader {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export class RaftClient {
  private readonly host: RaftHost;
  private readonly addresses: Addresses;
  /** The own epoch that the other voters are told of. */
  private tellingEpoch = -1;

  constructor(host: RaftHost, addresses: Addresses) {
    this.host = host;
    this.addresses = addresses;
  }

  /** Again and again while the election lasts and there is no answer. */
  askForVote(to: ReplicaKey, request: VoteRequest): void {
    const { host } = this;
    const wanted = request.preVote ? "prospective" : "candidate";
    const isWanted = (): boolean =>
      !host.isClosed && host.state.role.name === wanted && host.state.epoch === request.epoch;
    const address = this.addresses.ofVoter(host, to.id);
    if (address === null || !isWanted()) return;
    const retry = (): void => {
      host.clock.after(host.settings.retryBackoffMs, () => this.askForVote(to, request));
    };
    host.network
      .ask(address, Vote, this.voteRequest(to, request))
      .then((response) => host.whenIdle(() => this.voteAnswered(to, request, response)), retry);
  }

  private voteRequest(to: ReplicaKey, { from, epoch, logEnd, preVote }: VoteRequest) {
    const partition = {
      partitionIndex,
      replicaEpoch: epoch,
      replicaId: from.id,
      replicaDirectoryId: from.directoryId,
      voterDirectoryId: to.directoryId,
      lastOffsetEpoch: logEnd.epoch,
      lastOffset: logEnd.offset,
      preVote,
    };
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
    return { clusterId: this.host.clusterId, voterId: to.id, topics };
  }

  private voteAnswered(to: ReplicaKey, request: VoteRequest, response: VoteResponse): void {
    const { host } = this;
    const { preVote } = request;
    const answer = response.topics[0]?.partitions[0];
    if (response.errorCode !== 0 || answer === undefined) {
      host.logger.warn(`Voter ${to.id} refuses to vote: error ${response.errorCode || answer?.errorCode}`);
      return;
    }
    this.toldOfLeader(answer, response.nodeEndpoints);
    if (answer.errorCode !== 0) return;
    const { leaderEpoch: epoch, voteGranted: granted } = answer;
    const leaderId = answer.leaderId < 0 ? null : answer.leaderId;
    host.handle({ type: "voteReply", from: to.id, epoch, leaderId, granted, preVote });
    // A voter that still hears the leader refuses; if that leader is gone, it will know in a moment.
    if (preVote && !granted) host.clock.after(ASK_AGAIN_MS, () => this.askForVote(to, request));
  }

  /** An answer names the leader that its sender knows, or a later epoch. */
  toldOfLeader({ leaderId, leaderEpoch: epoch }: TellsOfLeader, endpoints: readonly NodeAddress[]): void {
    const { host } = this;
    if (leaderId >= 0 && epoch >= host.state.epoch) {
      const endpoint = endpoints.find(({ nodeId }) => nodeId === leaderId);
      if (endpoint !== undefined) this.addresses.learn(leaderId, endpoint);
    }
    host.handle({ type: "leaderFound", epoch, leaderId: leaderId < 0 ? null : leaderId });
  }

  /** Tells the voters who leads; again at half the fetch timeout, those who have not fetched since. */
  beginQuorumEpoch(epoch: number): void {
    if (this.tellingEpoch === epoch) return;
    this.tellingEpoch = epoch;
    this.tellAll(epoch);
  }

  private tellAll(epoch: number): void {
    const { host } = this;
    const { state, clock, settings } = host;
    const { role } = state;
    if (role.name !== "leader" || state.epoch !== epoch || host.isClosed) return;
    const intervalMs = settings.fetchTimeoutMs / 2;
    for (const { id, directoryId } of votersOf(state)) {
      if (id === state.self.id) continue;
      const progress = role.progress.find((each) => each.id === id && each.directoryId === directoryId);
      const isFetching = progress !== undefined && clock.nowMs() - progress.lastFetchMs < intervalMs;
      if (!isFetching) this.tellOfEpoch({ id, directoryId }, epoch);
    }
    clock.after(intervalMs, () => this.tellAll(epoch));
  }

  private tellOfEpoch(to: ReplicaKey, leaderEpoch: number): void {
    const { host } = this;
    const { self } = host.state;
    const address = this.addresses.ofVoter(host, to.id);
    if (address === null) return;
    const partition = { partitionIndex, voterDirectoryId: to.directoryId, leaderId: self.id, leaderEpoch };
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
    const request = { clusterId: host.clusterId, voterId: to.id, topics, leaderEndpoints: this.ownEndpoints() };
    host.network.ask(address, BeginQuorumEpoch, request).then(
      (response) => host.whenIdle(() => this.epochAnswered(to, response)),
      () => {}, // told again at half the fetch timeout
    );
  }

  private epochAnswered(to: ReplicaKey, response: BeginQuorumEpochResponse): void {
    const answer = response.topics[0]?.partitions[0];
    if (answer !== undefined) this.toldOfLeader(answer, response.nodeEndpoints);
    if (answer?.errorCode === code("INVALID_VOTER_KEY")) {
      this.host.logger.warn(`Voter ${to.id} is not directory ${to.directoryId} any more`);
    }
  }

  /** Resolves when every other voter has heard of the resignation, or cannot be told. */
  async endQuorumEpoch(leaderEpoch: number, successors: readonly ReplicaKey[]): Promise<void> {
    const { host } = this;
    const leaderId = host.state.self.id;
    const partition = {
      partitionIndex,
      leaderId,
      leaderEpoch,
      preferredSuccessors: successors.map(({ id }) => id),
      preferredCandidates: successors.map(({ id, directoryId }) => {
        return { candidateId: id, candidateDirectoryId: directoryId };
      }),
    };
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
    const request = { clusterId: host.clusterId, topics, leaderEndpoints: this.ownEndpoints() };
    const told = successors.map(async ({ id }) => {
      const address = this.addresses.ofVoter(host, id);
      if (address === null) return;
      const response = await host.network.ask(address, EndQuorumEpoch, request);
      const answer = response.topics[0]?.partitions[0];
      if (answer !== undefined) host.whenIdle(() => this.toldOfLeader(answer, response.nodeEndpoints));
    });
    await Promise.allSettled(told);
  }

  private ownEndpoints() {
    return this.host.state.endpoints.map(({ name, host, port }) => ({ name, host, port }));
  }
}

export interface NodeAddress extends HostAndPort {
  readonly nodeId: number;
}
