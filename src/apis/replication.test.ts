/** Replication between brokers, over real connections and logs in memory. */
import { expect, test } from "bun:test";
import { errorName } from "../../protocol/errors.ts";
import { DeleteRecords } from "../../protocol/generated/delete-records.ts";
import { Cluster } from "./testing/cluster.ts";

const SEGMENT = "/data/orders-0/00000000000000000000.log";
const twoOf = { "min.insync.replicas": "2" };

/** Bytes of the first segment on each node, as text that compares. */
const segments = (cluster: Cluster, ids: readonly number[]): string[] =>
  ids.map((id) => Buffer.from(cluster.node(id).disk.contentOf(SEGMENT)).toString("hex"));

async function produced(cluster: Cluster, leader: number, values: readonly string[], acks = -1): Promise<string> {
  const client = cluster.client(leader);
  const sent = cluster.produce(client, values, acks);
  await cluster.run(100);
  const { errorCode } = await sent;
  client.close();
  return errorName(errorCode);
}

test("what acks=all has acknowledged is on every replica, byte for byte", async () => {
  const cluster = await Cluster.start(3);
  await cluster.createTopic([1, 2, 3], twoOf);
  const client = cluster.client(1);
  for (let i = 0; i < 20; i++) {
    const sent = cluster.produce(client, [`value ${i}`]);
    await cluster.run(20);
    expect(await sent).toEqual({ errorCode: 0, baseOffset: i });
  }
  const [first, ...others] = segments(cluster, [1, 2, 3]);
  expect(others).toEqual([first as string, first as string]);
});

test("followers hear of a high watermark at once, without another record (KIP-1166)", async () => {
  const cluster = await Cluster.start(3, [["replica.fetch.wait.max.ms", "5000"]]);
  await cluster.createTopic([1, 2, 3]);
  expect(await produced(cluster, 1, ["a", "b"])).toBe("NONE");
  expect(cluster.nodes.map((node) => node.replica().highWatermark)).toEqual([2, 2, 2]);
});

test("nothing is committed before it is durable on every replica in sync", async () => {
  const cluster = await Cluster.start(2);
  await cluster.createTopic([1, 2]);
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  cluster.node(2).disk.gate = () => gate;
  const sent = cluster.produce(cluster.client(1), ["a"]);
  await cluster.run(300);
  expect(cluster.node(2).values()).toEqual(["a"]);
  expect([cluster.node(1).replica().log.durableOffset, cluster.node(1).replica().highWatermark]).toEqual([1, 0]);
  open();
  cluster.node(2).disk.gate = () => Promise.resolve();
  await cluster.run(100);
  expect((await sent).errorCode).toBe(0);
});

test("odradek.flush.before.ack=false counts what is in the page cache", async () => {
  const cluster = await Cluster.start(2, [["odradek.flush.before.ack", "false"]]);
  await cluster.createTopic([1, 2]);
  for (const { disk } of cluster.nodes) disk.gate = () => new Promise(() => {});
  expect(await produced(cluster, 1, ["a"])).toBe("NONE");
});

test("a follower that is gone leaves after replica.lag.time.max.ms, and comes back when it has caught up", async () => {
  const cluster = await Cluster.start(3, [["replica.lag.time.max.ms", "2000"]]);
  await cluster.createTopic([1, 2, 3], twoOf);
  cluster.node(3).crash("process");
  const waiting = cluster.produce(cluster.client(1), ["a"]);
  await cluster.run(900);
  expect(cluster.partition().isr).toEqual([1, 2, 3]);
  expect(cluster.node(1).replica().highWatermark).toBe(0);
  await cluster.run(100);
  expect(errorName((await waiting).errorCode)).toBe("REQUEST_TIMED_OUT");
  await cluster.run(2_500);
  expect(cluster.partition().isr).toEqual([1, 2]);
  expect(cluster.node(1).replica().highWatermark).toBe(1);
  expect(await produced(cluster, 1, ["b"])).toBe("NONE");
  await cluster.node(3).restart();
  await cluster.unfence(3);
  await cluster.run(1_000);
  expect(cluster.partition().isr).toEqual([1, 2, 3]);
  expect(cluster.node(3).values()).toEqual(["a", "b"]);
});

