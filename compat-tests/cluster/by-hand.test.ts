/**
 * Three copies of the `server.properties` that Kafka comes with, edited as its documentation says for a cluster, each
 * formatted with `--initial-controllers` and started by hand: one cluster of three voters. COMPAT_AGAINST=apache asks
 * the same of Apache's own.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newClusterId } from "../lib/brokers.ts";
import { freePorts, type Launched, launch, storageTool } from "../lib/launch.ts";
import { available, folder, jars, temporary } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { ScriptHost } from "../lib/script-host.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const kind = process.env.COMPAT_AGAINST === "apache" ? "apache" : "odradek";
const ids = [1, 2, 3] as const;

/** All that is set in Kafka's own file; in each copy only the id, the ports and the directory are others. */
function properties(id: number, client: number, controller: number, quorum: string, directory: string): string {
  const map = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL";
  const settings = {
    "process.roles": "broker,controller",
    "node.id": id,
    "controller.quorum.bootstrap.servers": quorum,
    listeners: `PLAINTEXT://:${client},CONTROLLER://:${controller}`,
    "inter.broker.listener.name": "PLAINTEXT",
    "advertised.listeners": `PLAINTEXT://localhost:${client},CONTROLLER://localhost:${controller}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": map,
    "num.network.threads": 3,
    "num.io.threads": 8,
    "socket.send.buffer.bytes": 102_400,
    "socket.receive.buffer.bytes": 102_400,
    "socket.request.max.bytes": 104_857_600,
    "log.dirs": directory,
    "num.partitions": 1,
    "num.recovery.threads.per.data.dir": 1,
    "offsets.topic.replication.factor": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "log.retention.hours": 168,
    "log.segment.bytes": 1_073_741_824,
    "log.retention.check.interval.ms": 300_000,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  return lines.join("");
}

describe.skipIf(!have)("three files by hand", () => {
  const { path, remove } = temporary("by-hand");
  const nodes: Launched[] = [];
  let host: ScriptHost;
  let ports: number[];
  const tool = async (command: readonly string[]) => {
    const { exitCode, stdout, stderr } = await run(command);
    if (exitCode !== 0) throw new Error(stderr + stdout);
    return stdout.trim().split("\n").at(-1) as string; // Apache logs before it answers
  };

  beforeAll(async () => {
    host = new ScriptHost();
    ports = await freePorts(6);
    const controllers = ids.map((id) => `localhost:${ports[id + 2]}`);
    const format = storageTool(kind);
    const voters: string[] = [];
    for (const id of ids) voters.push(`${id}@${controllers[id - 1]}:${await tool([...format, "random-uuid"])}`);
    const clusterId = newClusterId();
    const start = async (id: number) => {
      const directory = folder(path, String(id));
      const file = join(directory, "server.properties");
      const [client = 0, controller = 0] = [ports[id - 1], ports[id + 2]];
      writeFileSync(file, properties(id, client, controller, controllers.join(","), join(directory, "logs")));
      await tool([...format, "format", "--cluster-id", clusterId, "-I", voters.join(","), "--config", file]);
      nodes.push(await launch({ kind, file, directory, asInProduction: false }));
    };
    await Promise.all(ids.map(start));
  });
  afterAll(async () => {
    await host.stop();
    await Promise.all(nodes.map((node) => node.end("SIGKILL")));
    remove();
  });

  const broker = (id: number) => ["--bootstrap-server", `localhost:${ports[id - 1]}`];
  const controller = (id: number) => ["--bootstrap-controller", `localhost:${ports[id + 2]}`];

  test("are one cluster of three voters, whichever of them is asked", async () => {
    for (const at of [broker(1), broker(3), ...ids.map(controller)]) {
      const { stdout } = await host.run("kafka-metadata-quorum", [...at, "describe", "--status"]);
      const [voters = ""] = /^CurrentVoters: .*$/m.exec(stdout) ?? []; // in no order
      expect([...voters.matchAll(/"id": (\d)/g)].map(([, id]) => Number(id)).toSorted()).toEqual([...ids]);
      expect(stdout).toMatch(/^CurrentObservers: +\[\]$/m);
    }
  });

  test("have a topic with a copy on each", async () => {
    const at = [...broker(2), "--topic", "copied"];
    await host.run("kafka-topics", [...at, "--create", "--replication-factor", "3"]);
    const { stdout } = await host.run("kafka-topics", [...at, "--describe"]);
    const isr = /\tIsr: (\S+)/.exec(stdout)?.[1];
    expect(isr?.split(",").toSorted()).toEqual(["1", "2", "3"]);
  });

  test("are changed through any controller, whoever leads", async () => {
    const topic = ["--entity-type", "topics", "--entity-name", "copied"];
    for (const id of ids) {
      const change = ["--alter", ...topic, "--add-config", `retention.ms=${id}000`];
      const { stdout } = await host.run("kafka-configs", [...controller(id), ...change]);
      expect(stdout).toBe("Completed updating config for topic copied.\n");
    }
    let told = "";
    while (!told.includes("retention.ms=3000")) {
      told = (await host.run("kafka-configs", [...broker(1), "--describe", ...topic])).stdout;
    }
  });
});
