/** The listener of the metrics over real sockets, beside a node in memory. */
import { afterEach, expect, test } from "bun:test";
import { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { MemoryNode } from "../broker/testing/memory-node.ts";
import type { Broker, BrokerOptions } from "../broker.ts";
import type { HostPort } from "../config/endpoints.ts";
import { parseStatic } from "../config/static.ts";
import { serveHttp } from "../runtime/bun-http.ts";
import { startWithHttp, type WatchedBroker } from "./listener.ts";
import { answer } from "./routes.ts";

let running: MemoryNode | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

const withHttp = (options: BrokerOptions): Promise<Broker> =>
  startWithHttp(options, options.config.metricsListener as HostPort, serveHttp);

async function start(listener: string): Promise<string> {
  running = await MemoryNode.start({ "odradek.metrics.listener": listener }, new MemoryDisk(), withHttp);
  return (running.broker as WatchedBroker).metricsUrl;
}

test("odradek.metrics.listener: metrics at the port that was bound, and nothing else there", async () => {
  const url = await start("127.0.0.1:0");
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/metrics$/);
  const reply = await fetch(url);
  expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  expect(await reply.text()).toContain("\nkafka_controller_kafkacontroller_activecontrollercount 1\n");
  expect((await fetch(new URL("/", url))).status).toBe(404);
  expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(405);
  await running?.stop();
  await expect(fetch(url)).rejects.toThrow();
});

test("a port in use ends the start with what stands in its way", async () => {
  const { port } = new URL(await start("127.0.0.1:0"));
  const second = MemoryNode.start({ "odradek.metrics.listener": `127.0.0.1:${port}` }, new MemoryDisk(), withHttp);
  await expect(second).rejects.toMatchObject({ name: "ListenError", code: "EADDRINUSE" });
});

test("a host that nobody knows is not taken for a port in use", async () => {
  const served = serveHttp({ host: "nowhere.invalid", port: 0 }, () => ({ status: 200, type: "", body: "" }));
  await expect(served).rejects.toMatchObject({ code: "ENOTFOUND" });
});

test("before the node is up there is nothing to tell", () => {
  expect(answer("GET", "/metrics", null).status).toBe(503);
});

const listenerOf = (text: string) =>
  parseStatic({ file: null, overrides: [["odradek.metrics.listener", text]], workingDirectory: "/" }).metricsListener;

test.each([
  ["", null],
  ["localhost:9404", { host: "localhost", port: 9404 }],
  [":9404", { host: "", port: 9404 }],
  ["[::1]:0", { host: "::1", port: 0 }],
])("odradek.metrics.listener=%s", (text, listener) => expect(listenerOf(text)).toEqual(listener));

test.each(["9404", "localhost", "localhost:66000"])("odradek.metrics.listener=%s is refused", (text) => {
  expect(() => listenerOf(text)).toThrow("it is no HOST:PORT");
});
