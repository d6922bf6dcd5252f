/**
 * `npm run fetch-schemas`: Apache Kafka's released jars by Maven into the cache, for the generator (the message
 * definitions are in them) and for the tests that ask Kafka's own classes. Nothing happens where they are already. The
 * cache is ignored by git: the definitions are Apache's text, what we make of them (`protocol/generated/`) is ours.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { libsComplete, libsDirectory, RELEASE } from "../protocol/generate/main.ts";

/** A whole broker with its tools. */
const artifacts = [
  { groupId: "org.apache.kafka", artifactId: "kafka_2.13", version: RELEASE },
  { groupId: "org.apache.kafka", artifactId: "kafka-tools", version: RELEASE },
  { groupId: "org.apache.kafka", artifactId: "kafka-shell", version: RELEASE },
  { groupId: "org.apache.logging.log4j", artifactId: "log4j-slf4j-impl", version: "2.24.3" },
];

function xml(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([tag, text]) => `<${tag}>${text}</${tag}>`)
    .join("");
}

function main(): number {
  if (existsSync(libsComplete)) return 0;
  mkdirSync(libsDirectory, { recursive: true });
  const pom = join(libsDirectory, "pom.xml");
  const dependencies = artifacts.map((artifact) => xml({ dependency: xml(artifact) })).join("");
  const project = { modelVersion: "4.0.0", groupId: "odradek", artifactId: "reference", version: "1", dependencies };
  writeFileSync(pom, `<project xmlns="http://maven.apache.org/POM/4.0.0">${xml(project)}</project>`);
  const command = ["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", "-DoutputDirectory=."];
  const run = Bun.spawnSync(command, { stdout: "inherit", stderr: "inherit" });
  if (run.exitCode !== 0) return 1;
  writeFileSync(libsComplete, "");
  return 0;
}

if (import.meta.main) process.exitCode = main();
