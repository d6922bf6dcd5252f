/**
 * Fences a broker at once when its process is known to be gone; a session that runs out is for all that cannot be
 * known. Evidence is what the system of the dead says: it has closed the connection that the broker's heartbeats came
 * over, and it refuses new ones on every listener of the broker, twice, while no other connection of that broker shows
 * up. A late heartbeat is no evidence, nor is silence: of a stopped or slow process the system still accepts
 * connections. A new controller has no connection yet; it asks for the controller before it, which it missed as well.
 */
import type { Clock, Logger } from "../../../base/ports.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { fenceGone } from "./broker-heartbeat.ts";
import type { QuorumController } from "./quorum-controller.ts";

/** What connecting to an address tells: nobody listens, somebody does, or it ended unclearly. */
export type Found = "refused" | "listening" | "unclear";

export interface BrokerWatchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeId: number;
  readonly controller: Pick<QuorumController, "look" | "run">;
  readonly probe: (address: { readonly host: string; readonly port: number }) => Promise<Found>;
}

/** A connection that a broker's requests come over. */
export interface BrokerConnection {
  readonly connectionId: string;
  onClose(run: () => void): () => void;
}

interface Life {
  readonly brokerId: number;
  readonly brokerEpoch: number;
}

/** Between two looks: a live broker whose connection broke has a new one by then. */
const PAUSE_MS = 30;
/** A dying process closes one socket after the other: what is unclear is looked at again. */
const LOOKS_MAX = 10;
/** Brokers turn to a new controller at once. */
const NEW_CONTROLLER_MS = 100;

export class BrokerWatch {
  private readonly options: BrokerWatchOptions;
  /** Who speaks over which connection. */
  private readonly connections = new Map<string, Life>();
  private leaderId: number | null = null;

  constructor(options: BrokerWatchOptions) {
    this.options = options;
  }

  /** A heartbeat came over this connection. */
  heard(brokerId: number, brokerEpoch: number, connection: BrokerConnection): void {
    const { connectionId } = connection;
    // Each time: this controller may not have been active when the connection was first used.
    this.options.controller.look(({ heartbeats }) => heartbeats.connection(brokerId, brokerEpoch, "open"));
    const isKnown = this.connections.has(connectionId);
    this.connections.set(connectionId, { brokerId, brokerEpoch });
    if (!isKnown) connection.onClose(() => this.closed(connectionId));
  }

  /** The leader of the quorum has changed. */
  leaderChanged(leaderId: number | null): void {
    const { clock, controller, nodeId } = this.options;
    const before = this.leaderId;
    if (leaderId === null || leaderId === before) return;
    this.leaderId = leaderId;
    if (leaderId !== nodeId || before === null) return;
    clock.after(NEW_CONTROLLER_MS, () => {
      const brokerEpoch = controller.look(({ image }) => image.brokers.get(before)?.epoch) ?? null;
      if (brokerEpoch !== null) void this.suspect({ brokerId: before, brokerEpoch });
    });
  }

  private closed(connectionId: string): void {
    const life = this.connections.get(connectionId) as Life;
    this.connections.delete(connectionId);
    if (this.isConnected(life)) return;
    const { brokerId, brokerEpoch } = life;
    this.options.controller.look(({ heartbeats }) => heartbeats.connection(brokerId, brokerEpoch, "ended"));
    void this.suspect(life);
  }

  private isConnected({ brokerId, brokerEpoch }: Life): boolean {
    for (const each of this.connections.values()) {
      if (each.brokerId === brokerId && each.brokerEpoch === brokerEpoch) return true;
    }
    return false;
  }

  private async suspect(life: Life): Promise<void> {
    if (await this.isGone(life)) this.fence(life);
  }

  private async isGone(life: Life): Promise<boolean> {
    const { probe } = this.options;
    let refusals = 0;
    for (let looks = 0; looks < LOOKS_MAX && refusals < 2; looks++) {
      if (looks > 0) await this.pause();
      const addresses = this.addressesOf(life);
      if (addresses.length === 0) return false;
      const found = await Promise.all(addresses.map(probe));
      if (found.includes("listening")) return false;
      if (found.every((each) => each === "refused")) refusals++;
    }
    return refusals === 2 && this.addressesOf(life).length > 0;
  }

  /** Of a broker that is still in question; empty for any other. */
  private addressesOf(life: Life): readonly { readonly host: string; readonly port: number }[] {
    if (this.isConnected(life)) return [];
    const broker = this.options.controller.look(({ image }) => image.brokers.get(life.brokerId));
    return broker?.epoch === life.brokerEpoch ? [...broker.endpoints.values()] : [];
  }

  private fence({ brokerId, brokerEpoch }: Life): void {
    const { controller, logger } = this.options;
    logger.info(`The process of broker ${brokerId} is gone: nobody listens where it was`);
    controller
      .run((state) => fenceGone(state, brokerId, brokerEpoch))
      .catch((error) => {
        if (!(error instanceof KafkaError)) throw error; // another controller sees to it
      });
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => void this.options.clock.after(PAUSE_MS, resolve));
  }
}
