/** What a replica is opened with, and what it tells of its quorum. */
import type { Clock, Disk, Logger, Random } from "../../../base/ports.ts";
import { defaultLogSettings, type LogSettings } from "../../../storage/settings.ts";
import type { Endpoint, Progress, ReplicaKey, VoterSet } from "../state.ts";
import type { HostAndPort, QuorumTimes, RaftNetwork } from "./host.ts";

/** Read each time they are needed, so a live configuration may stand behind them. */
export interface RaftSettings extends QuorumTimes {
  /** `internal.metadata.log.segment.bytes` or `metadata.log.segment.bytes`, `metadata.log.segment.ms` */
  readonly segmentBytes: number;
  readonly segmentMs: number;
  /** `metadata.max.retention.bytes`, `metadata.max.retention.ms` */
  readonly retentionBytes: number;
  readonly retentionMs: number;
  /** `internal.metadata.delete.delay.millis`: that of segments is fixed, as in Apache. */
  readonly snapshotDeleteDelayMs: number;
  /** What an index file is given at first; Apache's default where missing. */
  readonly segmentIndexBytes?: number;
}

/** Apache's defaults (4.3). */
export const defaultRaftSettings: RaftSettings = {
  electionTimeoutMs: 1000,
  fetchTimeoutMs: 2000,
  electionBackoffMaxMs: 1000,
  retryBackoffMs: 20,
  requestTimeoutMs: 2000,
  autoJoin: false,
  fetchMaxBytes: 1_048_576,
  fetchSnapshotMaxBytes: 1_048_576,
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  retentionBytes: 104_857_600,
  retentionMs: 604_800_000,
  snapshotDeleteDelayMs: 60_000,
};

export interface RaftOptions {
  readonly clusterId: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** `…/__cluster_metadata-0` */
  readonly path: string;
  /** From the checkpoint of the directory: below, all had been synced, and what is missing was damaged (default 0). */
  readonly recoveryPoint?: number;
  /** Held while the log is open; null where the directory is one of `log.dirs`, whose owner holds it. */
  readonly lockPath: string | null;
  readonly self: ReplicaKey;
  /** Where the own controller listeners are reached, with the ports that were bound. */
  readonly endpoints: readonly Endpoint[];
  /** Of the listeners that controllers speak to each other on; the own one where it is not given. */
  readonly listenerName?: string;
  /** From `controller.quorum.voters`; empty where the voters are in the log (kraft.version 1). */
  readonly staticVoters: VoterSet;
  /** A controller: it may be made a voter (default true). */
  readonly canBecomeVoter?: boolean;
  readonly settings: RaftSettings;
  readonly network: RaftNetwork;
  /** `controller.quorum.bootstrap.servers`: nodes that may know who leads. */
  readonly bootstrapServers: readonly HostAndPort[];
  /** The node cannot go on: the disk of the metadata log failed. */
  readonly onFatal: (error: unknown) => void;
}

/** What DescribeQuorum tells. */
export interface QuorumDescription {
  readonly leaderId: number | null;
  readonly epoch: number;
  readonly highWatermark: number | null;
  readonly voters: VoterSet;
  readonly progress: readonly Progress[];
  readonly kraftVersion: number;
}

/** Segments are deleted behind snapshots, not by the log's own rules. */
export function logSettings(settings: RaftSettings): LogSettings {
  return {
    ...defaultLogSettings,
    segmentIndexBytes: settings.segmentIndexBytes ?? defaultLogSettings.segmentIndexBytes,
    get segmentBytes() {
      return settings.segmentBytes;
    },
    get segmentMs() {
      return settings.segmentMs;
    },
    retentionMs: -1,
    retentionBytes: -1,
    cleanupDelete: false,
  };
}
