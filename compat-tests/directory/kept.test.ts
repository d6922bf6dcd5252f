/**
 * What an Apache directory holds that is not served here (transactions, one of them open, share groups, groups of the
 * consumer protocol, ACLs, SCRAM credentials, quotas) survives untouched: it is named at the start, no file of it is
 * written, what is committed is read as Apache reads it, and Apache finds all of it again and goes on with it.
 */
import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Broker, startApache } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { javaFlags } from "../lib/tools.ts";

const libs = jars("4.3.1");
const have = available("Java with Apache Kafka 4.3.1", libs !== null);
const authorizer = {
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "super.users": "User:ANONYMOUS",
};

async function kept(mode: "fill" | "report" | "read" | "finish", broker: Broker): Promise<string[]> {
  const program = join(import.meta.dir, "Kept.java");
  const command = ["java", ...javaFlags, "-cp", `${libs}/*`, program, mode, broker.bootstrap];
  const { exitCode, stdout, stderr } = await run(command, { timeoutMs: 90_000 });
  expect(exitCode, stderr).toBe(0);
  return stdout.trim().split("\n");
}

/** The logs of these topics, by file. */
function logsOf(broker: Broker, topics: readonly string[]): Map<string, string> {
  const logs = new Map<string, string>();
  for (const name of readdirSync(broker.directory)) {
    if (!topics.some((topic) => name.startsWith(`${topic}-`))) continue;
    for (const file of readdirSync(join(broker.directory, name))) {
      if (!file.endsWith(".log") && !file.endsWith(".txnindex")) continue;
      const bytes = readFileSync(join(broker.directory, name, file));
      if (bytes.length > 0) logs.set(`${name}/${file}`, new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
    }
  }
  return logs;
}

/** An authorizer is a class of Java: this one is not there for Odradek, which says so and does not start. */
function withoutAuthorizer(broker: Broker): () => void {
  const file = join(dirname(broker.directory), "server.properties");
  const text = readFileSync(file, "utf8");
  const names = Object.keys(authorizer);
  const kept = text.split("\n").filter((line) => !names.some((name) => line.startsWith(`${name}=`)));
  writeFileSync(file, kept.join("\n"));
  return () => writeFileSync(file, text);
}

const topics = ["payments", "__transaction_state", "__share_group_state"];

describe.skipIf(!have)("what is not served", () => {
  let broker: Broker;
  afterAll(() => broker?.dispose());

  test("survives a stay at Odradek, which names it, whether the nodes stop or are killed", async () => {
    broker = await startApache({ settings: authorizer });
    await kept("fill", broker);
    const report = await kept("report", broker);
    const committed = await kept("read", broker);
    expect(report.filter((line) => line.startsWith("transaction open Ongoing")).length, report.join("\n")).toBe(1);
    expect(committed.length).toBe(11);

    for (const end of ["stop", "kill"] as const) {
      await broker[end]();
      const before = logsOf(broker, topics);
      expect(new Set([...before.keys()].map((name) => name.replace(/-\d+\/.*/, "")))).toEqual(new Set(topics));
      const withAuthorizer = withoutAuthorizer(broker);
      broker = await broker.succeededBy("odradek");
      expect(await kept("read", broker)).toEqual(committed);
      const said = broker.output();
      for (const kind of ["ACLs", "SCRAM", "quota", "ransactions", "hare groups", "group records of key type"]) {
        expect(said).toContain(kind);
      }
      expect((await broker[end]()) ?? 0).toBe(0); // of a kill there is no code
      expect(logsOf(broker, topics)).toEqual(before);

      withAuthorizer();
      broker = await broker.succeededBy("apache");
      expect(await kept("report", broker)).toEqual(report);
    }
    await kept("finish", broker);
    expect((await kept("read", broker)).filter((line) => /open|after$/.test(line))).toHaveLength(1);
    await broker.stop();
  }, 360_000);
});
