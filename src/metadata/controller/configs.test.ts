import { expect, test } from "bun:test";
import { type ErrorName, errorName } from "../../../protocol/errors.ts";
import { LiveConfig } from "../../config/live.ts";
import { parseStatic } from "../../config/static.ts";
import { applyRecords } from "../apply.ts";
import { configResourceTypes, emptyImage, type MetadataImage } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { type ConfigRules, configRules } from "./config-rules.ts";
import { alterConfigs, incrementalAlterConfigs } from "./configs.ts";

const TOPIC = configResourceTypes.topic;
const BROKER = configResourceTypes.broker;
const GROUP = configResourceTypes.group;

const set = (resourceType: number, resourceName: string, name: string, value: string | null): MetadataRecord =>
  record("ConfigRecord", { resourceType, resourceName, name, value });

/** Topic "orders" with two settings, and what every cluster finalizes. */
const image: MetadataImage = applyRecords(emptyImage(), [
  record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 30 }),
  record("FeatureLevelRecord", { name: "eligible.leader.replicas.version", featureLevel: 1 }),
  record("TopicRecord", { name: "orders", topicId: "AAAAAAAAAAAAAAAAAAAAEA" }),
  set(TOPIC, "orders", "retention.ms", "5000"),
  set(TOPIC, "orders", "cleanup.policy", "compact"),
  set(BROKER, "", "min.insync.replicas", "1"),
]);

function rules(): ConfigRules {
  return configRules(new LiveConfig(parseStatic({ file: null, workingDirectory: "/" }), { warn: () => {} }));
}

type Change = [name: string, operation: number, value: string | null];
const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

interface Asked {
  readonly type?: number;
  readonly name?: string;
  readonly validateOnly?: boolean;
  readonly repeat?: boolean;
}

function incremental(changes: readonly Change[], asked: Asked = {}) {
  const { type = TOPIC, name = "orders", validateOnly = false, repeat = false } = asked;
  const configs = changes.map(([key, configOperation, value]) => ({ name: key, configOperation, value }));
  const resource = { resourceType: type, resourceName: name, configs };
  const request = { resources: repeat ? [resource, resource] : [resource], validateOnly };
  return incrementalAlterConfigs({ image, nodeId: 1 }, request, rules());
}

const errorsOf = ({ reply }: { reply: { responses: { errorCode: number }[] } }): ErrorName[] =>
  reply.responses.map(({ errorCode }) => errorName(errorCode));

test.each([
  ["sets a value", [["segment.bytes", SET, "2000000"]], [set(TOPIC, "orders", "segment.bytes", "2000000")]],
  ["writes no value again that is there", [["retention.ms", SET, "5000"]], []],
  ["removes a value", [["retention.ms", DELETE, null]], [set(TOPIC, "orders", "retention.ms", null)]],
  ["removes nothing that is not there", [["segment.bytes", DELETE, null]], []],
  ["appends", [["cleanup.policy", APPEND, "delete"]], [set(TOPIC, "orders", "cleanup.policy", "compact,delete")]],
  ["appends nothing twice", [["cleanup.policy", APPEND, "compact"]], []],
  ["subtracts", [["cleanup.policy", SUBTRACT, "compact"]], [set(TOPIC, "orders", "cleanup.policy", "")]],
  [
    "appends to the default of what is not set",
    [["follower.replication.throttled.replicas", APPEND, "0:1"]],
    [set(TOPIC, "orders", "follower.replication.throttled.replicas", "0:1")],
  ],
  [
    "forgets eligible leaders when the in-sync replicas that are needed change",
    [["min.insync.replicas", SET, "2"]],
    [set(TOPIC, "orders", "min.insync.replicas", "2"), record("ClearElrRecord", { topicName: "orders" })],
  ],
] as [string, Change[], MetadataRecord[]][])("a topic: %s", (_, changes, records) => {
  const result = incremental(changes);
  expect(errorsOf(result)).toEqual(["NONE"]);
  expect(result.records).toEqual(records);
  expect(result.atomic).toBe(true);
});

test("a broker's value is written even unchanged, so that it reads its files again", () => {
  const result = incremental([["min.insync.replicas", SET, "1"]], { type: BROKER, name: "" });
  expect(result.records.map(({ type }) => type)).toEqual(["ConfigRecord", "ClearElrRecord"]);
});

test("validate only: the same answer, no records", () => {
  const result = incremental([["segment.bytes", SET, "2000000"]], { validateOnly: true });
  expect([errorsOf(result), result.records]).toEqual([["NONE"], []]);
});

test("one bad value leaves the whole resource as it was", () => {
  const result = incremental([
    ["segment.bytes", SET, "2000000"],
    ["retention.ms", SET, "none"],
  ]);
  expect([errorsOf(result), result.records]).toEqual([["INVALID_CONFIG"], []]);
});

test.each([
  ["a repeated resource", { repeat: true }, ["INVALID_REQUEST", "INVALID_REQUEST"]],
  ["an unknown type", { type: 3 }, ["UNSUPPORTED_VERSION"]],
  ["a topic that is not there", { name: "other" }, ["UNKNOWN_TOPIC_OR_PARTITION"]],
  ["a name that no topic can have", { name: "../x" }, ["INVALID_TOPIC_EXCEPTION"]],
  ["a broker that is not there", { type: BROKER, name: "9" }, ["BROKER_ID_NOT_REGISTERED"]],
  ["a broker's name that is no number", { type: BROKER, name: "x" }, ["INVALID_REQUEST"]],
  ["a group without a name", { type: GROUP, name: "" }, ["INVALID_REQUEST"]],
] as [string, Asked, ErrorName[]][])("%s is refused", (_, asked, errors) => {
  const result = incremental([["segment.bytes", SET, "2000000"]], asked);
  expect([errorsOf(result), result.records]).toEqual([errors, []]);
});

test("a value longer than a record can hold is refused", () => {
  expect(errorsOf(incremental([["retention.ms", SET, " ".repeat(40_000)]]))).toEqual(["INVALID_CONFIG"]);
});

test("the older API replaces all settings of a resource", () => {
  const resources = [
    { resourceType: TOPIC, resourceName: "orders", configs: [{ name: "segment.ms", value: "60000" }] },
  ];
  const result = alterConfigs({ image, nodeId: 1 }, { resources, validateOnly: false }, rules());
  expect(errorsOf(result)).toEqual(["NONE"]);
  expect(result.records).toEqual([
    set(TOPIC, "orders", "segment.ms", "60000"),
    set(TOPIC, "orders", "retention.ms", null),
    set(TOPIC, "orders", "cleanup.policy", null),
  ]);
});
