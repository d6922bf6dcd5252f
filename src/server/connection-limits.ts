/**
 * How many connections there may be (max.connections, max.connections.per.ip), as Apache counts them: an address over
 * its limit is refused; over the total a new connection waits unread for a free place, as it would in the backlog of a
 * listening socket. The listener between brokers is never refused: another listener's connection makes room.
 */
import type { ServerSettings } from "./settings.ts";

export interface Counted {
  readonly host: string;
  /** Connections of the listener between brokers, where there are other listeners. */
  readonly isProtected: boolean;
  readonly lastActiveMs: number;
  /** Has a place: reads. */
  admitted(): void;
  /** Has no place yet: does not read. */
  waits(): void;
  /** Makes room for a protected one. */
  displaced(): void;
}

export class ConnectionLimits {
  readonly #settings: ServerSettings;
  readonly #perHost = new Map<string, number>();
  readonly #open = new Set<Counted>();
  readonly #waiting = new Set<Counted>();

  constructor(settings: ServerSettings) {
    this.#settings = settings;
  }

  get count(): number {
    return this.#open.size;
  }

  /** False: this address has its maximum, and the connection is closed. */
  accepts(connection: Counted): boolean {
    const { host } = connection;
    const present = this.#perHost.get(host) ?? 0;
    if (present >= this.#settings.connectionsPerHostMax(host)) return false;
    this.#perHost.set(host, present + 1);
    if (connection.isProtected || this.#open.size < this.#settings.connectionsMax()) this.#admit(connection);
    else {
      this.#waiting.add(connection);
      connection.waits();
    }
    return true;
  }

  /** A connection that was accepted is gone. */
  closed(connection: Counted): void {
    const left = (this.#perHost.get(connection.host) ?? 1) - 1;
    if (left > 0) this.#perHost.set(connection.host, left);
    else this.#perHost.delete(connection.host);
    this.#open.delete(connection);
    this.#waiting.delete(connection);
    this.fill();
  }

  /** Gives free places to those that wait: also when the setting rises. */
  fill(): void {
    for (const next of this.#waiting) {
      if (this.#open.size >= this.#settings.connectionsMax()) return;
      this.#waiting.delete(next);
      this.#admit(next);
    }
  }

  #admit(connection: Counted): void {
    this.#open.add(connection);
    connection.admitted();
    if (this.#open.size > this.#settings.connectionsMax()) this.#leastActive()?.displaced();
  }

  #leastActive(): Counted | null {
    let found: Counted | null = null;
    for (const one of this.#open) {
      if (!one.isProtected && (found === null || one.lastActiveMs < found.lastActiveMs)) found = one;
    }
    return found;
  }
}
