/** TCP by Bun: `write` is one system call that says how many bytes it took, and Bun keeps none of the rest. */
import type { Address, ConnectEvents, Link, LinkEvents, Listener, Net } from "../../base/ports.ts";
import { ListenError } from "../../base/ports.ts";

/** How often a free port on 127.0.0.1 may turn out to be taken on ::1. */
const PORT_TRIES = 20;

type Socket = Bun.Socket<BunLink | undefined>;

export class BunNet implements Net {
  async listen(address: Address, accept: (link: Link) => LinkEvents): Promise<Listener> {
    if (address.host === "localhost") return listenOnBothLoopbacks(address, accept);
    if (address.host === "" || address.host === "0.0.0.0") return listenOnAll(address, accept);
    return listenOn(address.host, address, accept);
  }

  connect(address: Address, events: (link: Link) => ConnectEvents): Link {
    const link = new BunLink();
    const told = events(link);
    link.events = told;
    Bun.connect<BunLink | undefined>({
      hostname: address.host,
      port: address.port,
      socket: {
        ...handlers,
        open(socket) {
          if (link.opened(socket)) told.opened();
        },
        connectError: (_, failure) => {
          if (!link.isClosed && codeOf(failure) === "ECONNREFUSED") told.refused?.();
          link.ended();
        },
      },
    }).catch(() => link.ended());
    return link;
  }
}

/** The events of every socket; `open` differs between the two ways to get one. */
const handlers = {
  binaryType: "uint8array",
  data: (socket: Socket, bytes: Uint8Array) => socket.data?.events?.data(bytes),
  drain: (socket: Socket) => socket.data?.events?.drain(),
  close: (socket: Socket) => socket.data?.ended(),
  error: (_: Socket, failure: unknown) => failed(failure),
} as const;

/** Of the connection, then `close` follows; or what one of the handlers above has thrown, which is a bug like any other. */
function failed(failure: unknown): void {
  if ((failure as { syscall?: unknown }).syscall !== undefined) return;
  queueMicrotask(() => {
    throw failure;
  });
}

class BunLink implements Link {
  events: LinkEvents | null = null;
  remote: Address = { host: "", port: 0 };
  local: Address = { host: "", port: 0 };
  #socket: Socket | null = null;
  #closed = false;

  get isClosed(): boolean {
    return this.#closed;
  }

  /** `like`: of another one, taken where it is the same. False where the link was destroyed before it opened. */
  opened(socket: Socket, like: Address = this.local): boolean {
    if (this.#closed) {
      socket.terminate();
      return false;
    }
    socket.data = this;
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    this.#socket = socket;
    this.remote = { host: plainHost(socket.remoteAddress), port: socket.remotePort ?? 0 };
    const local = { host: plainHost(socket.localAddress), port: socket.localPort };
    this.local = local.host === like.host && local.port === like.port ? like : local;
    return true;
  }

  write(bytes: Uint8Array): number {
    if (this.#socket === null || this.#closed) return 0;
    return Math.max(0, this.#socket.write(bytes)); // -1: the peer is gone, `closed` is on its way
  }

  pause(): void {
    if (!this.#closed) this.#socket?.pause();
  }

  resume(): void {
    if (!this.#closed) this.#socket?.resume();
  }

  end(): void {
    if (this.#socket === null) this.ended();
    else if (!this.#closed) this.#socket.end();
  }

  destroy(): void {
    if (this.#socket === null) this.ended();
    else if (!this.#closed) this.#socket.terminate();
  }

  ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.events?.closed();
  }
}

function listenOn(hostname: string, address: Address, accept: (link: Link) => LinkEvents, port = address.port) {
  let last: Address | undefined;
  try {
    const server = Bun.listen<BunLink | undefined>({
      hostname,
      port,
      socket: {
        ...handlers,
        open(socket) {
          const link = new BunLink();
          link.opened(socket, last);
          last = link.local;
          link.events = accept(link);
        },
      },
    });
    return { port: server.port, close: () => server.stop(false) };
  } catch (cause) {
    throw new ListenError(address, codeOf(cause) ?? "ENOTFOUND", cause);
  }
}

function codeOf(failure: unknown): string | null {
  const { code } = failure as { code?: unknown };
  return typeof code === "string" ? code : null;
}

/** Every address of both families, as Java's sockets do for "" and "0.0.0.0"; IPv4 alone where there is no IPv6. */
function listenOnAll(address: Address, accept: (link: Link) => LinkEvents): Listener {
  try {
    return listenOn("::", address, accept);
  } catch (failure) {
    if (!isWithoutIpv6(failure)) throw failure;
    return listenOn("0.0.0.0", address, accept);
  }
}

/** Clients resolve "localhost" to either family: both must answer, on the same port. */
function listenOnBothLoopbacks(address: Address, accept: (link: Link) => LinkEvents): Listener {
  for (let tries = 1; ; tries++) {
    const first = listenOn("127.0.0.1", address, accept);
    try {
      const second = listenOn("::1", address, accept, first.port);
      const close = () => {
        first.close();
        second.close();
      };
      return { port: first.port, close };
    } catch (failure) {
      if (isWithoutIpv6(failure)) return first;
      first.close();
      if (address.port !== 0 || tries === PORT_TRIES) throw failure;
    }
  }
}

function isWithoutIpv6(failure: unknown): boolean {
  return failure instanceof ListenError && ["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"].includes(failure.code);
}

/**
 * An IPv4 peer of a socket for both families appears as ::ffff:10.0.0.1; one that has gone before it was taken in has
 * no address any more, whatever Bun's types say.
 */
function plainHost(host: string | undefined): string {
  if (host === undefined) return "";
  return host.startsWith("::ffff:") && host.includes(".") ? host.slice(7) : host;
}
