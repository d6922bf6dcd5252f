/**
 * Random histories of a small cluster: crashes with and without the power, elections, nodes that are stopped for a
 * while
 * or do not hear of images.
 * Whatever happens, a record that was visible once stays where it was, on every node; what acks=all has acknowledged is
 * there in the end; and the replicas end up the same.
 */
import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import type { Channel } from "../peer/channel.ts";
import { Cluster, type ClusterNode } from "./testing/cluster.ts";

interface Acknowledged {
  readonly offset: number;
  readonly value: string;
}

class History {
  readonly random: Prng;
  readonly cluster: Cluster;
  readonly acknowledged: Acknowledged[] = [];
  /** By offset: what some node has shown to a consumer. */
  readonly shown: (string | undefined)[] = [];
  private readonly clients = new Map<number, Channel>();
  private produced = 0;

  constructor(seed: number, cluster: Cluster) {
    this.random = new Prng(seed);
    this.cluster = cluster;
  }

  async step(): Promise<void> {
    const node = this.cluster.node(1 + this.random.below(3));
    switch (this.random.below(24)) {
      case 0:
        if (node.isUp && this.upCount > 1) node.crash(this.random.below(2) === 0 ? "power" : "process");
        if (!node.isUp && this.random.below(2) === 0) await this.cluster.fence(node.id);
        break;
      case 1:
      case 7:
        await this.back(node);
        break;
      case 2:
        node.hears = this.random.below(3) > 0;
        if (node.hears) await node.hear(this.cluster.image);
        break;
      case 3: {
        const { isr, leader } = this.cluster.partition();
        const to = isr[this.random.below(3)];
        if (leader !== -1 && to !== undefined && this.cluster.node(to).isUp) await this.cluster.moveLeader(to);
        break;
      }
      case 4:
        if (!node.isUp) await this.cluster.fence(node.id);
        break;
      case 5:
        node.net.stop();
        break;
      case 6:
      case 8:
        await this.goOn(node);
        break;
      default:
        this.produce(this.random.below(4) === 0 ? node : this.leader);
    }
    await this.cluster.run(this.random.below(4) === 0 ? 400 : 15, 5);
    this.look();
  }

  async back(node: ClusterNode): Promise<void> {
    if (!node.isUp) {
      await this.cluster.fence(node.id);
      await node.restart();
      this.clients.delete(node.id); // it has the clock of the process before
      await this.cluster.unfence(node.id);
    } else if (this.cluster.image.brokers.get(node.id)?.fenced === true) await this.cluster.unfence(node.id);
  }

  private async goOn(node: ClusterNode): Promise<void> {
    node.net.goOn();
    await node.hear(this.cluster.image);
  }

  private get upCount(): number {
    return this.cluster.nodes.filter(({ isUp }) => isUp).length;
  }

  private get leader(): ClusterNode | undefined {
    const { leader } = this.cluster.partition();
    return leader < 0 ? undefined : this.cluster.node(leader);
  }

  /** Nobody waits here: the answer comes with later steps, or never. */
  private produce(node: ClusterNode | undefined): void {
    if (node === undefined || !node.isUp) return;
    let client = this.clients.get(node.id);
    if (client === undefined || client.state === "closed") {
      client = this.cluster.client(node.id);
      this.clients.set(node.id, client);
    }
    const value = `value ${this.produced++}`;
    const acks = this.random.below(5) === 0 ? 1 : -1;
    this.cluster.produce(client, [value], acks).then(
      ({ errorCode, baseOffset }) => {
        if (errorCode === 0 && acks === -1) this.acknowledged.push({ offset: baseOffset, value });
      },
      () => client.close(),
    );
  }

  /** What any node would show now. */
  look(): void {
    for (const node of this.cluster.nodes) {
      if (!node.isUp) continue;
      const replica = node.replica();
      const { highWatermark, log } = replica;
      expect(highWatermark).toBeLessThanOrEqual(log.logEndOffset);
      node.values().forEach((value, offset) => {
        if (offset >= highWatermark) return;
        this.shown[offset] ??= value;
        if (this.shown[offset] !== value) {
          throw new Error(`node ${node.id} shows ${value} at ${offset}, where ${this.shown[offset]} was`);
        }
      });
    }
  }

  async heal(): Promise<void> {
    for (const node of this.cluster.nodes) {
      node.hears = true;
      if (node.isUp) await this.goOn(node);
      await this.back(node);
      await node.hear(this.cluster.image);
    }
    await this.cluster.run(8_000, 20);
    this.look();
  }

  /** Acknowledged with acks=all, and not there. */
  get lost(): Acknowledged[] {
    return this.acknowledged.filter(({ offset, value }) => this.shown[offset] !== value);
  }
}

const seeds = Array.from({ length: Number(process.env.SEEDS ?? 25) }, (_, i) => i + 1);

/** Over all seeds: a history in which too few nodes are ever up commits nothing, and is fine. */
let committed = 0;

test.each(seeds)("what was committed stays, whatever fails (seed %d)", async (seed) => {
  const cluster = await Cluster.start(3, [
    ["replica.lag.time.max.ms", "1500"],
    ["replica.fetch.backoff.ms", "100"],
  ]);
  await cluster.createTopic([1, 2, 3], { "min.insync.replicas": "2" });
  const history = new History(seed, cluster);
  for (let i = 0; i < 150; i++) await history.step();
  await history.heal();
  const values = cluster.nodes.map((node) => node.values());
  expect(values[1]).toEqual(values[0] as string[]);
  expect(values[2]).toEqual(values[0] as string[]);
  expect(cluster.partition().isr.toSorted()).toEqual([1, 2, 3]);
  expect(cluster.nodes.map((node) => node.replica().highWatermark)).toEqual(values.map(({ length }) => length));
  expect(history.lost).toEqual([]);
  committed += history.shown.length;
});

test("the histories have committed records", () => {
  expect(committed).toBeGreaterThan(seeds.length * 5);
});
