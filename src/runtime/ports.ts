/** The doors of this machine, as one value. */
import type { Logger, Ports } from "../../base/ports.ts";
import { BunClock } from "./bun-clock.ts";
import { BunDisk } from "./bun-disk.ts";
import { loadSystemCalls } from "./bun-mmap.ts";
import { BunNet } from "./bun-net.ts";
import { BunRandom } from "./bun-random.ts";
import { BunWork } from "./bun-work.ts";

export interface MachinePorts extends Ports {
  readonly disk: BunDisk;
}

/** `mapped: false` does without bun:ffi: plain reads, and no lock between processes. */
export function machinePorts(
  logger: (clock: BunClock) => Logger,
  mapped = process.env.ODRADEK_MAPPED !== "false",
): MachinePorts {
  const clock = new BunClock();
  return {
    clock,
    random: new BunRandom(),
    net: new BunNet(),
    disk: new BunDisk(mapped ? loadSystemCalls() : null),
    work: new BunWork(),
    logger: logger(clock),
  };
}
