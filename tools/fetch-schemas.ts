/**
 * Fetches Apache Kafka's released jars with Maven into `.cache/kafka-<release>/libs` and takes the message definitions
 * out of them into `.cache/kafka-<release>/schemas/<artifact>/`. What is there already is kept. The cache is ignored by
 * git: the definitions' text is Apache's, what we make of it (`protocol/generated/`) is ours.
 *
 *   npm run fetch-schemas            needs mvn
 *   npm run fetch-schemas -- DIR     takes the jars from a directory that has them
 */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { libsDirectory, RELEASE, schemasDirectory } from "../protocol/generate/main.ts";
import { entriesOf } from "./zip.ts";

/** The whole of a broker and its tools: the definitions come from its jars, and tests ask its classes. */
const artifacts = [
  `org.apache.kafka:kafka_2.13:${RELEASE}`,
  `org.apache.kafka:kafka-tools:${RELEASE}`,
  `org.apache.kafka:kafka-shell:${RELEASE}`,
  "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3",
];

/** The jars that carry definitions. */
const definedIn = [
  "kafka-clients",
  "kafka-metadata",
  "kafka-group-coordinator",
  "kafka-transaction-coordinator",
  "kafka-share-coordinator",
  "kafka-raft",
  "kafka-storage",
];

function jarOf(artifact: string): string {
  return join(libsDirectory, `${artifact}-${RELEASE}.jar`);
}

function fetchJars(): void {
  const directory = fs.mkdtempSync(join(tmpdir(), "odradek-jars-"));
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(":");
    const parts = { groupId: group, artifactId: name, version };
    return `<dependency>${Object.entries(parts)
      .map(([tag, text]) => `<${tag}>${text}</${tag}>`)
      .join("")}</dependency>`;
  });
  const pom = join(directory, "pom.xml");
  fs.writeFileSync(
    pom,
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>' +
      "<groupId>odradek</groupId><artifactId>reference</artifactId><version>1</version>" +
      `<dependencies>${dependencies.join("")}</dependencies></project>`,
  );
  const command = ["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", `-DoutputDirectory=${libsDirectory}`];
  const run = Bun.spawnSync(command, { stdout: "inherit", stderr: "inherit" });
  fs.rmSync(directory, { recursive: true, force: true });
  if (run.exitCode !== 0) throw new Error("Maven could not fetch the jars");
}

function copyJars(from: string): void {
  fs.mkdirSync(libsDirectory, { recursive: true });
  for (const name of fs.readdirSync(from)) {
    if (name.endsWith(".jar")) fs.copyFileSync(join(from, name), join(libsDirectory, name));
  }
}

function extractDefinitions(): number {
  let count = 0;
  for (const artifact of definedIn) {
    for (const entry of entriesOf(fs.readFileSync(jarOf(artifact)))) {
      if (!/^(common\/)?(message|metadata)\/\w+\.json$/.test(entry.name)) continue;
      const path = join(schemasDirectory, artifact, entry.name);
      fs.mkdirSync(dirname(path), { recursive: true });
      fs.writeFileSync(path, entry.read());
      count++;
    }
  }
  return count;
}

function main(from: string | undefined): void {
  const present = definedIn.every((artifact) => fs.existsSync(jarOf(artifact)));
  if (!present && from !== undefined) copyJars(from);
  else if (!present) fetchJars();
  console.log(`${extractDefinitions()} definitions of Kafka ${RELEASE} in ${schemasDirectory}`);
}

if (import.meta.main) main(process.argv[2]);
