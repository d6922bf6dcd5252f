/**
 * The metadata of a node under power cuts: topics come, get partitions and settings, and go, while snapshots are
 * written and the log behind them is given up. Before its disk operations the power might go; a whole node starts on
 * what is left, and every change that had been acknowledged is there.
 */
import { Prng } from "../../../base/prng.ts";
import type { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import { CreatePartitions } from "../../../protocol/generated/create-partitions.ts";
import { DeleteTopics } from "../../../protocol/generated/delete-topics.ts";
import { DescribeConfigs } from "../../../protocol/generated/describe-configs.ts";
import { Metadata } from "../../../protocol/generated/metadata.ts";
import { alterTopic, createTopic } from "../../broker/testing/admin.ts";
import { MemoryNode } from "../../broker/testing/memory-node.ts";
import { beforeEachWrite, CrashRun, type History, type Verdict } from "./crash-run.ts";

const CHANGES = 16;
const TOPICS = 4;
const TOPIC = 2;
const SETTING = "flush.messages";
/** Of the operations on metadata files one of so many is looked at, of others one of so many. */
const OF_METADATA = 6;
const OF_OTHERS = 40;
const METADATA_LOG = "/data/__cluster_metadata-0/";

const settings = {
  "log.dirs": "/data",
  "auto.create.topics.enable": "false",
  "log.index.size.max.bytes": "1024",
  "internal.metadata.log.segment.bytes": "2500",
  "metadata.log.max.record.bytes.between.snapshots": "1500",
  "metadata.max.retention.bytes": "3000",
  "log.initial.task.delay.ms": "20",
  "log.flush.offset.checkpoint.interval.ms": "20",
};

/** All of them only ever grow: what is found lies between what was acknowledged and what was asked for. */
interface Known {
  /** 0 not made, 1 made, 2 deleted */
  life: number;
  partitions: number;
  setting: number;
}

const unborn: Known = { life: 0, partitions: 0, setting: 0 };

interface Moment {
  readonly disk: MemoryDisk;
  readonly acknowledged: ReadonlyMap<string, Known>;
  readonly attempted: ReadonlyMap<string, Known>;
}

export interface MetadataCrashOptions {
  readonly seed: number;
  /** The device acknowledges syncs of what it has not written: to see that a loss is seen. */
  readonly deviceLies: boolean;
}

/** What is acknowledged are changes; unacknowledged ones that are gone are not counted. */
export const metadataCrashRun = ({ deviceLies, seed }: MetadataCrashOptions, onProgress: () => void = () => {}) =>
  new CrashRun((each) => new MetadataHistory(each, deviceLies), seed, onProgress);

class MetadataHistory implements History<Moment> {
  readonly moments: Moment[] = [];
  acknowledgedCount = 0;
  private readonly snapshots = new Set<string>();
  private readonly acknowledged = new Map<string, Known>();
  private readonly attempted = new Map<string, Known>();
  private readonly random: Prng;
  private readonly seed: number;
  private readonly deviceLies: boolean;

  constructor(seed: number, deviceLies: boolean) {
    this.seed = seed;
    this.deviceLies = deviceLies;
    this.random = new Prng(seed);
  }

  get snapshotCount(): number {
    return this.snapshots.size;
  }

  async run(): Promise<void> {
    const { random } = this;
    const node = await MemoryNode.start(settings);
    this.watch(node);
    for (let n = 0; n < CHANGES; n++) {
      const names = Array.from({ length: 1 + random.below(2) }, () => `t${random.below(TOPICS)}-${n >> 3}`);
      await Promise.all([...new Set(names)].map((name) => this.change(node, name)));
      if (random.below(3) === 0) await node.clock.run(random.below(600));
    }
    node.disk.fault = () => null;
    await node.stop();
  }

  private watch(node: MemoryNode): void {
    const { random } = this;
    const survival = new Prng(this.seed ^ 0x5eed);
    // Also of the checkpoint, which would refuse a log that ends below what was synced.
    if (this.deviceLies) node.disk.lies = () => true;
    beforeEachWrite(node, random, (path) => {
      const ofMetadata = path.startsWith(METADATA_LOG);
      if (ofMetadata && path.includes(".checkpoint")) this.snapshots.add(path);
      if (random.below(ofMetadata ? OF_METADATA : OF_OTHERS) !== 0) return;
      const disk = node.disk.crashImage(random.below(4) === 0 ? "none" : survival);
      this.moments.push({ disk, acknowledged: copied(this.acknowledged), attempted: copied(this.attempted) });
    });
  }

  async judge(moment: Moment): Promise<Verdict> {
    return { fault: await faultOf(moment), unacknowledgedGone: 0 };
  }

  /** The next thing in the life of a topic. */
  private async change(node: MemoryNode, name: string): Promise<void> {
    const { attempted, acknowledged } = this;
    const known = acknowledged.get(name) ?? unborn;
    if (known.life === 2) return;
    const next = { ...known };
    const ask = this.drawn(node, name, next);
    attempted.set(name, next);
    await ask();
    acknowledged.set(name, next);
    this.acknowledgedCount++;
  }

  private drawn(node: MemoryNode, name: string, next: Known): () => Promise<void> {
    const kind = next.life === 0 ? 0 : 1 + this.random.below(5);
    if (kind === 0) {
      Object.assign(next, { life: 1, partitions: 1 });
      return () => createTopic(node, name);
    }
    if (kind === 1) {
      next.life = 2;
      return () => deleteTopic(node, name);
    }
    if (kind === 2) {
      next.partitions++;
      return () => addPartitions(node, name, next.partitions);
    }
    next.setting++;
    return () => alterTopic(node, name, { [SETTING]: String(next.setting) });
  }
}

const copied = (known: ReadonlyMap<string, Known>): Map<string, Known> =>
  new Map([...known].map(([name, values]) => [name, { ...values }]));

/** Null where everything acknowledged is there. */
async function faultOf({ disk, acknowledged, attempted }: Moment): Promise<string | null> {
  let found: ReadonlyMap<string, Known>;
  try {
    const node = await MemoryNode.start(settings, disk);
    found = await topicsOf(node);
    disk.kill();
  } catch (error) {
    return `it does not start: ${error instanceof Error ? error.message : error}`;
  }
  for (const [name, most] of attempted) {
    const least = acknowledged.get(name) ?? unborn;
    const { life, partitions, setting } = found.get(name) ?? { ...most, life: most.life === 2 ? 2 : 0 };
    const isThere = life >= least.life && partitions >= least.partitions && setting >= least.setting;
    const wasAsked = life <= most.life && partitions <= most.partitions && setting <= most.setting;
    if (isThere && wasAsked) continue;
    const seen = JSON.stringify({ life, partitions, setting });
    return `${name} is ${seen}: acknowledged was ${JSON.stringify(least)}, asked for ${JSON.stringify(most)}`;
  }
  return null;
}

async function topicsOf(node: MemoryNode): Promise<Map<string, Known>> {
  const more = { includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
  const { topics } = await node.call(Metadata, 12, { topics: null, allowAutoTopicCreation: false, ...more });
  const known = new Map<string, Known>();
  for (const { name, partitions } of topics) {
    const setting = Number(await settingOf(node, name as string));
    known.set(name as string, { life: 1, partitions: partitions.length, setting });
  }
  return known;
}

/** 0 where the topic has no value of its own. */
async function settingOf(node: MemoryNode, name: string): Promise<string> {
  const resources = [{ resourceType: TOPIC, resourceName: name, configurationKeys: [SETTING] }];
  const reply = await node.call(DescribeConfigs, 4, { resources, includeSynonyms: false, includeDocumentation: false });
  const entry = reply.results[0]?.configs[0];
  const DYNAMIC_TOPIC = 1;
  return entry?.configSource === DYNAMIC_TOPIC ? (entry.value ?? "0") : "0";
}

async function deleteTopic(node: MemoryNode, name: string): Promise<void> {
  const reply = await node.call(DeleteTopics, 5, { topics: [], topicNames: [name], timeoutMs: 1000 });
  if (reply.responses[0]?.errorCode !== 0) throw new Error(`delete ${name}: ${reply.responses[0]?.errorMessage}`);
}

async function addPartitions(node: MemoryNode, name: string, count: number): Promise<void> {
  const topics = [{ name, count, assignments: null }];
  const reply = await node.call(CreatePartitions, 3, { topics, timeoutMs: 1000, validateOnly: false });
  if (reply.results[0]?.errorCode !== 0) throw new Error(`partitions of ${name}: ${reply.results[0]?.errorMessage}`);
}
