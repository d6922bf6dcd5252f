import { expect, test } from "bun:test";
import { errorName } from "../../protocol/errors.ts";
import type { DescribeTopicPartitionsRequest } from "../../protocol/generated/describe-topic-partitions.ts";
import { describeTopicPartitions } from "./75-describe-topic-partitions.ts";
import { DataPlane } from "./testing/data-plane.ts";

async function plane(overrides: readonly (readonly [string, string])[] = []) {
  const made = await DataPlane.open(overrides);
  for (const [name, partitions] of [
    ["c", 1],
    ["a", 3],
    ["b", 2],
  ] as const)
    await made.createTopic(name, partitions);
  return (request: Partial<DescribeTopicPartitionsRequest>) =>
    made.call(describeTopicPartitions, { topics: [], responsePartitionLimit: 2000, cursor: null, ...request });
}

type Reply = Awaited<ReturnType<Awaited<ReturnType<typeof plane>>>>;

function shape({ topics, nextCursor }: Reply) {
  const named = topics.map(({ name, partitions }) => [name, ...partitions.map((each) => each.partitionIndex)]);
  return [named, nextCursor === null ? null : [nextCursor.topicName, nextCursor.partitionIndex]];
}

test("all topics come in order of their names", async () => {
  const ask = await plane();
  expect(shape(await ask({}))).toEqual([
    [
      ["a", 0, 1, 2],
      ["b", 0, 1],
      ["c", 0],
    ],
    null,
  ]);
});

test("pages end at the limit and go on at the cursor", async () => {
  const ask = await plane();
  const first = await ask({ responsePartitionLimit: 2 });
  expect(shape(first)).toEqual([[["a", 0, 1]], ["a", 2]]);
  const second = await ask({ responsePartitionLimit: 2, cursor: first.nextCursor });
  expect(shape(second)).toEqual([
    [
      ["a", 2],
      ["b", 0],
    ],
    ["b", 1],
  ]);
  const third = await ask({ responsePartitionLimit: 2, cursor: second.nextCursor });
  expect(shape(third)).toEqual([
    [
      ["b", 1],
      ["c", 0],
    ],
    null,
  ]);
});

test("a page that is full names the next topic, whether it exists or not", async () => {
  const ask = await plane();
  const topics = [{ name: "a" }, { name: "aa" }];
  expect(shape(await ask({ topics, responsePartitionLimit: 3 }))).toEqual([[["a", 0, 1, 2]], ["aa", 0]]);
});

test("the broker's own limit counts too", async () => {
  const ask = await plane([["max.request.partition.size.limit", "1"]]);
  expect(shape(await ask({}))).toEqual([[["a", 0]], ["a", 1]]);
});

test("topics that do not exist or cannot are named as such", async () => {
  const ask = await plane();
  const { topics } = await ask({ topics: [{ name: "zz" }, { name: "bad name" }] });
  expect(topics.map(({ name, errorCode }) => [name, errorName(errorCode)])).toEqual([
    ["bad name", "INVALID_TOPIC_EXCEPTION"],
    ["zz", "UNKNOWN_TOPIC_OR_PARTITION"],
  ]);
});

test("a cursor outside the topics asked for is refused, for each of them", async () => {
  const ask = await plane();
  const { topics } = await ask({ topics: [{ name: "b" }], cursor: { topicName: "a", partitionIndex: 0 } });
  expect(topics.map(({ name, errorCode }) => [name, errorName(errorCode)])).toEqual([["b", "INVALID_REQUEST"]]);
});
