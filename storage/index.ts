/**
 * `odradek/storage`: Kafka's log files without a broker. A `LogDirectory` holds logs as Apache Kafka lays them out on
 * disk; a `Log` is one partition: append batches, read them back, sync, truncate, delete. Disk, clock and randomness
 * come in as ports.
 */

// biome-ignore-start lint/performance/noBarrelFile: the published surface is one page; nothing inside imports it.
export { type Clock, type Disk, DiskError, type FileView, type Logger, type Random } from "../base/ports.ts";
export type { AppendResult } from "./append.ts";
export { type EpochEnd, type EpochEntry, LeaderEpochs } from "./leader-epochs.ts";
export type { LoadProgress } from "./load-progress.ts";
export { type AppendOrigin, Log } from "./log.ts";
export { LogDirectory, type LogDirectoryOptions } from "./log-dir.ts";
export type { AbortedTransaction, LogRead, TimestampedOffset } from "./log-read.ts";
export type { ProducerDescription } from "./producer-state.ts";
export { LogDamaged } from "./recover.ts";
export type { LogStartReason } from "./retention.ts";
export { defaultLogSettings, type LogDoors, type LogOptions, type LogSettings } from "./settings.ts";
// biome-ignore-end lint/performance/noBarrelFile: the published surface ends here.
