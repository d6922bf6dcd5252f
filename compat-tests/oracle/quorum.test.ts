/**
 * A quorum that changes (KIP-853), by Apache's own scripts: a node alone is formatted with --standalone, two
 * controllers come with --no-initial-controllers, are made voters and taken out again. Once with Apache's nodes and
 * once with ours: every printed line is compared. The nodes of ours are formatted by our own tool.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { newClusterId } from "../lib/brokers.ts";
import { classPath, freePorts, java, type Kind, type Launched, launch } from "../lib/launch.ts";
import { available, jars, root, temporary } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { ScriptHost } from "../lib/script-host.ts";
import { type Script, script } from "../lib/tools.ts";
import { rules } from "./normalise.ts";

setDefaultTimeout(180_000);

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const kinds = ["apache", "odradek"] as const;

interface Node {
  readonly id: number;
  readonly file: string;
  readonly directory: string;
  readonly ports: readonly [client: number, controller: number];
  running: Launched | null;
}

/** The shell may print before its loader, a thread of its own, has taken the snapshot: then it shows nothing yet. */
async function treeOf(snapshot: string): Promise<string> {
  for (;;) {
    const { stdout, stderr } = await script("kafka-metadata-shell", ["--snapshot", snapshot, "tree", "/"]);
    if (stdout === "") throw new Error(stderr);
    if (!stdout.includes("offset -1, epoch -1")) return stdout;
  }
}

class Quorum {
  readonly kind: Kind;
  readonly nodes: Node[] = [];
  private readonly place = temporary("quorum");
  private readonly clusterId = newClusterId();

  constructor(kind: Kind) {
    this.kind = kind;
  }

  /** Node 1 is broker and controller; the others are controllers. */
  async prepare(count: number, format: (id: number) => readonly string[], more = ""): Promise<void> {
    const ports = await freePorts(2 * count);
    for (let id = 1; id <= count; id++) {
      const directory = join(this.place.path, `node-${id}`);
      mkdirSync(directory, { recursive: true });
      const [client = 0, controller = 0] = ports.slice(2 * id - 2);
      const node: Node = {
        id,
        file: join(directory, "server.properties"),
        directory,
        ports: [client, controller],
        running: null,
      };
      this.nodes.push(node);
      writeFileSync(node.file, this.properties(node, more.replaceAll("{controller}", String(controller))));
      const tool =
        this.kind === "apache"
          ? [...java, ...classPath(), "kafka.tools.StorageTool"]
          : [process.execPath, join(root, "src/main.ts"), "storage"];
      const done = await run([...tool, "format", "-t", this.clusterId, "-c", node.file, ...format(id)]);
      if (done.exitCode !== 0) throw new Error(`format failed: ${done.stdout}${done.stderr}`);
    }
  }

  private properties({ id, directory, ports: [client, controller] }: Node, more: string): string {
    const isBroker = id === 1;
    const listeners = [
      ...(isBroker ? [`PLAINTEXT://localhost:${client}`] : []),
      `CONTROLLER://localhost:${controller}`,
    ];
    const settings = {
      "process.roles": isBroker ? "broker,controller" : "controller",
      "node.id": String(id),
      listeners: listeners.join(","),
      "controller.listener.names": "CONTROLLER",
      "log.dirs": join(directory, "data"),
      "offsets.topic.replication.factor": "1",
      "metadata.log.max.record.bytes.between.snapshots": "1000",
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    const [first] = this.nodes as [Node];
    const known = `controller.quorum.bootstrap.servers=localhost:${first.ports[1]}\n`;
    return `${lines.join("")}${more.includes("quorum.voters") ? "" : known}${more}`;
  }

  node(id: number): Node {
    return this.nodes[id - 1] as Node;
  }

  async start(id: number): Promise<void> {
    const { file, directory } = this.node(id);
    this.node(id).running = await launch({ kind: this.kind, file, directory, asInProduction: false });
  }

  /** What differs by chance is taken out. */
  normalised(text: string): string {
    let result = text;
    for (const { id, directory, ports } of this.nodes) {
      result = result.replaceAll(directory, `<node ${id}>`);
      for (const [at, port] of ports.entries()) result = result.replaceAll(String(port), `${10_000 * id + at}`);
    }
    for (const { pattern, to } of rules) result = result.replace(pattern, to);
    return result
      .replace(/^(\d+\s+<uuid>\s+)\d+(\s+\d+\s+)-?\d+\s+-?\d+\s+/gm, "$1<n>$2<time> <time> ")
      .replace(/\[ReplicaKey\([^\]]*\]/g, sortedKeys)
      .replace(/(CurrentObservers: +)(\[.*\])$/gm, (_, label, list) => label + sortedObservers(list))
      .replace(/^(\d+\s+<uuid>\s+<n>\s+)\d+/gm, "$1<lag>")
      .split("\n")
      .filter((line) => !/^\s+at |^\s+\.\.\. \d+ more/.test(line))
      .map((line) => line.trimEnd().replace(/\s+/g, " "))
      .join("\n")
      .replace(/(?:^\d+ <uuid> .*\n)+/gm, sortedRows);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.nodes.map(({ running }) => (running?.isRunning() ? running.end("SIGKILL") : null)));
    this.place.remove();
  }
}

