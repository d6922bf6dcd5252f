/**
 * Ports are bound before the node can serve, because others must be told which they are. Links that come before the
 * gate opens are held, unread, and handed on then: a client waits instead of hearing that nobody listens.
 */
import type { Address, Link, LinkEvents, Listener, Net } from "../../base/ports.ts";

/** Such as "broker" or "controller": each may open at a time of its own. */
interface GatedAddress extends Address {
  readonly kind?: string;
}

type Accept = (link: Link) => LinkEvents;

export class Gate implements Net {
  private readonly net: Net;
  private readonly opened = new Set<string | undefined>();
  private allOpen = false;
  private waiting: { readonly kind: string | undefined; readonly enter: () => void }[] = [];

  constructor(net: Net) {
    this.net = net;
  }

  private isOpen(kind: string | undefined): boolean {
    return this.allOpen || this.opened.has(kind);
  }

  listen(address: GatedAddress, accept: Accept): Promise<Listener> {
    const { kind } = address;
    return this.net.listen(address, (link) => (this.isOpen(kind) ? accept(link) : this.hold(link, accept, kind)));
  }

  connect(address: Address, events: Parameters<Net["connect"]>[1]): Link {
    return this.net.connect(address, events);
  }

  /** For the listeners of one kind, or for all that are still closed. */
  open(only?: string): void {
    if (only === undefined) this.allOpen = true;
    else this.opened.add(only);
    for (const { kind, enter } of this.waiting.splice(0)) {
      if (this.isOpen(kind)) enter();
      else this.waiting.push({ kind, enter });
    }
  }

  private hold(link: Link, accept: Accept, kind: string | undefined): LinkEvents {
    let target: LinkEvents | null = null;
    let closed = false;
    const early: Uint8Array[] = [];
    link.pause();
    const enter = (): void => {
      if (closed) return;
      target = accept(link);
      for (const bytes of early) target.data(bytes);
      link.resume();
    };
    this.waiting.push({ kind, enter });
    return {
      // What was under way when the link was paused.
      data: (bytes) => (target === null ? void early.push(bytes) : target.data(bytes)),
      drain: () => target?.drain(),
      closed: () => {
        closed = true;
        target?.closed();
      },
    };
  }
}
