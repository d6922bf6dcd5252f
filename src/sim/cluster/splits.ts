/** Routes between hosts that carry nothing for a while: splits of several shapes, in one direction or both. */
import type { Dice } from "../dice.ts";
import type { Cluster } from "./cluster.ts";

type Shape = "one" | "halves" | "bridge" | "ring" | "all";
type Ways = "both" | "in" | "out";
type Route = readonly [from: string, to: string];

export class Splits {
  private readonly cluster: Cluster;
  private readonly clogged = new Set<Route>();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  heal(): void {
    for (const route of [...this.clogged]) this.unclog(route);
  }

  split(dice: Dice): void {
    const hosts = dice.shuffled(this.cluster.members.map(({ node }) => node.host));
    if (hosts.length < 2) return;
    const shape = dice.pick<Shape>(["one", "one", "halves", "bridge", "ring", "all"]);
    const ways = dice.pick(["both", "both", "in", "out"] as const);
    const forMs = dice.between(100, 10_000);
    const [first, ...others] = hosts as [string, ...string[]];
    const half = Math.ceil(hosts.length / 2);
    const [left, right] = [hosts.slice(0, half), hosts.slice(half)];
    if (shape === "one") this.apart([first], others, ways, forMs);
    if (shape === "halves") this.apart(left, right, ways, forMs);
    // One node sees both sides, which do not see each other.
    if (shape === "bridge") this.apart(left.slice(1), right, ways, forMs);
    // Each sees only its neighbours.
    if (shape === "ring") this.ring(hosts, forMs);
    if (shape === "all")
      for (const host of hosts)
        this.apart(
          [host],
          hosts.filter((each) => each !== host),
          "out",
          forMs,
        );
    // Some partitions also cut a side off from its clients.
    if (shape === "one" && dice.chance(0.5)) this.apart([first], this.cluster.clientHosts(), ways, forMs);
    this.cluster.world.note(`split ${shape} ${ways} ${hosts.join(" ")} for ${forMs}`);
  }

  private ring(hosts: readonly string[], forMs: number): void {
    hosts.forEach((host, n) => {
      const neighbours = [hosts[(n + 1) % hosts.length], hosts[(n - 1 + hosts.length) % hosts.length]];
      for (const other of hosts) if (other !== host && !neighbours.includes(other)) this.clog([host, other], forMs);
    });
  }

  /** Returns what ends it before its time. */
  apart(left: readonly string[], right: readonly string[], ways: Ways, forMs: number): () => void {
    const ends: (() => void)[] = [];
    for (const one of left) {
      for (const other of right) {
        if (ways !== "in") ends.push(this.clog([one, other], forMs));
        if (ways !== "out") ends.push(this.clog([other, one], forMs));
      }
    }
    return () => ends.forEach((end) => void end());
  }

  oneWay(dice: Dice): void {
    const [one, other] = dice.shuffled(this.cluster.members.map(({ node }) => node.host));
    if (one === undefined || other === undefined) return;
    const forMs = dice.between(100, 10_000);
    this.cluster.world.note(`one way ${one} ${other} for ${forMs}`);
    this.clog([one, other], forMs);
  }

  partitionClients(dice: Dice): void {
    const { cluster } = this;
    const hosts = cluster.clientHosts();
    const chosen = dice.chance(0.3) ? hosts : [dice.pick(hosts)];
    const { host } = dice.pick(cluster.members).node;
    const ways = dice.pick(["both", "in", "out"] as const);
    const forMs = dice.between(50, 8_000);
    cluster.world.note(`partition ${ways} ${host} ${chosen.join(" ")} for ${forMs}`);
    this.apart([host], chosen, ways, forMs);
  }

  private clog(route: Route, forMs: number): () => void {
    const { world, network } = this.cluster;
    const end = (): void => this.unclog(route);
    if (this.cluster.healed) return end;
    network.clog(...route);
    this.clogged.add(route);
    world.at(forMs, end);
    return end;
  }

  private unclog(route: Route): void {
    if (!this.clogged.delete(route)) return;
    const stillWanted = [...this.clogged].some(([from, to]) => from === route[0] && to === route[1]);
    if (!stillWanted) this.cluster.network.unclog(...route);
  }
}
