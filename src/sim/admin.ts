/**
 * An administrator: makes the topics of the plan, makes and deletes others, changes settings, deletes records, and
 * checks that committed metadata is never lost (RELIABILITY: R for a quorum of one).
 */
import { uuidToBytes, ZERO_UUID } from "../../base/uuid.ts";
import { CreateTopics } from "../../protocol/generated/create-topics.ts";
import { DeleteRecords } from "../../protocol/generated/delete-records.ts";
import { DeleteTopics } from "../../protocol/generated/delete-topics.ts";
import { DescribeConfigs } from "../../protocol/generated/describe-configs.ts";
import { DescribeQuorum } from "../../protocol/generated/describe-quorum.ts";
import { IncrementalAlterConfigs } from "../../protocol/generated/incremental-alter-configs.ts";
import { InitProducerId } from "../../protocol/generated/init-producer-id.ts";
import { Metadata } from "../../protocol/generated/metadata.ts";
import type { Dice } from "./dice.ts";
import type { TopicPlan } from "./plan.ts";
import type { Scenario } from "./scenario.ts";
import type { WireClient } from "./wire.ts";

const ANSWER_MS = 15_000;
const TOPIC_RESOURCE = 2;
export const SETTING = "max.message.bytes";
const METADATA_LOG = "/data/__cluster_metadata-0";
const utf8 = new TextEncoder();

/** What is known of a topic that comes and goes. */
interface ChurnTopic {
  readonly name: string;
  /** Of the answer that created it. */
  id: string | null;
  created: "unknown" | "yes" | "no";
  deleted: "unknown" | "yes" | "no";
  /** The value last acknowledged, and those that may have been set. */
  setting: string | null;
  readonly mayBeSet: Set<string | null>;
}

