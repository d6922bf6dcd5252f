import { describe, expect, test } from "bun:test";
import type { Link, Net } from "../../base/ports.ts";
import { MemoryNet } from "../../base/testing/memory-net.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { closeConnection, noReply } from "../apis/api.ts";
import {
  exclusive,
  frameOf,
  joined,
  overlapping,
  settle,
  type Toy,
  ToyClient,
  toyMessage,
  toyServer,
} from "./testing/toy.ts";

const echo = (request: Toy): Toy => request;
const host = "127.0.0.1";
const numbers = (client: ToyClient) => client.replies().map(({ number }) => number);

/** A handler whose answers the test gives, in the order it likes. */
function manual() {
  const started: number[] = [];
  const pending = new Map<number, (answer: Toy) => void>();
  return {
    started,
    handle: (request: Toy) => {
      started.push(request.number);
      return new Promise<Toy>((answer) => pending.set(request.number, answer));
    },
    answer: (number: number, length = 0) => pending.get(number)?.({ number, bytes: new Uint8Array(length) }),
  };
}

describe("order", () => {
  test("pipelined requests are answered in order, whatever the chunks", async () => {
    for (const chunkBytes of [1, 2, 3, 7, 16, 1000]) {
      const net = new MemoryNet({ chunkBytes });
      const { port } = await toyServer({ net, handle: echo });
      const client = new ToyClient(net, { host, port });
      const frames = [1, 2, 3, 4, 5].map((number) =>
        frameOf(number % 2 === 0 ? overlapping : exclusive, number, new Uint8Array(number * 10)),
      );
      await client.write(joined(frames));
      await settle(2000);
      expect(client.replies().map((reply) => [reply.correlationId, reply.length])).toEqual([
        ...[1, 2, 3, 4, 5].map((number) => [number, number * 10]),
      ]);
    }
  });

  test("consecutive Produce overlap and are answered in order; any other waits for every reply before it", async () => {
    const net = new MemoryNet();
    const { started, handle, answer } = manual();
    const { port } = await toyServer({ net, handle });
    const client = new ToyClient(net, { host, port });
    await client.write(
      ...[1, 2, 3].map((number) => frameOf(overlapping, number)),
      ...[4, 5].map((number) => frameOf(exclusive, number)),
      frameOf(overlapping, 6),
    );
    await settle();
    expect(started).toEqual([1, 2, 3]);
    answer(3);
    answer(2);
    await settle();
    expect([numbers(client), started]).toEqual([[], [1, 2, 3]]);
    answer(1);
    await settle();
    expect([numbers(client), started]).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4],
    ]);
    answer(4);
    await settle();
    expect(started).toEqual([1, 2, 3, 4, 5]);
    answer(5);
    await settle();
    expect([numbers(client), started.at(-1)]).toEqual([[1, 2, 3, 4, 5], 6]);
  });

  test("the replies of one turn leave in one write", async () => {
    const net = new MemoryNet();
    const { port } = await toyServer({ net, handle: echo });
    const client = new ToyClient(net, { host, port });
    await client.write(joined([1, 2, 3, 4].map((number) => frameOf(overlapping, number))));
    await settle();
    expect(numbers(client)).toEqual([1, 2, 3, 4]);
    expect(client.chunks).toHaveLength(1);
  });

  test("what was waited for leaves together, and does not wait for the end of one more turn", async () => {
    const net = new MemoryNet();
    const { handle, answer } = manual();
    const { port, clock } = await toyServer({ net, handle });
    const client = new ToyClient(net, { host, port });
    await client.write(joined([1, 2, 3].map((number) => frameOf(overlapping, number))));
    await settle();
    clock.turnEnd = () => {}; // this turn does not end
    for (const number of [2, 1, 3]) answer(number);
    await settle();
    expect(numbers(client)).toEqual([1, 2, 3]);
    expect(client.chunks).toHaveLength(1);
  });

  test("a request without a reply leaves no gap", async () => {
    const net = new MemoryNet();
    const { port } = await toyServer({ net, handle: (request) => (request.number === 2 ? noReply : request) });
    const client = new ToyClient(net, { host, port });
    await client.write(...[1, 2, 3].map((number) => frameOf(overlapping, number)), frameOf(exclusive, 4));
    await settle();
    expect(numbers(client)).toEqual([1, 3, 4]);
  });

  test("a handler that closes does so after the replies before it, and nothing after it is answered", async () => {
    const net = new MemoryNet();
    const { handle, answer } = manual();
    const close = (request: Toy) => (request.number === 2 ? closeConnection : handle(request));
    const { port, server } = await toyServer({ net, handle: close });
    const client = new ToyClient(net, { host, port });
    await client.write(...[1, 2, 3].map((number) => frameOf(overlapping, number)));
    await settle();
    answer(3);
    await settle();
    expect(client.isClosed).toBe(false);
    answer(1);
    await settle();
    expect([numbers(client), client.isClosed, server.connectionCount]).toEqual([[1], true, 0]);
  });
});

