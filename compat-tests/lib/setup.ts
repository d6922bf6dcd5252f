/**
 * Fetches what the compatibility tests run against into `.cache/`: Apache's jars by Maven, the Python clients by pip
 * into an environment of their own, kcat from the system's packages. Each step is skipped where it was done before.
 */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, folder, has, root } from "./place.ts";

/** Each set is a class path of its own: Maven coordinates. */
const sets: Readonly<Record<string, readonly string[]>> = {
  "4.3.1": [
    "org.apache.kafka:kafka_2.13:4.3.1",
    "org.apache.kafka:kafka-tools:4.3.1",
    "org.apache.kafka:kafka-shell:4.3.1",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3",
  ],
  "clients-4.4.0": ["org.apache.kafka:kafka-clients:4.4.0"],
  // Earlier releases, as peers in a cluster.
  "4.0.1": ["org.apache.kafka:kafka_2.13:4.0.1", "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"],
  "4.2.0": ["org.apache.kafka:kafka_2.13:4.2.0", "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"],
  "2.6.0": ["org.apache.kafka:kafka_2.13:2.6.0"],
  "1.0.0": ["org.apache.kafka:kafka_2.11:1.0.0"],
};

const python = [
  "confluent-kafka==2.11.0",
  "aiokafka==0.12.0",
  "kafka-python==2.2.15",
  "lz4",
  "python-snappy",
  "zstandard",
  "cramjam",
];

function run(command: string[], cwd = root): boolean {
  console.log(`$ ${command.join(" ")}`);
  return Bun.spawnSync(command, { cwd, stdout: "ignore", stderr: "inherit", stdin: "ignore" }).exitCode === 0;
}

function fetchJars(set: string, coordinates: readonly string[]): boolean {
  const target = folder(cache, "jars", set);
  if (existsSync(join(target, ".complete"))) return true;
  if (!has("mvn") || !has("java")) return false;
  const dependencies = coordinates.map((coordinate) => {
    const [group, artifact, version] = coordinate.split(":");
    const ids = `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
    return `<dependency>${ids}</dependency>`;
  });
  writeFileSync(
    join(target, "pom.xml"),
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>compat</groupId>` +
      `<artifactId>jars</artifactId><version>1</version><dependencies>${dependencies.join("")}</dependencies></project>`,
  );
  const done = run([
    "mvn",
    "-q",
    "-B",
    "-f",
    join(target, "pom.xml"),
    "dependency:copy-dependencies",
    "-DoutputDirectory=.",
  ]);
  if (done) writeFileSync(join(target, ".complete"), "");
  return done;
}

function fetchPython(): boolean {
  const target = join(cache, "python");
  if (existsSync(join(target, ".complete"))) return true;
  if (!has("python3")) return false;
  rmSync(target, { recursive: true, force: true });
  const done =
    run(["python3", "-m", "venv", target]) && run([join(target, "bin/pip"), "install", "--quiet", ...python]);
  if (done) writeFileSync(join(target, ".complete"), "");
  return done;
}

function fetchKcat(): boolean {
  if (has("kcat")) return true;
  if (!has("apt-get") || process.getuid?.() !== 0) return false;
  return (
    run(["apt-get", "update", "-qq"]) && run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "kcat"])
  );
}

const steps: [string, () => boolean][] = [
  ...Object.entries(sets).map(([set, coordinates]): [string, () => boolean] => [
    `Apache Kafka ${set}`,
    () => fetchJars(set, coordinates),
  ]),
  ["Python clients", fetchPython],
  ["kcat", fetchKcat],
  ["npm clients", () => run(["npm", "ci", "--ignore-scripts", "--silent"], join(root, "compat-tests"))],
];

let missing = 0;
for (const [what, step] of steps) {
  const done = step();
  if (!done) missing++;
  console.log(`${done ? "ready  " : "MISSING"} ${what}`);
}
process.exit(missing === 0 || process.env.CI !== "true" ? 0 : 1);
