/** Reassignments, quotas and SCRAM credentials: what the controller decides and keeps. */
import type { Ask, Case } from "../raw/case.ts";
import { clusterFacts, register, unregister } from "./broker-steps.ts";
import { createTopic } from "./steps.ts";

/** A broker that is registered and never comes up: replicas that move there stay on their way. */
const ABSENT = 42;

const reassign = (name: string, partitions: readonly [number, readonly number[] | null][], more: object = {}): Ask => ({
  api: "AlterPartitionReassignments",
  request: {
    timeoutMs: 5_000,
    topics: [
      {
        name,
        partitions: partitions.map(([partitionIndex, replicas]) => ({ partitionIndex, replicas: replicas ?? null })),
      },
    ],
    ...more,
  },
});
const listed: Ask = { api: "ListPartitionReassignments", request: { timeoutMs: 5_000, topics: null } };
const described = (name: string): Ask => ({ api: "DescribeTopicPartitions", request: { topics: [{ name }] } });

const quota = (
  entity: Readonly<Record<string, string | null>>,
  ops: readonly (readonly [string, number | null])[],
  validateOnly = false,
): Ask => ({
  api: "AlterClientQuotas",
  request: { entries: [quotaEntry(entity, ops)], validateOnly },
});
const quotaEntry = (
  entity: Readonly<Record<string, string | null>>,
  ops: readonly (readonly [string, number | null])[],
) => ({
  entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
  ops: ops.map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
});
const quotas = (...components: readonly (readonly [string, number, string | null])[]): Ask => ({
  api: "DescribeClientQuotas",
  request: {
    components: components.map(([entityType, matchType, match]) => ({ entityType, matchType, match })),
    strict: false,
  },
});
const strictly = (ask: Ask): Ask => ({ ...ask, request: { ...(ask.request as object), strict: true } });

const salt = new Uint8Array([1, 2, 3, 4, 5]);
const saltedPassword = new Uint8Array(32).fill(7);
const upsertion = (name: string, mechanism = 1, iterations = 4096) => {
  return { name, mechanism, iterations, salt, saltedPassword };
};
const scram = (
  deletions: readonly { name: string; mechanism: number }[],
  upsertions: readonly object[] = [],
  more: Partial<Ask> = {},
): Ask => ({ api: "AlterUserScramCredentials", request: { deletions, upsertions }, ...more });
const scramOf = (...names: string[]): Ask => ({
  api: "DescribeUserScramCredentials",
  request: { users: names.length === 0 ? null : names.map((name) => ({ name })) },
});

