/** Both systems compile while they run, the JVM for longer: what is measured comes after the same work on each. */
import { createTopic, deleteTopic } from "./admin.ts";
import type { Result } from "./load.ts";
import { generate, type Subject } from "./subject.ts";

const TOPIC = "warm-up";
const PARTITIONS = 4;

const batches = { kind: "produce", records: 150, valueBytes: 100, inFlight: 5, connections: 2, acks: -1, seconds: 4 };
const small = { kind: "produce", records: 1, valueBytes: 100, inFlight: 1, connections: 10, acks: 1, seconds: 3 };
const fetches = { kind: "fetch", inFlight: 1, connections: 4, fetchBytes: 1 << 16, seconds: 2 };

export async function warmUp({ bootstrap }: Subject): Promise<void> {
  await createTopic(bootstrap, TOPIC, PARTITIONS);
  const common = { bootstrap, topic: TOPIC, partitions: PARTITIONS };
  for (const load of [batches, small, fetches]) await generate<Result>("load.ts", { ...load, ...common });
  await deleteTopic(bootstrap, TOPIC);
}
