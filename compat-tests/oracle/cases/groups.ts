/** The classic group protocol and committed offsets. */
import type { Ask, Case, Own } from "../raw/case.ts";
import { batch, createTopic, produce, topicId } from "./steps.ts";

const ready = (group: string): Ask => ({
  api: "FindCoordinator",
  request: { keyType: 0, coordinatorKeys: [group] },
  until: ({ coordinators }) => coordinators[0].errorCode === 0,
  quiet: true,
});
/** The coordinator is loaded when it can describe a group: 14, 15 and 16 say "not yet". */
const loaded = (group: string): Ask => ({
  api: "DescribeGroups",
  request: { groups: [group] },
  until: ({ groups }) => ![14, 15, 16].includes(groups[0].errorCode),
  quiet: true,
});

const protocol = (name: string, bytes: number[]) => ({ name, metadata: new Uint8Array(bytes) });

interface Join {
  readonly group: string;
  readonly member?: string;
  readonly instance?: string | null;
  readonly save?: string;
  readonly versions?: readonly number[];
  readonly protocols?: unknown[];
  readonly more?: object;
}

const join = ({
  group,
  member,
  instance = null,
  save,
  versions = [9],
  protocols = [protocol("range", [1, 2])],
  more = {},
}: Join): Ask => ({
  api: "JoinGroup",
  versions,
  request: (own, version) => ({
    groupId: group,
    sessionTimeoutMs: 10_000,
    ...(version >= 1 ? { rebalanceTimeoutMs: 10_000 } : {}),
    memberId: member === undefined ? "" : (own.get(member) ?? member),
    ...(version >= 5 ? { groupInstanceId: instance } : {}),
    protocolType: "consumer",
    protocols,
    ...more,
  }),
  save: (response, own) => {
    if (save !== undefined) own.set(save, response.memberId);
  },
});

const sync = (
  group: string,
  member: string,
  generationId: number,
  more: object = {},
  versions: readonly number[] = [5],
): Ask => ({
  api: "SyncGroup",
  versions,
  request: (own, version) => ({
    groupId: group,
    memberId: own.get(member) ?? member,
    generationId,
    ...(version >= 5 ? { protocolType: "consumer", protocolName: "range" } : {}),
    assignments: [{ memberId: own.get(member) ?? member, assignment: new Uint8Array([9, 9, generationId]) }],
    ...more,
  }),
});

const heartbeat = (
  group: string,
  member: string,
  generationId: number,
  more: object = {},
  versions: readonly number[] = [4],
): Ask => ({
  api: "Heartbeat",
  versions,
  request: (own) => ({ groupId: group, memberId: own.get(member) ?? member, generationId, ...more }),
});

const commitTo = (own: Own, version: number, topic: string) =>
  version >= 10 ? { topicId: topicId(own, topic) } : { name: topic };
const fetchFrom = (own: Own, version: number, topic: string) =>
  version >= 10 ? { topicId: topicId(own, topic) } : { name: topic };

