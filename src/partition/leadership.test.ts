import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import type { BrokerRegistration } from "../metadata/image.ts";
import { type IsrProposal, Leadership, type LedRole } from "./leadership.ts";

const LAG_MAX_MS = 1_000;

/** Node 1 leads, 2 and 3 follow; the controller takes proposals and says nothing. */
class Led {
  readonly name = "orders-0";
  readonly topicId = "ordersTopicIdAAAAAAAAA";
  readonly partition = 0;
  readonly minInsyncReplicas = 1;
  readonly highWatermark = 5;
  readonly epochStartOffset = 0;
  logEndOffset = 5;
  role: LedRole;
  readonly proposed: IsrProposal[] = [];
  readonly clock = new FakeClock();
  readonly leadership: Leadership;

  constructor(isr: readonly number[]) {
    this.role = { leaderEpoch: 1, partitionEpoch: 7, replicas: [1, 2, 3], isr };
    this.leadership = new Leadership(this, {
      clock: this.clock,
      logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      nodeId: 1,
      lagTimeMaxMs: () => LAG_MAX_MS,
      brokerEpoch: () => 100,
      broker: () => ({ fenced: false, inControlledShutdown: false, epoch: 100 }) as unknown as BrokerRegistration,
      proposals: {
        propose: (proposal) => {
          this.proposed.push(proposal);
          return new Promise(() => {});
        },
      },
    });
    this.leadership.assign(true, true);
  }

  isrChanged(): void {}

  fetched(nodeId: number, fetchOffset: number): void {
    this.leadership.fetched({ nodeId, brokerEpoch: 100, fetchOffset, logStartOffset: 0 }, this.logEndOffset);
  }
}

test("an image that brings nothing new leaves the proposal under way: what it may add still counts", () => {
  const led = new Led([1, 2]);
  led.fetched(2, 5);
  led.fetched(3, 5);
  expect(led.proposed.map(({ isr }) => isr.map(({ brokerId }) => brokerId))).toEqual([[1, 2, 3]]);
  led.leadership.assign(false, false);
  // Long after it was last heard of node 3 may be in sync, for all that this leader knows.
  led.clock.advance(2 * LAG_MAX_MS);
  led.logEndOffset = 9;
  led.fetched(2, 9);
  expect(led.leadership.committable(9)).toBe(5);
});

test("an image with a later partition epoch settles the proposal", () => {
  const led = new Led([1, 2]);
  led.fetched(2, 5);
  led.fetched(3, 5);
  led.role = { ...led.role, partitionEpoch: 8 };
  led.leadership.assign(false, false);
  led.clock.advance(2 * LAG_MAX_MS);
  led.logEndOffset = 9;
  led.fetched(2, 9);
  expect(led.leadership.committable(9)).toBe(9);
});
