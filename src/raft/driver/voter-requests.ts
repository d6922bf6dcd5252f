/**
 * Answers requests to change the voters (KIP-853): AddRaftVoter, RemoveRaftVoter and UpdateRaftVoter. The checks, their
 * order and the sentences are Kafka's. A change is answered when it is committed; meanwhile no other is begun.
 */
import type { Cancel } from "../../../base/ports.ts";
import { ZERO_UUID } from "../../../base/uuid.ts";
import { code, type ErrorName } from "../../../protocol/errors.ts";
import type {
  AddRaftVoterRequest,
  AddRaftVoterResponse,
  Listener,
} from "../../../protocol/generated/add-raft-voter.ts";
import { ApiVersions } from "../../../protocol/generated/api-versions.ts";
import type { RemoveRaftVoterRequest } from "../../../protocol/generated/remove-raft-voter.ts";
import type { UpdateRaftVoterRequest, UpdateRaftVoterResponse } from "../../../protocol/generated/update-raft-voter.ts";
import type { Endpoint, ReplicaKey, Voter } from "../state.ts";
import { additionRefused, keyText, updateRefused, voterRefused, withAdded, withRemoved } from "../voter-changes.ts";
import { votersOf } from "../voters.ts";
import { type HostAndPort, isOurCluster, leaderOnly, type RaftHost, whenIdle } from "./host.ts";

/** AddRaftVoter and RemoveRaftVoter are answered alike. */
type Answer = AddRaftVoterResponse;

interface Pending {
  readonly answer: (error: ErrorName, message?: string) => void;
  /** Of the voters' record; null while the new voter is still asked what it supports. */
  lastOffset: number | null;
}

const KRAFT_VERSION = "kraft.version";

export class VoterRequests {
  private readonly host: RaftHost;
  private readonly leaderAddress: () => HostAndPort | null;
  private pending: Pending | null = null;

  constructor(host: RaftHost, leaderAddress: () => HostAndPort | null) {
    this.host = host;
    this.leaderAddress = leaderAddress;
  }

  add(request: AddRaftVoterRequest): Promise<Answer> {
    return whenIdle(this.host, () => {
      const refused = this.notHere(request.clusterId);
      if (refused !== null) return refused;
      const key = { id: request.voterId, directoryId: request.voterDirectoryId };
      if (!isWhole(key)) return answer("INVALID_REQUEST", "Add voter request didn't include a valid voter");
      const address = this.ownListener(request.listeners);
      if (address === null) {
        const given = endpointsText(request.listeners);
        const why = `Add voter request didn't include the endpoint (${given}) for the default listener`;
        return answer("INVALID_REQUEST", `${why} ListenerName(${this.host.listenerName})`);
      }
      if (this.pending !== null) return answer("REQUEST_TIMED_OUT", busy);
      const problem = additionRefused(this.host.state, key);
      if (problem !== null) return answer(problem.error, problem.message);
      return this.begin((pending) => void this.askAndAdd(pending, key, request, address));
    });
  }

  /** Asks the new voter what it supports, then appends; the voter counts from the record on. */
  private async askAndAdd(
    pending: Pending,
    key: ReplicaKey,
    { listeners, ackWhenCommitted }: AddRaftVoterRequest,
    address: HostAndPort,
  ): Promise<void> {
    const { host } = this;
    const { epoch } = host.state;
    const asked = { clientSoftwareName: "odradek", clientSoftwareVersion: "1" };
    const told = await host.network.ask(address, ApiVersions, asked).catch(() => null);
    host.whenIdle(() => {
      const { state } = host;
      if (this.pending !== pending || state.role.name !== "leader" || state.epoch !== epoch) return;
      if (told === null || told.errorCode !== 0) {
        const error: ErrorName = told === null ? "BROKER_NOT_AVAILABLE" : "UNSUPPORTED_VERSION";
        const why = `Aborted add voter operation for since API_VERSIONS returned an error ${error}`;
        return pending.answer("REQUEST_TIMED_OUT", why);
      }
      const range = told.supportedFeatures.find(({ name }) => name === KRAFT_VERSION);
      const kraftVersions = [range?.minVersion ?? 0, range?.maxVersion ?? 0] as const;
      const voter: Voter = { ...key, endpoints: plainEndpoints(listeners), kraftVersions };
      // Others may have led in between: the set is looked at again.
      const problem = additionRefused(state, key) ?? voterRefused(state, voter, host.clock.nowMs());
      if (problem !== null) return pending.answer(problem.error, problem.message);
      pending.lastOffset = state.log.offset;
      host.handle({ type: "changeVoters", epoch, voters: withAdded(votersOf(state), voter) });
      host.logger.info(`Voter ${keyText(key)} is added to the quorum`);
      if (!ackWhenCommitted) pending.answer("NONE");
    });
  }

