import { expect, test } from "bun:test";
import { ZERO_UUID } from "../../base/uuid.ts";
import type { CreateTopicsRequest, CreateTopicsResponse } from "../../protocol/generated/create-topics.ts";
import { LiveConfig } from "../config/live.ts";
import { parseStatic } from "../config/static.ts";
import { MemoryLogger } from "../coordinator/testing/memory-log.ts";
import type { ControllerChannel } from "../metadata/controller/channel.ts";
import { AutoTopicCreation } from "./auto-topic-creation.ts";

function creation(overrides: [string, string][] = []) {
  const config = new LiveConfig(parseStatic({ file: null, overrides, workingDirectory: "/work" }), { warn: () => {} });
  const sent: CreateTopicsRequest[] = [];
  let answer: (errorCode: number) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const controller = {
    send(_: unknown, request: CreateTopicsRequest) {
      sent.push(request);
      return new Promise<CreateTopicsResponse>((resolve, reject) => {
        fail = reject;
        answer = (errorCode) =>
          resolve({
            throttleTimeMs: 0,
            topics: request.topics.map(({ name }) => ({
              name,
              topicId: ZERO_UUID,
              errorCode,
              errorMessage: "because",
              topicConfigErrorCode: 0,
              numPartitions: 1,
              replicationFactor: 1,
              configs: [],
            })),
          });
      });
    },
  } as unknown as ControllerChannel;
  const logger = new MemoryLogger();
  const topics = new AutoTopicCreation(config, controller, logger);
  return { topics, sent, logger, answer: (code: number) => answer(code), fail: (error: unknown) => fail(error) };
}

test("the offsets topic has the configured partitions, replicas and segment size, and is compacted", () => {
  const { topics, sent } = creation([
    ["offsets.topic.num.partitions", "7"],
    ["offsets.topic.segment.bytes", "1000000"],
  ]);
  topics.create("__consumer_offsets");
  expect(sent[0]?.topics).toEqual([
    {
      name: "__consumer_offsets",
      numPartitions: 7,
      replicationFactor: 1,
      assignments: [],
      configs: [
        { name: "cleanup.policy", value: "compact" },
        { name: "compression.type", value: "producer" },
        { name: "segment.bytes", value: "1000000" },
      ],
    },
  ]);
});

test("another topic is created as the controller's defaults say, unless this node's file says otherwise", () => {
  const plain = creation();
  plain.topics.create("t");
  expect(plain.sent[0]?.topics[0]).toMatchObject({ numPartitions: -1, replicationFactor: -1, configs: [] });
  const given = creation([["num.partitions", "3"]]);
  given.topics.create("t");
  expect(given.sent[0]?.topics[0]).toMatchObject({ numPartitions: 3, replicationFactor: -1 });
});

test("a topic is asked for once at a time, and again after a failure, which is logged", async () => {
  const { topics, sent, logger, answer, fail } = creation();
  topics.create("t");
  topics.create("t");
  expect(sent).toHaveLength(1);
  answer(38);
  await Promise.resolve();
  await Promise.resolve();
  topics.create("t");
  expect(sent).toHaveLength(2);
  fail(new Error("no controller"));
  await Promise.resolve();
  await Promise.resolve();
  topics.create("t");
  expect(sent).toHaveLength(3);
  expect(logger.lines).toEqual([
    "warn topic t could not be created: INVALID_REPLICATION_FACTOR: because",
    "warn topic t could not be created: Error: no controller",
  ]);
});
