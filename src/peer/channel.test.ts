import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryNet, type MemoryNetOptions } from "../../base/testing/memory-net.ts";
import { ApiVersions } from "../../protocol/generated/api-versions.ts";
import { BrokerHeartbeat } from "../../protocol/generated/broker-heartbeat.ts";
import { Heartbeat } from "../../protocol/generated/heartbeat.ts";
import { LeaveGroup } from "../../protocol/generated/leave-group.ts";
import { Channel, ChannelError, type ChannelSettings } from "./channel.ts";
import { Channels } from "./channels.ts";
import { FakePeer } from "./testing/fake-peer.ts";

const beat = (generationId: number) => ({ groupId: "g", generationId, memberId: "m", groupInstanceId: null });
const answer = (errorCode: number) => ({ throttleTimeMs: 0, errorCode });

async function open(settings: Partial<ChannelSettings> = {}, netOptions: MemoryNetOptions = {}) {
  const net = new MemoryNet(netOptions);
  const clock = new FakeClock();
  const peer = await FakePeer.listen(net, [Heartbeat]);
  const told: string[] = [];
  const events = { connected: () => told.push("connected"), disconnected: (by: string) => told.push(`lost by ${by}`) };
  const address = { host: "127.0.0.1", port: peer.port };
  const options = { net, clock, random: new Prng(1), clientId: "broker-1", settings, events };
  return { net, clock, peer, told, channel: new Channel({ ...options, address }), options };
}

/** How a request ends that is not answered. */
async function failureOf(sent: Promise<unknown>): Promise<[string, boolean]> {
  const cause = await sent.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(cause instanceof ChannelError)) throw new Error(`answered, or ${cause}`);
  return [cause.failure, cause.sent];
}

const settle = async () => {
  for (let i = 0; i < 30; i++) await Promise.resolve();
};

test.each([[Infinity], [1], [7]])("answers find their requests, in chunks of %d bytes", async (chunkBytes) => {
  const { channel, peer, told } = await open({}, { chunkBytes });
  const replies = [1, 2, 3].map((generation) => channel.send(Heartbeat, beat(generation)));
  const asked = await peer.takes(3);
  expect(asked.map(({ version, clientId, request }) => [version, clientId, request.generationId])).toEqual([
    [4, "broker-1", 1],
    [4, "broker-1", 2],
    [4, "broker-1", 3],
  ]);
  for (const each of asked) each.answer(answer(20 + each.request.generationId));
  expect((await Promise.all(replies)).map(({ errorCode }) => errorCode)).toEqual([21, 22, 23]);
  expect(told).toEqual(["connected"]);
});

test("the version is the highest that both sides speak and the sender wants", async () => {
  const { channel, peer } = await open();
  peer.versions = [
    { apiKey: ApiVersions.key, minVersion: 0, maxVersion: 4 },
    { apiKey: Heartbeat.key, minVersion: 0, maxVersion: 2 },
  ];
  void channel.send(Heartbeat, (version) => beat(100 + version));
  void channel.send(Heartbeat, (version) => beat(100 + version), 1);
  const asked = await peer.takes(2);
  expect(asked.map(({ version, request }) => [version, request.generationId])).toEqual([
    [2, 102],
    [1, 101],
  ]);
  expect([channel.versionOf(Heartbeat), channel.versionOf(Heartbeat, 0)]).toEqual([2, 0]);
});

test("an API that the peer does not speak is refused before it is sent", async () => {
  const { channel } = await open();
  const request = { groupId: "g", memberId: "m", members: [] };
  expect(await failureOf(channel.send(LeaveGroup, request))).toEqual(["unsupportedVersion", false]);
});

test("a request that has no place in the peer's version is refused before it is sent, and the next one goes", async () => {
  const { channel, peer, clock } = await open();
  peer.versions = [
    { apiKey: ApiVersions.key, minVersion: 0, maxVersion: 4 },
    { apiKey: BrokerHeartbeat.key, minVersion: 0, maxVersion: 1 },
    { apiKey: Heartbeat.key, minVersion: 0, maxVersion: 4 },
  ];
  const ids = { brokerId: 1, brokerEpoch: 2, currentMetadataOffset: 3 };
  const wants = { wantFence: false, wantShutDown: false, offlineLogDirs: [], cordonedLogDirs: [] };
  const refused = failureOf(channel.send(BrokerHeartbeat, { ...ids, ...wants }));
  const reply = channel.send(Heartbeat, beat(1));
  expect(await refused).toEqual(["unsupportedVersion", false]);
  const [asked] = await peer.takes(1);
  asked?.answer(answer(7));
  expect((await reply).errorCode).toBe(7);
  clock.advance(60_000); // nothing waits any more
});

