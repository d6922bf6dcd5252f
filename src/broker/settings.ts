/** The settings of each part of a node, out of the live configuration: read each time they are needed. */
import type { Clock, Disk, Logger, Random } from "../../base/ports.ts";
import { HIGH_WATERMARKS_FILE, LOG_STARTS_FILE, RECOVERY_POINTS_FILE } from "../../storage/checkpoint.ts";
import type { CleanerSettings } from "../../storage/cleaner.ts";
import type { LogDirectoryOptions } from "../../storage/log-dir.ts";
import type { LiveConfig } from "../config/live.ts";
import type { ControllerTimes } from "../metadata/controller/quorum-controller.ts";
import type { ControllerSettings } from "../metadata/controller/state.ts";
import type { SnapshotSettings } from "../metadata/publisher.ts";
import type { ReplicaManagerOptions } from "../partition/replica-manager.ts";
import { logSettings } from "../partition/topic-settings.ts";
import type { RaftSettings } from "../raft/driver.ts";
import { defaultServerSettings, type ServerSettings } from "../server/settings.ts";

export function raftSettings(config: LiveConfig): RaftSettings {
  return {
    get requestTimeoutMs() {
      return config.get("controller.quorum.request.timeout.ms");
    },
    get autoJoin() {
      return config.get("controller.quorum.auto.join.enable");
    },
    get electionTimeoutMs() {
      return config.get("controller.quorum.election.timeout.ms");
    },
    get fetchTimeoutMs() {
      return config.get("controller.quorum.fetch.timeout.ms");
    },
    get electionBackoffMaxMs() {
      return config.get("controller.quorum.election.backoff.max.ms");
    },
    get retryBackoffMs() {
      return config.get("controller.quorum.retry.backoff.ms");
    },
    get fetchMaxBytes() {
      return config.get("controller.quorum.fetch.max.bytes");
    },
    get fetchSnapshotMaxBytes() {
      return config.get("controller.quorum.fetch.snapshot.max.bytes");
    },
    get segmentBytes() {
      return config.get("internal.metadata.log.segment.bytes") ?? config.get("metadata.log.segment.bytes");
    },
    get segmentMs() {
      return config.get("metadata.log.segment.ms");
    },
    get retentionBytes() {
      return config.get("metadata.max.retention.bytes");
    },
    get retentionMs() {
      return config.get("metadata.max.retention.ms");
    },
    get snapshotDeleteDelayMs() {
      return config.get("internal.metadata.delete.delay.millis");
    },
  };
}

export function snapshotSettings(config: LiveConfig): SnapshotSettings {
  return {
    get maxRecordBytesBetweenSnapshots() {
      return config.get("metadata.log.max.record.bytes.between.snapshots");
    },
    get maxSnapshotIntervalMs() {
      return config.get("metadata.log.max.snapshot.interval.ms");
    },
  };
}

export function controllerSettings(config: LiveConfig): ControllerSettings {
  return {
    get defaultPartitions() {
      return config.get("num.partitions");
    },
    get defaultReplicationFactor() {
      return config.get("default.replication.factor");
    },
    get topicDeletionEnabled() {
      return config.get("delete.topic.enable");
    },
  };
}

export function controllerTimes(config: LiveConfig): ControllerTimes {
  return {
    get brokerSessionTimeoutMs() {
      return config.get("broker.session.timeout.ms");
    },
    get maxIdleIntervalMs() {
      return config.get("metadata.max.idle.interval.ms");
    },
  };
}

export function serverSettings(config: LiveConfig): ServerSettings {
  return {
    requestBytesMax: () => config.get("socket.request.max.bytes"),
    idleMsMax: () => config.get("connections.max.idle.ms"),
    connectionsMax: () => config.get("max.connections"),
    connectionsPerHostMax: (host) => perHost(config).get(host) ?? config.get("max.connections.per.ip"),
    inputBytesMax: () => {
      const bytes = config.get("queued.max.request.bytes");
      return bytes > 0 ? bytes : defaultServerSettings.inputBytesMax();
    },
  };
}

/** "host:count,host:count" */
function perHost(config: LiveConfig): ReadonlyMap<string, number> {
  const text = config.get("max.connections.per.ip.overrides");
  const entries = text === "" ? [] : text.split(",");
  return new Map(
    entries.map((entry) => {
      const colon = entry.lastIndexOf(":");
      return [entry.slice(0, colon).trim(), Number(entry.slice(colon + 1))];
    }),
  );
}

/** Apache's cleaner threads share its memory; here one compaction at a time has what one of them would have. */
export function cleanerSettings(config: LiveConfig): CleanerSettings {
  const threads = () => Math.max(1, config.get("log.cleaner.threads"));
  return {
    get enabled() {
      return config.get("log.cleaner.enable") && config.get("log.cleaner.threads") > 0;
    },
    get backoffMs() {
      return config.get("log.cleaner.backoff.ms");
    },
    get mapBytes() {
      return Math.floor(config.get("log.cleaner.dedupe.buffer.size") / threads());
    },
    get mapLoadFactor() {
      return config.get("log.cleaner.io.buffer.load.factor");
    },
    get ioBytes() {
      return Math.floor(config.get("log.cleaner.io.buffer.size") / threads() / 2);
    },
    get bytesPerSecondMax() {
      return config.get("log.cleaner.io.max.bytes.per.second");
    },
  };
}

/** When the periodic work on logs is done. */
export function taskTimes(
  config: LiveConfig,
): Pick<ReplicaManagerOptions, "initialTaskDelayMs" | "retentionCheckMs" | "checkpointMs"> {
  return {
    initialTaskDelayMs: () => config.get("log.initial.task.delay.ms"),
    retentionCheckMs: () => config.get("log.retention.check.interval.ms"),
    checkpointMs: {
      [RECOVERY_POINTS_FILE]: () => config.get("log.flush.offset.checkpoint.interval.ms"),
      [LOG_STARTS_FILE]: () => config.get("log.flush.start.offset.checkpoint.interval.ms"),
      [HIGH_WATERMARKS_FILE]: () => config.get("replica.high.watermark.checkpoint.interval.ms"),
    },
  };
}

/** Of all log directories together: what systems allow a process is shared with its connections. */
const OPEN_FILES_MAX = 4096;

/** What every log directory of the node has in common. */
export function directoryOptions(
  config: LiveConfig,
  doors: { readonly disk: Disk; readonly clock: Clock; readonly random: Random; readonly logger: Logger },
): Omit<LogDirectoryOptions, "path"> {
  return {
    ...doors,
    settingsFor: (topic) => logSettings(config.topic(topic), () => config.get("producer.id.expiration.ms")),
    concurrency: () => config.get("num.recovery.threads.per.data.dir"),
    highWatermarksAreSynced: config.get("odradek.flush.before.ack"),
    corruptionIsFailure: () => config.get("odradek.on.corruption") === "directory",
    reserveBytes: () => config.get("odradek.disk.reserve.bytes"),
    recoveryPointBytes: () => config.get("odradek.recovery.point.bytes"),
    openFilesMax: Math.ceil(OPEN_FILES_MAX / config.static.logDirs.length),
    skipTopics: new Set(["__cluster_metadata"]),
  };
}