test("large replies end the turn: the first ones leave before the next requests start", async () => {
  const net = new MemoryNet();
  const events: string[] = [];
  const { port } = await toyServer({
    net,
    handle: ({ number }, context) => {
      events.push(`start ${number}`);
      context.afterSent(() => events.push(`sent ${number}`));
      return { number, bytes: new Uint8Array(3 << 20) };
    },
  });
  const client = new ToyClient(net, { host, port });
  await client.write(joined([1, 2, 3, 4, 5].map((number) => frameOf(overlapping, number))));
  await client.until(5 * (16 + (3 << 20)));
  expect(events.indexOf("sent 1")).toBeLessThan(events.indexOf("start 3"));
  expect(numbers(client)).toEqual([1, 2, 3, 4, 5]);
});

describe("a slow reader", () => {
  test("gets large replies whole, as views, and their release comes after the last byte", async () => {
    const windowBytes = 1000;
    const net = new MemoryNet({ windowBytes });
    const receivedAtRelease: number[] = [];
    const big = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const { port } = await toyServer({
      net,
      handle: ({ number }, context) => {
        context.afterSent(() => receivedAtRelease.push(client.received.length));
        return { number, bytes: big };
      },
    });
    const client = new ToyClient(net, { host, port });
    await client.write(frameOf(overlapping, 1), frameOf(overlapping, 2));
    const replyBytes = 16 + big.length;
    await client.until(2 * replyBytes);
    await settle();
    expect(receivedAtRelease).toHaveLength(2);
    expect(receivedAtRelease[0]).toBeWithin(replyBytes - windowBytes, replyBytes + 1);
    expect(receivedAtRelease[1]).toBeWithin(2 * replyBytes - windowBytes, 2 * replyBytes + 1);
    expect(client.received.slice(-big.length)).toEqual(big);
    expect(numbers(client)).toEqual([1, 2]);
  });

  test("that does not read keeps the next request from starting", async () => {
    const net = new MemoryNet({ windowBytes: 50_000 });
    const started: number[] = [];
    const { port } = await toyServer({
      net,
      handle: ({ number }) => {
        started.push(number);
        return { number, bytes: new Uint8Array(60_000) };
      },
    });
    const client = new ToyClient(net, { host, port });
    await client.opened;
    client.link.pause();
    await client.write(...[1, 2, 3, 4].map((number) => frameOf(number < 3 ? exclusive : overlapping, number)));
    await settle();
    expect(started).toEqual([1]);
    client.link.resume();
    await client.until(4 * 60_016);
    expect(started).toEqual([1, 2, 3, 4]);
    expect(numbers(client)).toEqual([1, 2, 3, 4]);
  });

  test("that goes away releases what it was owed", async () => {
    const net = new MemoryNet({ windowBytes: 1000 });
    const events: string[] = [];
    const { handle, answer } = manual();
    const { port, server } = await toyServer({
      net,
      handle: (request, context) => {
        context.afterSent(() => events.push(`released ${request.number}`));
        context.onClose(() => events.push(`closed ${request.number}`));
        return handle(request);
      },
    });
    const client = new ToyClient(net, { host, port });
    await client.write(frameOf(overlapping, 1), frameOf(overlapping, 2));
    await settle();
    answer(1, 50_000);
    await settle(5);
    client.link.destroy();
    await settle();
    expect(events).toEqual(["released 1", "released 2", "closed 1", "closed 2"]);
    answer(2); // unheard, and no failure
    await settle();
    expect(server.connectionCount).toBe(0);
  });
});

