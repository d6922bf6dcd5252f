/**
 * The metadata log over time, in clusters of both kinds: each as the controller of a broker of the other. Controllers
 * make snapshots by size, brokers by time; after the minute after which Kafka looks first, all of them keep and delete
 * the same kinds of files by the same rule; a broker whose disk is gone, and a voter that comes late, begin with the
 * snapshot of their controller.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { clientOf } from "../cluster/kafkajs-load.ts";
import { type Cluster, type ClusterNode, startCluster } from "../lib/cluster.ts";
import { available, jars } from "../lib/place.ts";
import { script } from "../lib/tools.ts";
import { quorumLeader } from "./views.ts";

setDefaultTimeout(240_000);

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

const RETENTION_BYTES = 20_000;
const SEGMENT_BYTES = 4_000;
const SNAPSHOT_BYTES = 5_000;

const common = {
  "metadata.max.idle.interval.ms": "50", // what fills the log
  "internal.metadata.log.segment.bytes": `${SEGMENT_BYTES}`,
  "metadata.max.retention.bytes": `${RETENTION_BYTES}`,
  "internal.metadata.delete.delay.millis": "3000",
};
const joins = { "controller.quorum.auto.join.enable": "true" };
const bySize = { "metadata.log.max.record.bytes.between.snapshots": `${SNAPSHOT_BYTES}` };
const byTime = { "metadata.log.max.snapshot.interval.ms": "2000" };

const start = (controller: Cluster["kind"], broker: Cluster["kind"]) =>
  startCluster({
    kind: controller,
    kinds: [controller, broker, broker],
    nodes: { controllers: 2, brokers: 1 },
    late: [2],
    dynamicQuorum: true,
    settings: common,
    own: [bySize, { ...bySize, ...joins }, byTime],
  });

const directoryOf = ({ directory }: ClusterNode) => join(directory, "__cluster_metadata-0");

/** What lies there for longer than a moment. */
const filesOf = (node: ClusterNode) =>
  readdirSync(directoryOf(node))
    .filter((name) => !/\.(tmp|part)$/.test(name))
    .sort();

const kindsOf = (names: readonly string[]) => names.map((name) => name.replace(/\d{10,}/g, "N"));

interface Kept {
  /** The base offsets of the segments, and the offsets of the snapshots, first to last. */
  readonly segments: readonly number[];
  readonly snapshots: readonly number[];
  readonly bytes: number;
}

function keptBy(node: ClusterNode): Kept {
  const names = filesOf(node).filter((name) => /\.(log|checkpoint)$/.test(name));
  const offsets = (ending: RegExp) =>
    names.filter((name) => ending.test(name)).map((name) => Number(name.slice(0, 20)));
  const sizes = names.map((name) => statSync(join(directoryOf(node), name)).size);
  return {
    segments: offsets(/\.log$/),
    snapshots: offsets(/\.checkpoint$/),
    bytes: sizes.reduce((total, size) => total + size, 0),
  };
}

const markedSnapshots = (node: ClusterNode) => filesOf(node).filter((name) => name.endsWith(".checkpoint.deleted"));
const markedSegments = (node: ClusterNode) => filesOf(node).filter((name) => name.endsWith(".log.deleted"));

/** Of one node: every kind of file that was seen, and what was kept when it had deleted for the first time. */
class Watch {
  readonly node: ClusterNode;
  readonly kinds = new Set<string>();
  cleaned: Kept | null = null;
  private marked = 0;

  constructor(node: ClusterNode) {
    this.node = node;
  }

  look(): void {
    for (const kind of kindsOf(filesOf(this.node))) this.kinds.add(kind);
    const { length } = markedSnapshots(this.node);
    // Not in the middle of it.
    if (this.cleaned === null && length > 0 && length === this.marked) this.cleaned = keptBy(this.node);
    this.marked = length;
  }
}

