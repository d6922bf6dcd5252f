/**
 * One classic group of three kafkajs and three Java members on 12 partitions, through joins, a leave, a kill and a
 * static
 * member's restart. Whenever the group is stable every partition has exactly one owner; members beyond 12 stay idle.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Subprocess } from "bun";
import {
  type Admin,
  type Assigner,
  AssignerProtocol,
  type Consumer,
  Kafka,
  logLevel,
  type MemberDescription,
  type PartitionAssigner,
} from "kafkajs";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import { javaFlags } from "../lib/tools.ts";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);
const topic = "owned";
const groupId = "mixed";
const partitions = 12;

/** Java's range assignor under Java's name, so that either client may lead the group. */
const range: PartitionAssigner = ({ cluster }): Assigner => ({
  name: "range",
  version: 1,
  protocol: ({ topics }) => ({
    name: "range",
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
  }),
  assign: async ({ members }) => {
    const ids = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
    const owners = members.map(({ memberId }) => memberId).sort();
    return owners.map((memberId, at) => {
      const share = Math.floor(ids.length / owners.length);
      const extra = ids.length % owners.length;
      const start = share * at + Math.min(at, extra);
      const own = ids.sort((a, b) => a - b).slice(start, start + share + (at < extra ? 1 : 0));
      const assignment = AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment: { [topic]: own },
        userData: Buffer.alloc(0),
      });
      return { memberId, memberAssignment: assignment };
    });
  },
});

describe.skipIf(!have)("a group of kafkajs and Java members", () => {
  let broker: Broker;
  let admin: Admin;
  let kafka: Kafka;
  const java: Subprocess[] = [];
  const consumers: Consumer[] = [];

  beforeAll(async () => {
    broker = await startSubject();
    kafka = new Kafka({ brokers: [broker.bootstrap], clientId: "compat", logLevel: logLevel.NOTHING });
    admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
  });
  afterAll(async () => {
    for (const member of java) member.kill("SIGKILL");
    await Promise.all(java.map(({ exited }) => exited));
    for (const consumer of consumers) await consumer.disconnect();
    await admin.disconnect();
    await broker.dispose();
  });

  async function joinKafkajs(): Promise<Consumer> {
    const timing = { sessionTimeout: 6_000, heartbeatInterval: 500, rebalanceTimeout: 20_000 };
    const consumer = kafka.consumer({ groupId, partitionAssigners: [range], ...timing });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic });
    await consumer.run({ eachMessage: async () => {} });
    return consumer;
  }

  function joinJava(instance?: string): Subprocess {
    const args = ["--bootstrap-server", broker.bootstrap, "--topic", topic, "--group-id", groupId];
    const timing = [
      "--session-timeout",
      "6000",
      "--assignment-strategy",
      "org.apache.kafka.clients.consumer.RangeAssignor",
    ];
    const name = instance === undefined ? [] : ["--group-instance-id", instance];
    const command = ["java", ...javaFlags, "-cp", `${jars("4.3.1")}/*`, "org.apache.kafka.tools.VerifiableConsumer"];
    const member = Bun.spawn([...command, ...args, ...timing, ...name], { stdout: "ignore", stderr: "ignore" });
    java.push(member);
    return member;
  }

  const owned = ({ memberAssignment }: MemberDescription): number[] => {
    if (memberAssignment.length === 0) return [];
    return AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment[topic] ?? [];
  };

  /** Waits until the group is stable with that many members, then returns what each owns. */
  async function stable(members: number): Promise<MemberDescription[]> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { groups } = await admin.describeGroups([groupId]);
      const group = groups[0];
      if (group?.state === "Stable") {
        const all = group.members.flatMap(owned).sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: partitions }, (_, id) => id)); // at every stable moment
        if (group.members.length === members) return group.members;
      }
      if (Date.now() > deadline) throw new Error(`not stable with ${members} members: ${JSON.stringify(group)}`);
      await Bun.sleep(100);
    }
  }

  test("each partition has one owner through joins, leaves, kills and a static restart", async () => {
    for (let i = 0; i < 3; i++) await joinKafkajs();
    await stable(3);
    const killed = joinJava();
    joinJava();
    const first = joinJava("static-1");
    const six = await stable(6);
    expect(six.map((member) => owned(member).length)).toEqual([2, 2, 2, 2, 2, 2]);
    await consumers.pop()?.disconnect(); // leaves
    await stable(5);
    killed.kill("SIGKILL"); // its session ends
    await stable(4);
    const before = await ownedBy("static-1");
    first.kill("SIGKILL");
    await first.exited;
    joinJava("static-1"); // comes back within its session: nobody else is disturbed
    const after = await stable(4);
    expect(after.flatMap(owned).length).toBe(partitions);
    expect(await ownedBy("static-1")).toEqual(before);
  });

  async function ownedBy(instance: string): Promise<number[]> {
    // describeGroups of kafkajs (v2) does not name instances: the Java client id carries it.
    const members = await stable(4);
    const java = members.filter(({ clientId }) => clientId.includes("consumer"));
    const member = java.find(({ memberId }) => memberId.startsWith(instance));
    return member === undefined ? [] : owned(member);
  }

  test("members beyond the partitions stay idle", async () => {
    const joins = Array.from({ length: 10 }, () => joinKafkajs());
    await Promise.all(joins);
    const members = await stable(14);
    expect(members.filter((member) => owned(member).length === 0).length).toBe(2);
    expect(members.filter((member) => owned(member).length === 1).length).toBe(12);
  });
});
