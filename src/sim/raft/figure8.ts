/**
 * Figure 8 of the Raft paper, again and again: a leader appends what only it has; another is elected without that and
 * is cut off with nothing but the beginning of its own epoch; the first comes back and goes on with its old records,
 * until it too is cut off, after any number of messages; then the other one returns. Whoever calls the old records
 * committed because a majority holds them has them taken back.
 */
import type { Dice } from "../dice.ts";
import type { Quorum } from "./quorum.ts";
import type { Replica } from "./replica.ts";

const PATIENCE_MS = 3_000;

export class Figure8 {
  private readonly quorum: Quorum;
  private readonly dice: Dice;
  private ended = false;

  constructor(quorum: Quorum) {
    this.quorum = quorum;
    this.dice = quorum.world.dice("figure 8");
  }

  start(): void {
    void this.play();
  }

  end(): void {
    this.ended = true;
    this.quorum.onElected = () => {};
  }

  private async play(): Promise<void> {
    const { quorum, dice } = this;
    while (!this.ended) {
      quorum.connect();
      await quorum.world.sleep(dice.between(50, 600));
      const first = quorum.leader;
      if (first === null || this.ended) continue;
      await this.appendAlone(first);
      const second = await this.electOther(first);
      if (second === null) continue;
      if (!(await this.comeBack(first, second))) continue;
      quorum.connect();
      this.isolate(first);
      await this.until(() => quorum.replicas.some((other) => other !== first && other.current?.leads === true));
      await quorum.world.sleep(dice.between(20, 400));
    }
  }

  /** It and, in a larger quorum, perhaps one more have records that are not committed. */
  private async appendAlone(first: Replica): Promise<void> {
    const { quorum, dice } = this;
    const others = quorum.replicas.filter((other) => other !== first);
    const witness = quorum.plan.voters > 3 && dice.chance(0.5) ? dice.pick(others) : null;
    quorum.separate(
      [first],
      others.filter((other) => other !== witness),
    );
    for (let n = dice.between(1, 3); n > 0; n--) quorum.appendTo(first);
    await quorum.world.sleep(dice.between(5, 60));
    this.isolate(first);
  }

  /** The moment that another leads it is alone; or it goes on for a little, with all but the first. */
  private async electOther(first: Replica): Promise<Replica | null> {
    const { quorum, dice } = this;
    let second: Replica | null = null;
    const goesOn = dice.chance(0.3);
    quorum.onElected = (replica) => {
      if (replica === first || second !== null || this.ended) return;
      second = replica;
      if (!goesOn) this.isolate(replica);
    };
    if (!this.ended && dice.chance(0.5)) quorum.crash(first, dice.chance(0.5));
    await this.until(() => second !== null);
    quorum.onElected = () => {};
    if (goesOn) await quorum.world.sleep(dice.between(5, 100));
    return second;
  }

  /** The first leads the others once more; after some messages it is alone again. */
  private async comeBack(first: Replica, second: Replica): Promise<boolean> {
    const { quorum, dice } = this;
    if (this.ended) return false;
    let since: number | null = null;
    quorum.onElected = (replica) => {
      if (replica === first) since = quorum.messages.count;
    };
    quorum.connect();
    this.isolate(second);
    await this.until(() => since !== null);
    quorum.onElected = () => {};
    if (since === null) return false;
    const upTo: number = since + dice.below(16);
    await this.until(() => quorum.messages.count >= upTo);
    return true;
  }

  private isolate(replica: Replica): void {
    if (!this.ended) this.quorum.isolate(replica);
  }

  private async until(holds: () => boolean): Promise<void> {
    const { world } = this.quorum;
    const giveUpMs = world.nowMs + PATIENCE_MS;
    while (!this.ended && !holds() && world.nowMs < giveUpMs) await world.sleep(1);
  }
}
