/**
 * Proposes in-sync replicas to the controller for the leaders of this node (AlterPartition): all that are waiting go in
 * one request, one request at a time. As Kafka's DefaultAlterPartitionManager.
 */
import type { Cancel, Clock, Logger } from "../../base/ports.ts";
import { code, errorName, KafkaError } from "../../protocol/errors.ts";
import {
  AlterPartition,
  type AlterPartitionRequest,
  type AlterPartitionResponse,
} from "../../protocol/generated/alter-partition.ts";
import { type ControllerChannel, ownContext } from "../metadata/controller/channel.ts";
import type { IsrGrant, IsrProposal, IsrProposals } from "../partition/leadership.ts";

export interface IsrUpdatesOptions {
  readonly nodeId: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Does not wait for the image: a grant counts before it comes. */
  readonly channel: ControllerChannel;
  /** -1 before this node is registered. */
  readonly brokerEpoch: () => number;
}

const RETRY_MS = 50;

interface Waiting {
  readonly proposal: IsrProposal;
  readonly granted: (grant: IsrGrant) => void;
  readonly refused: (error: KafkaError) => void;
}

export class IsrUpdates implements IsrProposals {
  private readonly options: IsrUpdatesOptions;
  /** By topic id and partition; those under way stay until they are answered. */
  private readonly waiting = new Map<string, Waiting>();
  private inFlight = false;
  private cancelRetry: Cancel = () => {};
  private stopped = false;

  constructor(options: IsrUpdatesOptions) {
    this.options = options;
  }

  propose(proposal: IsrProposal): Promise<IsrGrant> {
    return new Promise((granted, refused) => {
      const key = keyOf(proposal.topicId, proposal.partition);
      if (this.waiting.has(key)) {
        // Of an earlier epoch, or of one that the leader has given up: it is not known what becomes of it.
        refused(new KafkaError("OPERATION_NOT_ATTEMPTED", "Another proposal for the partition is under way"));
        return;
      }
      this.waiting.set(key, { proposal, granted, refused });
      this.options.clock.turnEnd(() => this.send());
    });
  }

  stop(): void {
    this.stopped = true;
    this.cancelRetry();
    this.waiting.clear();
  }

  private send(): void {
    if (this.inFlight || this.stopped || this.waiting.size === 0) return;
    const { channel } = this.options;
    const sent = [...this.waiting];
    this.inFlight = true;
    this.cancelRetry();
    const request = this.request(sent.map(([, { proposal }]) => proposal));
    channel.send(AlterPartition, request, ownContext(AlterPartition.versions[1])).then(
      (response) => {
        this.inFlight = false;
        if (this.stopped) return;
        if (response.errorCode !== code("NONE")) this.retry(errorName(response.errorCode));
        else {
          this.answered(sent, response);
          this.send();
        }
      },
      (cause: unknown) => {
        this.inFlight = false;
        if (!this.stopped) this.retry(cause instanceof Error ? cause.message : String(cause));
      },
    );
  }

  private request(proposals: readonly IsrProposal[]): AlterPartitionRequest {
    const { nodeId, brokerEpoch } = this.options;
    return {
      brokerId: nodeId,
      brokerEpoch: brokerEpoch(),
      topics: [...Map.groupBy(proposals, ({ topicId }) => topicId)].map(([topicId, ofTopic]) => ({
        topicId,
        partitions: ofTopic.map(({ partition, leaderEpoch, partitionEpoch, isr }) => ({
          partitionIndex: partition,
          leaderEpoch,
          newIsr: [],
          newIsrWithEpochs: [...isr],
          leaderRecoveryState: 0, // a leader has recovered once it leads
          partitionEpoch,
        })),
      })),
    };
  }

  private answered(sent: readonly [string, Waiting][], { topics }: AlterPartitionResponse): void {
    const answers = new Map(
      topics.flatMap(({ topicId, partitions }) =>
        partitions.map((answer) => [keyOf(topicId, answer.partitionIndex), answer] as const),
      ),
    );
    for (const [key, waiting] of sent) {
      const answer = answers.get(key);
      if (answer === undefined) continue; // goes again with the next
      this.waiting.delete(key);
      if (answer.errorCode === code("NONE")) waiting.granted(answer);
      else waiting.refused(new KafkaError(errorName(answer.errorCode)));
    }
  }

  private retry(reason: string): void {
    const { clock, logger } = this.options;
    logger.debug(`the controller did not take ${this.waiting.size} changes of in-sync replicas: ${reason}`);
    this.cancelRetry = clock.after(RETRY_MS, () => this.send());
  }
}

const keyOf = (topicId: string, partition: number): string => `${topicId}:${partition}`;
