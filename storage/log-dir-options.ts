/** What a log directory needs to know; its logs get the same doors. */
import type { DiskError } from "../base/ports.ts";
import type { PartitionOffset } from "./checkpoint.ts";
import type { LoadProgress } from "./load-progress.ts";
import type { LogDirectory } from "./log-dir.ts";
import type { LogDoors, LogSettings } from "./settings.ts";

export interface LogDirectoryOptions extends LogDoors {
  readonly path: string;
  /** The live settings of a topic's logs. */
  readonly settingsFor: (topic: string) => LogSettings;
  /** Logs loaded at a time (`num.recovery.threads.per.data.dir`). */
  readonly concurrency?: () => number;
  /** False: high watermarks were checkpointed before the records below were synced (default true). */
  readonly highWatermarksAreSynced?: boolean;
  /** Recovery points of logs that another owner has opened: they are in the same checkpoint. */
  readonly alsoSynced?: () => readonly PartitionOffset[];
  /** Topics whose log another owner opens; by default the metadata log. */
  readonly skipTopics?: ReadonlySet<string>;
  /** `odradek.disk.reserve.bytes` (default 0) */
  readonly reserveBytes?: () => number;
  /** `odradek.on.corruption=directory`: a damaged log takes the directory offline (default: its reads are refused). */
  readonly corruptionIsFailure?: () => boolean;
  /** `odradek.recovery.point.bytes` */
  readonly recoveryPointBytes?: () => number;
  /** Files that its logs keep open at a time, syncs under way aside (default 4096). */
  readonly openFilesMax?: number;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** It has failed before it was taken: it is offline, and its disk is not asked again. */
  readonly failure?: DiskError;
  /** Once: the directory has failed. */
  readonly onOffline?: (directory: LogDirectory, error: DiskError) => void;
}