test("a peer of older ApiVersions is asked again in its own version", async () => {
  const { channel, peer } = await open();
  peer.versions = [
    { apiKey: ApiVersions.key, minVersion: 0, maxVersion: 2 },
    { apiKey: Heartbeat.key, minVersion: 0, maxVersion: 3 },
  ];
  const reply = channel.send(Heartbeat, beat(1));
  (await peer.takes(1))[0]?.answer(answer(0));
  expect(await reply).toEqual(answer(0));
});

test("no more requests than allowed are on the wire", async () => {
  const { channel, peer } = await open({ inFlightMax: 2 });
  const replies = [1, 2, 3].map((generation) => channel.send(Heartbeat, beat(generation)));
  await peer.takes(2);
  await settle();
  expect(peer.asked.length).toBe(2);
  peer.asked[0]?.answer(answer(0));
  (await peer.takes(3)).slice(1).forEach((each) => void each.answer(answer(0)));
  expect((await Promise.all(replies)).length).toBe(3);
});

test("the end of a connection rejects what is on the wire; what was not sent goes over the next one", async () => {
  const { channel, peer, told, clock } = await open({ inFlightMax: 1 });
  const first = channel.send(Heartbeat, beat(1));
  const second = channel.send(Heartbeat, beat(2));
  (await peer.takes(1))[0]?.close();
  expect(await failureOf(first)).toEqual(["disconnected", true]);
  expect(told).toEqual(["connected", "lost by peer"]);
  clock.advance(0);
  (await peer.takes(2))[1]?.answer(answer(7));
  expect(await second).toEqual(answer(7));
  expect(told).toEqual(["connected", "lost by peer", "connected"]);
});

test("an answer that does not come in time ends the connection", async () => {
  const { channel, peer, clock, told } = await open();
  const late = channel.send(Heartbeat, beat(1), null, { timeoutMs: 100 });
  const other = channel.send(Heartbeat, beat(2));
  await peer.takes(2);
  clock.advance(100);
  expect([await failureOf(late), await failureOf(other)]).toEqual([
    ["timeout", true],
    ["disconnected", true],
  ]);
  expect(told).toEqual(["connected", "lost by us"]);
});

test("attempts that fail come after longer and longer pauses, up to a limit", async () => {
  const { options, clock } = await open({ backoffMs: 100, backoffMaxMs: 400 });
  const channel = new Channel({ ...options, address: { host: "127.0.0.1", port: 1 } });
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const beganMs = clock.ticksMs();
    const failure = failureOf(channel.send(Heartbeat, beat(1)));
    for (let i = 0; i < 100 && channel.state === "backOff"; i++) clock.advance(10);
    pauses.push(clock.ticksMs() - beganMs);
    expect(await failure).toEqual(["refused", false]);
  }
  const within = (pause: number | undefined, ms: number) =>
    pause !== undefined && pause >= ms * 0.8 && pause <= ms * 1.2 + 10;
  expect(pauses.map((pause, i) => within(pause, [0, 100, 200, 400][i] as number))).toEqual([true, true, true, true]);
});

test("a request waits for a connection only as long as it may", async () => {
  const { channel, peer, clock } = await open();
  peer.answersVersions = false;
  const sent = failureOf(channel.send(Heartbeat, beat(1), null, { timeoutMs: 300 }));
  await settle();
  clock.advance(300);
  expect(await sent).toEqual(["timeout", false]);
});

test("a peer that says nothing is given up after the setup time", async () => {
  const { channel, peer, clock } = await open({ setupTimeoutMs: 500 });
  peer.answersVersions = false;
  const sent = failureOf(channel.send(Heartbeat, beat(1)));
  await settle();
  clock.advance(500);
  expect(await sent).toEqual(["disconnected", false]);
});

test("a closed channel rejects what waits and what comes", async () => {
  const { channel, peer } = await open();
  const sent = channel.send(Heartbeat, beat(1));
  await peer.takes(1);
  channel.close();
  expect(await failureOf(sent)).toEqual(["closed", true]);
  expect(await failureOf(channel.send(Heartbeat, beat(2)))).toEqual(["closed", false]);
});

test("an answer to another request ends the connection", async () => {
  const { channel, peer, told } = await open();
  const sent = failureOf(channel.send(Heartbeat, beat(1)));
  await peer.takes(1);
  peer.links[0]?.write(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 99));
  expect(await sent).toEqual(["disconnected", true]);
  expect(told).toEqual(["connected", "lost by us"]);
});

test("one channel per node, listener and purpose; a node that moved gets another", async () => {
  const { options } = await open();
  const channels = new Channels(options);
  const key = { nodeId: 1, listener: "PLAINTEXT", purpose: "fetch" };
  const at = (port: number) => ({ host: "127.0.0.1", port });
  const first = channels.to(key, at(1), options);
  expect(channels.to(key, at(1), options)).toBe(first);
  expect(channels.to({ ...key, purpose: "raft" }, at(1), options)).not.toBe(first);
  const moved = channels.to(key, at(2), options);
  expect([moved === first, first.state, moved.state]).toEqual([false, "closed", "idle"]);
});
