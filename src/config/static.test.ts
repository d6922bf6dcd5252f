import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseProperties } from "./properties.ts";
import { parseStatic } from "./static.ts";
import type { StaticConfig } from "./static-config.ts";

type Given = Record<string, string>;

const start = (file: Given | null, overrides: Given = {}): StaticConfig =>
  parseStatic({
    file: file === null ? null : new Map(Object.entries(file)),
    overrides: Object.entries(overrides),
    workingDirectory: "/here",
  });

const kraft: Given = {
  "process.roles": "broker,controller",
  "node.id": "1",
  "controller.quorum.bootstrap.servers": "localhost:9093",
  listeners: "PLAINTEXT://:9092,CONTROLLER://:9093",
  "controller.listener.names": "CONTROLLER",
  "log.dirs": "/data",
};

test("without a file a node is broker and controller on localhost, its data in ./data", () => {
  const config = start(null);
  expect(config.isBroker && config.isController).toBe(true);
  expect(config.nodeId).toBe(1);
  expect(config.listeners.map(({ name, host, port }) => [name, host, port])).toEqual([
    ["PLAINTEXT", "localhost", 9092],
    ["CONTROLLER", "localhost", 9093],
  ]);
  expect(config.advertisedBrokerListeners).toEqual(config.brokerListeners);
  expect(config.logDirs).toEqual(["/here/data"]);
  expect(config.metadataLogDir).toBe("/here/data");
  expect(config.values.get("offsets.topic.replication.factor")?.value).toBe(1);
  expect(config.notes).toEqual([]);
});

test("config/server.properties says what a start without a file does", () => {
  const file = parseProperties(readFileSync(join(import.meta.dirname, "../../config/server.properties")));
  const { originals: said } = parseStatic({ file, workingDirectory: "/here" });
  const { originals: done } = start(null);
  expect(Object.fromEntries([...said].sort())).toEqual(Object.fromEntries([...done].sort()));
});

test("log.dir stands in for log.dirs, metadata.log.dir for the first of them", () => {
  const { "log.dirs": _, ...rest } = kraft;
  expect(start({ ...rest, "log.dir": "/one" }).logDirs).toEqual(["/one"]);
  const config = start({ ...kraft, "log.dir": "/one", "metadata.log.dir": "meta" });
  expect([config.logDirs, config.metadataLogDir]).toEqual([["/data"], "/here/meta"]);
});

test("an override wins over the file, and a changed listener is also where the quorum is found", () => {
  const config = start(null, { listeners: "PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0", "node.id": "5" });
  expect(config.nodeId).toBe(5);
  expect(config.originals.get("broker.id")).toBe("5");
  expect(config.quorumBootstrapServers).toEqual([{ host: "127.0.0.1", port: 0 }]);
});

test("a file from before KRaft starts: ZooKeeper is not needed, and a controller listener is added", () => {
  const config = start({
    "broker.id": "7",
    listeners: "PLAINTEXT://:9092",
    "log.dirs": "/a,b",
    "zookeeper.connect": "z:2181",
  });
  expect(config.nodeId).toBe(7);
  expect(config.controllerListeners.map(({ host, port }) => [host, port])).toEqual([["localhost", 9093]]);
  expect(config.logDirs).toEqual(["/a", "/here/b"]);
  expect(config.notes).toEqual(["zookeeper.connect is not needed: the node keeps the cluster's metadata itself."]);
});

test("an unknown name is noted, a listener's own setting is not", () => {
  const config = start({ ...kraft, "my.setting": "1", "listener.name.plaintext.max.connections": "5" });
  expect(config.notes).toEqual(["my.setting is no setting of this version; it is ignored."]);
});

test("the controller takes its address from the voters where its listener has none", () => {
  const config = start({
    ...kraft,
    "controller.quorum.bootstrap.servers": "",
    "controller.quorum.voters": "1@one.example.org:19093,2@two.example.org:9093",
  });
  expect(config.advertisedControllerListeners).toMatchObject([{ host: "one.example.org", port: 19093 }]);
  expect(config.quorumVoters).toHaveLength(2);
});

test("IPv6 addresses stand in brackets, and IPv4 may share a port with IPv6", () => {
  const { listeners } = start({
    ...kraft,
    listeners: "PLAINTEXT://127.0.0.1:9092,OTHER://[::1]:9092,CONTROLLER://:9093",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,OTHER:PLAINTEXT,CONTROLLER:PLAINTEXT",
  });
  expect(listeners.map(({ host }) => host)).toEqual(["127.0.0.1", "::1", ""]);
});

