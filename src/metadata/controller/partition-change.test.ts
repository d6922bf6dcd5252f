import { expect, test } from "bun:test";
import { applyRecords } from "../apply.ts";
import { type PartitionRegistration, RECOVERED, RECOVERING } from "../image.ts";
import { record } from "../records/record.ts";
import { clusterImage, directoryOf } from "../testing/controller-fixture.ts";
import { type PartitionChange, partitionChange } from "./partition-change.ts";

const image = clusterImage([{ id: 1 }, { id: 2 }, { id: 3 }]);
const level = (name: string, featureLevel: number) => record("FeatureLevelRecord", { name, featureLevel });
const withoutElr = applyRecords(image, [level("eligible.leader.replicas.version", 0)]);
const below36 = applyRecords(withoutElr, [level("metadata.version", 11)]);

function partition(more: Partial<PartitionRegistration> = {}): PartitionRegistration {
  return {
    replicas: [1, 2, 3],
    directories: [1, 2, 3].map((id) => directoryOf(id)),
    isr: [1, 2, 3],
    removingReplicas: [],
    addingReplicas: [],
    elr: [],
    lastKnownElr: [],
    leader: 1,
    leaderRecoveryState: RECOVERED,
    leaderEpoch: 5,
    partitionEpoch: 7,
    ...more,
  };
}

interface Case {
  readonly partition?: Partial<PartitionRegistration>;
  readonly change?: Partial<PartitionChange>;
  readonly up: readonly number[];
}

function change({ partition: more, change: wanted, up }: Case) {
  const before = partition(more);
  const made = partitionChange({
    image,
    topicId: "topicId",
    partitionId: 0,
    partition: before,
    election: "online",
    isr: before.isr,
    uncleanShutdown: [],
    minInsync: 1,
    acceptable: (id) => up.includes(id),
    ...wanted,
  });
  if (made === null) return null;
  // Only what the record says.
  const silent = { replicas: null, removingReplicas: null, addingReplicas: null, directories: null };
  expect(made.value).toMatchObject(silent);
  const said = Object.entries(made.value).filter(([name, value]) => {
    if (name === "topicId" || name === "partitionId") return false;
    return value !== null && !(name === "leader" && value === -2) && !(name === "leaderRecoveryState" && value === -1);
  });
  return Object.fromEntries(said);
}

// As Kafka's PartitionChangeBuilder decides.
test.each<[string, Case, Record<string, unknown> | null]>([
  ["nothing changes where all is well", { up: [1, 2, 3] }, null],
  [
    "the next in sync leads when the leader leaves",
    { up: [2, 3], change: { isr: [2, 3] } },
    { isr: [2, 3], leader: 2 },
  ],
  ["a follower that leaves only shrinks the ISR", { up: [1, 3], change: { isr: [1, 3] } }, { isr: [1, 3] }],
  [
    "the last of the ISR stays eligible, and is remembered (KIP-966)",
    { partition: { isr: [1] }, up: [2, 3], change: { isr: [] } },
    { isr: [], leader: -1, eligibleLeaderReplicas: [1], lastKnownElr: [1] },
  ],
  [
    "below min.insync.replicas those who leave stay eligible",
    { up: [3], change: { isr: [3], minInsync: 2 } },
    { isr: [3], leader: 3, eligibleLeaderReplicas: [1, 2] },
  ],
  [
    "an unclean shutdown makes nobody eligible",
    { partition: { isr: [1] }, up: [2, 3], change: { isr: [], uncleanShutdown: [1] } },
    { isr: [], leader: -1, lastKnownElr: [1] },
  ],
  [
    "who is no replica any more is not eligible, and does not stand in the way of the last known leader",
    {
      partition: {
        replicas: [1, 2],
        directories: [1, 2].map((id) => directoryOf(id)),
        isr: [],
        elr: [3],
        lastKnownElr: [1],
        leader: -1,
      },
      up: [1, 2],
    },
    { isr: [1], leader: 1, leaderRecoveryState: RECOVERING, eligibleLeaderReplicas: [], lastKnownElr: [] },
  ],
  [
    "an eligible replica that comes back leads, alone in sync",
    { partition: { isr: [], elr: [1], lastKnownElr: [1], leader: -1 }, up: [1] },
    { isr: [1], leader: 1, eligibleLeaderReplicas: [], lastKnownElr: [] },
  ],
  [
    "with neither ISR nor ELR the last known leader leads, uncleanly",
    { partition: { isr: [], elr: [], lastKnownElr: [1], leader: -1 }, up: [1, 2] },
    { isr: [1], leader: 1, leaderRecoveryState: RECOVERING, lastKnownElr: [] },
  ],
  [
    "an unclean election takes any replica that is up",
    { partition: { isr: [1] }, up: [3], change: { isr: [], election: "unclean", uncleanShutdown: [1] } },
    { isr: [3], leader: 3, leaderRecoveryState: RECOVERING },
  ],
  [
    "without ELR the last of the ISR stays in it",
    { partition: { isr: [1] }, up: [2, 3], change: { isr: [], image: withoutElr } },
    { leader: -1 },
  ],
  [
    "a preferred election moves the leader back",
    { partition: { leader: 2 }, up: [1, 2, 3], change: { election: "preferred" } },
    { leader: 1 },
  ],
  ["an online election leaves a leader that is not preferred", { partition: { leader: 2 }, up: [1, 2, 3] }, null],
  [
    "before 3.6-IV0 a smaller ISR is a new leader epoch, with the same leader",
    { up: [1, 2], change: { isr: [1, 2], image: below36 } },
    { isr: [1, 2], leader: 1 },
  ],
])("%s", (_, given, expected) => {
  expect(change(given)).toEqual(expected);
});
