/**
 * When the active controller last heard of each broker: soft state, not in the log. A broker that is unfenced in the
 * image when the controller becomes active gets a whole session from then on. As Kafka's BrokerHeartbeatManager and
 * BrokerHeartbeatTracker; times are monotonic milliseconds.
 */
import type { MetadataImage } from "../image.ts";

interface BrokerState {
  epoch: number;
  /** The offset of its RegisterBrokerRecord; what the broker must have applied before it is unfenced. */
  registrationOffset: number;
  lastContactMs: number | null;
  metadataOffset: number;
  /** Of the requests that its process sends; null before the first one. */
  connection: "open" | "ended" | null;
  /** The log end when its controlled shutdown began, -1 before: every active broker must pass it first. */
  controlledShutdownOffset: number;
}

export class BrokerHeartbeats {
  private readonly sessionTimeoutMs: number;
  private readonly brokers = new Map<number, BrokerState>();

  /** broker.session.timeout.ms, and the image at which the controller becomes active. */
  constructor(sessionTimeoutMs: number, image: MetadataImage, nowMs: number) {
    this.sessionTimeoutMs = sessionTimeoutMs;
    for (const broker of image.brokers.values()) {
      this.register(broker.id, broker.epoch, broker.epoch);
      if (!broker.fenced) this.contact(broker.id, nowMs);
    }
  }

  /** A new registration; a new incarnation begins without a session. */
  register(brokerId: number, epoch: number, registrationOffset: number): void {
    const known = this.brokers.get(brokerId);
    if (known?.epoch === epoch) known.registrationOffset = registrationOffset;
    else {
      const fresh = { lastContactMs: null, connection: null, metadataOffset: -1, controlledShutdownOffset: -1 };
      this.brokers.set(brokerId, { epoch, registrationOffset, ...fresh });
    }
  }

  remove(brokerId: number): void {
    this.brokers.delete(brokerId);
  }

  registrationOffset(brokerId: number): number {
    return this.brokers.get(brokerId)?.registrationOffset ?? -1;
  }

  contact(brokerId: number, nowMs: number): void {
    const broker = this.brokers.get(brokerId);
    if (broker !== undefined) broker.lastContactMs = nowMs;
  }

  /** A heartbeat was answered: the broker is fenced or not, and has applied the metadata up to the offset. */
  touch(brokerId: number, fenced: boolean, metadataOffset: number): void {
    const broker = this.brokers.get(brokerId);
    if (broker === undefined) return;
    broker.metadataOffset = metadataOffset;
    if (fenced) broker.controlledShutdownOffset = -1;
  }

  /** The first request of this registration came over a connection, or the last of its connections has ended. */
  connection(brokerId: number, epoch: number, is: "open" | "ended"): void {
    const broker = this.brokers.get(brokerId);
    if (broker?.epoch === epoch) broker.connection = is;
  }

  connectionOf(brokerId: number): "open" | "ended" | null {
    return this.brokers.get(brokerId)?.connection ?? null;
  }

  /** Its process is gone: there is no session to wait for. */
  gone(brokerId: number): void {
    const broker = this.brokers.get(brokerId);
    if (broker !== undefined) broker.lastContactMs = null;
  }

  hasValidSession(brokerId: number, epoch: number, nowMs: number): boolean {
    const broker = this.brokers.get(brokerId);
    return (
      broker !== undefined && broker.epoch === epoch && broker.lastContactMs !== null && !this.expired(broker, nowMs)
    );
  }

  beginControlledShutdown(brokerId: number, offset: number): void {
    const broker = this.brokers.get(brokerId);
    if (broker !== undefined && broker.controlledShutdownOffset < 0) broker.controlledShutdownOffset = offset;
  }

  /** -1 while it is not shutting down. */
  controlledShutdownOffset(brokerId: number): number {
    return this.brokers.get(brokerId)?.controlledShutdownOffset ?? -1;
  }

  /** The metadata that every broker which is up has applied; Infinity where none is up. */
  lowestActiveOffset(image: MetadataImage): number {
    let lowest = Infinity;
    for (const [id, broker] of this.brokers) {
      const up = image.brokers.get(id)?.fenced === false && broker.controlledShutdownOffset < 0;
      if (up && broker.metadataOffset < lowest) lowest = broker.metadataOffset;
    }
    return lowest;
  }

  /** The brokers that stayed silent for a session; each is named once, then has no session. */
  takeExpired(nowMs: number): number[] {
    const silent: number[] = [];
    for (const [id, broker] of this.brokers) {
      if (broker.lastContactMs === null || !this.expired(broker, nowMs)) continue;
      broker.lastContactMs = null;
      silent.push(id);
    }
    return silent;
  }

  /** When `takeExpired` next has something to say, if nobody is heard of until then; null where no session runs. */
  nextExpiryMs(): number | null {
    let next: number | null = null;
    for (const { lastContactMs } of this.brokers.values()) {
      if (lastContactMs === null) continue;
      const expiry = lastContactMs + this.sessionTimeoutMs;
      if (next === null || expiry < next) next = expiry;
    }
    return next;
  }

  private expired(broker: BrokerState, nowMs: number): boolean {
    return broker.lastContactMs !== null && broker.lastContactMs + this.sessionTimeoutMs < nowMs;
  }
}
