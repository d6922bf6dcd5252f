/**
 * The space of a disk that records may not take, so that a full disk refuses producers and stops nothing else: what
 * frees space (deletion, retention, compaction) and what the node lives by (metadata, checkpoints) still has room.
 */
import type { Clock, DiskError, Logger } from "../base/ports.ts";
import { KafkaError } from "../protocol/errors.ts";
import type { AppendOrigin } from "./log.ts";

/** Others write to the disk too: what was measured counts no longer than this. */
const MEASURED_MS = 1000;
/** While it is full: so soon again. */
const LOOK_AGAIN_MS = 100;
/** A disk smaller than this many reserves gives up only this part of itself. */
const PARTS_OF_DISK = 20;

export interface DiskReserveOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly space: () => { readonly totalBytes: number; readonly usableBytes: number };
  /** `odradek.disk.reserve.bytes` */
  readonly reserveBytes: () => number;
}

export class DiskReserve {
  private readonly options: DiskReserveOptions;
  private measuredMs = Number.NEGATIVE_INFINITY;
  private usableBytes = 0;
  private reserveBytes = 0;
  /** Appended since the space was measured. */
  private takenBytes = 0;
  private full = false;
  private neededBytes = 0;

  constructor(options: DiskReserveOptions) {
    this.options = options;
  }

  /** Producers are being refused. */
  get isFull(): boolean {
    return this.full;
  }

  /**
   * To be asked before each append. Other nodes and coordinators may take half of the reserve; the metadata log all.
   * @throws KAFKA_STORAGE_ERROR, which clients retry.
   */
  admit(bytes: number, origin: AppendOrigin): void {
    if (origin === "raftLeader") return;
    this.look(bytes);
    if (origin === "client" ? this.full : !this.leavesHalf(bytes)) {
      throw new KafkaError("KAFKA_STORAGE_ERROR", `The disk of ${this.options.path} is full`);
    }
    this.takenBytes += bytes;
  }

  /** Compaction needs room before it gives any back: it stops where no more than half of the reserve is left. */
  get hasRoomToCompact(): boolean {
    const nowMs = this.options.clock.ticksMs();
    if (nowMs - this.measuredMs >= LOOK_AGAIN_MS) this.measure(nowMs);
    return this.leavesHalf(0);
  }

  private look(bytes: number): void {
    const nowMs = this.options.clock.ticksMs();
    const validMs = this.full ? LOOK_AGAIN_MS : MEASURED_MS;
    if (nowMs - this.measuredMs >= validMs || (!this.full && this.spareBytes < bytes)) this.measure(nowMs);
    // Not at once again with the first byte that is freed, nor for the small while the large still do not fit.
    if (this.full) this.neededBytes = Math.max(this.neededBytes, bytes + this.reserveBytes / 8);
    else this.neededBytes = bytes;
    const isFull = this.spareBytes < this.neededBytes;
    if (isFull !== this.full) this.tell(isFull);
  }

  private leavesHalf(bytes: number): boolean {
    return this.spareBytes + this.reserveBytes / 2 >= bytes;
  }

  /** What producers may still take. */
  private get spareBytes(): number {
    return this.usableBytes - this.reserveBytes - this.takenBytes;
  }

  private measure(nowMs: number): void {
    const { totalBytes, usableBytes } = this.options.space();
    this.measuredMs = nowMs;
    this.usableBytes = usableBytes;
    this.reserveBytes = Math.min(this.options.reserveBytes(), Math.floor(totalBytes / PARTS_OF_DISK));
    this.takenBytes = 0;
  }

  private tell(isFull: boolean): void {
    this.full = isFull;
    const { path, logger } = this.options;
    const free = `${path} has ${this.usableBytes} bytes free and keeps ${this.reserveBytes}`;
    if (isFull) logger.error(`${free}: producers are refused until there is more`);
    else logger.info(`${free}: producers are served again`);
  }
}

/** No room: unlike every other failure of a disk it passes, and nothing is lost by it. */
export function isDiskFull({ code }: DiskError): boolean {
  return code === "ENOSPC" || code === "EDQUOT";
}