describe.skipIf(!have)("the metadata log", () => {
  let clusters: Cluster[] = [];
  let watches: Watch[] = [];
  beforeAll(async () => {
    clusters = await Promise.all([start("apache", "odradek"), start("odradek", "apache")]);
    watches = clusters.flatMap(({ nodes }) =>
      nodes.filter(({ isRunning }) => isRunning).map((node) => new Watch(node)),
    );
    for (const cluster of clusters) {
      const admin = clientOf(cluster).admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic: "orders", numPartitions: 3, replicationFactor: 1 }] });
      await admin.disconnect();
    }
  });
  afterAll(() => Promise.all(clusters.map((cluster) => cluster.dispose())));

  async function until(holds: () => boolean): Promise<void> {
    for (;;) {
      for (const watch of watches) watch.look();
      if (holds()) return;
      await Bun.sleep(100);
    }
  }

  test("snapshots are made by size and by time", async () => {
    await until(() => watches.every(({ node }) => keptBy(node).snapshots.length > 5));
  });

  test("after a minute the oldest go with the log before the next, until the rest is small enough", async () => {
    await until(() => watches.every(({ cleaned }) => cleaned !== null));
    for (const { cleaned } of watches) {
      const { segments, snapshots, bytes } = cleaned as Kept;
      const [first = 0, second = 0] = segments;
      const [earliest = 0] = snapshots;
      expect(first).toBeGreaterThan(0);
      expect(earliest).toBeGreaterThanOrEqual(first);
      expect(earliest).toBeLessThan(second);
      // The next to go would be a snapshot and the segment before it; meanwhile the log has grown a little.
      expect(bytes).toBeGreaterThan(RETENTION_BYTES - SEGMENT_BYTES - SNAPSHOT_BYTES);
      expect(bytes).toBeLessThan(RETENTION_BYTES + SEGMENT_BYTES);
    }
  });

  test("marked snapshots go after internal.metadata.delete.delay.millis, marked segments after a minute", async () => {
    await until(() => watches.every(({ node }) => markedSnapshots(node).length === 0));
    for (const { node } of watches) expect(markedSegments(node).length).toBeGreaterThan(2);
  });

  test("the same kinds of files come and go", () => {
    const [apacheController, odradekBroker, odradekController, apacheBroker] = watches.map(({ kinds }) =>
      [...kinds].sort(),
    );
    expect(odradekController).toEqual(apacheController as string[]);
    expect(odradekBroker).toEqual(apacheBroker as string[]);
  });

  test("a broker whose disk was replaced begins with its controller's snapshot", async () => {
    await Promise.all(
      clusters.map(async (cluster) => {
        const broker = cluster.node(3);
        await broker.stop();
        broker.wipe();
        await broker.start();
        beginsWithSnapshot(cluster.node(1), broker);
        // Its partitions, whose only replica is lost, may have no leader: either kind of controller elects the last
        // known one where the broker names its new directory before it is unfenced, and not where it does so later.
        const listed = await script("kafka-topics", ["--bootstrap-server", cluster.bootstrap, "--list"]);
        expect(listed.stdout.split("\n")).toContain("orders");
      }),
    );
  });

  test("a controller that joins late begins with the leader's snapshot, and votes", async () => {
    await Promise.all(
      clusters.map(async (cluster) => {
        await cluster.node(2).start();
        while ((await quorumLeader(cluster))?.voters.get(2)?.directoryId !== cluster.node(2).directoryId) {
          await Bun.sleep(100);
        }
        beginsWithSnapshot(cluster.node(1), cluster.node(2));
      }),
    );
  });
});

/** Of the leader, byte for byte; the log goes on behind it. */
function beginsWithSnapshot(leader: ClusterNode, node: ClusterNode): void {
  const { segments, snapshots } = keptBy(node);
  expect(segments[0]).toBeGreaterThan(0);
  expect(snapshots[0]).toBe(segments[0] as number);
  const [name = ""] = filesOf(node).filter((each) => each.endsWith(".checkpoint"));
  const [theirs, ours] = [leader, node].map((each) => readFileSync(join(directoryOf(each), name)));
  expect(ours?.equals(theirs as Buffer)).toBe(true);
}