test("below min.insync.replicas acks=all is refused, acks=1 is not, and nothing is committed", async () => {
  const cluster = await Cluster.start(3);
  await cluster.createTopic([1, 2, 3], twoOf);
  expect(await produced(cluster, 1, ["a"])).toBe("NONE");
  for (const id of [2, 3]) {
    cluster.node(id).crash("process");
    await cluster.fence(id);
  }
  await cluster.run(100);
  expect(cluster.partition().isr).toEqual([1]);
  expect(await produced(cluster, 1, ["b"])).toBe("NOT_ENOUGH_REPLICAS");
  expect(await produced(cluster, 1, ["c"], 1)).toBe("NONE");
  expect(cluster.node(1).replica().highWatermark).toBe(1);
  await cluster.node(2).restart();
  await cluster.unfence(2);
  await cluster.run(1_000);
  expect(cluster.partition().isr).toEqual([1, 2]);
  expect([cluster.node(1).replica().highWatermark, cluster.node(2).values()]).toEqual([2, ["a", "c"]]);
});

test("the next leader has all that was acknowledged; the last one gives up what was not", async () => {
  const cluster = await Cluster.start(3);
  await cluster.createTopic([1, 2, 3], twoOf);
  expect(await produced(cluster, 1, ["a", "b"])).toBe("NONE");
  for (const id of [2, 3]) cluster.node(id).hears = false; // they go on with the old leader for a while
  cluster.node(2).net.kill();
  cluster.node(3).net.kill();
  expect(await produced(cluster, 1, ["lost"], 1)).toBe("NONE");
  cluster.node(1).crash("process");
  for (const id of [2, 3]) {
    cluster.node(id).crash("process");
    await cluster.node(id).restart();
  }
  await cluster.fence(1);
  await cluster.run(100);
  expect([cluster.partition().leader, cluster.partition().isr]).toEqual([2, [2, 3]]);
  expect(await produced(cluster, 2, ["c"])).toBe("NONE");
  await cluster.node(1).restart();
  expect(cluster.node(1).values()).toEqual(["a", "b", "lost"]);
  await cluster.unfence(1);
  await cluster.run(1_000);
  expect(cluster.nodes.map((node) => node.values())).toEqual(Array(3).fill(["a", "b", "c"]));
  expect(new Set(segments(cluster, [1, 2, 3])).size).toBe(1);
  expect(cluster.partition().isr.toSorted()).toEqual([1, 2, 3]);
});

