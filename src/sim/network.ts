/**
 * A network that keeps TCP's promise and no more: bytes arrive in order, or the connection dies. Everything else may
 * happen: delay, pieces cut at any byte, a peer that reads slowly, connections cut with data under way, half-open ones
 * of which one side never hears, one-way partitions, and bytes that arrive long after their sender has gone.
 */
import { assert } from "../../base/assert.ts";
import type { Address, ConnectEvents, Link, LinkEvents, Listener, Net } from "../../base/ports.ts";
import { ListenError } from "../../base/ports.ts";
import type { Dice } from "./dice.ts";
import type { Life, World } from "./world.ts";

export interface NetworkSettings {
  readonly delayMeanMs: number;
  /** How many times a write may be cut into pieces. */
  readonly cutsMax: number;
  /** Bytes that a peer which does not read lets the other side write. */
  readonly windowBytes: number;
}

interface Listening {
  readonly life: Life;
  readonly accept: (link: Link) => LinkEvents;
}

export class Network {
  readonly world: World;
  readonly dice: Dice;
  settings: NetworkSettings;
  /** Open connections, by the side that made them: what faults choose from. */
  readonly connections = new Set<End>();
  bytesDelivered = 0;
  private readonly listening = new Map<string, Listening>();
  /** Hosts without power: nobody says that nobody listens there. */
  private readonly silent = new Set<string>();
  /** Host → until when it refuses whoever connects, whatever listens there. */
  private readonly refusing = new Map<string, number>();
  private readonly clogged = new Set<string>();
  private readonly held: { readonly route: string; readonly go: () => void }[] = [];
  private nextPort = 10_000;

  constructor(world: World, settings: NetworkSettings) {
    this.world = world;
    this.settings = settings;
    this.dice = world.dice("network");
  }

  /** The network as one process on one host sees it. */
  door(life: Life, host: string): Net {
    return {
      listen: async (address, accept) => this.listen(life, host, address, accept),
      connect: (address, events) => this.connect(life, host, address, events),
    };
  }

  /** Nothing from one host reaches the other until `unclog`; the sender only sees silence. */
  clog(from: string, to: string): void {
    this.clogged.add(`${from}>${to}`);
  }

  /** A live host whose queue of connections is full may answer so. */
  refuse(host: string, forMs: number): void {
    this.refusing.set(host, this.world.nowMs + forMs);
  }

  unclog(from: string, to: string): void {
    const route = `${from}>${to}`;
    if (!this.clogged.delete(route)) return;
    const released: (() => void)[] = [];
    for (const each of this.held.splice(0)) {
      if (each.route === route) released.push(each.go);
      else this.held.push(each);
    }
    // Together, so that nothing sent later overtakes them.
    this.world.at(0, () => released.forEach((go) => void go()));
  }

  /** The process is gone: its host answers for it with resets, or (power) not at all. */
  ended(life: Life, silently: boolean): void {
    for (const [key, { life: owner }] of [...this.listening]) {
      if (owner !== life) continue;
      this.listening.delete(key);
      if (silently) this.silent.add(hostOf(key));
    }
    for (const end of [...this.connections]) {
      for (const side of [end, end.peer]) if (side.life === life) side.vanish(silently);
    }
  }

  /** When a piece sent now arrives, were nothing before it. */
  delay(): number {
    return 0.02 + this.dice.exponential(this.settings.delayMeanMs);
  }

  /** Runs `go` when the route is open, in order. */
  through(from: string, to: string, go: () => void): void {
    const route = this.clogged.size === 0 ? null : `${from}>${to}`;
    if (route !== null && this.clogged.has(route)) this.held.push({ route, go });
    else go();
  }

  private listen(life: Life, host: string, address: Address, accept: Listening["accept"]): Listener {
    const port = address.port === 0 ? this.nextPort++ : address.port;
    const key = `${host}:${port}`;
    if (this.listening.has(key)) throw new ListenError(address, "EADDRINUSE");
    this.silent.delete(host);
    const listening = { life, accept };
    this.listening.set(key, listening);
    return { port, close: () => void (this.listening.get(key) === listening && this.listening.delete(key)) };
  }