export const adminCases: readonly Case[] = [
  {
    title: "AlterPartitionReassignments: replicas that move, move on and are called back",
    steps: [
      ...createTopic("moved", 3),
      ...clusterFacts,
      register(ABSENT, {}, { quiet: true }),
      reassign("moved", [[0, [1, ABSENT]]]),
      listed,
      described("moved"),
      { ...reassign("moved", [[0, [1]]]), versions: [1] },
      listed,
      reassign("moved", [[0, [ABSENT]]]),
      listed,
      reassign("moved", [[0, [ABSENT, 1]]]),
      described("moved"),
      listed,
      reassign("moved", [[0, null]]),
      described("moved"),
      listed,
      reassign("moved", [[0, null]]),
      { ...reassign("moved", [[1, [1, ABSENT]]], { allowReplicationFactorChange: false }), versions: [1] },
      { ...reassign("moved", [[1, [ABSENT]]], { allowReplicationFactorChange: false }), versions: [1] },
      { ...reassign("moved", [[1, [1, ABSENT]]], { allowReplicationFactorChange: false }), versions: [1] },
      {
        api: "ListPartitionReassignments",
        request: {
          timeoutMs: 5_000,
          topics: [
            { name: "moved", partitionIndexes: [0, 1, 9] },
            { name: "gone", partitionIndexes: [0] },
          ],
        },
      },
      { ...listed, controller: true },
      { ...reassign("moved", [[1, null]]), controller: true },
      unregister(ABSENT),
    ],
  },
  {
    title: "AlterPartitionReassignments: what is refused",
    steps: [
      ...createTopic("still", 1),
      { ...reassign("still", [[0, [1]]]), versions: "all" },
      reassign("still", [[0, [1, 1]]]),
      reassign("still", [[0, [1, 9]]]),
      reassign("still", [[0, [-1]]]),
      reassign("still", [[0, []]]),
      reassign("still", [[7, [1]]]),
      reassign("gone", [
        [0, [1]],
        [1, null],
      ]),
      reassign("still", [[0, null]]),
      { api: "AlterPartitionReassignments", request: { timeoutMs: 5_000, topics: [] } },
      {
        api: "AlterPartitionReassignments",
        versions: [1],
        request: { timeoutMs: 5_000, topics: [], allowReplicationFactorChange: false },
      },
    ],
  },
  {
    title: "AlterClientQuotas and DescribeClientQuotas",
    steps: [
      { ...quota({ user: "alice" }, [["producer_byte_rate", 1000]]), versions: "all" },
      quota({ user: "alice" }, [["consumer_byte_rate", 2000.0]]),
      quota({ user: "alice", "client-id": "app" }, [["request_percentage", 12.5]]),
      quota({ user: null, "client-id": "app" }, [["controller_mutation_rate", 0.5]]),
      quota({ "client-id": null }, [["producer_byte_rate", 5]]),
      quota({ ip: "127.0.0.1" }, [["connection_creation_rate", 10]]),
      quota({ ip: null }, [["connection_creation_rate", 20]]),
      quota({ user: "bob" }, [["producer_byte_rate", 1]], true),
      { ...quotas(), versions: "all" },
      quotas(["user", 0, "alice"]),
      strictly(quotas(["user", 0, "alice"])),
      quotas(["user", 1, null]),
      quotas(["user", 2, null], ["client-id", 0, "app"]),
      quotas(["client-id", 2, null]),
      strictly(quotas(["client-id", 2, null])),
      quotas(["ip", 2, null]),
      quotas(["user", 0, "nobody"]),
      quota({ user: "alice" }, [["producer_byte_rate", null]]),
      quota({ user: "alice" }, [["producer_byte_rate", null]]),
      quotas(["user", 0, "alice"]),
      { ...quota({ user: "alice" }, [["consumer_byte_rate", null]]), controller: true },
      // Apache's broker hears of it a moment later.
      { ...quotas(["user", 0, "alice"]), until: ({ entries }) => entries.length === 1 },
    ],
  },
  {
    title: "AlterClientQuotas and DescribeClientQuotas: what is refused",
    steps: [
      quota({}, [["producer_byte_rate", 1]]),
      quota({ user: "" }, [["producer_byte_rate", 1]]),
      quota({ tenant: "x" }, [["producer_byte_rate", 1]]),
      quota({ ip: "127.0.0.1", user: "x" }, [["connection_creation_rate", 1]]),
      quota({ ip: "not an address" }, [["connection_creation_rate", 1]]),
      quota({ ip: "1.2.3.456" }, [["connection_creation_rate", 1]]),
      quota({ ip: "127.0.0.1" }, [["producer_byte_rate", 1]]),
      quota({ ip: "127.0.0.1" }, [["connection_creation_rate", 3e9]]),
      quota({ ip: "127.0.0.1" }, [["connection_creation_rate", 1.5]]),
      quota({ user: "x" }, [["connection_creation_rate", 1]]),
      quota({ user: "x" }, [["producer_byte_rate", 0]]),
      quota({ user: "x" }, [["producer_byte_rate", 0.5]]),
      quota({ user: "x" }, [["producer_byte_rate", 1e19]]),
      quota({ user: "x" }, [["request_percentage", -1]]),
      quota({ user: "x" }, [["nonsense", null]]),
      quota({ user: "x" }, [["nonsense", 1]]),
      quota({ user: "x" }, [
        ["producer_byte_rate", 1],
        ["producer_byte_rate", 2],
      ]),
      quota({ user: "x" }, [
        ["producer_byte_rate", 1],
        ["nonsense", 2],
      ]),
      {
        api: "AlterClientQuotas",
        request: {
          entries: [
            quotaEntry({ user: "twice", "client-id": null }, [["producer_byte_rate", 1]]),
            quotaEntry({ "client-id": null, user: "twice" }, [["producer_byte_rate", 2]]),
          ],
          validateOnly: false,
        },
      },
      { api: "AlterClientQuotas", request: { entries: [], validateOnly: false } },
      quotas(["user", 2, null]),
      quotas(["", 0, "x"]),
      quotas(["tenant", 0, "x"]),
      quotas(["user", 0, "x"], ["user", 2, null]),
      quotas(["user", 0, null]),
      quotas(["user", 1, "x"]),
      quotas(["user", 2, "x"]),
      quotas(["user", 9, null]),
      quotas(["user", 0, "x"], ["ip", 0, "y"]),
    ],
  },
  {
    title: "AlterUserScramCredentials and DescribeUserScramCredentials",
    steps: [
      scramOf(),
      scram([], [upsertion("alice")]),
      scram([], [upsertion("alice", 2, 8192)]),
      scram([], [upsertion("bob", 2)], { controller: true }),
      scramOf(),
      scramOf("alice"),
      scramOf("alice", "nobody", "bob"),
      scramOf("alice", "alice"),
      scram([{ name: "alice", mechanism: 1 }]),
      scramOf("alice"),
      scram([{ name: "alice", mechanism: 1 }]),
      scram([{ name: "alice", mechanism: 2 }], [upsertion("alice")]),
      scram([
        { name: "bob", mechanism: 2 },
        { name: "bob", mechanism: 2 },
      ]),
      scram([], [upsertion("carol"), upsertion("carol", 2)]),
      scram([], [upsertion("")]),
      scram([], [upsertion("carol", 0)]),
      scram([], [upsertion("carol", 3)]),
      scram([], [upsertion("carol", 1, 4095)]),
      scram([], [upsertion("carol", 1, 16385)]),
      scram([], [{ ...upsertion("carol"), saltedPassword: new Uint8Array(0) }]),
      scram([{ name: "", mechanism: 1 }]),
      scram([{ name: "carol", mechanism: 7 }]),
      scram([{ name: "carol", mechanism: 1 }]),
      scram([]),
      scramOf(),
      { ...scramOf("alice"), controller: true },
    ],
  },
];
