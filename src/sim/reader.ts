/** A consumer without a group: reads every partition from some offset on, again and again, and tells the model. */
import type { Dice } from "./dice.ts";
import { askOffset, EARLIEST, fetchFrom, LATEST } from "./fetching.ts";
import type { LiveTopic, Scenario } from "./scenario.ts";
import type { WireClient } from "./wire.ts";

export class SimReader {
  private readonly scenario: Scenario;
  private readonly dice: Dice;
  private readonly client: WireClient;
  private positions = new Map<string, number>();

  constructor(scenario: Scenario, name: string) {
    this.scenario = scenario;
    this.dice = scenario.world.dice(name);
    this.client = scenario.client(name);
    scenario.onDiskLost(() => this.positions.clear());
  }

  start(): void {
    void this.run();
  }

  private async run(): Promise<void> {
    while (!this.scenario.windingDown) {
      await this.client.sleep(this.dice.exponential(this.scenario.plan.readEveryMs));
      const topics = [...this.scenario.topics.values()];
      if (topics.length === 0) continue;
      const topic = this.dice.pick(topics);
      try {
        await this.readSome(topic, this.dice.below(topic.partitions.length));
      } catch {
        await this.client.sleep(this.dice.between(50, 500));
      }
    }
  }

  private async readSome(topic: LiveTopic, index: number): Promise<void> {
    const { scenario, client, dice } = this;
    const key = `${topic.id} ${index}`;
    if (dice.chance(0.1)) await askOffset(scenario, client, dice, topic, index, dice.pick([EARLIEST, LATEST] as const));
    let position = this.positions.get(key);
    if (position === undefined || dice.chance(0.02)) {
      const earliest = await askOffset(scenario, client, dice, topic, index, EARLIEST);
      if (earliest === null) return;
      position = earliest;
    } else if (dice.chance(0.05)) {
      position = dice.below(position + 1);
    }
    const limits = {
      maxWaitMs: dice.pick([0, 20, 500]),
      minBytes: dice.pick([0, 1, 1, 500]),
      maxBytes: dice.pick([1, 1_000, 50_000]),
    };
    const { error, nextOffset } = await fetchFrom(scenario, client, dice, topic, index, position, limits);
    if (error === "NONE") this.positions.set(key, nextOffset);
    else if (error === "OFFSET_OUT_OF_RANGE") await this.outOfRange(topic, index, position);
    else await client.sleep(dice.between(20, 300));
  }

  /** Records may have been deleted below; nothing that was read may be gone above. */
  private async outOfRange(topic: LiveTopic, index: number, position: number): Promise<void> {
    const { scenario, client, dice } = this;
    this.positions.delete(`${topic.id} ${index}`);
    const leader = scenario.leaderOf(topic.name, index);
    const latest = await askOffset(scenario, client, dice, topic, index, LATEST);
    if (latest === null || latest >= position) return;
    if (!scenario.isLatest(client, leader, scenario.leaderOf(topic.name, index))) return;
    const model = topic.partitions[index];
    if (model === undefined || model.highWatermark < position) return; // an unclean election has taken it
    model.fail("P9 what was read stays", `it ends at ${latest}, ${position} had been read`);
  }
}
