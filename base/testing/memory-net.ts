/**
 * A network in memory for unit tests. Bytes arrive in order, in the chunks that they were written in or, with
 * `chunkBytes`, cut smaller; `windowBytes` bounds what a peer that does not read lets the other side write. Events are
 * delivered in microtasks, as a socket delivers them in later turns.
 */
import type { Address, ConnectEvents, Link, LinkEvents, Listener, Net } from "../ports.ts";
import { ListenError } from "../ports.ts";

export interface MemoryNetOptions {
  readonly chunkBytes?: number;
  readonly windowBytes?: number;
}

export class MemoryNet implements Net {
  readonly #listening = new Map<number, (link: Link) => LinkEvents>();
  readonly #chunkBytes: number;
  readonly #windowBytes: number;
  #nextPort = 40_000;

  constructor({ chunkBytes = Infinity, windowBytes = Infinity }: MemoryNetOptions = {}) {
    this.#chunkBytes = chunkBytes;
    this.#windowBytes = windowBytes;
  }

  async listen(address: Address, accept: (link: Link) => LinkEvents): Promise<Listener> {
    const port = address.port === 0 ? this.#nextPort++ : address.port;
    if (this.#listening.has(port)) throw new ListenError(address, "EADDRINUSE");
    this.#listening.set(port, accept);
    return { port, close: () => void this.#listening.delete(port) };
  }

  connect(address: Address, events: (link: Link) => ConnectEvents): Link {
    const here = { host: "127.0.0.1", port: this.#nextPort++ };
    const there = { host: "127.0.0.1", port: address.port };
    const client = new MemoryLink(here, there, this.#chunkBytes, this.#windowBytes);
    const clientEvents = events(client);
    client.events = clientEvents;
    queueMicrotask(() => {
      const accept = this.#listening.get(address.port);
      if (accept === undefined) {
        clientEvents.refused?.();
        return client.shut();
      }
      const server = new MemoryLink(there, here, this.#chunkBytes, this.#windowBytes);
      client.peer = server;
      server.peer = client;
      server.events = accept(server);
      clientEvents.opened();
    });
    return client;
  }
}

class MemoryLink implements Link {
  readonly local: Address;
  readonly remote: Address;
  events: LinkEvents | null = null;
  peer: MemoryLink | null = null;
  readonly #chunkBytes: number;
  readonly #windowBytes: number;
  /** Written by the peer, not yet delivered. */
  readonly #arriving: Uint8Array[] = [];
  #arrivingBytes = 0;
  #ended = false;
  #paused = false;
  #wantsDrain = false;
  #closed = false;
  #scheduled = false;

  constructor(local: Address, remote: Address, chunkBytes: number, windowBytes: number) {
    this.local = local;
    this.remote = remote;
    this.#chunkBytes = chunkBytes;
    this.#windowBytes = windowBytes;
  }

  write(bytes: Uint8Array): number {
    if (this.#closed || this.peer === null || this.peer.#closed) return 0;
    const taken = Math.min(bytes.length, this.#windowBytes - this.peer.#arrivingBytes);
    this.#wantsDrain = taken < bytes.length;
    for (let at = 0; at < taken; at += this.#chunkBytes) {
      this.peer.#arriving.push(bytes.slice(at, Math.min(taken, at + this.#chunkBytes)));
    }
    this.peer.#arrivingBytes += taken;
    this.peer.#deliverLater();
    return taken;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliverLater();
  }

  end(): void {
    if (this.#closed) return;
    if (this.peer !== null) {
      this.peer.#ended = true;
      this.peer.#deliverLater();
    }
    this.shut();
  }

  destroy(): void {
    if (this.#closed) return;
    this.shut();
    if (this.peer !== null) queueMicrotask(() => this.peer?.shut());
  }

  shut(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#arriving.length = 0;
    this.events?.closed();
  }

  #deliverLater(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#deliver());
  }

  /** One event at a time, so that what a handler does takes effect before the next. */
  #deliver(): void {
    this.#scheduled = false;
    if (this.#closed || this.#paused) return;
    const chunk = this.#arriving.shift();
    if (chunk !== undefined) {
      this.#arrivingBytes -= chunk.length;
      this.events?.data(chunk);
      if (this.peer !== null) this.peer.#drainLater();
    } else if (this.#ended) {
      this.shut();
    }
    if (this.#arriving.length > 0 || this.#ended) this.#deliverLater();
  }

  #drainLater(): void {
    if (!this.#wantsDrain) return;
    this.#wantsDrain = false;
    queueMicrotask(() => {
      if (!this.#closed) this.events?.drain();
    });
  }
}
