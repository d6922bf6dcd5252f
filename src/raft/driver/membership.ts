/**
 * What this node tells the leader of itself (KIP-853): as a voter where it is reached now and what it can work with; as
 * a controller that is none yet, where it may join by itself, that it wants to be one. A controller whose disk was
 * replaced has another directory id: the voter that it was is removed first, then it is added.
 */
import type { Cancel } from "../../../base/ports.ts";
import { AddRaftVoter } from "../../../protocol/generated/add-raft-voter.ts";
import { RemoveRaftVoter } from "../../../protocol/generated/remove-raft-voter.ts";
import { UpdateRaftVoter } from "../../../protocol/generated/update-raft-voter.ts";
import { isVoter, kraftVersionOf, needsUpdate, ownVoter, votersOf } from "../voters.ts";
import type { RaftClient } from "./client.ts";
import type { HostAndPort, RaftHost } from "./host.ts";

/** Of AddRaftVoter (KIP-1186). */
const ACK_WHEN_WRITTEN_FROM = 1;

export class Membership {
  private readonly host: RaftHost;
  private readonly client: RaftClient;
  private readonly leaderAddress: () => HostAndPort | null;
  private cancel: Cancel = () => {};
  private busy = false;
  /** The epoch whose leader has been told of this static voter. */
  private toldEpoch = -1;

  constructor(host: RaftHost, client: RaftClient, leaderAddress: () => HostAndPort | null) {
    this.host = host;
    this.client = client;
    this.leaderAddress = leaderAddress;
  }

  /** As Apache: looks once in each fetch timeout. */
  start(): void {
    this.cancel = this.host.clock.after(this.host.settings.fetchTimeoutMs, () => {
      if (this.host.isClosed) return;
      this.look();
      this.start();
    });
  }

  close(): void {
    this.cancel();
  }

  private look(): void {
    const { host } = this;
    const { role } = host.state;
    const leader = this.leaderAddress();
    if (this.busy || leader === null || role.name !== "follower" || !role.hasFetched) return;
    const asked = this.ask(leader);
    if (asked === null) return;
    this.busy = true;
    const done = () => {
      this.busy = false;
    };
    asked.then(done, (error) => {
      done();
      if (!host.isClosed) host.logger.debug(`The leader was not told of this voter: ${error}`);
    });
  }

  private ask(leader: HostAndPort): Promise<void> | null {
    const { state, settings, canBecomeVoter } = this.host;
    const voters = votersOf(state);
    const level = kraftVersionOf(state);
    if (isVoter(voters, state.self)) {
      const isNews = level >= 1 ? needsUpdate(voters, ownVoter(state)) : this.toldEpoch !== state.epoch;
      return isNews ? this.update(leader) : null;
    }
    if (level < 1 || !canBecomeVoter || !settings.autoJoin) return null;
    const former = voters.find(({ id }) => id === state.self.id);
    return former === undefined ? this.add(leader) : this.remove(leader, former.directoryId);
  }

  private async update(leader: HostAndPort): Promise<void> {
    const { host, client } = this;
    const { epoch, self } = host.state;
    const { endpoints, kraftVersions } = ownVoter(host.state);
    const response = await host.network.ask(leader, UpdateRaftVoter, {
      clusterId: host.clusterId,
      currentLeaderEpoch: epoch,
      voterId: self.id,
      voterDirectoryId: self.directoryId,
      listeners: endpoints.map((endpoint) => ({ ...endpoint })),
      kRaftVersionFeature: { minSupportedVersion: kraftVersions[0], maxSupportedVersion: kraftVersions[1] },
    });
    if (response.errorCode === 0) this.toldEpoch = epoch;
    const { leaderId, leaderEpoch, host: name, port } = response.currentLeader;
    const endpoint = leaderId < 0 || name === "" ? [] : [{ nodeId: leaderId, host: name, port }];
    if (leaderEpoch >= 0) host.whenIdle(() => client.toldOfLeader({ leaderId, leaderEpoch }, endpoint));
  }

  private async add(leader: HostAndPort): Promise<void> {
    const { host } = this;
    const { self, endpoints } = host.state;
    host.logger.info("Asking the leader to make this controller a voter");
    const response = await host.network.ask(leader, AddRaftVoter, (version) => ({
      clusterId: host.clusterId,
      timeoutMs: host.settings.requestTimeoutMs,
      voterId: self.id,
      voterDirectoryId: self.directoryId,
      listeners: endpoints.map((endpoint) => ({ ...endpoint })),
      // Before that version the answer comes with the commit. Waiting for it holds up nothing here: the fetches by
      // which it is committed go their own way.
      ackWhenCommitted: version < ACK_WHEN_WRITTEN_FROM,
    }));
    if (response.errorCode !== 0) throw new Error(response.errorMessage ?? `error ${response.errorCode}`);
  }

  private async remove(leader: HostAndPort, voterDirectoryId: string): Promise<void> {
    const { host } = this;
    const voterId = host.state.self.id;
    host.logger.info(`Asking the leader to remove the voter that this node was with directory ${voterDirectoryId}`);
    const request = { clusterId: host.clusterId, voterId, voterDirectoryId };
    const response = await host.network.ask(leader, RemoveRaftVoter, request);
    if (response.errorCode !== 0) throw new Error(response.errorMessage ?? `error ${response.errorCode}`);
  }
}