export const groupCases: readonly Case[] = [
  {
    title: "FindCoordinator, each version",
    steps: [
      ready("finder"),
      { api: "FindCoordinator", versions: [0, 1, 2, 3], request: { key: "finder" } },
      { api: "FindCoordinator", versions: [4, 5, 6], request: { coordinatorKeys: ["finder", "other", ""] } },
      {
        api: "FindCoordinator",
        versions: [1, 4, 6],
        request: (_, version) => ({ keyType: 9, ...(version >= 4 ? { coordinatorKeys: ["x"] } : { key: "x" }) }),
      },
      { api: "FindCoordinator", versions: [6], request: { keyType: 2, coordinatorKeys: ["x"] } },
    ],
  },
  {
    title: "A group of one through its life",
    steps: [
      ready("one"),
      loaded("one"),
      join({ group: "one", save: "first" }),
      join({ group: "one", member: "first", save: "first" }),
      heartbeat("one", "first", 1),
      { api: "DescribeGroups", versions: [6], request: { groups: ["one"] } },
      sync("one", "first", 1),
      heartbeat("one", "first", 1),
      sync("one", "first", 1),
      heartbeat("one", "first", 7),
      heartbeat("one", "stranger", 1),
      sync("one", "first", 7),
      sync("one", "stranger", 1),
      sync("one", "first", 1, { protocolName: "other" }),
      sync("one", "first", 1, { protocolType: "other" }),
      { api: "DescribeGroups", versions: "all", request: { groups: ["one"] } },
      { api: "ListGroups", versions: "all", request: {} },
      join({ group: "one", member: "first", protocols: [protocol("range", [3])] }),
      sync("one", "first", 2),
      join({ group: "one", member: "stranger" }),
      join({ group: "one", member: "first", protocols: [] }),
      join({ group: "one", member: "first", more: { protocolType: "connect" } }),
      { api: "DeleteGroups", request: { groupsNames: ["one"] } },
      {
        api: "LeaveGroup",
        request: (own) => ({ groupId: "one", members: [{ memberId: own.get("first") }, { memberId: "stranger" }] }),
      },
      { api: "DescribeGroups", request: { groups: ["one"] } },
      { api: "DeleteGroups", versions: "all", request: { groupsNames: ["one"] } },
      { api: "DescribeGroups", versions: [5, 6], request: { groups: ["one"] } },
    ],
  },
  {
    title: "JoinGroup and SyncGroup, each version",
    steps: [
      ready("versions"),
      loaded("versions"),
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((version) => [
        join({ group: `versions-${version}`, versions: [version], save: `member ${version}` }),
        join({
          group: `versions-${version}`,
          versions: [version],
          member: `member ${version}`,
          save: `member ${version}`,
        }),
        sync(`versions-${version}`, `member ${version}`, version < 4 ? 2 : 1, {}, [Math.min(version, 5)]),
        heartbeat(`versions-${version}`, `member ${version}`, version < 4 ? 2 : 1, {}, [Math.min(version, 4)]),
        {
          api: "LeaveGroup",
          versions: [Math.min(version, 5)],
          request: (own: Own) =>
            Math.min(version, 5) >= 3
              ? { groupId: `versions-${version}`, members: [{ memberId: own.get(`member ${version}`) }] }
              : { groupId: `versions-${version}`, memberId: own.get(`member ${version}`) },
        },
      ]),
    ],
  },
  {
    title: "Group requests that are refused",
    steps: [
      ready("refused"),
      loaded("refused"),
      join({ group: "", versions: [2, 9] }),
      join({ group: "refused", more: { sessionTimeoutMs: 1 } }),
      join({ group: "refused", more: { sessionTimeoutMs: 100_000_000 } }),
      join({ group: "refused", protocols: [], versions: [2, 9] }),
      join({ group: "refused", more: { protocolType: "" } }),
      join({ group: "refused", member: "unheard" }),
      join({ group: "refused", member: "unheard", instance: "fixed" }),
      join({ group: "refused", instance: "" }),
      join({ group: "refused", instance: "a b" }),
      heartbeat("", "x", 1),
      heartbeat("refused", "x", 1),
      heartbeat("no-group", "x", 1),
      sync("no-group", "x", 1),
      sync("", "x", 1),
      { api: "LeaveGroup", request: { groupId: "no-group", members: [{ memberId: "x" }] } },
      { api: "LeaveGroup", versions: [2], request: { groupId: "no-group", memberId: "x" } },
      { api: "LeaveGroup", request: { groupId: "", members: [{ memberId: "x" }] } },
      { api: "DescribeGroups", request: { groups: ["", "no-group"] } },
      { api: "DeleteGroups", request: { groupsNames: ["", "no-group"] } },
    ],
  },
  {
    title: "Static members",
    steps: [
      ready("static"),
      loaded("static"),
      join({ group: "static", instance: "i1", save: "old" }),
      sync("static", "old", 1, { groupInstanceId: "i1" }),
      { api: "DescribeGroups", request: { groups: ["static"] } },
      join({ group: "static", instance: "i1", save: "new" }),
      heartbeat("static", "old", 1, { groupInstanceId: "i1" }),
      heartbeat("static", "new", 1, { groupInstanceId: "i1" }),
      heartbeat("static", "new", 1, { groupInstanceId: "i2" }),
      sync("static", "old", 1, { groupInstanceId: "i1" }),
      sync("static", "new", 1, { groupInstanceId: "i1" }),
      join({ group: "static", instance: "i1", member: "old" }),
      {
        api: "LeaveGroup",
        request: {
          groupId: "static",
          members: [
            { memberId: "", groupInstanceId: "i1" },
            { memberId: "", groupInstanceId: "i9" },
          ],
        },
      },
      { api: "DescribeGroups", request: { groups: ["static"] } },
    ],
  },
  {
    title: "OffsetCommit and OffsetFetch, each version",
    steps: [
      ...createTopic("committed", 2),
      ready("committer"),
      loaded("committer"),
      ...[2, 3, 4, 5, 6, 7, 8, 9, 10].map((version) => ({
        api: "OffsetCommit",
        versions: [version],
        request: (own: Own) => ({
          groupId: "committer",
          topics: [
            {
              ...commitTo(own, version, "committed"),
              partitions: [
                { partitionIndex: 0, committedOffset: version, committedMetadata: `v${version}` },
                { partitionIndex: 9, committedOffset: 1 },
              ],
            },
          ],
        }),
      })),
      ...[1, 2, 3, 4, 5, 6, 7].map((version) => ({
        api: "OffsetFetch",
        versions: [version],
        request: {
          groupId: "committer",
          topics: [
            { name: "committed", partitionIndexes: [0, 1, 9] },
            { name: "gone", partitionIndexes: [0] },
          ],
        },
      })),
      ...[2, 5, 7].map((version) => ({
        api: "OffsetFetch",
        versions: [version],
        request: { groupId: "committer", topics: null },
      })),
      ...[8, 9, 10].map((version) => ({
        api: "OffsetFetch",
        versions: [version],
        request: (own: Own) => ({
          groups: [
            { groupId: "committer", topics: [{ ...fetchFrom(own, version, "committed"), partitionIndexes: [0, 1] }] },
            { groupId: "nobody", topics: null },
            { groupId: "committer", topics: null },
          ],
        }),
      })),
      {
        api: "OffsetCommit",
        versions: [9],
        request: {
          groupId: "committer",
          topics: [
            { name: "gone", partitions: [{ partitionIndex: 0, committedOffset: 1 }] },
            { name: "a/b", partitions: [{ partitionIndex: 0, committedOffset: 1 }] },
          ],
        },
      },
      {
        api: "OffsetCommit",
        versions: [10],
        request: {
          groupId: "committer",
          topics: [{ topicId: "AAAAAAAAAAAAAAAAAAAAFw", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
        },
      },
      {
        api: "OffsetCommit",
        versions: [9],
        request: {
          groupId: "committer",
          topics: [
            {
              name: "committed",
              partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: "x".repeat(5000) }],
            },
          ],
        },
      },
      {
        api: "OffsetCommit",
        versions: [9],
        request: {
          groupId: "committer",
          memberId: "stranger",
          generationIdOrMemberEpoch: 3,
          topics: [{ name: "committed", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
        },
      },
      {
        api: "OffsetCommit",
        versions: [9],
        request: {
          groupId: "new-group",
          memberId: "stranger",
          generationIdOrMemberEpoch: 3,
          topics: [{ name: "committed", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
        },
      },
      {
        api: "OffsetCommit",
        versions: [9],
        request: {
          groupId: "",
          topics: [{ name: "committed", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
        },
      },
      {
        api: "OffsetFetch",
        versions: [9],
        request: { groups: [{ groupId: "committer", memberId: "stranger", memberEpoch: 4, topics: null }] },
      },
      { api: "OffsetFetch", versions: [9], request: { groups: [{ groupId: "", topics: null }] } },
      {
        api: "OffsetDelete",
        request: {
          groupId: "committer",
          topics: [
            { name: "committed", partitions: [{ partitionIndex: 0 }, { partitionIndex: 7 }] },
            { name: "gone", partitions: [{ partitionIndex: 0 }] },
          ],
        },
      },
      {
        api: "OffsetDelete",
        request: { groupId: "nobody", topics: [{ name: "committed", partitions: [{ partitionIndex: 0 }] }] },
      },
      { api: "OffsetFetch", versions: [7], request: { groupId: "committer", topics: null } },
      { api: "DescribeGroups", request: { groups: ["committer"] } },
    ],
  },
  {
    title: "Commits of a member",
    steps: [
      ...createTopic("membered"),
      ready("membered"),
      loaded("membered"),
      join({ group: "membered", save: "m" }),
      join({ group: "membered", member: "m", save: "m" }),
      ...[1, 2, -1].flatMap((generationIdOrMemberEpoch) => [
        {
          api: "OffsetCommit",
          versions: [9],
          request: (own: Own) => ({
            groupId: "membered",
            memberId: own.get("m"),
            generationIdOrMemberEpoch,
            topics: [{ name: "membered", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
          }),
        },
      ]),
      sync("membered", "m", 1),
      ...[1, 2, -1].map((generationIdOrMemberEpoch) => ({
        api: "OffsetCommit",
        versions: [9],
        request: (own: Own) => ({
          groupId: "membered",
          memberId: own.get("m"),
          generationIdOrMemberEpoch,
          topics: [{ name: "membered", partitions: [{ partitionIndex: 0, committedOffset: 2 }] }],
        }),
      })),
      {
        api: "OffsetCommit",
        versions: [9],
        request: {
          groupId: "membered",
          topics: [{ name: "membered", partitions: [{ partitionIndex: 0, committedOffset: 3 }] }],
        },
      },
      {
        api: "OffsetDelete",
        request: { groupId: "membered", topics: [{ name: "membered", partitions: [{ partitionIndex: 0 }] }] },
      },
      { api: "ListGroups", versions: [4, 5], request: { statesFilter: ["Stable"] } },
      { api: "ListGroups", versions: [4, 5], request: { statesFilter: ["nonsense"] } },
      { api: "ListGroups", versions: [5], request: { typesFilter: ["classic"] } },
      { api: "ListGroups", versions: [5], request: { typesFilter: ["consumer"] } },
      produce("membered", batch(["x"])),
    ],
  },
];