/** Java's sets and maps have an order by hash. */
const sortedRows = (rows: string) => `${rows.trimEnd().split("\n").sort().join("\n")}\n`;
const sortedObservers = (list: string) => `[${(list.match(/\{[^}]*\}/g) ?? []).sort().join(", ")}]`;
const sortedKeys = (set: string) => `[${(set.match(/ReplicaKey\([^)]*\)/g) ?? []).sort().join(", ")}]`;

const host = have ? new ScriptHost() : null;
const opened: Quorum[] = [];
afterAll(async () => {
  await Promise.all(opened.map((quorum) => quorum.dispose()));
  await host?.stop();
});

async function both(count: number, format: (id: number) => readonly string[], more = ""): Promise<Quorum[]> {
  return await Promise.all(
    kinds.map(async (kind) => {
      const quorum = new Quorum(kind);
      opened.push(quorum);
      await quorum.prepare(count, format, more);
      await quorum.start(1);
      return quorum;
    }),
  );
}

/** The script's lines on one side; asked again until they hold what takes a moment. */
async function printed(quorum: Quorum, name: Script, args: readonly string[], until = /(?:)/): Promise<string> {
  const [{ ports }] = quorum.nodes as [Node];
  const filled = args.map((word) =>
    word
      .replace(/^\{file (\d)\}$/, (_, id) => quorum.node(Number(id)).file)
      .replace(/^\{directory (\d)\}$/, (_, id) => directoryId(quorum.node(Number(id))))
      .replace(/^\{snapshot (\d)\}$/, (_, id) => snapshotOf(quorum.node(Number(id)))),
  );
  const address = filled.includes("--controller")
    ? ["--bootstrap-controller", `localhost:${ports[1]}`]
    : ["--bootstrap-server", `localhost:${ports[0]}`];
  for (let tries = 0; ; tries++) {
    const words = filled.filter((word) => word !== "--controller");
    const { exitCode, stdout, stderr } = await (host as ScriptHost).run(name, [...address, ...words]);
    const text = quorum.normalised(`exit ${exitCode}\n${stdout}\n--\n${stderr}`);
    if (until.test(text) || tries === 40) return text;
    await Bun.sleep(250);
  }
}

async function alike(
  quorums: readonly Quorum[],
  name: Script,
  args: readonly string[],
  until?: RegExp,
): Promise<string> {
  const [apache = "", odradek = ""] = [
    await printed(quorums[0] as Quorum, name, args, until),
    await printed(quorums[1] as Quorum, name, args, until),
  ];
  expect(odradek).toBe(apache);
  return odradek;
}

function directoryId({ directory }: Node): string {
  return /^directory\.id=(.*)$/m.exec(readFileSync(join(directory, "data/meta.properties"), "utf8"))?.[1] as string;
}

const metadataLog = ({ directory }: Node) => join(directory, "data/__cluster_metadata-0");