export class SimAdmin {
  protected readonly scenario: Scenario;
  private readonly dice: Dice;
  protected readonly client: WireClient;
  protected churn: ChurnTopic[] = [];
  private made = 0;
  private highestEpoch = 0;
  private epochOf = new Map<number, number>();

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.dice = scenario.world.dice("admin");
    this.client = scenario.client("admin");
    scenario.onDiskLost(() => {
      this.churn = [];
      this.highestEpoch = 0;
      this.epochOf = new Map();
    });
  }

  start(): void {
    void this.run();
  }

  /** Every topic of the plan exists. */
  get isDone(): boolean {
    return this.scenario.plan.topics.every(({ name }) => this.scenario.topics.has(name));
  }

  private async run(): Promise<void> {
    while (!this.scenario.windingDown) {
      const missing = this.scenario.plan.topics.find(({ name }) => !this.scenario.topics.has(name));
      await this.client.sleep(missing === undefined ? this.dice.exponential(this.scenario.plan.churnEveryMs) : 100);
      try {
        if (missing !== undefined) await this.make(missing);
        else await this.act();
      } catch (failure) {
        if (failure instanceof TypeError) throw failure;
        await this.client.sleep(this.dice.between(50, 300));
      }
    }
  }

  protected async act(): Promise<void> {
    const { dice, churn, scenario } = this;
    const draw = dice.below(14);
    const idle = churn.filter(({ created, deleted }) => created === "yes" && deleted === "no");
    if (draw < 3 && churn.length < 12) await this.createChurn();
    else if (draw < 4 && idle.length > 0) await this.deleteChurn(dice.pick(idle));
    else if (draw < 6 && idle.length > 0) await this.alter(dice.pick(idle));
    else if (draw < 8 && scenario.plan.deletesRecords) await this.deleteRecords();
    else if (draw < 9) await this.describeQuorum();
    else if (draw < 10) await this.alterOddly();
    else if (draw < 11) await this.takeProducerId();
    else await this.checkTopics();
  }

  private async make(plan: TopicPlan): Promise<void> {
    const { era } = this.scenario;
    const topic = {
      ...{
        name: plan.name,
        numPartitions: plan.partitions,
        replicationFactor: plan.replicationFactor ?? 1,
        assignments: [],
      },
      configs: plan.configs.map((config) => ({ ...config })),
    };
    const reply = await this.client.call(
      CreateTopics,
      7,
      { topics: [topic], timeoutMs: 10_000, validateOnly: false },
      ANSWER_MS,
    );
    if (era !== this.scenario.era) return;
    const result = reply.topics[0];
    const error = this.scenario.error(result?.errorCode ?? 0, "CreateTopics");
    if (error === "NONE" && result !== undefined) {
      this.scenario.topicCreated(plan, result.topicId);
      this.checkDurable(`topic ${plan.name}`, idBytes(result.topicId));
    } else if (error === "TOPIC_ALREADY_EXISTS")
      await this.adopt(plan); // an earlier request whose answer was lost
    else if (error === "INVALID_REQUEST" || error === "INVALID_CONFIG") {
      this.scenario.world.fail("topics of the plan can be made", `${plan.name}: ${error} ${result?.errorMessage}`);
    }
  }

  private async adopt(plan: TopicPlan): Promise<void> {
    const { era } = this.scenario;
    const ids = await this.topicIds();
    const id = ids.get(plan.name);
    if (era === this.scenario.era && id !== undefined) this.scenario.topicCreated(plan, id);
  }

  protected async topicIds(): Promise<Map<string, string>> {
    const request = { topics: null, allowAutoTopicCreation: false };
    const flags = { includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
    const reply = await this.client.call(Metadata, 12, { ...request, ...flags }, ANSWER_MS);
    return new Map(reply.topics.map(({ name, topicId }) => [name ?? "", topicId]));
  }

  private async createChurn(): Promise<void> {
    const name = `churn-${++this.made}`;
    const topic: ChurnTopic = {
      ...{ name, id: null, created: "unknown", deleted: "no", setting: null, mayBeSet: new Set() },
    };
    this.churn.push(topic);
    const { era } = this.scenario;
    const numPartitions = this.dice.between(1, 2);
    const { replicationFactor = 1 } = this.scenario.plan.topics[0] as TopicPlan;
    const topics = [{ name, numPartitions, replicationFactor, assignments: [], configs: [] }];
    const request = { topics, timeoutMs: 10_000, validateOnly: false };
    const reply = await this.client.call(CreateTopics, 7, request, ANSWER_MS);
    if (era !== this.scenario.era) return;
    const error = this.scenario.error(reply.topics[0]?.errorCode ?? 0, "CreateTopics");
    if (error === "NONE") {
      topic.created = "yes";
      topic.id = reply.topics[0]?.topicId ?? null;
      this.checkDurable(`topic ${name}`, idBytes(topic.id ?? ZERO_UUID));
      this.scenario.counts.adminChanges++;
    }
  }

  private async deleteChurn(topic: ChurnTopic): Promise<void> {
    topic.deleted = "unknown";
    const { era } = this.scenario;
    const topics = [{ name: topic.name, topicId: ZERO_UUID }];
    const reply = await this.client.call(DeleteTopics, 6, { topics, topicNames: [], timeoutMs: 10_000 }, ANSWER_MS);
    if (era !== this.scenario.era) return;
    const error = this.scenario.error(reply.responses[0]?.errorCode ?? 0, "DeleteTopics");
    if (error === "NONE") {
      topic.deleted = "yes";
      this.scenario.counts.adminChanges++;
    }
  }

  private async alter(topic: ChurnTopic): Promise<void> {
    const { era } = this.scenario;
    const value = String(this.dice.between(1_000, 1_000_000));
    topic.mayBeSet.add(value);
    const configs = [{ name: SETTING, configOperation: 0, value }];
    const resources = [{ resourceType: TOPIC_RESOURCE, resourceName: topic.name, configs }];
    const reply = await this.client.call(IncrementalAlterConfigs, 1, { resources, validateOnly: false }, ANSWER_MS);
    if (era !== this.scenario.era) return;
    if (this.scenario.error(reply.responses[0]?.errorCode ?? 0, "IncrementalAlterConfigs") !== "NONE") return;
    topic.setting = value;
    topic.mayBeSet.delete(value);
    this.scenario.counts.adminChanges++;
    this.checkDurable(`${SETTING}=${value} of ${topic.name}`, utf8.encode(value));
    await this.checkSetting(topic);
  }

  /** What has been acknowledged is in the metadata log, or a snapshot, on the device. */
  protected checkDurable(what: string, bytes: Uint8Array): void {
    const { disk } = this.scenario.node;
    for (const [, file] of disk.durableFiles(METADATA_LOG)) if (holds(file.durableContent(), bytes)) return;
    this.scenario.world.fail("R what is acknowledged is on the device", what);
  }

  protected async checkSetting(topic: ChurnTopic): Promise<void> {
    const value = await this.describe(topic.name, SETTING);
    if (value === undefined || topic.setting === null) return;
    if (value === topic.setting || topic.mayBeSet.has(value)) return;
    this.lost(`${SETTING} of ${topic.name} is ${value}, ${topic.setting} was acknowledged`);
  }

  /** Undefined where the broker could not say. */
  private async describe(topic: string, setting: string): Promise<string | null | undefined> {
    const { era } = this.scenario;
    const resource = { resourceType: TOPIC_RESOURCE, resourceName: topic, configurationKeys: [setting] };
    const flags = { includeSynonyms: false, includeDocumentation: false };
    const reply = await this.client.call(DescribeConfigs, 4, { resources: [resource], ...flags }, ANSWER_MS);
    const result = reply.results[0];
    if (era !== this.scenario.era || result === undefined || result.errorCode !== 0) return undefined;
    return result.configs[0]?.value ?? null;
  }

  /** Of a topic with records in it, what decides how they are kept and found. */
  private async alterOddly(): Promise<void> {
    const { name } = this.dice.pick([...this.scenario.topics.values()]);
    const [setting, values] = this.dice.pick(oddSettings);
    const configs = [{ name: setting, configOperation: 0, value: String(this.dice.pick(values)) }];
    const resources = [{ resourceType: TOPIC_RESOURCE, resourceName: name, configs }];
    const reply = await this.client.call(IncrementalAlterConfigs, 1, { resources, validateOnly: false }, ANSWER_MS);
    this.scenario.error(reply.responses[0]?.errorCode ?? 0, "IncrementalAlterConfigs");
    this.scenario.counts.adminChanges++;
  }

  private async takeProducerId(): Promise<void> {
    const { era } = this.scenario;
    const request = { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 };
    const flags = { enable2Pc: false, keepPreparedTxn: false };
    const reply = await this.client.call(InitProducerId, 4, { ...request, ...flags }, ANSWER_MS);
    if (era !== this.scenario.era || this.scenario.error(reply.errorCode, "InitProducerId") !== "NONE") return;
    this.scenario.producerIdGiven(reply.producerId);
  }

  private async deleteRecords(): Promise<void> {
    const topics = [...this.scenario.topics.values()];
    const topic = this.dice.pick(topics);
    const index = this.dice.below(topic.partitions.length);
    const model = topic.partitions[index];
    if (model === undefined || model.highWatermark === 0) return;
    const offset = this.dice.below(model.highWatermark + 1);
    model.deletedTo = Math.max(model.deletedTo, offset);
    const partitions = [{ partitionIndex: index, offset }];
    const request = { topics: [{ name: topic.name, partitions }], timeoutMs: 5_000 };
    const reply = await this.client.call(DeleteRecords, 2, request, ANSWER_MS);
    const answer = reply.topics[0]?.partitions[0];
    if (answer !== undefined) this.scenario.error(answer.errorCode, "DeleteRecords");
    this.scenario.counts.adminChanges++;
  }

  /** One leader per epoch: every start of the node is an epoch of its own. */
  protected async describeQuorum(): Promise<void> {
    const { era, node } = this.scenario;
    const before = node.incarnations;
    const topics = [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }];
    const reply = await this.client.call(DescribeQuorum, 1, { topics }, ANSWER_MS);
    const answer = reply.topics[0]?.partitions[0];
    if (era !== this.scenario.era || answer === undefined || answer.errorCode !== 0) return;
    const { leaderEpoch } = answer;
    if (leaderEpoch < this.highestEpoch) {
      this.scenario.world.fail("R5 the epoch never goes back", `${leaderEpoch} after ${this.highestEpoch}`);
    }
    this.highestEpoch = leaderEpoch;
    if (before !== node.incarnations) return;
    const owner = this.epochOf.get(leaderEpoch) ?? before;
    if (owner !== before) {
      this.scenario.world.fail("R1 an epoch has one leader", `epoch ${leaderEpoch} in runs ${owner} and ${before}`);
    }
    this.epochOf.set(leaderEpoch, before);
  }

  protected async checkTopics(): Promise<void> {
    const { era } = this.scenario;
    const sure = this.churn.filter(({ created }) => created === "yes");
    const mustBe = sure.filter(({ deleted }) => deleted === "no");
    const mayNotBe = sure.filter(({ deleted }) => deleted === "yes");
    const planned = [...this.scenario.topics.values()];
    const ids = await this.topicIds();
    if (era !== this.scenario.era) return;
    for (const { name, id } of [...mustBe, ...planned]) {
      if (ids.get(name) === id) continue;
      this.lost(`topic ${name} was created with id ${id}; now it is ${ids.get(name) ?? "not there"}`);
    }
    for (const { name } of mayNotBe) if (ids.has(name)) this.lost(`deleted ${name} is there`);
    const candidates = mustBe.filter(({ deleted }) => deleted === "no");
    if (candidates.length > 0) await this.checkSetting(this.dice.pick(candidates));
    await this.checkPlanned();
  }

  /** Topics of the plan keep the settings that they were made with. */
  private async checkPlanned(): Promise<void> {
    const made = this.scenario.plan.topics.filter(({ name }) => this.scenario.topics.has(name));
    if (made.length === 0) return;
    const { name: topic, configs } = this.dice.pick(made);
    const { name, value } = this.dice.pick(configs);
    const found = await this.describe(topic, name);
    if (found !== undefined && found !== value) this.lost(`${name} of ${topic} is ${found}, it was made with ${value}`);
  }

  protected lost(detail: string): void {
    this.scenario.world.fail("R committed metadata is never lost", detail);
  }
}

/** None of them is part of a plan. */
const oddSettings = [
  ["index.interval.bytes", [0, 97, 4_096]],
  ["segment.index.bytes", [256, 4_096]],
] as const;

function idBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  uuidToBytes(id, bytes);
  return bytes;
}

function holds(content: Uint8Array, bytes: Uint8Array): boolean {
  for (let at = content.indexOf(bytes[0] as number); at >= 0; at = content.indexOf(bytes[0] as number, at + 1)) {
    let same = 0;
    while (same < bytes.length && content[at + same] === bytes[same]) same++;
    if (same === bytes.length) return true;
  }
  return false;
}