describe("bad input closes the connection", () => {
  const sizes = [0, -1, 0x7fff_ffff].map((size) => Uint8Array.of(size >>> 24, size >>> 16, size >>> 8, size));
  const headless = Uint8Array.of(0, 0, 0, 1, 0);
  const cut = frameOf(exclusive, 9).slice();
  cut[21] = 0x7f; // the length of the bytes
  const cases: [string, Uint8Array, string][] = [
    ["a size of 0", sizes[0]!, "a request of 0 bytes was announced"],
    ["a negative size", sizes[1]!, "a request of -1 bytes was announced"],
    ["a size beyond the limit", sizes[2]!, "a request of 2147483647 bytes was announced, 104857600 are allowed"],
    ["no header", headless, "the request header does not decode: 2 bytes expected, 1 remain"],
    ["an unknown key", frameOf(toyMessage(777, "No"), 9), "the request header does not decode: unknown API key 777"],
    ["a version below", frameOf(exclusive, 9, undefined, 0), "version 0 of Metadata is not served"],
    ["a version above", frameOf(exclusive, 9, undefined, 10), "version 10 of Metadata is not served"],
    ["a lying length", cut, "Metadata v1 does not decode: 2130706432 bytes expected, 0 remain"],
  ];

  test.each(cases)("%s", async (_, bytes, reason) => {
    const net = new MemoryNet();
    const { port, lines, server } = await toyServer({ net, handle: echo });
    const client = new ToyClient(net, { host, port });
    await client.write(joined([frameOf(exclusive, 1), bytes, frameOf(exclusive, 2)]));
    await settle();
    expect(client.isClosed).toBe(true);
    expect(numbers(client)).toEqual([1]); // what came before is answered, what comes after is not
    expect(server.connectionCount).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEndWith(`: ${reason}.`);
  });

  test("is reported once in ten seconds, with the number of its like", async () => {
    const net = new MemoryNet();
    const { port, lines, clock } = await toyServer({ net, handle: echo });
    for (let count = 0; count < 5; count++) {
      const client = new ToyClient(net, { host, port });
      await client.write(headless);
      await client.whenClosed;
    }
    expect(lines).toHaveLength(1);
    clock.advance(10_001);
    const client = new ToyClient(net, { host, port });
    await client.write(headless);
    await client.whenClosed;
    expect(lines[1]).toContain("(and 4 more like it)");
  });
});

