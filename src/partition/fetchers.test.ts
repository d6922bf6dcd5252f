import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { type BrokerRegistration, emptyImage, type MetadataImage } from "../metadata/image.ts";
import { Fetchers } from "./fetchers.ts";
import type { Replica } from "./replica.ts";
import { ReplicationQuota } from "./replication-quota.ts";

const LISTENER = "PLAINTEXT";
const endpoint = { name: LISTENER, host: "localhost", port: 9092, securityProtocol: 0 };
const leader = { endpoints: new Map([[LISTENER, endpoint]]) } as unknown as BrokerRegistration;
const image: MetadataImage = { ...emptyImage(), brokers: new Map([[2, leader]]) };

/** A replica in directory /a, and how many fetchers it has: each asks once, and is never answered. */
function following() {
  const clock = new FakeClock();
  let open = 0;
  const fetchers = new Fetchers({
    ...{ nodeId: 1, brokerEpoch: () => 1, clock, logger: { debug() {}, info() {}, warn() {}, error() {} } },
    ...{ listener: LISTENER, quota: new ReplicationQuota(clock, { rate: Infinity, windowMs: 1_000, windows: 11 }) },
    settings: {
      ...{ waitMaxMs: 500, minBytes: 1, responseMaxBytes: 1 << 20, partitionMaxBytes: 1 << 20 },
      ...{ backoffMs: 1_000, timeoutMs: 30_000 },
    },
    connect: () => {
      open++;
      return { send: () => new Promise(() => {}), close: () => void open-- };
    },
  });
  const replica = {
    ...{ name: "orders-0", topic: "orders", topicId: "T", partition: 0, role: { leader: 2, leaderEpoch: 1 } },
    log: {
      directory: "/a/orders-0",
      epochs: { latest: { epoch: 0, startOffset: 0 } },
      logEndOffset: 0,
      logStartOffset: 0,
    },
    heldOffset: 0,
  };
  return { fetchers, replica, held: replica as unknown as Replica, openFetchers: () => open };
}

test("a log that is held has no fetcher, whatever leader comes, and one of its new directory afterwards", async () => {
  const { fetchers, replica, held, openFetchers } = following();
  fetchers.follow(held, image);
  await fetchers.hold(held);
  fetchers.closeIdle();
  expect(openFetchers()).toBe(0);
  replica.role.leaderEpoch++;
  await fetchers.unfollow(held);
  fetchers.follow(held, image);
  await fetchers.brokersChanged(image);
  expect(openFetchers()).toBe(0);
  replica.log.directory = "/b/orders-0";
  fetchers.release(held);
  fetchers.follow(held, image);
  expect(openFetchers()).toBe(1);
  expect(() => fetchers.follow(held, image)).toThrow("one fetcher writes a log");
});