  private connect(life: Life, host: string, address: Address, events: Parameters<Net["connect"]>[1]): Link {
    const port = this.nextPort++;
    const near = { host, port };
    const client = new End(this, life, near, address);
    const clientEvents = events(client);
    client.events = clientEvents;
    this.world.at(this.delay(), () =>
      this.through(host, address.host, () => {
        const isRefusing = (this.refusing.get(address.host) ?? 0) > this.world.nowMs;
        const target = isRefusing ? undefined : this.listening.get(`${address.host}:${address.port}`);
        if (!client.isOpen) return;
        if (target === undefined && !this.silent.has(address.host)) client.refusedSoon();
        if (target === undefined || !target.life.acts) client.closeSoon(0.1);
        else this.world.at(0, () => this.open(client, target), target.life);
      }),
    );
    return client;
  }

  private open(client: End, target: Listening): void {
    if (!client.isOpen) return;
    const server = new End(this, target.life, client.remote, client.local);
    client.join(server);
    this.connections.add(client);
    server.events = target.accept(server);
    this.world.at(
      this.delay(),
      () => this.through(server.local.host, client.local.host, () => client.opened()),
      client.life,
    );
  }
}

const hostOf = (key: string): string => key.slice(0, key.lastIndexOf(":"));

/** One side of a connection. */
export class End implements Link {
  readonly local: Address;
  readonly remote: Address;
  readonly life: Life;
  events: (LinkEvents & Partial<ConnectEvents>) | null = null;
  /** Every piece to this side is late by so much: a reader that does not keep up. */
  slownessMs = 0;
  /** Every piece to this side is late by exactly so much more. */
  latenessMs = 0;
  /** What was first written on this side: it tells what a client is for. */
  greeting = "";
  private readonly network: Network;
  private readonly route: string;
  private other: End | null = null;
  private open = true;
  private told = false;
  private paused = false;
  /** Arrived and not yet read. */
  private readonly inbox: (Uint8Array | "end")[] = [];
  /** Written here, not yet read there. */
  private unreadBytes = 0;
  private wantsDrain = false;
  private lastArrivalMs = 0;
  /** Nothing that is written here arrives: the other side is gone, and this one has not heard. */
  private intoTheVoid = false;

  constructor(network: Network, life: Life, local: Address, remote: Address) {
    this.network = network;
    this.life = life;
    this.local = local;
    this.remote = remote;
    this.route = `${remote.host}>${local.host}:${local.port}`;
  }

  get isOpen(): boolean {
    return this.open;
  }

  get peer(): End {
    assert(this.other !== null, "both ends exist");
    return this.other;
  }

  join(server: End): void {
    this.other = server;
    server.other = this;
  }

  opened(): void {
    if (this.open) this.events?.opened?.();
  }

  refusedSoon(): void {
    this.network.world.at(0.05, () => void (this.told || this.events?.refused?.()), this.life);
  }

  write(bytes: Uint8Array): number {
    if (!this.open || this.other === null || !this.life.acts) return 0;
    const { windowBytes, cutsMax } = this.network.settings;
    const taken = Math.max(0, Math.min(bytes.length, windowBytes - this.unreadBytes));
    this.wantsDrain = taken < bytes.length;
    if (taken === 0) return 0;
    this.unreadBytes += taken;
    if (this.intoTheVoid) return taken;
    const copy = bytes.slice(0, taken);
    if (this.greeting === "") this.greeting = new TextDecoder("latin1").decode(copy.subarray(0, 64));
    const { dice } = this.network;
    const cuts = cutsMax === 0 ? 0 : dice.below(cutsMax + 1);
    let at = 0;
    for (let n = 0; n < cuts && at < taken; n++) {
      const end = at + 1 + dice.below(taken - at);
      this.send(copy.subarray(at, end));
      at = end;
    }
    if (at < taken) this.send(at === 0 ? copy : copy.subarray(at));
    return taken;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    if (this.inbox.length > 0) this.network.world.at(0, () => this.read(), this.life);
  }

