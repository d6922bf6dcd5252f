/**
 * A network of namespaces: each node has one of its own on a bridge, where its way to another can be cut, in one
 * direction or both, without anybody being told. Needs root and `ip`.
 */
import type { Site } from "../lib/cluster.ts";
import { run } from "../lib/process.ts";

const BRIDGE = "odradek0";
/** Nobody has this address: what is sent to it is gone. */
const NOBODY = "02:00:00:00:00:fe";
const addressOf = (index: number): string => `10.213.77.${index + 1}`;
const namespaceOf = (index: number): string => `odradek-${index}`;

export class Network {
  readonly sites: readonly Site[];
  private readonly cuts = new Set<readonly [from: number, to: number]>();

  private constructor(size: number) {
    this.sites = Array.from({ length: size }, (_, index) => {
      return { host: addressOf(index), prefix: ["ip", "netns", "exec", namespaceOf(index)] };
    });
  }

  /** Null, with the reason, where the machine does not allow it. */
  static async create(size: number): Promise<Network | string> {
    if (process.getuid?.() !== 0) return "network namespaces need root";
    if (Bun.which("ip") === null) return "there is no ip command";
    const network = new Network(size);
    try {
      await network.build();
      return network;
    } catch (error) {
      await network.dispose();
      return `the kernel does not allow it: ${(error as Error).message}`;
    }
  }

  private async build(): Promise<void> {
    await ip("link", "add", BRIDGE, "type", "bridge");
    await ip("addr", "add", "10.213.77.254/24", "dev", BRIDGE);
    await ip("link", "set", BRIDGE, "up");
    for (const index of this.sites.keys()) {
      const [namespace, outside, inside] = [namespaceOf(index), `odradek-o${index}`, `odradek-i${index}`];
      await ip("netns", "add", namespace);
      await ip("link", "add", outside, "type", "veth", "peer", "name", inside);
      await ip("link", "set", outside, "master", BRIDGE, "up");
      await ip("link", "set", inside, "netns", namespace);
      await ip("-n", namespace, "addr", "add", `${addressOf(index)}/24`, "dev", inside);
      await ip("-n", namespace, "link", "set", inside, "up");
      await ip("-n", namespace, "link", "set", "lo", "up");
    }
  }

  /** Nothing from one node reaches the other until `heal`; by index. */
  async cut(from: number, to: number): Promise<void> {
    const device = `odradek-i${from}`;
    const neighbour = ["neigh", "replace", addressOf(to), "lladdr", NOBODY, "dev", device, "nud", "permanent"];
    await ip("-n", namespaceOf(from), ...neighbour);
    this.cuts.add([from, to]);
  }

  async heal(): Promise<void> {
    for (const [from, to] of this.cuts) {
      await ip("-n", namespaceOf(from), "neigh", "del", addressOf(to), "dev", `odradek-i${from}`);
    }
    this.cuts.clear();
  }

  async dispose(): Promise<void> {
    for (const index of this.sites.keys()) await run(["ip", "netns", "del", namespaceOf(index)]);
    await run(["ip", "link", "del", BRIDGE]);
  }
}

async function ip(...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await run(["ip", ...args]);
  if (exitCode !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr.trim()}`);
}
