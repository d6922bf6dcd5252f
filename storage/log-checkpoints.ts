/**
 * What a log directory writes down of its logs: recovery points, log starts, high watermarks. When asked to, and by
 * itself where much has become durable since the recovery points were written: whatever lies above them is read again
 * after a crash, from the device.
 */
import { unreachable } from "../base/assert.ts";
import type { Disk } from "../base/ports.ts";
import {
  HIGH_WATERMARKS_FILE,
  LOG_CHECKPOINTS,
  LOG_STARTS_FILE,
  type LogCheckpoint,
  offsetsText,
  type PartitionOffset,
  RECOVERY_POINTS_FILE,
  replaceFile,
} from "./checkpoint.ts";
import type { Log } from "./log.ts";

/** About a quarter of a second of reading. */
const RECOVERY_POINT_BYTES = 256 << 20;

export interface LogCheckpointsOptions {
  readonly disk: Disk;
  /** Of the directory. */
  readonly path: string;
  readonly logs: ReadonlyMap<string, Log>;
  readonly alsoSynced?: () => readonly PartitionOffset[];
  readonly recoveryPointBytes?: () => number;
  /** All of its logs are open, and none is being closed: what is written names them all. */
  readonly isInUse: () => boolean;
  readonly failIfDisk: (error: unknown) => void;
}

/** Of a log that was not opened: what the checkpoints go on saying of it. */
interface HeldBack {
  readonly recoveryPoint: PartitionOffset;
  readonly logStart: PartitionOffset;
  readonly highWatermark: PartitionOffset;
}

export class LogCheckpoints {
  private readonly options: LogCheckpointsOptions;
  /**
   * What the checkpoints said of damaged logs, and go on saying: a recovery point that is forgotten would let the next
   * start take the damage for a torn tail and cut off what had been synced.
   */
  private readonly heldBack: HeldBack[] = [];
  private readonly written = new Map<LogCheckpoint, string>();
  private running: Promise<void> = Promise.resolve();
  /** Of sealed segments, since the recovery points were last written for their sake. */
  private durableBytes = 0;

  constructor(options: LogCheckpointsOptions) {
    this.options = options;
  }

  holdBack(offsets: HeldBack): void {
    this.heldBack.push(offsets);
  }

  /** As far as they have changed; one run at a time. */
  write(files: readonly LogCheckpoint[] = LOG_CHECKPOINTS): Promise<void> {
    const run = this.running.then(() => this.writeNow(files));
    this.running = run.catch(() => {});
    return run;
  }

  /**
   * Sealed segments of so many bytes are on the device, with their indexes. Only they count: the one that grows is read
   * as a whole whatever its log's recovery point is.
   */
  sealedDurable(bytes: number): void {
    const { isInUse, recoveryPointBytes } = this.options;
    this.durableBytes += bytes;
    if (this.durableBytes < (recoveryPointBytes?.() ?? RECOVERY_POINT_BYTES) || !isInUse()) return;
    this.durableBytes = 0;
    this.write([RECOVERY_POINTS_FILE]).catch(() => {}); // a failure has taken the directory offline
  }

  private async writeNow(files: readonly LogCheckpoint[]): Promise<void> {
    const { disk, path, failIfDisk } = this.options;
    // All of one moment, however long a write takes.
    const contents = files.map((file) => [file, offsetsText(this.offsetsFor(file))] as const);
    try {
      for (const [file, text] of contents) {
        if (this.written.get(file) === text) continue;
        await replaceFile(disk, `${path}/${file}`, text);
        this.written.set(file, text);
      }
    } catch (error) {
      failIfDisk(error);
      throw error;
    }
  }

  private offsetsFor(file: LogCheckpoint): readonly PartitionOffset[] {
    const { heldBack } = this;
    const logs = [...this.options.logs.values()];
    switch (file) {
      case RECOVERY_POINTS_FILE: {
        const points = logs.map((log) => place(log, log.recoveryPoint));
        return [...points, ...(this.options.alsoSynced?.() ?? []), ...heldBack.map((each) => each.recoveryPoint)];
      }
      case LOG_STARTS_FILE: {
        const starts = logs.filter((log) => log.startsInsideSegment).map((log) => place(log, log.logStartOffset));
        return [...starts, ...heldBack.map((each) => each.logStart).filter(({ offset }) => offset > 0)];
      }
      case HIGH_WATERMARKS_FILE: {
        const highWatermarks = logs.map((log) => place(log, log.highWatermark));
        return [...highWatermarks, ...heldBack.map((each) => each.highWatermark)];
      }
      default:
        return unreachable(file);
    }
  }
}

/** Only what the device has is promised: a later start would take for damage what a power cut has taken. */
function place({ topic, partition, durableOffset }: Log, offset: number): PartitionOffset {
  return { topic, partition, offset: Math.min(offset, durableOffset) };
}
