import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import type { Link, Listener } from "../../base/ports.ts";
import { ListenError } from "../../base/ports.ts";
import { BunNet } from "./bun-net.ts";

const net = new BunNet();
const listeners: Listener[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.close();
});

/** A server that sends back what it gets. */
async function echo(host: string, port = 0): Promise<Listener & { links: Link[] }> {
  const links: Link[] = [];
  const listener = await net.listen({ host, port }, (link) => {
    links.push(link);
    return { data: (bytes) => void link.write(bytes), drain() {}, closed() {} };
  });
  listeners.push(listener);
  return { ...listener, links };
}

/** Connects, sends, and gives what came back until the link closed or `expected` bytes are there. */
function exchange(host: string, port: number, message: string, expected = message.length): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    net.connect({ host, port }, (link) => ({
      opened: () => void link.write(new TextEncoder().encode(message)),
      data(bytes) {
        received += new TextDecoder().decode(bytes);
        if (received.length >= expected) link.end();
      },
      drain() {},
      closed: () => resolve(received),
    }));
  });
}

test.each([
  ["localhost", ["127.0.0.1", "::1"]],
  ["", ["127.0.0.1", "::1"]],
  ["0.0.0.0", ["127.0.0.1", "::1"]],
  ["127.0.0.1", ["127.0.0.1"]],
])("listening on '%s' answers on %p", async (host, addresses) => {
  const server = await echo(host);
  for (const address of addresses) expect(await exchange(address, server.port, "hello")).toBe("hello");
  expect(server.links.map((link) => link.remote.host)).toEqual(addresses);
  expect(server.links.every((link) => link.local.port === server.port)).toBe(true);
});

test("a taken port is named with the system's code, also where only one family is taken", async () => {
  const { port } = await echo("::1");
  const failure = await net
    .listen({ host: "localhost", port }, () => ({ data() {}, drain() {}, closed() {} }))
    .catch((f) => f);
  expect(failure).toBeInstanceOf(ListenError);
  expect(failure).toMatchObject({ code: "EADDRINUSE", address: { host: "localhost", port } });
  const free = await echo("127.0.0.1", port); // the half that was opened is closed again
  expect(free.port).toBe(port);
});

test("an unknown host cannot be listened on", async () => {
  const failure = await echo("no.such.host.invalid").catch((f) => f);
  expect(failure).toMatchObject({ code: "ENOTFOUND" });
});

test("a connection that cannot be made ends with closed", async () => {
  expect(await exchange("127.0.0.1", 1, "x")).toBe("");
});

test("bytes handed over are not written again", async () => {
  const seen: Uint8Array[] = [];
  const done = Promise.withResolvers<void>();
  const listener = await net.listen({ host: "127.0.0.1", port: 0 }, () => ({
    data(bytes) {
      seen.push(bytes);
      if (seen.reduce((sum, { length }) => sum + length, 0) === 300_000) done.resolve();
    },
    drain() {},
    closed() {},
  }));
  listeners.push(listener);
  const sent = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  let at = 0;
  const link = net.connect({ host: "127.0.0.1", port: listener.port }, (own) => {
    const send = () => {
      while (at < sent.length) {
        const taken = own.write(sent.subarray(at, at + 1000));
        if (taken === 0) return;
        at += taken;
      }
    };
    return { opened: send, drain: send, data() {}, closed() {} };
  });
  await done.promise;
  expect(Buffer.concat(seen).equals(sent)).toBe(true);
  link.destroy();
});

test("a short write is followed by drain; pause and resume hold and release the input", async () => {
  const total = 40_000_000;
  let received = 0;
  let reader: Link | undefined;
  const held = Promise.withResolvers<void>();
  const done = Promise.withResolvers<number>();
  const listener = await net.listen({ host: "127.0.0.1", port: 0 }, (link) => {
    reader = link;
    link.pause();
    return {
      data: (bytes) => {
        received += bytes.length;
      },
      drain() {},
      closed: () => done.resolve(received),
    };
  });
  listeners.push(listener);
  let sent = 0;
  const block = new Uint8Array(1 << 20);
  net.connect({ host: "127.0.0.1", port: listener.port }, (link) => {
    const send = () => {
      while (sent < total) {
        const want = Math.min(block.length, total - sent);
        const taken = link.write(block.subarray(0, want));
        sent += taken;
        if (taken < want) return held.resolve();
      }
      link.end();
    };
    return { opened: send, drain: send, data() {}, closed() {} };
  });
  await held.promise;
  expect(sent).toBeLessThan(total);
  const before = received;
  await new Promise((resolve) => setImmediate(resolve));
  expect(received).toBe(before);
  reader?.resume();
  expect(await done.promise).toBe(total);
});

test("writes to a closed link take nothing and closed comes once", async () => {
  let closes = 0;
  const closed = Promise.withResolvers<void>();
  const { port } = await echo("127.0.0.1");
  const link = net.connect({ host: "127.0.0.1", port }, (own) => ({
    opened: () => own.destroy(),
    data() {},
    drain() {},
    closed() {
      closes++;
      closed.resolve();
    },
  }));
  await closed.promise;
  link.destroy();
  link.end();
  expect(link.write(new Uint8Array(5))).toBe(0);
  expect(closes).toBe(1);
});

test.each(["127.0.0.1", "localhost"])("a port of %s that nobody listens at is refused, then closed", async (host) => {
  const { port, close } = await echo("127.0.0.1");
  close();
  const told: string[] = [];
  await new Promise<void>((done) => {
    const say = (what: string) => () => {
      told.push(what);
      if (what === "closed") done();
    };
    net.connect({ host, port }, () => ({
      ...{ opened: say("opened"), refused: say("refused"), closed: say("closed") },
      data() {},
      drain() {},
    }));
  });
  expect(told).toEqual(["refused", "closed"]);
});

test("what a receiver throws is not lost: the process hears of it", async () => {
  const script = `
    import { BunNet } from "${join(import.meta.dir, "bun-net.ts")}";
    process.on("uncaughtException", (failure) => {
      console.log(failure.message);
      process.exit(0);
    });
    const net = new BunNet();
    const data = () => {
      throw new Error("a broken invariant");
    };
    const { port } = await net.listen({ host: "127.0.0.1", port: 0 }, () => ({ data, drain() {}, closed() {} }));
    const sends = (link) => ({ opened: () => link.write(new Uint8Array(1)), data() {}, drain() {}, closed() {} });
    net.connect({ host: "127.0.0.1", port }, sends);
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit", timeout: 10_000 });
  expect(await new Response(child.stdout).text()).toBe("a broken invariant\n");
});

test("who has gone before it is taken in is taken in without an address, and closes", async () => {
  const told: string[] = [];
  const closed = Promise.withResolvers<void>();
  const listener = await net.listen({ host: "127.0.0.1", port: 0 }, (link) => {
    told.push(`accepted from "${link.remote.host}"`);
    return { data() {}, drain() {}, closed: () => closed.resolve() };
  });
  listeners.push(listener);
  // Meanwhile this loop does not turn.
  const script = `const socket = require("net").connect(${listener.port}, "127.0.0.1", () => socket.resetAndDestroy())`;
  expect(Bun.spawnSync(["node", "-e", script]).exitCode).toBe(0);
  await closed.promise;
  expect(told).toEqual(['accepted from ""']);
});