describe("failures", () => {
  test("of a handler become the API's own refusal, and the connection goes on", async () => {
    const net = new MemoryNet();
    const { port, lines } = await toyServer({
      net,
      handle: async ({ number, bytes }) => {
        if (number === 1) throw new KafkaError("INVALID_REQUEST", "because");
        if (number === 2) throw new Error("a bug");
        return { number, bytes };
      },
    });
    const client = new ToyClient(net, { host, port });
    await client.write(...[1, 2, 3].map((number) => frameOf(exclusive, number)));
    await settle();
    expect(client.replies()).toEqual([
      { correlationId: 1, number: 42, length: 7 },
      { correlationId: 2, number: -1, length: 0 },
      { correlationId: 3, number: 3, length: 0 },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toStartWith('Metadata v1 of client "toy" failed: Error: a bug');
  });

  test("of encoding close the connection", async () => {
    const net = new MemoryNet();
    const { port, lines } = await toyServer({ net, handle: ({ bytes }) => ({ number: 0.5, bytes }) });
    const client = new ToyClient(net, { host, port });
    await client.write(frameOf(exclusive, 1));
    await client.whenClosed;
    expect(lines[0]).toStartWith("The reply of Metadata v1 has no encoding: AssertionError");
  });
});

describe("idle connections", () => {
  test("are closed, also in the middle of a frame; a parked request does not save them, as in Apache", async () => {
    const net = new MemoryNet();
    const { handle } = manual();
    const { port, clock, server } = await toyServer({ net, handle, settings: { idleMsMax: () => 1000 } });
    const silent = new ToyClient(net, { host, port });
    const half = new ToyClient(net, { host, port });
    const parked = new ToyClient(net, { host, port });
    await half.write(frameOf(exclusive, 1).subarray(0, 6));
    await parked.write(frameOf(exclusive, 2));
    await silent.opened;
    await settle();
    await clock.run(900, 100);
    expect(server.connectionCount).toBe(3);
    await half.write(Uint8Array.of(0));
    await clock.run(300, 100);
    expect([silent.isClosed, half.isClosed, parked.isClosed]).toEqual([true, false, true]);
    await clock.run(1000, 100);
    expect(half.isClosed).toBe(true);
  });
});

describe("memory", () => {
  test("half a frame each from many connections stops at the bound; the first ones come to their end", async () => {
    const net = new MemoryNet({ chunkBytes: 10_000 });
    const settings = { inputBytesMax: () => 1_000_000 };
    const { port, server } = await toyServer({
      net,
      handle: ({ number }) => ({ number, bytes: new Uint8Array(0) }),
      settings,
    });
    const clients = Array.from({ length: 30 }, () => new ToyClient(net, { host, port }));
    const frame = frameOf(overlapping, 1, new Uint8Array(200_000));
    for (const client of clients) await client.write(frame.subarray(0, 100_000));
    await settle(1000);
    expect(server.heldInputBytes).toBeGreaterThan(1_000_000 - 1);
    expect(server.heldInputBytes).toBeLessThan(30 * frame.length); // each may still have grown once
    for (const client of clients) await client.write(frame.subarray(100_000));
    await settle(20_000);
    expect(clients.map(numbers)).toEqual(clients.map(() => [1]));
    expect(server.heldInputBytes).toBe(0);
  });

  test("input that cannot start yet pauses the socket", async () => {
    const net = new MemoryNet({ chunkBytes: 1000, windowBytes: 5000 });
    const { started, handle, answer } = manual();
    const { port, server } = await toyServer({ net, handle });
    const client = new ToyClient(net, { host, port });
    const frames = Array.from({ length: 100 }, (_, index) => frameOf(exclusive, index, new Uint8Array(981)));
    void client.write(...frames);
    await settle(500);
    expect(started).toEqual([0]);
    expect(server.heldInputBytes).toBeLessThan(3000);
    for (let number = 0; number < 100; number++) {
      answer(number);
      await settle();
    }
    expect(numbers(client)).toHaveLength(100);
  });

  test.each([
    [100, false],
    [20_000, true],
  ])("%d bytes that wait for nothing but the next turn pause the socket: %p", async (bytes, pauses) => {
    const net = new MemoryNet();
    const paused: Link[] = [];
    const links: Link[] = [];
    const spied: Net = {
      connect: (address, events) => net.connect(address, events),
      listen: (address, accept) =>
        net.listen(address, (link) => {
          links.push(link);
          const pause = link.pause.bind(link);
          link.pause = () => {
            paused.push(link);
            pause();
          };
          return accept(link);
        }),
    };
    const { port } = await toyServer({ net: spied, handle: echo });
    const large = new ToyClient(net, { host, port });
    const small = new ToyClient(net, { host, port });
    await Promise.all([large.opened, small.opened]);
    void large.write(frameOf(overlapping, 1, new Uint8Array(5 << 20))); // more than a turn takes
    void small.write(frameOf(exclusive, 2, new Uint8Array(bytes)));
    await settle(2000);
    expect(numbers(small)).toEqual([2]);
    expect(paused.includes(links[1] as Link)).toBe(pauses);
  });

  test("the memory of a large Produce is used again once it is answered; that of another request never is", async () => {
    const net = new MemoryNet({ chunkBytes: 64_000 });
    const seen: ArrayBufferLike[] = [];
    const held = Promise.withResolvers<Toy>();
    const handle = ({ number, bytes }: Toy) => {
      seen.push(bytes.buffer);
      expect(bytes.every((byte) => byte === number)).toBe(true);
      return number === 3 ? held.promise : { number, bytes: new Uint8Array(0) };
    };
    const { port } = await toyServer({ net, handle });
    const client = new ToyClient(net, { host, port });
    const send = async (message: typeof overlapping, number: number) => {
      await client.write(frameOf(message, number, new Uint8Array(300_000).fill(number)));
      await settle(2000);
    };
    for (const number of [1, 2, 3, 4]) await send(overlapping, number);
    expect(seen.map((buffer) => seen.indexOf(buffer))).toEqual([0, 0, 0, 3]);
    held.resolve({ number: 3, bytes: new Uint8Array(0) });
    await settle();
    for (const number of [5, 6]) await send(exclusive, number);
    await send(overlapping, 7);
    expect(numbers(client)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(seen[4]).not.toBe(seen[5]);
    expect(seen.lastIndexOf(seen[4] as ArrayBufferLike)).toBe(4);
    expect(seen.lastIndexOf(seen[5] as ArrayBufferLike)).toBe(5);
  });

  test("overlapping requests are bounded in number", async () => {
    const net = new MemoryNet();
    const { started, handle } = manual();
    const { port } = await toyServer({ net, handle });
    const client = new ToyClient(net, { host, port });
    await client.write(joined(Array.from({ length: 200 }, (_, index) => frameOf(overlapping, index))));
    await settle();
    expect(started).toHaveLength(128);
  });
});

describe("stopping", () => {
  test("answers what has begun, then closes", async () => {
    const net = new MemoryNet();
    const { handle, answer } = manual();
    const { port, server } = await toyServer({ net, handle });
    const idle = new ToyClient(net, { host, port });
    const busy = new ToyClient(net, { host, port });
    await idle.opened;
    await busy.write(frameOf(exclusive, 1), frameOf(exclusive, 2));
    await settle();
    const stopped = server.stop(1000);
    await settle();
    expect([idle.isClosed, busy.isClosed]).toEqual([true, false]);
    answer(1);
    await stopped;
    expect(numbers(busy)).toEqual([1]);
    expect(new ToyClient(net, { host, port }).whenClosed).resolves.toBeUndefined();
  });

  test("waits no longer than it was told", async () => {
    const net = new MemoryNet();
    const { handle } = manual();
    const { port, server, clock } = await toyServer({ net, handle });
    const busy = new ToyClient(net, { host, port });
    await busy.write(frameOf(exclusive, 1));
    await settle();
    const stopped = server.stop(1000);
    clock.advance(1001);
    await stopped;
    await settle();
    expect(busy.isClosed).toBe(true);
  });
});

test("an address over its limit is closed at once", async () => {
  const net = new MemoryNet();
  const { port, server, lines } = await toyServer({ net, handle: echo, settings: { connectionsPerHostMax: () => 1 } });
  const first = new ToyClient(net, { host, port });
  const second = new ToyClient(net, { host, port });
  await second.whenClosed;
  expect([first.isClosed, server.connectionCount]).toEqual([false, 1]);
  expect(lines).toEqual(["Refused a connection from 127.0.0.1: the address has as many as it may have."]);
});

test("over max.connections a connection is answered once another goes", async () => {
  const net = new MemoryNet();
  const { port } = await toyServer({ net, handle: echo, settings: { connectionsMax: () => 1 } });
  const first = new ToyClient(net, { host, port });
  const second = new ToyClient(net, { host, port });
  await second.write(frameOf(exclusive, 1));
  await settle();
  expect(numbers(second)).toEqual([]);
  first.link.end();
  await settle();
  expect(numbers(second)).toEqual([1]);
});
