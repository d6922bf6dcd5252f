import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryNet } from "../../base/testing/memory-net.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { readResponseHeader, requestFrame } from "../../protocol/frame.ts";
import { ApiVersions, type ApiVersionsResponse } from "../../protocol/generated/api-versions.ts";
import { apiVersions } from "../apis/18-api-versions.ts";
import { type AnyApi, api } from "../apis/api.ts";
import type { Services } from "../apis/services.ts";
import { emptyImage } from "../metadata/image.ts";
import { BunClock } from "../runtime/bun-clock.ts";
import { BunDisk } from "../runtime/bun-disk.ts";
import { loadSystemCalls } from "../runtime/bun-mmap.ts";
import { BunNet } from "../runtime/bun-net.ts";
import { BunWork } from "../runtime/bun-work.ts";
import { Server } from "./server.ts";
import { defaultServerSettings } from "./settings.ts";
import { exclusive, frameOf, joined, overlapping, type Toy, ToyClient, toyApis } from "./testing/toy.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(0);
});

function servicesWith(apis: readonly AnyApi[]): Services {
  const image = {
    ...emptyImage(),
    features: {
      metadataVersion: 30,
      finalized: new Map([
        ["group.version", 1],
        ["share.version", 0],
      ]),
      zkMigrationState: null,
    },
    provenance: { offset: 42, epoch: 1, timestampMs: 0 },
  };
  return { apis, image: () => image, kraftVersion: () => 1 } as unknown as Services;
}

/** On a real socket of 127.0.0.1. */
async function serve(apis: ReadonlyMap<number, AnyApi>, kind: "broker" | "controller" = "broker") {
  const server = new Server({
    clock: new BunClock(),
    work: new BunWork(),
    net: new BunNet(),
    logger: silent,
    settings: defaultServerSettings,
    services: servicesWith([...apis.values()]),
    apis,
  });
  servers.push(server);
  const port = await server.listen({ name: "PLAINTEXT", kind, host: "127.0.0.1", port: 0 });
  return { server, address: { host: "127.0.0.1", port } };
}

const produce = api<Toy, Toy>({
  message: { ...overlapping, versions: [3, 13] },
  versions: [3, 13],
  listeners: ["broker"],
  refused: (request) => request,
  handle: (_, request) => request,
});
const hidden = api<Toy, Toy>({
  ...produce,
  message: { ...exclusive, key: 62 },
  versions: [0, 4],
  listeners: ["controller"],
});
const unadvertised = api<Toy, Toy>({
  ...produce,
  message: { ...exclusive, key: 71 },
  versions: [0, 0],
  advertised: false,
});
const spoken = new Map<number, AnyApi>(
  [produce, apiVersions, hidden, unadvertised].map((each) => [each.message.key, each]),
);

async function askVersions(
  version: number,
  software = { clientSoftwareName: "a-b.c", clientSoftwareVersion: "1.0" },
  kind: "broker" | "controller" = "broker",
  answeredAs = version,
): Promise<ApiVersionsResponse> {
  const { address } = await serve(spoken, kind);
  const client = new ToyClient(new BunNet(), address);
  const asked = Math.min(version, 4);
  const frame = joined(requestFrame(ApiVersions, software, asked, { correlationId: 7, clientId: null }));
  frame[7] = version;
  await client.write(frame);
  await client.until(4);
  const from = new Reader(client.received);
  await client.until(4 + from.int32());
  from.point(client.received, 4);
  expect(readResponseHeader(from, ApiVersions, answeredAs)).toBe(7);
  const response = ApiVersions.readResponse(from, answeredAs);
  expect(from.remaining).toBe(0);
  client.link.destroy();
  return response;
}

const ranges = ({ apiKeys }: ApiVersionsResponse) =>
  apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, minVersion, maxVersion]);

test.each([0, 1, 2, 3, 4])("ApiVersions v%d lists what a broker listener serves, Produce from 0", async (version) => {
  const response = await askVersions(version);
  expect(response.errorCode).toBe(0);
  expect(ranges(response)).toEqual([
    [0, 0, 13],
    [18, 0, 4],
  ]);
});

test("ApiVersions v4 has the features; v3 leaves out those that begin at 0", async () => {
  const four = await askVersions(4);
  expect(four.supportedFeatures.map(({ name }) => name)).toContain("kraft.version");
  expect(four.finalizedFeaturesEpoch).toBe(42);
  expect(four.finalizedFeatures.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: "group.version", minVersionLevel: 1, maxVersionLevel: 1 },
    { name: "kraft.version", minVersionLevel: 1, maxVersionLevel: 1 },
    { name: "metadata.version", minVersionLevel: 30, maxVersionLevel: 30 },
  ]);
  const three = await askVersions(3);
  expect(three.supportedFeatures).toEqual([{ name: "metadata.version", minVersion: 7, maxVersion: 30 }]);
});

test("ApiVersions on the controller listener lists its own APIs, and kraft.version too", async () => {
  const response = await askVersions(4, undefined, "controller");
  expect(ranges(response)).toEqual([
    [18, 0, 4],
    [62, 0, 4],
  ]);
  expect(response.finalizedFeatures.map(({ name }) => name)).toContain("kraft.version");
});

test.each([5, 99])("ApiVersions v%d is answered at version 0, with our range", async (version) => {
  const response = await askVersions(version, undefined, "broker", 0);
  expect(response.errorCode).toBe(35);
  expect(ranges(response)).toEqual([[18, 0, 4]]);
});

