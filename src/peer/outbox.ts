/** What a connection has not taken yet, in order: written now where it takes it, else when it drains. */
import type { Link } from "../../base/ports.ts";

export class Outbox {
  private readonly link: Link;
  private readonly left: Uint8Array[] = [];

  constructor(link: Link) {
    this.link = link;
  }

  write(chunks: readonly Uint8Array[]): void {
    const blocked = this.left.length > 0;
    this.left.push(...chunks);
    if (!blocked) this.drain();
  }

  drain(): void {
    for (;;) {
      const chunk = this.left[0];
      if (chunk === undefined) return;
      const taken = this.link.write(chunk);
      if (taken < chunk.length) {
        this.left[0] = chunk.subarray(taken);
        return;
      }
      this.left.shift();
    }
  }
}