test("a leader moves back and forth under load, and the logs stay the same", async () => {
  const cluster = await Cluster.start(3, [["replica.fetch.backoff.ms", "50"]]);
  await cluster.createTopic([1, 2, 3], twoOf);
  const acknowledged: string[] = [];
  for (let i = 0; i < 30; i++) {
    const to = (i % 3) + 1;
    const { leader } = cluster.partition();
    const client = cluster.client(leader);
    const sent = [cluster.produce(client, [`${i} first`]), cluster.produce(client, [`${i} second`])];
    if (i % 4 !== 0) await cluster.run(30);
    if (leader !== to) await cluster.moveLeader(to);
    await cluster.run(1_100);
    const answers = await Promise.all(sent);
    if (answers[0]?.errorCode === 0) acknowledged.push(`${i} first`);
    if (answers[1]?.errorCode === 0) acknowledged.push(`${i} second`);
    client.close();
  }
  await cluster.run(1_000);
  const values = cluster.nodes.map((node) => node.values());
  expect(values[1]).toEqual(values[0] as string[]);
  expect(values[2]).toEqual(values[0] as string[]);
  expect(acknowledged.filter((value) => !values[0]?.includes(value))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(40);
  expect(new Set(segments(cluster, [1, 2, 3])).size).toBe(1);
});

test("a follower whose log ends below the leader's start begins there anew", async () => {
  const cluster = await Cluster.start(2);
  await cluster.createTopic([1, 2]);
  expect(await produced(cluster, 1, ["a"])).toBe("NONE");
  cluster.node(2).crash("process");
  await cluster.fence(2);
  expect(await produced(cluster, 1, ["b", "c", "d"])).toBe("NONE");
  cluster.node(1).replica().deleteRecords(3);
  await cluster.node(2).restart();
  await cluster.unfence(2);
  await cluster.run(1_000);
  const { log } = cluster.node(2).replica();
  // The batch that holds offset 3 begins at 1: it comes whole, and begins the log.
  expect([log.logStartOffset, log.logEndOffset, cluster.partition().isr]).toEqual([3, 4, [1, 2]]);
});

test("a deletion of records is answered when every replica that is alive has followed", async () => {
  const cluster = await Cluster.start(2);
  await cluster.createTopic([1, 2]);
  for (const value of ["a", "b", "c"]) expect(await produced(cluster, 1, [value])).toBe("NONE");
  const deleting = async (offset: number) => {
    const client = cluster.client(1);
    const topics = [{ name: "orders", partitions: [{ partitionIndex: 0, offset }] }];
    const reply = client.send(DeleteRecords, { topics, timeoutMs: 500 });
    await cluster.run(600);
    const answer = (await reply).topics[0]?.partitions[0];
    return [errorName(answer?.errorCode ?? -1), answer?.lowWatermark];
  };
  expect(await deleting(2)).toEqual(["NONE", 2]);
  expect(cluster.node(2).replica().log.logStartOffset).toBe(2);
  cluster.node(2).crash("process");
  expect(await deleting(3)).toEqual(["REQUEST_TIMED_OUT", 2]);
  await cluster.fence(2);
  expect(await deleting(3)).toEqual(["NONE", 3]);
});

test("replica.selector.class of racks sends a consumer to the replica of its rack, which serves what is committed", async () => {
  const selector = "org.apache.kafka.common.replica.RackAwareReplicaSelector";
  const cluster = await Cluster.start(3, [["replica.selector.class", selector]]);
  await cluster.createTopic([1, 2, 3]);
  expect(await produced(cluster, 1, ["a", "b"])).toBe("NONE");
  const asking = async (node: number, rackId: string) => {
    const client = cluster.client(node);
    const answer = cluster.consume(client, 0, { rackId });
    await cluster.run(20);
    const { preferredReadReplica, values, errorCode } = await answer;
    client.close();
    return [errorCode, preferredReadReplica, values];
  };
  expect(await asking(1, "rack-2")).toEqual([0, 2, []]);
  expect(await asking(2, "rack-2")).toEqual([0, -1, ["a", "b"]]);
  expect(await asking(1, "rack-1")).toEqual([0, -1, ["a", "b"]]);
  expect(await asking(1, "elsewhere")).toEqual([0, -1, ["a", "b"]]);
  cluster.node(3).crash("process");
  await cluster.fence(3);
  expect(await asking(1, "rack-3")).toEqual([0, -1, ["a", "b"]]);
});

test("many batches in small segments are cut into the same files", async () => {
  const cluster = await Cluster.start(2);
  await cluster.createTopic([1, 2], { "internal.segment.bytes": "1000" });
  cluster.node(2).crash("process");
  await cluster.fence(2);
  for (let i = 0; i < 12; i++) expect(await produced(cluster, 1, ["x".repeat(100 + 37 * i)])).toBe("NONE");
  await cluster.node(2).restart();
  await cluster.unfence(2);
  await cluster.run(1_000);
  const files = cluster.nodes.map(({ disk }) =>
    disk
      .list("/data/orders-0")
      .filter(({ name }) => name.endsWith(".log"))
      .map(({ name }) => [name, disk.contentOf(`/data/orders-0/${name}`).length]),
  );
  expect(files[0]?.length).toBeGreaterThan(3);
  expect(files[1]).toEqual(files[0] as [string, number][]);
});

test("a fetch in the name of a follower without its broker epoch tells the leader nothing", async () => {
  const cluster = await Cluster.start(2);
  await cluster.createTopic([1, 2]);
  const answer = cluster.consume(cluster.client(1), 0, { replicaState: { replicaId: 2, replicaEpoch: -1 } });
  await cluster.run(20);
  expect(errorName((await answer).errorCode)).toBe("NOT_LEADER_OR_FOLLOWER");
});

/** Of the last Fetch that the first node got from the second. */
const lastFetch = (cluster: Cluster) => cluster.node(1).fetches.at(-1);

test("replica.fetch.min.bytes, .max.bytes, .response.max.bytes and .wait.max.ms are what a follower asks with", async () => {
  const cluster = await Cluster.start(2, [
    ["replica.fetch.min.bytes", "2"],
    ["replica.fetch.max.bytes", "777"],
    ["replica.fetch.response.max.bytes", "5555"],
    ["replica.fetch.wait.max.ms", "321"],
  ]);
  await cluster.createTopic([1, 2]);
  const first = cluster.node(1).fetches[0];
  expect([first?.minBytes, first?.maxBytes, first?.maxWaitMs]).toEqual([2, 5555, 321]);
  expect(first?.topics[0]?.partitions[0]?.partitionMaxBytes).toBe(777);
  const before = cluster.node(1).fetches.length;
  await cluster.run(3_210);
  expect(Math.abs(cluster.node(1).fetches.length - before - 10)).toBeLessThanOrEqual(1);
});

test("without a session every partition has its turn to be read first", async () => {
  const cluster = await Cluster.start(2, [
    ["max.incremental.fetch.session.cache.slots", "0"],
    ["replica.fetch.max.bytes", "1"],
  ]);
  await cluster.createTopic([1, 2], {}, 3);
  await cluster.run(500);
  const before = cluster.node(1).fetches.length;
  const sent = cluster.produce(cluster.client(1), ["a"]);
  await cluster.run(100);
  await sent;
  const orders = cluster
    .node(1)
    .fetches.slice(before)
    .map(({ topics }) => topics[0]?.partitions.map(({ partition }) => partition));
  expect(orders.at(-1)).toEqual([1, 2, 0]);
});

test("an idle follower's fetches name no partitions: the session remembers them", async () => {
  const cluster = await Cluster.start(2);
  await cluster.createTopic([1, 2], {}, 3);
  await cluster.run(1_200);
  expect(lastFetch(cluster)?.topics).toEqual([]);
  expect(lastFetch(cluster)?.sessionId).toBeGreaterThan(0);
});

test.each([
  [1_000, 10],
  [50, 60],
] as const)("replica.fetch.backoff.ms=%d bounds the pauses after errors", async (backoffMs, fetchesMin) => {
  const cluster = await Cluster.start(2, [["replica.fetch.backoff.ms", String(backoffMs)]]);
  await cluster.createTopic([1, 2]);
  cluster.node(1).hears = false;
  await cluster.moveLeader(1); // the follower knows of an epoch that the leader does not
  await cluster.run(500);
  const before = cluster.node(1).fetches.length;
  await cluster.run(4_000);
  const count = cluster.node(1).fetches.length - before;
  expect(count).toBeGreaterThan(backoffMs === 50 ? fetchesMin : 2);
  expect(count).toBeLessThan(backoffMs === 50 ? 90 : fetchesMin);
});

test("replica.socket.timeout.ms is how long a follower waits for an answer", async () => {
  const cluster = await Cluster.start(2, [["replica.socket.timeout.ms", "3000"]]);
  await cluster.createTopic([1, 2]);
  await cluster.run(600);
  cluster.node(1).answersFetches = false;
  await cluster.run(600);
  const before = cluster.node(1).fetches.length;
  await cluster.run(2_000);
  expect(cluster.node(1).fetches.length).toBe(before);
  cluster.node(1).answersFetches = true;
  await cluster.run(1_100);
  expect(cluster.node(1).fetches.length).toBeGreaterThan(before);
  expect(await produced(cluster, 1, ["a"])).toBe("NONE");
});

test("socket.connection.setup.timeout.ms is how long a follower waits for a leader to open", async () => {
  const cluster = await Cluster.start(2, [["socket.connection.setup.timeout.ms", "700"]]);
  cluster.node(1).crash("process");
  let opened = 0;
  await cluster.net.listen({ host: "127.0.0.1", port: 9093 }, () => {
    opened++;
    return { data: () => {}, drain: () => {}, closed: () => {} };
  });
  await cluster.createTopic([1, 2]);
  await cluster.run(7_000);
  expect(opened).toBeGreaterThan(5);
  expect(opened).toBeLessThan(11);
});

test.each([
  ["1", "NONE"],
  ["2", "NOT_LEADER_OR_FOLLOWER"],
] as const)(
  "what the last one in sync had appended before it goes, with min.insync.replicas %s: %s",
  async (min, error) => {
    const cluster = await Cluster.start(2);
    await cluster.createTopic([1, 2], { "min.insync.replicas": min });
    cluster.node(2).crash("process");
    const device = Promise.withResolvers<void>();
    cluster.node(1).disk.gate = () => device.promise;
    const sent = cluster.produce(cluster.client(1), ["a"]);
    await cluster.run(100);
    await cluster.fence(2);
    await cluster.fence(1);
    await cluster.run(100);
    expect([cluster.partition().leader, cluster.node(1).replica().highWatermark]).toEqual([-1, 0]);
    device.resolve();
    await cluster.run(100);
    expect(errorName((await sent).errorCode)).toBe(error);
  },
);