function snapshotOf(node: Node): string {
  const names = readdirSync(metadataLog(node))
    .filter((name) => name.endsWith(".checkpoint"))
    .sort();
  return join(metadataLog(node), names.at(-1) as string);
}

const quorum = "kafka-metadata-quorum" as const;

describe.skipIf(!have)("a quorum that changes", () => {
  let sides: Quorum[];
  beforeAll(async () => {
    sides = await both(3, (id) => (id === 1 ? ["--standalone"] : ["--no-initial-controllers"]));
    await Promise.all(sides.flatMap((side) => [side.start(2), side.start(3)]));
  });

  test("client quotas are stored", async () => {
    const alter = (...entity: readonly string[]) => alike(sides, "kafka-configs", ["--alter", ...entity]);
    const quota = ["--add-config", "producer_byte_rate=1000,request_percentage=12.5"];
    const alice = ["--entity-type", "users", "--entity-name", "alice"];
    await alter(...alice, ...quota);
    await alter(...alice, "--entity-type", "clients", "--entity-default", ...quota);
    await alter("--entity-type", "users", "--entity-default", ...quota);
    await alter("--entity-type", "clients", "--entity-name", "a b/c", ...quota);
    await alter("--entity-type", "ips", "--entity-name", "10.0.0.1", "--add-config", "connection_creation_rate=7");
    await alter("--entity-type", "topics", "--entity-name", "gone", "--add-config", "retention.ms=1");
  });

  const observers = (ids: readonly number[]) =>
    new RegExp(`CurrentObservers: \\[${ids.map((id) => `.*"id": ${id}.*`).join("")}\\]`);

  test("controllers that were not made voters observe", async () => {
    const text = await alike(sides, quorum, ["describe", "--status"], observers([2, 3]));
    expect(text).toMatch(observers([2, 3]));
    await alike(sides, quorum, ["describe", "--replication"], /Observer[\s\S]*Observer/);
  });

  test("add-controller makes them voters", async () => {
    for (const id of [2, 3]) {
      const text = await alike(sides, quorum, ["--command-config", `{file ${id}}`, "add-controller"]);
      expect(text).toContain("exit 0");
    }
    const text = await alike(sides, quorum, ["describe", "--status"], observers([]));
    expect(text).toMatch(/CurrentVoters: .*"id": 1.*"id": 2.*"id": 3/);
    await alike(sides, quorum, ["--controller", "describe", "--replication"], /Follower[\s\S]*Follower/);
    await alike(sides, quorum, ["--command-config", "{file 3}", "add-controller"]);
  });

  const removal = (id: number, directory: number) => {
    const ids = ["--controller-id", String(id), "--controller-directory-id", `{directory ${directory}}`];
    return ["remove-controller", ...ids];
  };

  test("remove-controller takes them out again", async () => {
    expect(await alike(sides, quorum, removal(3, 2))).toContain("Cannot remove voter");
    expect(await alike(sides, quorum, removal(3, 3))).toContain("exit 0");
    expect(await alike(sides, quorum, ["describe", "--status"], observers([3]))).toMatch(observers([3]));
  });

  test("snapshots are made by size, and who comes late begins with one", async () => {
    for (const side of sides) {
      for (const id of [2, 3]) {
        const names = readdirSync(metadataLog(side.node(id)));
        expect(names.filter((name) => /^0{20}-0{10}\.checkpoint$/.test(name))).toEqual([]);
        expect(names.some((name) => name.endsWith(".checkpoint"))).toBe(true);
      }
    }
  });

  test("kafka-dump-log --cluster-metadata-decoder reads the log and the snapshots as those of Apache", async () => {
    const files = (side: Quorum) => [
      join(metadataLog(side.node(1)), "00000000000000000000.log"),
      snapshotOf(side.node(2)),
    ];
    for (const at of [0, 1]) {
      const dumps = sides.map(async (side) => {
        const { stdout } = await script("kafka-dump-log", [
          "--cluster-metadata-decoder",
          "--files",
          files(side)[at] as string,
        ]);
        const records = recordsIn(side.normalised(stdout));
        // When a snapshot is written is a matter of bytes and of the moment: it may know one voter or all.
        return at === 0 ? records : records.map((record) => record.replace(/^(KRaftVoters .*"voters":)\[.*\]/, "$1"));
      });
      const [apache, odradek] = await Promise.all(dumps);
      expect(odradek).toEqual(apache);
      expect(odradek?.length).toBeGreaterThan(8);
    }
  });

  test("kafka-metadata-shell shows a snapshot as it shows Apache's, quotas too", async () => {
    const trees = sides.map(async (side) => {
      // The shell takes the lock of the directory that a snapshot lies in.
      const { directory } = side.node(2);
      const copy = join(directory, "copy", basename(snapshotOf(side.node(2))));
      cpSync(snapshotOf(side.node(2)), copy);
      const stdout = await treeOf(copy);
      return side
        .normalised(stdout)
        .replace(/\bepoch[= ]\d+|\boffset \d+|\btime \S+/gi, "<n>")
        .replace(/^\d\d:\d\d:\d\d.*\n/gm, "")
        .split("\n")
        .sort();
    });
    const [apache, odradek] = await Promise.all(trees);
    expect(odradek).toEqual(apache);
    expect(odradek?.join("\n")).toMatch(/alice/);
    expect(odradek?.length).toBeGreaterThan(20);
  });

  test("the leader is taken out too: it hands over, and goes on as an observer", async () => {
    const [, odradek] = sides as [Quorum, Quorum];
    expect(await printed(odradek, quorum, removal(1, 1))).toContain("exit 0");
    const text = await printed(odradek, quorum, ["describe", "--status"], observers([1, 3]));
    expect(text).toMatch(/LeaderId: 2$/m);
    expect(text).toMatch(observers([1, 3]));
  });
});

