/** The clocks of one process: monotonic time is the world's, the wall clock drifts and jumps as it likes. */
import type { Cancel, Clock } from "../../base/ports.ts";
import type { Dice } from "./dice.ts";
import { type Life, stackOf, type World } from "./world.ts";

/** 2026-01-01, so that no timestamp is special. */
const EPOCH_MS = 1_767_225_600_000;

/** The wall clock of one host; it outlives the processes there. */
export class WallClock {
  offsetMs = 0;
  /** Milliseconds gained in each. */
  drift = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  nowMs(): number {
    return Math.floor(EPOCH_MS + this.world.nowMs * (1 + this.drift) + this.offsetMs);
  }
}

export class SimClock implements Clock {
  private readonly world: World;
  private readonly life: Life;
  private readonly wall: WallClock;
  private readonly dice: Dice;
  private readonly startedMs: number;
  private endings: (() => void)[] = [];

  constructor(world: World, life: Life, wall: WallClock, dice: Dice) {
    this.world = world;
    this.life = life;
    this.wall = wall;
    this.dice = dice;
    this.startedMs = world.nowMs;
  }

  nowMs(): number {
    return this.wall.nowMs();
  }

  ticksMs(): number {
    return this.world.nowMs - this.startedMs;
  }

  after(delayMs: number, fire: () => void): Cancel {
    const lateMs = this.dice.unit() * 0.2;
    return this.world.at(Math.max(0, delayMs) + lateMs, fire, this.life);
  }

  /** A turn lasts a moment, so that several inputs may share its end. */
  turnEnd(run: () => void): void {
    if (this.endings.push(run) > 1) return;
    const lengthMs = this.dice.chance(0.5) ? 0 : this.dice.unit() * 0.3;
    this.world.at(lengthMs, () => this.endTurn(), this.life);
  }

  private endTurn(): void {
    const endings = this.endings;
    this.endings = [];
    for (const run of endings) {
      try {
        run();
      } catch (failure) {
        if (!this.life.doomed) this.world.fail("no callback fails", stackOf(failure));
      }
    }
  }
}
