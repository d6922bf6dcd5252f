/** Reads every partition from its first to its last offset and holds what is there against what was promised. */
import { askOffset, EARLIEST, fetchFrom, LATEST } from "./fetching.ts";
import type { SentBatch } from "./model.ts";
import type { LiveTopic, Scenario } from "./scenario.ts";
import { Indeterminate, type WireClient } from "./wire.ts";

/** Then what is missing is lost: syncs that began while the disk stalled may last this long after it is well again. */
const TRIES_MAX = 150;
const limits = { maxWaitMs: 0, minBytes: 0, maxBytes: 200_000 };

export async function readBack(scenario: Scenario, name: string): Promise<void> {
  const client = scenario.client(name);
  for (const topic of scenario.topics.values()) {
    for (const index of topic.partitions.keys()) await readPartition(scenario, client, name, topic, index);
  }
}

async function readPartition(
  scenario: Scenario,
  client: WireClient,
  name: string,
  topic: LiveTopic,
  index: number,
): Promise<void> {
  const dice = scenario.world.dice(`${name} ${topic.name} ${index}`);
  for (let tries = 0; ; tries++) {
    try {
      const earliest = await askOffset(scenario, client, dice, topic, index, EARLIEST);
      const latest = await askOffset(scenario, client, dice, topic, index, LATEST);
      const model = topic.partitions[index];
      // What was acknowledged with acks=1 is shown to consumers once it is durable, which may take a moment.
      const isComing = model !== undefined && latest !== null && latest < model.promisedEnd && tries < TRIES_MAX;
      const read = new Map<number, SentBatch>();
      let at = isComing ? null : earliest;
      while (at !== null && latest !== null && at < latest) {
        const { error, nextOffset } = await fetchFrom(scenario, client, dice, topic, index, at, limits, read);
        if (error !== "NONE" || nextOffset === at) at = null;
        else at = nextOffset;
      }
      if (earliest !== null && at !== null && latest !== null) {
        model?.checkComplete(read, earliest, latest);
        return;
      }
    } catch (failure) {
      if (!(failure instanceof Indeterminate)) throw failure;
    }
    await client.sleep(200);
  }
}