/** The records that a dump names, each kind once, without NoOps: how often a thing happened is chance. */
function recordsIn(dump: string): string[] {
  const found = dump.split("\n").flatMap((line) => {
    const [, name = "", json = "{}"] = /(payload|LeaderChange|KRaft\w+|Snapshot\w+):? (\{.*\})$/.exec(line) ?? [];
    return name === "" || json.includes("NO_OP_RECORD") ? [] : [`${name} ${JSON.stringify(sorted(JSON.parse(json)))}`];
  });
  return [...new Set(found)].sort();
}

/** Maps of Java have an order by hash; epochs and times are those of the run. */
function sorted(value: unknown, name = ""): unknown {
  if (/epoch|timestamp/i.test(name)) return "<n>";
  if (Array.isArray(value))
    return value.map((each) => sorted(each)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sorted(inner, key)]));
}

describe.skipIf(!have)("static voters", () => {
  test("become voters that change, by an upgrade of kraft.version", async () => {
    const format = ["--release-version", "4.0"];
    const sides = await both(1, () => format, "controller.quorum.voters=1@localhost:{controller}\n");
    await alike(sides, "kafka-features", ["describe"]);
    await alike(sides, "kafka-features", ["upgrade", "--release-version", "9.9"]);
    await alike(sides, "kafka-features", ["upgrade", "--release-version", "4.3", "--dry-run"]);
    expect(await alike(sides, "kafka-features", ["upgrade", "--release-version", "4.3"])).toContain("exit 0");
    await alike(sides, "kafka-features", ["upgrade", "--release-version", "4.3"]);
    await alike(sides, "kafka-features", ["downgrade", "--release-version", "4.2"]);
    const now = await alike(sides, "kafka-features", ["describe"], /metadata\.version.*FinalizedVersionLevel: 4\.3/);
    expect(now).toMatch(/metadata\.version.*FinalizedVersionLevel: 4\.3/);
    await alike(sides, quorum, ["describe", "--status"]);
    await alike(sides, "kafka-features", ["upgrade", "--feature", "kraft.version=1"]);
    await alike(sides, "kafka-features", ["describe"]);
    await alike(sides, quorum, ["describe", "--status"]);
    for (const side of sides) {
      await side.node(1).running?.end("SIGTERM");
      await side.start(1);
    }
    const text = await alike(sides, "kafka-features", ["describe"]);
    expect(text).toMatch(/kraft\.version.*FinalizedVersionLevel: 1/);
  });
});
