import { expect, test } from "bun:test";
import type { Disk, Work } from "../../base/ports.ts";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryNet } from "../../base/testing/memory-net.ts";
import { BrokerHeartbeat } from "../../protocol/generated/broker-heartbeat.ts";
import { LiveConfig } from "../config/live.ts";
import { parseStatic } from "../config/static.ts";
import { ownContext } from "../metadata/controller/channel.ts";
import { QuorumPeers } from "./quorum-peers.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

test("what a vanished controller was asked is refused at once when there is another", async () => {
  const net = new MemoryNet();
  await net.listen({ host: "127.0.0.1", port: 9093 }, () => ({ data() {}, drain() {}, closed() {} }));
  const [disk, work] = [undefined as unknown as Disk, undefined as unknown as Work];
  const ports = { clock: new FakeClock(), random: new Prng(1), net, disk, work, logger };
  const config = new LiveConfig(parseStatic({ file: null, workingDirectory: "/" }), logger);
  const peers = new QuorumPeers(ports, config, 2);
  const heartbeat = {
    ...{ brokerId: 2, brokerEpoch: 5, currentMetadataOffset: 7, wantFence: false, wantShutDown: false },
    ...{ offlineLogDirs: [], cordonedLogDirs: null },
  };
  const to = { nodeId: 1, host: "127.0.0.1", port: 9093 };
  const asked = peers.ask(to, BrokerHeartbeat, heartbeat, ownContext(1), 30_000);
  peers.controllerChanged();
  expect(asked).rejects.toMatchObject({ error: "NOT_CONTROLLER" });
  await asked.catch(() => {});
});
