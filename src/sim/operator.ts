/**
 * Whoever looks after the node: starts it again when it has ended, restarts it after its disk has failed, and insists
 * that it starts and stops as it should.
 */

import type { Dice } from "./dice.ts";
import { checkVote } from "./disk-check.ts";
import type { DiskWeather } from "./disk-faults.ts";
import type { Ending, Incarnation, NodeEvents, SimNode } from "./node.ts";
import type { Scenario } from "./scenario.ts";
import { stackOf } from "./world.ts";

/** Longer than any start or stop may take while nothing is wrong. */
const PATIENCE_MS = 90_000;

/** What an operator knows of the world, and tells it: about one node of perhaps several. */
export type Operated = Pick<
  Scenario,
  "world" | "node" | "counts" | "healed" | "powerCut" | "processCrash" | "syncFailed" | "diskLost"
>;

export class Operator implements NodeEvents {
  /** How long a node that has ended stays down, on average. */
  downMeanMs = 700;
  private scenario: Operated | null = null;
  private dice: Dice | null = null;
  private weather: DiskWeather | null = null;
  private doom: Ending = "process";
  private stopping = false;
  /** A start that was planned is none where another came before it. */
  private startsDue = 0;
  private damage: (() => void)[] = [];
  /** The next process will have so long before the power goes. */
  private cutAfterMs: number | null = null;
  private watched: Incarnation | null = null;

  attach(scenario: Operated, weather: DiskWeather): void {
    this.scenario = scenario;
    this.weather = weather;
    this.dice = scenario.world.dice("operator");
    this.watch();
  }

  private get node(): SimNode {
    return (this.scenario as Operated).node;
  }

  start(): void {
    const { scenario, node } = this;
    if (scenario === null || node.current !== null) return;
    this.startsDue++;
    checkVote(scenario.world, node.disk);
    for (const each of this.damage.splice(0)) each();
    node.start();
    const incarnation = node.current as Incarnation | null;
    if (incarnation === null) return;
    this.expectStart(incarnation);
    const { cutAfterMs } = this;
    this.cutAfterMs = null;
    if (cutAfterMs === null) return;
    scenario.world.at(cutAfterMs, () => {
      if (node.current === incarnation && !scenario.healed) this.crash("power");
    });
  }

  ready(): void {
    if (this.scenario !== null) this.scenario.counts.starts++;
  }

  logged(message: string): void {
    const counts = this.scenario?.counts;
    if (counts === undefined) return;
    if (message.startsWith("Became the active controller")) counts.elections++;
    if (message.includes("behind the last valid batch are cut off")) counts.truncations++;
  }

  failed(incarnation: Incarnation, failure: unknown): void {
    const { scenario } = this;
    if (scenario === null) return;
    this.stopping = false;
    if (incarnation.disk.failedSyncs > 0) scenario.syncFailed();
    scenario.counts.processCrashes++;
    scenario.processCrash();
    if (incarnation.disk.failures === 0 && !isOfNoRoom(failure)) {
      scenario.world.fail("no node gives up for nothing", stackOf(failure));
    }
    this.startSoon();
  }

  doomed(incarnation: Incarnation): void {
    if (this.node.current === incarnation) this.crash(this.doom);
  }

  /** Ends the process now, with or without the power. */
  crash(ending: Ending): void {
    const { scenario, node } = this;
    if (scenario === null || node.current === null) return;
    this.stopping = false;
    if (node.current.disk.failedSyncs > 0) scenario.syncFailed();
    node.end(ending);
    this.countCrash(ending);
    this.startSoon();
  }

  private countCrash(ending: Ending): void {
    const scenario = this.scenario as Operated;
    if (ending === "power") {
      scenario.counts.powerCuts++;
      scenario.powerCut();
    } else {
      scenario.counts.processCrashes++;
      scenario.processCrash();
    }
  }

  /** After so many more operations of its disk, in the middle of a turn. */
  crashSoon(ending: Ending, operations: number): void {
    const incarnation = this.node.current;
    if (incarnation === null) return;
    this.doom = ending;
    incarnation.disk.operationsLeft = operations;
  }

  /** The process ends, and soon after the start of the next the power goes: what it found was in memory only. */
  crashThenPowerCut(afterMs: number): void {
    this.cutAfterMs = afterMs;
    this.crash("process");
  }

  /** While a sync of such a file is under way, after so many others. */
  powerCutInSync(syncs: number, paths = /./): void {
    const incarnation = this.node.current;
    if (incarnation === null) return;
    this.doom = "power";
    incarnation.disk.syncsCounted = paths;
    incarnation.disk.syncsLeft = syncs;
  }

  /** A clean stop and a power cut; the node stays down. */
  stopForGood(): void {
    this.stop(true, false);
  }

  /** A clean stop, and a new start. Nothing that a stopped node has promised may need power. */
  stop(thenPowerCut: boolean, thenStarts = true): void {
    const { scenario, node } = this;
    if (scenario === null || this.stopping || !node.isUp || node.current?.life.paused) return;
    this.stopping = true;
    const incarnation = node.current as Incarnation;
    this.expectStop(incarnation);
    void node.stop().then((clean) => {
      if (!clean) return;
      this.stopping = false;
      scenario.counts.cleanStops++;
      if (thenPowerCut) {
        scenario.world.note("the power goes after a clean stop");
        node.disk.powerCut();
      }
      if (thenStarts) this.startSoon();
    });
  }

  wipe(): void {
    const { scenario, node } = this;
    if (scenario === null) return;
    scenario.world.note("the disk is lost");
    if (node.current !== null) node.end("process");
    node.disk.replaced();
    scenario.diskLost();
    this.startSoon();
  }

  /** Ends the process; `happens` comes while none runs, before the next start. */
  whileDown(happens: () => void): void {
    this.damage.push(happens);
    this.crash("process");
  }

  startSoon(): void {
    const scenario = this.scenario as Operated;
    this.stopping = false; // also where the disk was lost under a stop
    const delayMs = scenario.healed ? 10 : 10 + (this.dice as Dice).exponential(this.downMeanMs);
    const due = ++this.startsDue;
    scenario.world.at(delayMs, () => {
      if (due === this.startsDue) this.start();
    });
  }

  /** A node whose disk has failed is restarted: it serves what is left until somebody looks. */
  private watch(): void {
    const { scenario, node } = this;
    if (scenario === null) return;
    scenario.world.at(500, () => this.watch());
    const incarnation = node.current;
    if (incarnation === null || incarnation.disk.failures === 0 || this.watched === incarnation) return;
    this.watched = incarnation;
    scenario.world.at(scenario.healed ? 0 : (this.dice as Dice).exponential(2_000), () => {
      if (node.current !== incarnation) return;
      this.weather?.clear();
      this.crash("process");
    });
  }

  private expectStart(incarnation: Incarnation): void {
    const scenario = this.scenario as Operated;
    scenario.world.at(PATIENCE_MS, () => {
      const isStuck = this.node.current === incarnation && incarnation.broker === null;
      if (isStuck && incarnation.disk.failures === 0) scenario.world.fail("a node starts", incarnation.life.name);
    });
  }

  private expectStop(incarnation: Incarnation): void {
    const scenario = this.scenario as Operated;
    scenario.world.at(PATIENCE_MS, () => {
      if (this.node.current !== incarnation || incarnation.life.paused) return;
      if (incarnation.disk.failures === 0) scenario.world.fail("a node stops", incarnation.life.name);
    });
  }
}

/** With the disk full a node may end in ways that name no operation. */
function isOfNoRoom(failure: unknown): boolean {
  return failure instanceof Error && /ENOSPC/.test(failure.message);
}
