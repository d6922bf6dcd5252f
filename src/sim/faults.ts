/** What goes wrong, when, and how: one independent stream of events per kind of fault that the plan has. */
import type { Damage } from "./damage.ts";
import type { Dice } from "./dice.ts";
import type { DiskWeather } from "./disk-faults.ts";
import type { Operator } from "./operator.ts";
import { type FaultKind, faultKinds } from "./plan.ts";
import type { Scenario } from "./scenario.ts";

/** Syncs of records: what tears then is a batch. */
const RECORDS = /\/topic-.*\.log$/;

/** A client that may end at any moment. */
export interface Mortal {
  crash(): void;
}

export interface FaultParts {
  readonly scenario: Scenario;
  /** Kind → mean time between two. */
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly operator: Operator;
  readonly weather: DiskWeather;
  readonly damage: Damage;
  readonly mortals: readonly Mortal[];
}

export class Faults {
  private readonly parts: FaultParts;
  private readonly dice = new Map<FaultKind, Dice>();
  private readonly clogged = new Set<readonly [from: string, to: string]>();

  constructor(parts: FaultParts) {
    this.parts = parts;
  }

  start(): void {
    const { faults, scenario } = this.parts;
    for (const kind of faultKinds) {
      const everyMs = faults.get(kind);
      if (everyMs === undefined) continue;
      const dice = scenario.world.dice(`fault ${kind}`);
      this.dice.set(kind, dice);
      this.next(kind, dice, everyMs);
    }
  }

  /** Everything that is wrong for a while is right again. */
  heal(): void {
    const { scenario, weather, operator, damage } = this.parts;
    scenario.healed = true;
    if (damage.isRepairable) operator.whileDown(() => damage.repair());
    weather.clear();
    for (const route of [...this.clogged]) this.unclog(route);
    const life = scenario.node.current?.life;
    if (life?.paused) scenario.world.resume(life);
    scenario.node.wall.drift = 0;
    const { connections } = scenario.network;
    for (const end of connections) end.slownessMs = 0;
    if (scenario.node.current === null) return;
    scenario.node.current.disk.operationsLeft = Infinity;
    scenario.node.current.disk.syncsLeft = Infinity;
  }

  private next(kind: FaultKind, dice: Dice, everyMs: number): void {
    const { scenario } = this.parts;
    scenario.world.at(50 + dice.exponential(everyMs), () => {
      if (scenario.healed) return;
      scenario.counts.faults++;
      this.strike(kind, dice);
      this.next(kind, dice, everyMs);
    });
  }

  private strike(kind: FaultKind, dice: Dice): void {
    const { scenario, operator, weather, mortals, damage } = this.parts;
    if (kind === "processCrash") operator.crash("process");
    else if (kind === "powerCut") operator.crash("power");
    else if (kind === "crashInTurn") operator.crashSoon("process", dice.between(0, 80));
    else if (kind === "powerCutInTurn") operator.crashSoon("power", dice.between(0, 80));
    else if (kind === "crashAndPowerCut") this.crashAndPowerCut(dice);
    else if (kind === "powerCutInSync") operator.powerCutInSync(dice.between(0, 20), dice.pick([/./, RECORDS]));
    else if (kind === "cleanStop") operator.stop(false);
    else if (kind === "cleanStopAndPowerCut") operator.stop(true);
    else if (kind === "indexFlip") operator.whileDown(() => damage.flipIndex(dice));
    else if (kind === "indexLoss") operator.whileDown(() => damage.loseIndex(dice));
    else if (kind === "snapshotLoss")
      operator.whileDown(() => damage.loseSnapshots(dice, (topic) => this.mayLose(topic)));
    else if (kind === "recordFlip") operator.whileDown(() => scenario.healed || damage.flipRecord(dice));
    else if (kind === "wipe") operator.wipe();
    else if (kind === "syncStall") weather.stall();
    else if (kind === "syncFailure") weather.failSyncs();
    else if (kind === "writeFailure") weather.failWrites();
    else if (kind === "readFailure") weather.failReads();
    else if (kind === "full") weather.fill();
    else if (kind === "clientCrash" && mortals.length > 0) dice.pick(mortals).crash();
    else this.strikeOutside(kind, dice);
  }

  /** A producer all of whose batches have been deleted is in no record any more. */
  private mayLose(topic: string): boolean {
    return this.parts.scenario.topics.get(topic)?.partitions.every(({ deletes }) => !deletes) ?? false;
  }

  /** Often with a slow disk, so that the node serves before it has synced what it found. */
  private crashAndPowerCut(dice: Dice): void {
    const { operator, weather } = this.parts;
    if (dice.chance(0.6)) weather.stall();
    operator.crashThenPowerCut(dice.exponential(dice.pick([20, 400, 3_000])));
  }

  /** Of clocks and networks. */
  private strikeOutside(kind: FaultKind, dice: Dice): void {
    const { scenario } = this.parts;
    const { world, node } = scenario;
    if (kind === "pause") this.pause(dice);
    if (kind === "partition") this.partition(dice);
    if (kind === "drift") node.wall.drift = (dice.unit() - 0.5) * 0.1;
    if (kind === "wallJump") node.wall.offsetMs += (dice.unit() - 0.5) * dice.pick([2_000, 60_000, 7_200_000]);
    const ends = [...scenario.network.connections];
    if (ends.length === 0) return;
    if (kind === "cut") dice.pick(ends).cut();
    if (kind === "cutHalf") dice.pick(ends).cutHalf(dice.exponential(3_000));
    if (kind === "slowReader") {
      const end = dice.pick(ends);
      end.slownessMs = dice.between(20, 2_000);
      world.at(dice.between(500, 8_000), () => {
        end.slownessMs = 0;
      });
    }
  }

  private pause(dice: Dice): void {
    const { world, node } = this.parts.scenario;
    const life = node.current?.life;
    if (life === undefined || life.paused) return;
    world.note(`${life.name} is paused`);
    world.pause(life);
    world.at(dice.between(50, 12_000), () => {
      if (life.paused) world.resume(life);
    });
  }

  private partition(dice: Dice): void {
    const { scenario } = this.parts;
    const { world, node } = scenario;
    const hosts = scenario.clientHosts();
    const chosen = dice.chance(0.3) ? hosts : [dice.pick(hosts)];
    const ways = dice.pick(["both", "in", "out"] as const);
    const forMs = dice.between(50, 12_000);
    for (const host of chosen) {
      if (ways !== "out") this.clog([host, node.host], forMs);
      if (ways !== "in") this.clog([node.host, host], forMs);
    }
    world.note(`partition ${ways} ${chosen.join(" ")} for ${forMs}`);
  }

  private clog(route: readonly [string, string], forMs: number): void {
    const { world, network } = this.parts.scenario;
    network.clog(...route);
    this.clogged.add(route);
    world.at(forMs, () => this.unclog(route));
  }

  private unclog(route: readonly [string, string]): void {
    if (!this.clogged.delete(route)) return;
    this.parts.scenario.network.unclog(...route);
  }
}
