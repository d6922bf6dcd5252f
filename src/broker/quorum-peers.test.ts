import { expect, test } from "bun:test";
import type { Disk, Work } from "../../base/ports.ts";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryNet } from "../../base/testing/memory-net.ts";
import { BrokerHeartbeat } from "../../protocol/generated/broker-heartbeat.ts";
import { EndQuorumEpoch } from "../../protocol/generated/end-quorum-epoch.ts";
import { LiveConfig } from "../config/live.ts";
import { parseStatic } from "../config/static.ts";
import { ownContext } from "../metadata/controller/channel.ts";
import { QuorumPeers } from "./quorum-peers.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

const to = { nodeId: 1, host: "127.0.0.1", port: 9093 };

/** Of node 2; node 1 takes connections, and never says a word. */
async function peersOf(overrides: readonly [string, string][] = []) {
  const net = new MemoryNet();
  await net.listen(to, () => ({ data() {}, drain() {}, closed() {} }));
  const clock = new FakeClock();
  const [disk, work] = [undefined as unknown as Disk, undefined as unknown as Work];
  const config = new LiveConfig(parseStatic({ file: null, overrides, workingDirectory: "/" }), logger);
  return { clock, peers: new QuorumPeers({ clock, random: new Prng(1), net, disk, work, logger }, config, 2) };
}

test("what a vanished controller was asked is refused at once when there is another", async () => {
  const { peers } = await peersOf();
  const heartbeat = {
    ...{ brokerId: 2, brokerEpoch: 5, currentMetadataOffset: 7, wantFence: false, wantShutDown: false },
    ...{ offlineLogDirs: [], cordonedLogDirs: null },
  };
  const asked = peers.ask(to, BrokerHeartbeat, heartbeat, ownContext(1), 30_000);
  peers.controllerChanged();
  expect(asked).rejects.toMatchObject({ error: "NOT_CONTROLLER" });
  await asked.catch(() => {});
});

test("controller.quorum.request.timeout.ms: so long a request between controllers may stay unanswered", async () => {
  const { clock, peers } = await peersOf([["controller.quorum.request.timeout.ms", "700"]]);
  let failure: unknown = null;
  const epoch = { clusterId: null, topics: [], leaderEndpoints: [] };
  peers.network.ask(to, EndQuorumEpoch, epoch).catch((error) => {
    failure = error;
  });
  await clock.run(690, 10);
  expect(failure).toBeNull();
  await clock.run(20, 10);
  expect(failure).toMatchObject({ failure: "timeout" });
});
