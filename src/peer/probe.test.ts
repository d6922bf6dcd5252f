import { expect, test } from "bun:test";
import type { Link, LinkEvents } from "../../base/ports.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryNet } from "../../base/testing/memory-net.ts";
import { probe } from "./probe.ts";

const quiet: LinkEvents = { data() {}, drain() {}, closed() {} };

async function found(accept: ((link: Link) => LinkEvents) | null) {
  const net = new MemoryNet();
  const clock = new FakeClock();
  const { port, close } = await net.listen({ host: "127.0.0.1", port: 0 }, accept ?? (() => quiet));
  if (accept === null) close();
  const asked = probe(net, clock, { host: "127.0.0.1", port });
  await clock.run(2_000, 5);
  return asked;
}

test("a port that nobody listens at is refused", async () => {
  expect(await found(null)).toBe("refused");
});

test("a connection that stays was accepted by somebody", async () => {
  expect(await found(() => quiet)).toBe("listening");
});

test("a connection that ends at once is unclear: so does a dying process", async () => {
  const ends = (link: Link): LinkEvents => {
    queueMicrotask(() => link.destroy());
    return quiet;
  };
  expect(await found(ends)).toBe("unclear");
});
