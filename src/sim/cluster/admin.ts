/**
 * The administrator of a cluster. A broker may answer from metadata that is old, so what has been acknowledged is held
 * against the metadata of a cluster that has come to rest (R3).
 */
import { DescribeQuorum } from "../../../protocol/generated/describe-quorum.ts";
import { configOf, configResourceTypes, type MetadataImage } from "../../metadata/image.ts";
import { SETTING, SimAdmin } from "../admin.ts";

const ANSWER_MS = 10_000;

export class ClusterAdmin extends SimAdmin {
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

  private lost(detail: string): void {
    this.scenario.world.fail("R3 committed metadata is never lost", detail);
  }
}