test.each([
  [{ "node.id": "2", "broker.id": "3" }, "You must set `node.id` to the same value as `broker.id`."],
  [
    { "process.roles": "broker,chef" },
    "Invalid value chef for configuration process.roles: String must be one of: broker, controller",
  ],
  [
    { "controller.quorum.bootstrap.servers": "" },
    "If using process.roles, either controller.quorum.bootstrap.servers must contain",
  ],
  [
    { "controller.quorum.voters": "2@b:9093" },
    "the node id 1 must be included in the set of voters controller.quorum.voters=2@b:9093",
  ],
  [
    {
      "controller.listener.names": "OTHER",
      "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OTHER:PLAINTEXT",
    },
    "controller.listener.names must contain at least one value appearing in the 'listeners'",
  ],
  [{ listeners: "CONTROLLER://:9093" }, "There must be at least one broker advertised listener."],
  [{ listeners: "PLAINTEXT://:9092,CONTROLLER://:9092" }, "Each listener must have a different port"],
  [{ listeners: "PLAINTEXT://:9092,PLAINTEXT://:9094,CONTROLLER://:9093" }, "Each listener must have a different name"],
  [{ listeners: "PLAINTEXT//:9092,CONTROLLER://:9093" }, "Unable to parse PLAINTEXT//:9092 to a broker endpoint"],
  [{ listeners: "PLAINTEXT://:99999,CONTROLLER://:9093" }, "must lie between 0 and 65535"],
  [{ listeners: "WHAT://:9092,CONTROLLER://:9093" }, "No security protocol defined for listener WHAT"],
  [{ listeners: "SSL://:9092,CONTROLLER://:9093" }, "No security protocol defined for listener CONTROLLER"],
  [{ "advertised.listeners": "PLAINTEXT://0.0.0.0:9092" }, "cannot use the nonroutable meta-address 0.0.0.0"],
  [{ "inter.broker.listener.name": "NONE" }, "Listener with name NONE defined in inter.broker.listener.name not found"],
  [
    { "inter.broker.listener.name": "PLAINTEXT", "security.inter.broker.protocol": "PLAINTEXT" },
    "Only one of inter.broker.listener.name",
  ],
  [{ "log.dirs": "" }, "Configuration 'log.dirs' must not be empty."],
  [{ "log.roll.ms": "0" }, "log.roll.ms must be greater than or equal to 1"],
  [{ "queued.max.request.bytes": "5" }, "queued.max.request.bytes must be larger or equal to socket.request.max.bytes"],
  [{ "num.partitions": "none" }, "Invalid value none for configuration num.partitions: Not a number of type INT"],
  [
    { "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer" },
    "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer is not supported.",
  ],
] as [Given, string][])("%j is refused", (given, message) => {
  expect(() => start({ ...kraft, ...given })).toThrow(message);
});

test.each([
  ["node.id", 'Missing required configuration "node.id" which has no default value.'],
  [
    "controller.listener.names",
    'Missing required configuration "controller.listener.names" which has no default value.',
  ],
])("a KRaft file without %s is refused", (name, message) => {
  const { [name]: _, ...rest } = kraft;
  expect(() => start(rest)).toThrow(message);
});

test("a broker without the controller role must not be a voter, nor bind the controller's listener", () => {
  const broker = { ...kraft, "process.roles": "broker", listeners: "PLAINTEXT://:9092" };
  expect(start(broker).isController).toBe(false);
  expect(() => start({ ...broker, "controller.quorum.voters": "1@a:9093" })).toThrow("must not be included in the set");
  expect(() => start({ ...broker, listeners: kraft.listeners as string })).toThrow(
    "must not contain a value appearing",
  );
});

test("a controller without the broker role listens only as that", () => {
  const controller = { ...kraft, "process.roles": "controller", listeners: "CONTROLLER://:9093" };
  expect(start(controller).isBroker).toBe(false);
  expect(() => start({ ...controller, listeners: kraft.listeners as string })).toThrow(
    "must only contain KRaft controller",
  );
});

test("replica.selector.class is known by Kafka's names, another class cannot be loaded", () => {
  const selected = (name: string) => () =>
    parseStatic({ file: null, overrides: [["replica.selector.class", name]], workingDirectory: "/" });
  expect(selected("org.apache.kafka.common.replica.LeaderSelector")).not.toThrow();
  expect(selected("com.example.Nearest")).toThrow("Java classes cannot be loaded here");
});
