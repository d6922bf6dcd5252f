/**
 * The administrator of a cluster. A broker may answer from metadata that is old, so what has been acknowledged is held
 * against the metadata of a cluster that has come to rest (R3).
 */
import { AlterPartitionReassignments } from "../../../protocol/generated/alter-partition-reassignments.ts";
import { DescribeQuorum } from "../../../protocol/generated/describe-quorum.ts";
import { ElectLeaders } from "../../../protocol/generated/elect-leaders.ts";
import { configOf, configResourceTypes, type MetadataImage } from "../../metadata/image.ts";
import { SETTING, SimAdmin } from "../admin.ts";
import type { Dice } from "../dice.ts";
import { type Cluster, isBroker } from "./cluster.ts";
import type { ClusterPlan } from "./plan.ts";

const ANSWER_MS = 10_000;

export class ClusterAdmin extends SimAdmin {
  private readonly plan: ClusterPlan;
  private readonly moves: Dice;
  private readonly cluster: Cluster;
  /** Partitions of which it is not known whether what was asked still arrives. */
  private readonly unsure = new Set<string>();

  constructor(cluster: Cluster) {
    super(cluster);
    this.cluster = cluster;
    this.plan = cluster.plan;
    this.moves = cluster.world.dice("moves");
  }

  protected override async act(): Promise<void> {
    const { plan, moves } = this;
    if (!plan.moves || !moves.chance(0.5)) await super.act();
    else if (moves.chance(0.7)) await this.reassign();
    else await this.elect();
  }

  /**
   * The replicas of a partition move to other brokers; or the move is called off. Never to yet others meanwhile: a
   * replica that is then both to come and to go ends no move, with Apache 4.3.1 as here, until that is called off.
   */
  private async reassign(): Promise<void> {
    const { plan, moves, scenario, unsure } = this;
    const topic = moves.pick([...scenario.topics.values()]);
    const index = moves.below(topic.partitions.length);
    const key = `${topic.name}-${index}`;
    if (unsure.has(key)) return;
    const present = this.cluster.observer?.newestImage().topicsByName.get(topic.name)?.partitions.get(index);
    const isMoving = present === undefined || present.addingReplicas.length + present.removingReplicas.length > 0;
    const brokers = moves.shuffled(plan.nodes.filter(isBroker)).map(({ id }) => id);
    if (isMoving && moves.chance(0.7)) return;
    const partitions = [
      { partitionIndex: index, replicas: isMoving ? null : brokers.slice(0, plan.replicationFactor) },
    ];
    unsure.add(key);
    const request = {
      timeoutMs: 5_000,
      allowReplicationFactorChange: true,
      topics: [{ name: topic.name, partitions }],
    };
    const reply = await this.client.call(AlterPartitionReassignments, 1, request, ANSWER_MS);
    const answer = reply.responses[0]?.partitions[0];
    if (answer === undefined) return;
    const error = scenario.error(answer.errorCode, "AlterPartitionReassignments");
    if (error !== "NONE" && error !== "NO_REASSIGNMENT_IN_PROGRESS") return;
    unsure.delete(key);
    scenario.counts.adminChanges++;
  }

  /** The first replicas of all partitions are to lead. */
  private async elect(): Promise<void> {
    const request = { electionType: 0, topicPartitions: null, timeoutMs: 5_000 };
    const { errorCode } = await this.client.call(ElectLeaders, 2, request, ANSWER_MS);
    this.scenario.error(errorCode, "ElectLeaders");
  }

  /** What DescribeQuorum says is as old as the node that says it; who leads is the observer's to check. */
  protected override async describeQuorum(): Promise<void> {
    const topics = [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }];
    const reply = await this.client.call(DescribeQuorum, 1, { topics }, ANSWER_MS);
    const answer = reply.topics[0]?.partitions[0];
    if (answer !== undefined) this.scenario.error(answer.errorCode, "DescribeQuorum");
  }

  protected override async checkTopics(): Promise<void> {
    await this.topicIds();
  }

  protected override async checkSetting(): Promise<void> {}

  /** Which nodes hold it is not the client's to know. */
  protected override checkDurable(): void {}

  /** Once the cluster has come to rest. */
  checkCommitted(image: MetadataImage): void {
    for (const { name, id } of this.scenario.topics.values()) this.checkTopic(image, name, id, true);
    for (const { name, id, created, deleted, setting, mayBeSet } of this.churn) {
      if (created !== "yes" || id === null || deleted === "unknown") continue;
      this.checkTopic(image, name, id, deleted === "no");
      const value = configOf(image, configResourceTypes.topic, name).get(SETTING) ?? null;
      if (deleted === "yes" || setting === null || value === setting || mayBeSet.has(value)) continue;
      this.lost(`${SETTING} of ${name} is ${value}, ${setting} was acknowledged`);
    }
  }

  private checkTopic(image: MetadataImage, name: string, id: string, isThere: boolean): void {
    if ((image.topicsByName.get(name)?.id === id) !== isThere)
      this.lost(`${isThere ? "made" : "deleted"} ${name} ${id}`);
  }

  protected override lost(detail: string): void {
    this.scenario.world.fail("R3 committed metadata is never lost", detail);
  }
}
