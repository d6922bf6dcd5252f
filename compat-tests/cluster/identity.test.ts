/**
 * Two processes with one node id, one that comes back while its last life is still taken for alive, and one whose id
 * somebody takes while it sleeps.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorName } from "../../protocol/errors.ts";
import { ApiVersions, type ApiVersionsResponse } from "../../protocol/generated/api-versions.ts";
import { BrokerRegistration, type BrokerRegistrationResponse } from "../../protocol/generated/broker-registration.ts";
import { type Cluster, startCluster } from "../lib/cluster.ts";
import { freePorts, startCommand, storageTool } from "../lib/launch.ts";
import { available, jars, temporary } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { script } from "../lib/tools.ts";
import { type AnyMessage, Wire } from "../oracle/raw/wire.ts";
import { clientOf } from "./kafkajs-load.ts";

const isApache = process.env.COMPAT_AGAINST === "apache";
const kind = isApache ? "apache" : "odradek";
const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

describe.skipIf(!have)("a controller and a broker", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    const nodes = { controllers: 1, brokers: 1 };
    // Longer than any test waits: no session runs out.
    cluster = await startCluster({ kind, nodes, settings: { "broker.session.timeout.ms": "600000" } });
  });
  afterAll(() => cluster?.dispose());

  /** Another process with the id of node 2, on a disk and a port of its own; what it says until it ends. */
  async function rival(): Promise<string> {
    const { path, remove } = temporary("rival");
    const { file, bootstrap, directory } = cluster.node(2);
    const [port] = await freePorts(1);
    const own = { file: join(path, "server.properties"), directory: path };
    const text = readFileSync(file, "utf8")
      .replaceAll(bootstrap, `localhost:${port}`)
      .replaceAll(directory, join(path, "data"))
      .concat("initial.broker.registration.timeout.ms=3000\n");
    writeFileSync(own.file, text);
    const clusterId = /^cluster\.id=(.*)$/m.exec(readFileSync(join(directory, "meta.properties"), "utf8"))?.[1] ?? "";
    const formatted = await run([...storageTool(kind), "format", "-t", clusterId, "-c", own.file]);
    expect(formatted.exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await run(startCommand({ kind, ...own, asInProduction: false }));
    remove();
    expect(exitCode).toBe(1);
    return stdout + stderr;
  }

  test("the second of two live processes with one id is refused and ends, the first goes on", async () => {
    const said = await rival();
    const error = "DUPLICATE_BROKER_REGISTRATION";
    expect(said).toContain(`Unable to register broker 2 because the controller returned error ${error}`);
    expect(said).toContain("Shutting down because we were unable to register with the controller quorum.");
    const admin = clientOf(cluster).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: "goes-on", numPartitions: 1, replicationFactor: 1 }] });
    expect(await admin.listTopics()).toContain("goes-on");
    await admin.disconnect();
    expect(cluster.node(2).isRunning).toBe(true);
  });

  test.skipIf(isApache)(
    "a new life takes the place of one that was killed, without waiting for its session",
    async () => {
      await cluster.node(2).kill();
      await cluster.node(2).start();
      expect(cluster.node(2).output).not.toContain("DUPLICATE_BROKER_REGISTRATION");
    },
  );
});

describe.skipIf(!have)("a broker that sleeps longer than its session", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    const settings = { "broker.session.timeout.ms": "1000", "broker.heartbeat.interval.ms": "200" };
    cluster = await startCluster({ kind, nodes: { controllers: 1, brokers: 1 }, settings });
  });
  afterAll(() => cluster?.dispose());

  /** Registers as node 2 in another life once the controller takes it: as a request does that comes late. */
  async function takeItsPlace(): Promise<void> {
    const text = readFileSync(join(cluster.node(2).directory, "meta.properties"), "utf8");
    const own = (name: string) => new RegExp(`^${name.replace(".", "\\.")}=(.*)$`, "m").exec(text)?.[1] ?? "";
    const wire = await Wire.open(cluster.node(1).controller);
    const ask = async (message: unknown, version: number, request: object) => {
      const answer = await wire.exchange(message as AnyMessage, version, request);
      if (!("response" in answer)) throw new Error("no answer");
      return answer.response;
    };
    const known = { clientSoftwareName: "rival", clientSoftwareVersion: "1" };
    const { supportedFeatures } = (await ask(ApiVersions, 4, known)) as ApiVersionsResponse;
    const request = {
      brokerId: 2,
      clusterId: own("cluster.id"),
      incarnationId: "aaaaaaaaaaaaaaaaaaaaaA",
      listeners: [{ name: "PLAINTEXT", host: "localhost", port: 1, securityProtocol: 0 }],
      features: supportedFeatures.map(({ name, minVersion, maxVersion }) => {
        return { name, minSupportedVersion: minVersion, maxSupportedVersion: maxVersion };
      }),
      rack: null,
      isMigratingZkBroker: false,
      logDirs: [own("directory.id")],
      previousBrokerEpoch: -1,
    };
    for (;;) {
      const { errorCode } = (await ask(BrokerRegistration, 4, request)) as BrokerRegistrationResponse;
      if (errorCode === 0) break;
      expect(errorName(errorCode)).toBe("DUPLICATE_BROKER_REGISTRATION");
      await Bun.sleep(100);
    }
    wire.close();
  }

  /** Ours has registered once more; Apache's was refused again and again. */
  async function refusedOrBack(happens: () => Promise<void>): Promise<void> {
    const broker = cluster.node(2);
    const count = (what: RegExp) => [...broker.output.matchAll(what)].length;
    const registrations = () => count(/(Registered broker 2,|Successfully registered broker 2 with) /g);
    const refusals = () => count(/STALE_BROKER_EPOCH/g);
    const before = { registrations: registrations(), refusals: refusals() };
    await happens();
    const isOver = isApache
      ? () => refusals() >= before.refusals + 20
      : () => registrations() === before.registrations + 1;
    while (!isOver()) await Bun.sleep(50);
    expect(registrations()).toBe(before.registrations + (isApache ? 0 : 1));
  }

  test("another registration takes its id: it registers again; Apache's is refused for good", async () => {
    await refusedOrBack(async () => {
      cluster.node(2).pause();
      await takeItsPlace();
      cluster.node(2).resume();
    });
  });

  test("kafka-cluster unregisters it while it runs: it registers again; Apache's is refused for good", async () => {
    if (isApache) {
      await cluster.node(2).kill();
      await cluster.node(2).start();
    }
    await refusedOrBack(async () => {
      const at = ["--bootstrap-controller", cluster.node(1).controller];
      const { stdout } = await script("kafka-cluster", ["unregister", ...at, "--id", "2"]);
      expect(stdout).toBe("Broker 2 is no longer registered.\n");
    });
  });
});
