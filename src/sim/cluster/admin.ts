/** The administrator of a cluster: brokers may answer from metadata that is old, so only a healed one is held to it. */
import { DescribeQuorum } from "../../../protocol/generated/describe-quorum.ts";
import { SimAdmin } from "../admin.ts";

export class ClusterAdmin extends SimAdmin {
  /** What DescribeQuorum says is as old as the node that says it; who leads is the observer's to check. */
  protected override async describeQuorum(): Promise<void> {
    const topics = [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }];
    const reply = await this.client.call(DescribeQuorum, 1, { topics }, 10_000);
    const answer = reply.topics[0]?.partitions[0];
    if (answer !== undefined) this.scenario.error(answer.errorCode, "DescribeQuorum");
  }

  protected override async checkTopics(): Promise<void> {}

  protected override async checkSetting(): Promise<void> {}
}