test.each([
  ["", "1.0"],
  ["-a", "1.0"],
  ["a", "1.0-"],
  ["a b", "1"],
])("ApiVersions refuses the software '%s' '%s'", async (clientSoftwareName, clientSoftwareVersion) => {
  const response = await askVersions(3, { clientSoftwareName, clientSoftwareVersion });
  expect([response.errorCode, response.apiKeys]).toEqual([42, []]);
  const old = await askVersions(2, { clientSoftwareName, clientSoftwareVersion });
  expect(old.errorCode).toBe(0); // the older versions do not carry it
});

test("an API of the other listener closes the connection", async () => {
  const { address } = await serve(spoken);
  const client = new ToyClient(new BunNet(), address);
  await client.write(frameOf({ ...exclusive, key: 62 }, 1));
  await client.whenClosed;
  expect(client.received).toHaveLength(0);
});

test("a stream split at every byte is answered the same, on a real socket", async () => {
  const { address } = await serve(toyApis((request) => request));
  const bytes = joined([frameOf(overlapping, 1, new Uint8Array(20)), frameOf(exclusive, 2), frameOf(overlapping, 3)]);
  const answerBytes = 3 * 16 + 20;
  const clients: ToyClient[] = [];
  for (let at = 1; at < bytes.length; at++) {
    const client = new ToyClient(new BunNet(), address);
    clients.push(client);
    await client.write(bytes.subarray(0, at));
    await new Promise((next) => setImmediate(next));
    await client.write(bytes.subarray(at));
    await client.until(answerBytes);
    expect(client.replies().map(({ number }) => number)).toEqual([1, 2, 3]);
  }
  for (const client of clients) client.link.destroy();
});

test("a slow reader of a real socket gets 60 MB whole", async () => {
  const big = Uint8Array.from({ length: 20_000_000 }, (_, index) => (index * 7) % 253);
  const { address } = await serve(toyApis(({ number }) => ({ number, bytes: big })));
  const client = new ToyClient(new BunNet(), address);
  await client.opened;
  client.link.pause();
  await client.write(...[1, 2, 3].map((number) => frameOf(overlapping, number)));
  await new Promise((next) => setTimeout(next, 20));
  client.link.resume();
  await client.until(3 * (16 + big.length));
  const received = client.received;
  for (const index of [0, 1, 2]) {
    const start = index * (16 + big.length) + 16;
    expect(Buffer.from(received.buffer, start, big.length).equals(big)).toBe(true);
  }
  client.link.destroy();
});

test("a mapped view whose pages cannot be read closes its connection, and is released", async () => {
  const folder = mkdtempSync(join(tmpdir(), "odradek-view-"));
  const disk = new BunDisk(loadSystemCalls());
  const file = disk.open(join(folder, "log"));
  disk.write(file, 0, [new Uint8Array(1 << 20)]);
  const view = disk.view(file, 0, 1 << 20);
  truncateSync(join(folder, "log"), 300_000); // reading beyond it is what a failing device looks like
  const released = Promise.withResolvers<void>();
  const { address } = await serve(
    toyApis(({ number }, context) => {
      context.afterSent(() => {
        view.release();
        released.resolve();
      });
      return { number, bytes: view.bytes };
    }),
  );
  const client = new ToyClient(new BunNet(), address);
  await client.write(frameOf(overlapping, 1));
  await client.whenClosed;
  await released.promise;
  expect(client.received.length).toBeLessThan(310_000);
  disk.close(file);
  rmSync(folder, { recursive: true });
});

test("garbage of every kind closes its connection and hurts nobody else", async () => {
  const { address, server } = await serve(spoken);
  const healthy = new ToyClient(new BunNet(), address);
  let state = 12345;
  const random = (limit: number) => {
    state = (state * 1103515245 + 12345) & 0x7fff_ffff;
    return state % limit;
  };
  const attackers = Array.from({ length: 200 }, () => new ToyClient(new BunNet(), address));
  for (const attacker of attackers) {
    const bytes = Uint8Array.from({ length: 4 + random(300) }, () => random(256));
    if (random(2) === 0) bytes.set([0, 0, 0, Math.min(255, bytes.length)]);
    await attacker.write(bytes);
  }
  await healthy.write(frameOf({ ...overlapping }, 5, undefined, 3));
  await healthy.until(16);
  expect(healthy.replies().map(({ number }) => number)).toEqual([5]);
  for (const attacker of attackers) attacker.link.end();
  // No order holds between connections: what each of them held is given back once its own end has arrived.
  while (server.connectionCount > 1) await new Promise((next) => setImmediate(next));
  expect(server.heldInputBytes).toBe(0);
  healthy.link.destroy();
});

test("the same server speaks through a network in memory", async () => {
  const net = new MemoryNet();
  const server = new Server({
    clock: new BunClock(),
    work: new BunWork(),
    net,
    logger: silent,
    settings: defaultServerSettings,
    services: servicesWith([]),
    apis: toyApis((request) => request),
  });
  servers.push(server);
  const port = await server.listen({ name: "PLAINTEXT", kind: "broker", host: "", port: 0 });
  const client = new ToyClient(net, { host: "127.0.0.1", port });
  await client.write(frameOf(exclusive, 1));
  await client.until(16);
  expect(client.replies().map(({ number }) => number)).toEqual([1]);
});
