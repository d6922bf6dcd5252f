/**
 * A bit of what a node knows about itself is flipped (metadata log, snapshots, vote, identity, checkpoints), and a
 * whole node starts on it: it refuses with a sentence, or every answer to a client is the one from before.
 */
import { errorName } from "../../../protocol/errors.ts";
import { DescribeConfigs } from "../../../protocol/generated/describe-configs.ts";
import { ListOffsets } from "../../../protocol/generated/list-offsets.ts";
import { Metadata } from "../../../protocol/generated/metadata.ts";
import { diskWith, flipped, type Image } from "../../../storage/testing/images.ts";
import { fetchPartition } from "../../broker/testing/admin.ts";
import { MemoryNode } from "../../broker/testing/memory-node.ts";
import { home, nodeSettings } from "./data-directory.ts";

const TOPIC = 2;
const EARLIEST = -2;
const LATEST = -1;

/** What an answer begins with that is an error. */
const REFUSED = "refused ";

/** Answers by what was asked. */
export type Answers = ReadonlyMap<string, string>;

export interface NodeVerdict {
  readonly served: "same" | "refused" | "wrong";
  readonly why: string;
}

export async function answersOf(image: Image): Promise<Answers> {
  return ask(await MemoryNode.start(nodeSettings, diskWith(image)), null);
}

export async function judgeNode(
  image: Image,
  before: Answers,
  { path, bit }: { readonly path: string; readonly bit: number },
): Promise<NodeVerdict> {
  const disk = diskWith(image, { [path]: flipped(image.get(path) as Uint8Array, bit) });
  let answers: Answers;
  try {
    answers = await ask(await MemoryNode.start(nodeSettings, disk), before);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // A refusal is a sentence for the operator, which names what is damaged.
    return { served: said.includes(home) ? "refused" : "wrong", why: said };
  }
  let refused = "";
  for (const [asked, answer] of before) {
    const now = answers.get(asked) ?? "";
    if (now.startsWith(REFUSED)) refused = `${asked}: ${now}`;
    else if (asked.startsWith("start of") && Number(now) < Number(answer))
      continue; // see `cannotBeFound`
    else if (now !== answer) return { served: "wrong", why: `${asked}: ${now}, not ${answer}` };
  }
  return refused === "" ? { served: "same", why: "" } : { served: "refused", why: refused };
}

/** Of leader epochs nobody is asked: an unclean stop raises them. Reads begin where the log started `before`. */
async function ask(node: MemoryNode, before: Answers | null): Promise<Answers> {
  const answers = new Map<string, string>();
  const more = { includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
  const reply = await node.call(Metadata, 12, { topics: null, allowAutoTopicCreation: false, ...more });
  answers.set("brokers", JSON.stringify({ brokers: reply.brokers, controllerId: reply.controllerId }));
  const topics = reply.topics.map(({ name, topicId, partitions }) => ({ name: name as string, topicId, partitions }));
  answers.set("topics", JSON.stringify(topics.map(({ name, topicId }) => [name, topicId]).sort()));
  for (const { name, partitions } of topics) {
    answers.set(`settings of ${name}`, await settingsOf(node, name));
    for (const { partitionIndex: index, leaderId, replicaNodes, isrNodes } of partitions) {
      const at = `${name}-${index}`;
      const isLed = leaderId >= 0;
      answers.set(`replicas of ${at}`, isLed ? JSON.stringify({ leaderId, replicaNodes, isrNodes }) : REFUSED);
      const [start, end] = [await offsetOf(node, name, index, EARLIEST), await offsetOf(node, name, index, LATEST)];
      answers.set(`start of ${at}`, start);
      answers.set(`end of ${at}`, end);
      const from = Number(before?.get(`start of ${at}`) ?? start);
      const { error, records } = await fetchPartition(node, name, from, 1 << 20, index);
      answers.set(`records of ${at}`, error === "NONE" ? Buffer.from(records).toString("base64") : REFUSED + error);
    }
  }
  node.disk.kill();
  return answers;
}

async function settingsOf(node: MemoryNode, topic: string): Promise<string> {
  const resources = [{ resourceType: TOPIC, resourceName: topic, configurationKeys: null }];
  const request = { resources, includeSynonyms: true, includeDocumentation: false };
  return JSON.stringify((await node.call(DescribeConfigs, 4, request)).results);
}

async function offsetOf(node: MemoryNode, topic: string, partition: number, timestamp: number): Promise<string> {
  const partitions = [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }];
  const request = { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions }], timeoutMs: 1000 };
  const answer = (await node.call(ListOffsets, 7, request)).topics[0]?.partitions[0];
  const error = errorName(answer?.errorCode ?? -1);
  return error === "NONE" ? `${answer?.offset}` : REFUSED + error;
}
