/** The listeners of one node's broker or controller side, and all their connections. */
import type { Cancel, Clock, Link, LinkEvents, Listener, Logger, Net, Work } from "../../base/ports.ts";
import { FrameBuffers } from "../../protocol/frame-cutter.ts";
import type { AnyApi, ListenerKind } from "../apis/api.ts";
import type { Services } from "../apis/services.ts";
import { Connection, type ConnectionWorld } from "./connection.ts";
import { ConnectionLimits } from "./connection-limits.ts";
import { Dispatch } from "./dispatch.ts";
import { Garbage } from "./garbage.ts";
import { InputBudget } from "./input-budget.ts";
import { GATHER_BYTES } from "./reply-queue.ts";
import type { ServerSettings } from "./settings.ts";
import { Turn } from "./turn.ts";

const IDLE_CHECK_MS_MAX = 30_000;
const IDLE_CHECK_MS_MIN = 50;
/** Clients that send garbage may do so a thousand times a second: one line for all of them in this time. */
const BAD_INPUT_QUIET_MS = 10_000;

export interface ListenerSpec {
  /** Such as PLAINTEXT or CONTROLLER. */
  readonly name: string;
  readonly kind: ListenerKind;
  /** "" for every address of both families. */
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Brokers use it among themselves: its connections are never refused for their number. */
  readonly isInterBroker?: boolean;
}

export interface ServerParts {
  readonly clock: Clock;
  readonly net: Net;
  readonly work: Work;
  readonly logger: Logger;
  readonly settings: ServerSettings;
  readonly services: Services;
  readonly apis: ReadonlyMap<number, AnyApi>;
}

export class Server {
  readonly #parts: ServerParts;
  readonly #limits: ConnectionLimits;
  readonly #world: ConnectionWorld;
  readonly #listeners: Listener[] = [];
  readonly #connections = new Set<Connection>();
  #connectionCount = 0;
  #brokerListeners = 0;
  #cancelIdleCheck: Cancel = () => {};
  #quietUntilMs = -Infinity;
  #unreported = 0;
  #stopped: (() => void) | null = null;

  constructor(parts: ServerParts) {
    const { clock, logger, settings } = parts;
    this.#parts = parts;
    this.#limits = new ConnectionLimits(settings);
    const garbage = new Garbage(parts.work);
    this.#world = {
      clock,
      logger,
      settings,
      dispatch: new Dispatch(parts.apis, parts.services, logger, garbage),
      garbage,
      budget: new InputBudget(() => settings.inputBytesMax()),
      turn: new Turn(clock),
      gather: new Uint8Array(GATHER_BYTES),
      frameBuffers: new FrameBuffers(),
      closed: (connection) => this.#closed(connection),
      reportBadInput: (connection, reason) => this.#reportBadInput(connection, reason),
    };
    this.#checkIdleLater();
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Bytes of requests that are not finished. */
  get heldInputBytes(): number {
    return this.#world.budget.heldBytes;
  }

  /** The port that was bound. @throws ListenError */
  async listen(spec: ListenerSpec): Promise<number> {
    const listener = await this.#parts.net.listen(spec, (link) => this.#accept(spec, link));
    this.#listeners.push(listener);
    if (spec.kind === "broker") this.#brokerListeners++;
    return listener.port;
  }

  /** A limit was changed: connections that wait for a place may have one. */
  limitsChanged(): void {
    this.#limits.fill();
  }

  /** Accepts nobody more, answers what has begun for at most so long, then closes every connection. */
  async stop(graceMs: number): Promise<void> {
    for (const listener of this.#listeners.splice(0)) listener.close();
    this.#cancelIdleCheck();
    await new Promise<void>((stopped) => {
      this.#stopped = stopped;
      const cancel = this.#parts.clock.after(graceMs, () => {
        for (const connection of [...this.#connections]) connection.destroy();
      });
      for (const connection of [...this.#connections]) connection.stop();
      if (this.#connections.size === 0) stopped();
      this.#cancelIdleCheck = cancel;
    });
    this.#cancelIdleCheck();
  }

  #accept(spec: ListenerSpec, link: Link): LinkEvents {
    const isProtected = spec.isInterBroker === true && this.#brokerListeners > 1;
    const connection = new Connection(this.#world, link, spec, this.#connectionCount++, isProtected);
    if (!this.#limits.accepts(connection)) {
      this.#parts.logger.info(
        `Refused a connection from ${connection.clientHost}: the address has as many as it may have.`,
      );
      link.destroy();
      return { data() {}, drain() {}, closed() {} };
    }
    this.#connections.add(connection);
    return connection;
  }

  #closed(connection: Connection): void {
    this.#limits.closed(connection);
    this.#connections.delete(connection);
    if (this.#stopped !== null && this.#connections.size === 0) this.#stopped();
  }

  #checkIdleLater(): void {
    const { clock, settings } = this.#parts;
    const delayMs = Math.min(IDLE_CHECK_MS_MAX, Math.max(IDLE_CHECK_MS_MIN, settings.idleMsMax() / 10));
    this.#cancelIdleCheck = clock.after(delayMs, () => {
      for (const connection of [...this.#connections]) connection.closeIfIdle(clock.ticksMs());
      this.#checkIdleLater();
    });
  }

  #reportBadInput(connection: Connection, reason: string): void {
    const nowMs = this.#parts.clock.ticksMs();
    if (nowMs < this.#quietUntilMs) {
      this.#unreported++;
      return;
    }
    const more = this.#unreported === 0 ? "" : ` (and ${this.#unreported} more like it)`;
    this.#quietUntilMs = nowMs + BAD_INPUT_QUIET_MS;
    this.#unreported = 0;
    this.#parts.logger.warn(`Closing ${connection.id}: ${reason}${more}.`);
  }
}
