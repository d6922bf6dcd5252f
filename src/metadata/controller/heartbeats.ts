/**
 * Which brokers the active controller has heard of lately, and how far they are. Not in the log: a new controller starts
 * without it and gives every broker a whole session (as Kafka's BrokerHeartbeatManager and BrokerHeartbeatTracker).
 */
import type { MetadataImage } from "../image.ts";

interface BrokerState {
  readonly epoch: number;
  /** Ticks of the last heartbeat or registration. */
  lastContactMs: number;
  /** The offset up to which the broker has applied the metadata log; -1 until it says. */
  metadataOffset: number;
  /** All partitions have left the broker at this offset; -1 while it is not shutting down. */
  controlledShutdownOffset: number;
}

export class Heartbeats {
  private readonly brokers = new Map<number, BrokerState>();
  private readonly sessionTimeoutMs: number;

  constructor(sessionTimeoutMs: number) {
    this.sessionTimeoutMs = sessionTimeoutMs;
  }

  /** A new leader hears of nobody yet: each registered broker gets a whole session from now. */
  reset(image: MetadataImage, ticksMs: number): void {
    this.brokers.clear();
    for (const { id, epoch, fenced } of image.brokers.values()) if (!fenced) this.touch(id, epoch, -1, ticksMs);
  }

  touch(id: number, epoch: number, metadataOffset: number, ticksMs: number): void {
    const known = this.brokers.get(id);
    if (known === undefined || known.epoch !== epoch) {
      this.brokers.set(id, { epoch, lastContactMs: ticksMs, metadataOffset, controlledShutdownOffset: -1 });
      return;
    }
    known.lastContactMs = ticksMs;
    known.metadataOffset = metadataOffset;
  }

  remove(id: number): void {
    this.brokers.delete(id);
  }

  hasValidSession(id: number, epoch: number, ticksMs: number): boolean {
    const known = this.brokers.get(id);
    return known !== undefined && known.epoch === epoch && ticksMs - known.lastContactMs < this.sessionTimeoutMs;
  }

  isShuttingDown(id: number): boolean {
    return (this.brokers.get(id)?.controlledShutdownOffset ?? -1) >= 0;
  }

  controlledShutdownOffset(id: number): number {
    return this.brokers.get(id)?.controlledShutdownOffset ?? -1;
  }

  /** Keeps the first offset given. */
  beginControlledShutdown(id: number, offset: number): void {
    const known = this.brokers.get(id);
    if (known !== undefined && known.controlledShutdownOffset < 0) known.controlledShutdownOffset = offset;
  }

  endControlledShutdown(id: number): void {
    const known = this.brokers.get(id);
    if (known !== undefined) known.controlledShutdownOffset = -1;
  }

  /** The lowest metadata offset of the brokers that are up and not shutting down; Infinity where there is none. */
  lowestActiveOffset(image: MetadataImage): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const [id, { metadataOffset, controlledShutdownOffset }] of this.brokers) {
      if (controlledShutdownOffset >= 0 || image.brokers.get(id)?.fenced !== false) continue;
      lowest = Math.min(lowest, metadataOffset);
    }
    return lowest;
  }

  /** An unfenced broker whose session has run out; one at a time, so that each fencing is seen by the next. */
  firstExpired(image: MetadataImage, ticksMs: number): number | null {
    for (const { id, epoch, fenced } of image.brokers.values()) {
      if (!fenced && !this.hasValidSession(id, epoch, ticksMs)) return id;
    }
    return null;
  }
}
