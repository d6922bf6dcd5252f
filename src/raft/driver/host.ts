/** What the parts of the driver that speak to other replicas need of it. */
import type { Clock, Disk, Logger, Random } from "../../../base/ports.ts";
import type { ErrorName } from "../../../protocol/errors.ts";
import type { Message, RequestOf } from "../../../protocol/message.ts";
import type { Log } from "../../../storage/log.ts";
import type { Endpoint, RaftEvent, RaftState } from "../state.ts";
import { votersOf } from "../voters.ts";
import type { Snapshots } from "./snapshots.ts";

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** The process that was asked is gone: its system says that nobody listens there. */
export class NobodyListens extends Error {
  override readonly name = "NobodyListens";
}

/** To the controller listeners of other nodes. */
export interface RaftNetwork {
  /** Rejects where no answer came; then nobody knows whether the request did, unless it was for NobodyListens. */
  ask<Request, Response>(
    to: HostAndPort,
    message: Message<Request, Response>,
    request: RequestOf<Request>,
  ): Promise<Response>;
}

export interface QuorumTimes {
  /** `controller.quorum.election.timeout.ms` */
  readonly electionTimeoutMs: number;
  /** `controller.quorum.fetch.timeout.ms` */
  readonly fetchTimeoutMs: number;
  /** `controller.quorum.election.backoff.max.ms` */
  readonly electionBackoffMaxMs: number;
  /** `controller.quorum.retry.backoff.ms` */
  readonly retryBackoffMs: number;
  /** `controller.quorum.request.timeout.ms` */
  readonly requestTimeoutMs: number;
  /** `controller.quorum.auto.join.enable`: a controller makes itself a voter. */
  readonly autoJoin: boolean;
  /** `controller.quorum.fetch.max.bytes`, `controller.quorum.fetch.snapshot.max.bytes` */
  readonly fetchMaxBytes: number;
  readonly fetchSnapshotMaxBytes: number;
}

export interface RaftHost {
  readonly clusterId: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly path: string;
  readonly settings: QuorumTimes;
  readonly network: RaftNetwork;
  readonly bootstrapServers: readonly HostAndPort[];
  /** The name of the listener that controllers speak to each other on. */
  readonly listenerName: string;
  readonly canBecomeVoter: boolean;
  readonly log: Log;
  readonly snapshots: Snapshots;
  readonly state: RaftState;
  readonly isClosed: boolean;
  handle(event: RaftEvent): void;
  /** When all effects are performed, so that the disk and the log are what the state says; at once where they are. */
  whenIdle(run: () => void): void;
  onFatal(error: unknown): void;
}

export function isOurCluster({ clusterId }: RaftHost, asked: string | null): boolean {
  return asked === null || asked === clusterId;
}

/** Why a request to the leader of `epoch` is refused; null where this is it. */
export function leaderOnly({ state, isClosed }: RaftHost, epoch: number): ErrorName | null {
  if (epoch < state.epoch) return "FENCED_LEADER_EPOCH";
  if (epoch > state.epoch) return "UNKNOWN_LEADER_EPOCH";
  if (state.role.name !== "leader") return "NOT_LEADER_OR_FOLLOWER";
  return isClosed ? "BROKER_NOT_AVAILABLE" : null;
}

/** What `run` returns when all effects are performed. */
export function whenIdle<Result>(host: RaftHost, run: () => Result | Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    host.whenIdle(() => {
      try {
        resolve(run());
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Where the nodes of this quorum are reached, as the voter set says or others told. */
export class Addresses {
  private readonly told = new Map<number, HostAndPort>();

  learn(nodeId: number, { host, port }: HostAndPort): void {
    this.told.set(nodeId, { host, port });
  }

  /** It says so itself when it begins to lead, whatever the voter set says. Null where nobody has told. */
  ofLeader(host: RaftHost, nodeId: number): HostAndPort | null {
    const told = nodeId === host.state.self.id ? null : this.told.get(nodeId);
    return told ?? listed(host, nodeId);
  }

  /** It may have moved since it led: what the voter set says comes first, as with Apache. */
  ofVoter(host: RaftHost, nodeId: number): HostAndPort | null {
    return listed(host, nodeId) ?? this.told.get(nodeId) ?? null;
  }
}

function listed({ state, listenerName }: RaftHost, nodeId: number): HostAndPort | null {
  if (nodeId === state.self.id) return listenerOf(state.endpoints, listenerName);
  const voter = votersOf(state).find(({ id }) => id === nodeId);
  return listenerOf(voter?.endpoints ?? [], listenerName);
}

function listenerOf(endpoints: readonly Endpoint[], name: string): HostAndPort | null {
  return endpoints.find((endpoint) => endpoint.name === name) ?? endpoints[0] ?? null;
}
