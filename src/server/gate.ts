/**
 * Ports are bound before the node can serve, because others must be told which they are. Links that come before the
 * gate
 * opens are held, unread, and handed on then: a client waits instead of hearing that nobody listens.
 */
import type { Address, Link, LinkEvents, Listener, Net } from "../../base/ports.ts";

type Accept = (link: Link) => LinkEvents;

export class Gate implements Net {
  private readonly net: Net;
  private isOpen = false;
  private waiting: (() => void)[] = [];

  constructor(net: Net) {
    this.net = net;
  }

  listen(address: Address, accept: Accept): Promise<Listener> {
    return this.net.listen(address, (link) => (this.isOpen ? accept(link) : this.hold(link, accept)));
  }

  connect(address: Address, events: Parameters<Net["connect"]>[1]): Link {
    return this.net.connect(address, events);
  }

  open(): void {
    this.isOpen = true;
    for (const enter of this.waiting.splice(0)) enter();
  }

  private hold(link: Link, accept: Accept): LinkEvents {
    let target: LinkEvents | null = null;
    let closed = false;
    const early: Uint8Array[] = [];
    link.pause();
    this.waiting.push(() => {
      if (closed) return;
      target = accept(link);
      for (const bytes of early) target.data(bytes);
      link.resume();
    });
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
