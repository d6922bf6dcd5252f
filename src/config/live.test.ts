import { expect, test } from "bun:test";
import { type ConfigResource, LiveConfig, resourceType } from "./live.ts";
import { parseStatic } from "./static.ts";

/** A node with these settings at its start, and a way to store others while it runs. */
function node(given: Record<string, string> = {}) {
  const warnings: string[] = [];
  const start = parseStatic({ file: null, overrides: Object.entries(given), workingDirectory: "/work" });
  const live = new LiveConfig(start, { warn: (message) => warnings.push(message) });
  const stored = new Map<string, Map<string, string>>();
  const store = (type: number, name: string, values: Record<string, string>): void => {
    stored.set(`${type} ${name}`, new Map(Object.entries(values)));
    const changed: ConfigResource[] = [{ resourceType: type, resourceName: name }];
    live.apply((ofType, ofName) => stored.get(`${ofType} ${ofName}`) ?? new Map(), changed);
  };
  return {
    live,
    warnings,
    topic: (name: string, values: Record<string, string>) => store(resourceType.topic, name, values),
    cluster: (values: Record<string, string>) => store(resourceType.broker, "", values),
    broker: (values: Record<string, string>) => store(resourceType.broker, "1", values),
    group: (name: string, values: Record<string, string>) => store(resourceType.group, name, values),
  };
}

test("a topic's value comes from the topic, the broker, the cluster, the file, the default: the first that has one", () => {
  const { live, topic, broker, cluster } = node({ "log.segment.bytes": "2000000" });
  const orders = live.topic("orders");
  expect(orders.get("segment.bytes")).toBe(2_000_000);
  cluster({ "log.segment.bytes": "3000000" });
  expect(orders.get("segment.bytes")).toBe(3_000_000);
  broker({ "log.segment.bytes": "4000000" });
  expect(orders.get("segment.bytes")).toBe(4_000_000);
  topic("orders", { "segment.bytes": "5000000" });
  expect([orders.get("segment.bytes"), live.topic("other").get("segment.bytes")]).toEqual([5_000_000, 4_000_000]);
  topic("orders", {});
  broker({});
  cluster({});
  expect(orders.get("segment.bytes")).toBe(2_000_000);
  expect(orders.get("segment.index.bytes")).toBe(10_485_760);
});

test.each([
  [{}, "retention.ms", 604_800_000],
  [{ "log.retention.hours": "1" }, "retention.ms", 3_600_000],
  [{ "log.retention.hours": "1", "log.retention.minutes": "2" }, "retention.ms", 120_000],
  [{ "log.retention.minutes": "2", "log.retention.ms": "3" }, "retention.ms", 3],
  [{ "log.retention.hours": "-1" }, "retention.ms", -1],
  [{ "log.roll.hours": "2" }, "segment.ms", 7_200_000],
  [{ "log.flush.scheduler.interval.ms": "9" }, "flush.ms", 9],
  [{ "message.max.bytes": "5" }, "max.message.bytes", 5],
] as const)("a start with %j gives a topic %s=%d", (given, name, value) => {
  expect(node(given).live.topic("t").get(name)).toBe(value);
});

test("a view is resolved anew only when its topic or the broker changed", () => {
  const { live, topic, cluster } = node();
  const orders = live.topic("orders");
  const before = orders.values;
  topic("payments", { "retention.ms": "5" });
  expect(orders.values).toBe(before);
  topic("orders", { "retention.ms": "5" });
  expect(orders.get("retention.ms")).toBe(5);
  topic("orders", {});
  expect(orders.get("retention.ms")).toBe(604_800_000);
  cluster({ "log.retention.ms": "7" });
  expect(orders.get("retention.ms")).toBe(7);
});

test("milliseconds set while running take the place of the hours in the file", () => {
  const { live, cluster } = node({ "log.retention.hours": "1" });
  cluster({ "log.retention.ms": "5" });
  expect(live.topic("t").get("retention.ms")).toBe(5);
});

test("listeners hear of the settings they named, once per change", () => {
  const { live, cluster } = node();
  const heard: unknown[] = [];
  const cancel = live.onChange(["max.connections"], () => heard.push(live.get("max.connections")));
  cluster({ "max.connections": "5" });
  cluster({ "max.connections": "5", "num.io.threads": "9" });
  cluster({ "max.connections": "6" });
  cancel();
  cluster({});
  expect(heard).toEqual([5, 6]);
});

test("a topic's listeners hear its name, or null when the broker's settings changed under all topics", () => {
  const { live, topic, cluster } = node();
  const heard: (string | null)[] = [];
  live.onTopicChange((name) => heard.push(name));
  topic("orders", { "retention.ms": "5" });
  cluster({ "log.retention.ms": "9" });
  expect(heard).toEqual(["orders", null]);
});

test("what may not change while running, or cannot be parsed, is ignored with a warning", () => {
  const { live, warnings, cluster } = node();
  cluster({ "node.id": "9", "log.segment.bytes": "few", listeners: "PLAINTEXT://:1", "max.connections": "7" });
  expect([live.get("node.id"), live.get("log.segment.bytes"), live.get("max.connections")]).toEqual([
    1, 1_073_741_824, 7,
  ]);
  expect(warnings).toHaveLength(3);
});

test("settings of another broker do not count", () => {
  const { live } = node();
  const stored = new Map([["num.io.threads", "16"]]);
  live.apply((_, name) => (name === "2" ? stored : new Map()), [{ resourceType: 4, resourceName: "2" }]);
  expect(live.get("num.io.threads")).toBe(8);
});

test("a group inherits from the broker, and the broker's interval stays within its bounds", () => {
  const { live, group, cluster } = node({ "group.consumer.session.timeout.ms": "46000" });
  const members = live.group("members");
  expect(members.get("consumer.session.timeout.ms")).toBe(46_000);
  group("members", { "consumer.session.timeout.ms": "50000" });
  expect(members.get("consumer.session.timeout.ms")).toBe(50_000);
  cluster({ "group.consumer.assignment.interval.ms": "99000" });
  expect(live.get("group.consumer.assignment.interval.ms")).toBe(15_000);
});

test("the log level follows odradek.log.level, until a logger is set by itself", () => {
  const { live, cluster } = node();
  cluster({ "odradek.log.level": "debug" });
  expect(live.logLevels.root).toBe("DEBUG");
  live.logLevels.alter(1, "1", [{ name: "root", operation: 0, value: "WARN" }], false);
  expect(live.logLevels.threshold).toBe("warn");
});
