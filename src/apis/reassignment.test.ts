/** Replicas that move between brokers, with their records, under writes. */
import { expect, test } from "bun:test";
import { errorName } from "../../protocol/errors.ts";
import { alterReassignments } from "../metadata/controller/reassignments.ts";
import { controllerState } from "../metadata/testing/controller-fixture.ts";
import { Cluster } from "./testing/cluster.ts";

/** Null calls the move back. */
async function move(cluster: Cluster, replicas: number[] | null): Promise<void> {
  const topics = [{ name: "orders", partitions: [{ partitionIndex: 0, replicas }] }];
  const request = { timeoutMs: 0, allowReplicationFactorChange: true, topics };
  const { records, reply } = alterReassignments(controllerState(cluster.image), request);
  expect(reply.responses[0]?.partitions[0]?.errorCode).toBe(0);
  await cluster.commit(records);
}

/** Writes one record to whoever leads, again where the leader has just changed. */
async function written(cluster: Cluster, value: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const client = cluster.client(cluster.partition().leader);
    const sent = cluster.produce(client, [value]).catch(() => ({ errorCode: -1 }));
    await cluster.run(30);
    const { errorCode } = await sent;
    client.close();
    if (errorCode === 0) return;
    expect(["NOT_LEADER_OR_FOLLOWER", "UNKNOWN_SERVER_ERROR"]).toContain(errorName(errorCode));
  }
  throw new Error(`${value} was never taken`);
}

test("a partition moves under writes: nothing is lost, and nothing stays behind", async () => {
  const cluster = await Cluster.start(4);
  await cluster.createTopic([1, 2]);
  const values = Array.from({ length: 30 }, (_, i) => `value ${i}`);
  for (const [i, value] of values.entries()) {
    if (i === 10) await move(cluster, [3, 4]);
    await written(cluster, value);
  }
  await cluster.run(500);
  expect(cluster.partition()).toMatchObject({ replicas: [3, 4], addingReplicas: [], removingReplicas: [], leader: 3 });
  expect([cluster.node(3).values(), cluster.node(4).values()]).toEqual([values, values]);
  for (const id of [1, 2]) {
    expect(cluster.node(id).replicas.get("orders", 0)).toBeUndefined();
    expect(cluster.node(id).directory.log("orders", 0)).toBeNull();
  }
});

test("a move to a broker that is away waits for it; called back, the partition is as it was", async () => {
  const cluster = await Cluster.start(3);
  await cluster.createTopic([1, 2]);
  cluster.node(3).crash("process");
  await cluster.fence(3);
  await move(cluster, [1, 3]);
  await written(cluster, "a");
  expect(cluster.partition()).toMatchObject({ replicas: [1, 3, 2], addingReplicas: [3], isr: [1, 2] });
  await move(cluster, null);
  await written(cluster, "b");
  expect(cluster.partition()).toMatchObject({ replicas: [1, 2], addingReplicas: [], isr: [1, 2], leader: 1 });
  expect([cluster.node(1).values(), cluster.node(2).values()]).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
});

test("the same broker again: what was deleted there is copied anew", async () => {
  const cluster = await Cluster.start(3);
  await cluster.createTopic([1, 2]);
  await written(cluster, "a");
  await move(cluster, [1, 3]);
  await cluster.run(500);
  await written(cluster, "b");
  await move(cluster, [1, 2]);
  await cluster.run(500);
  expect(cluster.partition()).toMatchObject({ replicas: [1, 2], isr: [1, 2] });
  expect(cluster.node(2).values()).toEqual(["a", "b"]);
});
