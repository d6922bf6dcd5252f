/**
 * One host with a disk and a wall clock, and the broker on it: the same code that `npm start` runs, behind simulated
 * doors. Processes come and go; the disk and the clock stay.
 */
import type { Logger, Ports } from "../../base/ports.ts";
import { crc32c } from "../../protocol/records/crc32c.ts";
import { type Broker, startBroker } from "../broker.ts";
import { parseStatic } from "../config/static.ts";
import type { StaticConfig } from "../config/static-config.ts";
import { SimClock, WallClock } from "./clock.ts";
import { type DiskOptions, SimDisk } from "./disk.ts";
import { DiskDoor } from "./disk-door.ts";
import type { Network } from "./network.ts";
import { Life, type World } from "./world.ts";

export type Ending = "process" | "power";

export interface NodeOptions {
  readonly host: string;
  readonly disk: DiskOptions;
  /** `log.dirs`, the metadata in the first of them. */
  readonly directories?: readonly string[];
  /** Comes before every start: formats an empty disk, where the node does not do it itself. */
  readonly prepare?: (ports: Ports) => Promise<void>;
  /** Settings over those of a node alone, or (`settings`) all that the node has. */
  readonly overrides?: readonly (readonly [string, string])[];
  readonly settings?: readonly (readonly [string, string])[];
}

/** One run of the broker, from start to end. */
export interface Incarnation {
  readonly number: number;
  readonly life: Life;
  readonly disk: DiskDoor;
  broker: Broker | null;
  /** It ended itself, or did not start: why. */
  failure: unknown;
  stopping: boolean;
}

export interface NodeEvents {
  /** The broker serves. */
  ready(incarnation: Incarnation): void;
  /** It did not start, or found that it cannot go on; the process is gone. */
  failed(incarnation: Incarnation, failure: unknown): void;
  /** A line of its log. */
  logged(message: string): void;
  /** The host was lost in the middle of a turn. */
  doomed(incarnation: Incarnation): void;
}

export const PORT = 9092;

export class SimNode {
  readonly host: string;
  readonly disk: SimDisk;
  readonly wall: WallClock;
  current: Incarnation | null = null;
  incarnations = 0;
  private readonly world: World;
  private readonly network: Network;
  private readonly events: NodeEvents;
  private readonly config: StaticConfig;
  private readonly prepare: NonNullable<NodeOptions["prepare"]> | null;

  constructor(world: World, network: Network, options: NodeOptions, events: NodeEvents) {
    this.world = world;
    this.network = network;
    this.events = events;
    this.host = options.host;
    this.disk = new SimDisk(world, options.host, options.disk);
    this.wall = new WallClock(world);
    this.prepare = options.prepare ?? null;
    const file = options.settings === undefined ? null : new Map(options.settings);
    const listeners = `PLAINTEXT://${this.host}:${PORT},CONTROLLER://${this.host}:${PORT + 1}`;
    const alone = [["listeners", listeners], ...(options.overrides ?? [])] as const;
    const overrides = [
      ["log.dirs", (options.directories ?? ["/data"]).join(",")],
      ...(file === null ? alone : []),
    ] as const;
    this.config = parseStatic({ file, overrides, workingDirectory: "/" });
  }

  get isUp(): boolean {
    return this.current?.broker != null && !this.current.stopping;
  }

  start(): void {
    const { world } = this;
    const number = ++this.incarnations;
    const life = new Life(`${this.host} run ${number}`);
    const disk = new DiskDoor(this.disk, life, () => world.afterThis(() => this.events.doomed(incarnation)));
    const incarnation: Incarnation = { number, life, disk, broker: null, failure: null, stopping: false };
    this.current = incarnation;
    world.note(`${life.name} starts`);
    const { config } = this;
    const onFatal = (failure: unknown) => this.failed(incarnation, failure);
    const ports = this.ports(life, disk, number);
    const start = () => startBroker({ config, ports, clusterId: null, onFatal });
    (this.prepare === null ? start() : this.prepare(ports).then(start)).then(
      (broker) => {
        if (!life.acts || incarnation.failure !== null) return;
        incarnation.broker = broker;
        world.note(`${life.name} serves`);
        this.events.ready(incarnation);
      },
      (failure) => this.failed(incarnation, failure),
    );
  }

  /** Controlled; resolves to true once everything is on disk. */
  async stop(): Promise<boolean> {
    const incarnation = this.current;
    if (incarnation?.broker == null) return false;
    incarnation.stopping = true;
    this.world.note(`${incarnation.life.name} stops`);
    try {
      await incarnation.broker.stop();
    } catch (failure) {
      this.failed(incarnation, failure);
      return false;
    }
    if (!incarnation.life.acts) return false;
    this.end("process");
    return true;
  }

  /** Ends the process now; with the power goes what was not synced. */
  end(ending: Ending): void {
    const incarnation = this.current;
    if (incarnation !== null) {
      this.world.note(`${incarnation.life.name} ends: ${ending}`);
      incarnation.life.alive = false;
      this.network.ended(incarnation.life, ending === "power");
      this.current = null;
    }
    if (ending === "power") this.disk.powerCut();
    else this.disk.processEnded();
  }

  private failed(incarnation: Incarnation, failure: unknown): void {
    if (!incarnation.life.acts || incarnation.failure !== null) return;
    incarnation.failure = failure;
    this.world.note(`${incarnation.life.name} cannot go on: ${failure instanceof Error ? failure.message : failure}`);
    this.world.afterThis(() => {
      if (this.current !== incarnation) return;
      this.end("process");
      this.events.failed(incarnation, failure);
    });
  }

  private ports(life: Life, disk: DiskDoor, number: number): Ports {
    const { world, host } = this;
    const label = `${host} ${number}`;
    return {
      clock: new SimClock(world, life, this.wall, world.dice(`clock ${label}`)),
      random: world.dice(`random ${label}`),
      net: this.network.door(life, host),
      disk,
      work: {
        reclaim: () => {},
        crc32c: async (chunks) => {
          const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
          let at = 0;
          for (const chunk of chunks) {
            whole.set(chunk, at);
            at += chunk.length;
          }
          return crc32c(whole);
        },
      },
      logger: this.logger(life),
    };
  }

  private logger(life: Life): Logger {
    const log = (level: string) => (message: string) => {
      if (!life.acts) return;
      this.world.note(`${this.host} ${level}: ${message}`);
      this.events.logged(message);
      if (level === "error" && /bug|unexpected failure|AssertionError/i.test(message)) {
        this.world.fail("no handler fails unexpectedly", message);
      }
    };
    return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  }
}
