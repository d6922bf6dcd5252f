import { describe, expect, test } from "bun:test";
import type { Link } from "../../base/ports.ts";
import { type End, Network } from "./network.ts";
import { Life, World } from "./world.ts";

interface Side {
  link: Link | null;
  received: number[];
  closed: boolean;
  drains: number;
}

const blank = (): Side => ({ link: null, received: [], closed: false, drains: 0 });

function eventsOf(side: Side) {
  return {
    data: (piece: Uint8Array) => void side.received.push(...piece),
    drain: () => void side.drains++,
    closed: () => {
      side.closed = true;
    },
  };
}

function connected(windowBytes = 1 << 20) {
  const world = new World(1);
  const network = new Network(world, { delayMeanMs: 5, cutsMax: 3, windowBytes });
  const server = blank();
  const client = blank();
  const life = new Life("server");
  void network.door(life, "a").listen({ host: "a", port: 1 }, (link) => {
    server.link = link;
    return eventsOf(server);
  });
  world.run(1);
  client.link = network.door(new Life("client"), "b").connect({ host: "a", port: 1 }, () => {
    return { ...eventsOf(client), opened: () => {} };
  });
  world.run(1_000);
  return { world, network, server, client, life };
}

const numbers = (from: number, count: number) => Uint8Array.from({ length: count }, (_, n) => from + n);

describe("the simulated network", () => {
  test("delivers in order, however the bytes are cut and delayed", () => {
    const { world, client, server } = connected();
    for (let n = 0; n < 100; n += 10) client.link?.write(numbers(n, 10));
    world.run(5_000);
    expect(server.received).toEqual([...numbers(0, 100)]);
  });

  test("keeps the order through a partition, in which nothing arrives", () => {
    const { world, network, client, server } = connected();
    network.clog("b", "a");
    client.link?.write(numbers(0, 20));
    world.run(2_000);
    expect(server.received).toEqual([]);
    network.unclog("b", "a");
    client.link?.write(numbers(20, 20));
    world.run(4_000);
    expect(server.received).toEqual([...numbers(0, 40)]);
  });

  test("takes no more than its window, and says when there is room", () => {
    const { world, client, server } = connected(8);
    server.link?.pause();
    expect(client.link?.write(numbers(0, 20))).toBe(8);
    world.run(2_000);
    expect([server.received.length, client.drains]).toEqual([0, 0]);
    server.link?.resume();
    world.run(3_000);
    expect([server.received.length, client.drains]).toEqual([8, 1]);
  });

  test("a connection cut on one side only still delivers what was under way", () => {
    const { world, network, client, server } = connected();
    client.link?.write(numbers(0, 10));
    ([...network.connections][0] as End).cutHalf(3_000);
    world.run(1_500);
    expect([client.closed, server.closed, server.received.length]).toEqual([true, false, 10]);
    world.run(6_000);
    expect(server.closed).toBe(true);
  });

  test("a host without power answers nobody, for a while", () => {
    const { world, network, client, life } = connected();
    life.alive = false;
    network.ended(life, true);
    client.link?.write(numbers(0, 10));
    world.run(1_900);
    expect(client.closed).toBe(false);
    world.run(1_000_000);
    expect(client.closed).toBe(true);
  });
});