  remove(request: RemoveRaftVoterRequest): Promise<Answer> {
    return whenIdle(this.host, () => {
      const { host } = this;
      const refused = this.notHere(request.clusterId);
      if (refused !== null) return refused;
      const key = { id: request.voterId, directoryId: request.voterDirectoryId };
      if (!isWhole(key)) return answer("INVALID_REQUEST", "Remove voter request didn't include a valid voter");
      if (this.pending !== null) return answer("REQUEST_TIMED_OUT", busy);
      const voters = withRemoved(host.state, key);
      if ("error" in voters) return answer(voters.error, voters.message);
      return this.begin((pending) => {
        const { epoch, log } = host.state;
        pending.lastOffset = log.offset;
        host.handle({ type: "changeVoters", epoch, voters });
        host.logger.info(`Voter ${keyText(key)} is removed from the quorum`);
      });
    });
  }

  /** Answered at once: what a voter tells of itself changes no majority. */
  update(request: UpdateRaftVoterRequest): Promise<UpdateRaftVoterResponse> {
    return whenIdle(this.host, () => {
      const error = this.updated(request);
      const { leaderId, epoch: leaderEpoch } = this.host.state;
      const { host, port } = this.leaderAddress() ?? { host: "", port: 0 };
      const currentLeader = { leaderId: leaderId ?? -1, leaderEpoch, host, port };
      return { throttleTimeMs: 0, errorCode: code(error), currentLeader };
    });
  }

  private updated(request: UpdateRaftVoterRequest): ErrorName {
    const { host } = this;
    const { state } = host;
    if (!isOurCluster(host, request.clusterId)) return "INCONSISTENT_CLUSTER_ID";
    const error = leaderOnly(host, request.currentLeaderEpoch);
    if (error !== null) return error;
    const key = { id: request.voterId, directoryId: request.voterDirectoryId };
    if (!isWhole(key) || this.ownListener(request.listeners) === null) return "INVALID_REQUEST";
    const { minSupportedVersion: min, maxSupportedVersion: max } = request.kRaftVersionFeature;
    if (min < 0 || max < min) return "INVALID_REQUEST";
    if (this.pending !== null) return "REQUEST_TIMED_OUT";
    const voter: Voter = { ...key, endpoints: plainEndpoints(request.listeners), kraftVersions: [min, max] };
    const refused = updateRefused(state, voter);
    if (refused === null) host.handle({ type: "updateVoter", epoch: state.epoch, voter });
    return refused ?? "NONE";
  }

  /** Everything below `offset` is committed. */
  committed(offset: number): void {
    const { pending } = this;
    if (pending !== null && pending.lastOffset !== null && offset > pending.lastOffset) pending.answer("NONE");
  }

  /** Whether the change survives, the next leader knows. */
  leaderChanged(): void {
    this.pending?.answer("NOT_LEADER_OR_FOLLOWER");
  }

  private begin(work: (pending: Pending) => void): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const { clock, settings } = this.host;
    let cancel: Cancel = () => {};
    const pending: Pending = {
      lastOffset: null,
      answer: (error, message) => {
        cancel();
        if (this.pending === pending) this.pending = null;
        resolve(answer(error, message));
      },
    };
    cancel = clock.after(settings.requestTimeoutMs, () => pending.answer("REQUEST_TIMED_OUT"));
    this.pending = pending;
    work(pending);
    return promise;
  }

  private notHere(clusterId: string | null): Answer | null {
    const { host } = this;
    if (!isOurCluster(host, clusterId)) {
      const why = `The given id "${clusterId}" doesn't match the cluster id "${host.clusterId}"`;
      return answer("INCONSISTENT_CLUSTER_ID", why);
    }
    const error = leaderOnly(host, host.state.epoch);
    return error === null ? null : answer(error);
  }

  /** Where the voter is reached on the listener that this quorum speaks on. */
  private ownListener(listeners: readonly Listener[]): HostAndPort | null {
    return listeners.find(({ name }) => name === this.host.listenerName) ?? null;
  }
}

const busy = "Request timed out waiting for leader to handle previous voter change request";

function answer(error: ErrorName, message: string | null = null): Answer {
  return { throttleTimeMs: 0, errorCode: code(error), errorMessage: message };
}

const isWhole = ({ id, directoryId }: ReplicaKey): boolean => id >= 0 && directoryId !== ZERO_UUID;

const plainEndpoints = (listeners: readonly Listener[]): Endpoint[] =>
  listeners.map(({ name, host, port }) => ({ name, host, port }));

/** As Java prints the map of them. */
function endpointsText(listeners: readonly Listener[]): string {
  const entries = listeners.map(({ name, host, port }) => `ListenerName(${name})=${host}/<unresolved>:${port}`);
  return `Endpoints(endpoints={${entries.join(", ")}})`;
}