  end(): void {
    if (!this.open || !this.life.acts) return;
    if (this.other !== null && !this.intoTheVoid) this.send("end");
    this.closeSoon(0.05);
  }

  destroy(): void {
    if (!this.open || !this.life.acts) return;
    this.other?.closeSoon(this.network.delay());
    this.closeSoon(0.05);
  }

  /** The connection dies: each side hears of it in its own time, what was under way is lost. */
  cut(): void {
    const { network } = this;
    this.closeSoon(network.delay());
    this.other?.closeSoon(network.delay());
  }

  /** This side hears that it is closed; the other goes on believing, and gets the bytes that were under way. */
  cutHalf(lateMs: number): void {
    if (this.other !== null) {
      this.other.intoTheVoid = true;
      const { other, network } = this;
      // What arrives late is read; then, unless nobody ever tells it, the other side hears too.
      network.world.at(lateMs, () => other.closeSoon(0.1));
    }
    this.open = false;
    this.network.world.at(0.05, () => this.tell(), this.life);
  }

  /** The process on this side is gone. */
  vanish(silently: boolean): void {
    this.open = false;
    this.told = true;
    this.forget();
    const { other, network } = this;
    if (other === null || !other.open) return;
    if (!silently) {
      // What its host has taken from it may still arrive before the reset.
      if (network.dice.chance(0.5)) this.send("end");
      else other.closeSoon(network.delay());
      return;
    }
    other.intoTheVoid = true; // until somebody answers for the host, which may take a while
    network.world.at(1_000 + network.dice.exponential(20_000), () => other.closeSoon(0.1));
  }

  closeSoon(delayMs: number): void {
    if (!this.open) return;
    this.open = false;
    this.network.world.at(delayMs, () => this.tell(), this.life);
  }

  private tell(): void {
    if (this.told) return;
    this.told = true;
    this.inbox.length = 0;
    this.forget();
    this.events?.closed();
  }

  private forget(): void {
    const { connections } = this.network;
    connections.delete(this);
    if (this.other !== null) connections.delete(this.other);
  }

  private send(piece: Uint8Array | "end"): void {
    const { network } = this;
    const { world } = network;
    const other = this.peer;
    const wantedMs =
      world.nowMs +
      other.latenessMs +
      network.delay() +
      (other.slownessMs > 0 ? network.dice.unit() * other.slownessMs : 0);
    this.lastArrivalMs = Math.max(wantedMs, this.lastArrivalMs);
    world.atTime(this.lastArrivalMs, () =>
      network.through(this.local.host, this.remote.host, () => other.arrive(piece)),
    );
  }

  /** Also on a side whose peer has closed: bytes on their way are not called back. */
  private arrive(piece: Uint8Array | "end"): void {
    if (!this.life.acts || this.told) return;
    this.inbox.push(piece);
    if (!this.paused) this.network.world.at(0, () => this.read(), this.life);
  }

  private read(): void {
    if (this.paused || this.told || !this.life.acts) return;
    const piece = this.inbox.shift();
    if (piece === undefined) return;
    if (piece === "end") {
      this.open = false;
      this.tell();
      return;
    }
    this.network.bytesDelivered += piece.length;
    this.network.world.note(`${this.route} ${sumOf(piece)}`);
    this.peer.readByPeer(piece.length);
    if (this.open) this.events?.data(piece);
    if (this.inbox.length > 0 && !this.paused) this.network.world.at(0, () => this.read(), this.life);
  }

  private readByPeer(bytes: number): void {
    this.unreadBytes -= bytes;
    if (!this.wantsDrain || !this.open) return;
    this.wantsDrain = false;
    this.network.world.at(
      0.01,
      () => {
        if (this.open) this.events?.drain();
      },
      this.life,
    );
  }
}

/** Enough of the content that a change in it changes the trace. */
function sumOf(bytes: Uint8Array): string {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum = (Math.imul(sum, 31) + (bytes[i] as number)) | 0;
  return `${bytes.length} ${sum >>> 0}`;
}
