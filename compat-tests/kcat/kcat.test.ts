/** kcat 1.7.1 (librdkafka): metadata, produce and consume with each compression, a group, offsets by time. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { available, has } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { words } from "../lib/text.ts";

const have = available("kcat", has("kcat"));

describe.skipIf(!have)("kcat", () => {
  let broker: Broker;
  const kcat = (args: readonly string[], input?: string) =>
    run(["kcat", "-b", broker.bootstrap, ...args], { timeoutMs: 60_000, ...(input === undefined ? {} : { input }) });

  beforeAll(async () => {
    broker = await startSubject();
  });
  afterAll(() => broker.dispose());

  test.each(["none", "gzip", "snappy", "lz4", "zstd"])("20,000 lines there and back: %s", async (codec) => {
    const text = words(20_000);
    const topic = `kcat-${codec}`;
    const sent = await kcat(["-P", "-t", topic, "-z", codec, "-X", "acks=all", "-X", "enable.idempotence=true"], text);
    expect(sent.exitCode).toBe(0);
    const read = await kcat(["-C", "-t", topic, "-o", "beginning", "-e", "-q"]);
    expect(read.stdout.length).toBe(text.length);
    expect(Bun.hash(read.stdout)).toBe(Bun.hash(text));
  });

  test("keys, headers and empty values", async () => {
    await kcat(["-P", "-t", "kcat-keys", "-K", ":", "-Z", "-H", "trace=1"], "a:1\nb:\n:3\n");
    const read = await kcat(["-C", "-t", "kcat-keys", "-o", "beginning", "-e", "-q", "-Z", "-f", "%k|%s|%h|%o\n"]);
    expect(read.stdout).toBe("a|1|trace=1|0\nb|NULL|trace=1|1\nNULL|3|trace=1|2\n");
  });

  test("metadata names the broker and the partitions", async () => {
    const { stdout } = await kcat(["-L", "-J"]);
    const metadata = JSON.parse(stdout) as { brokers: { id: number; name: string }[]; topics: { topic: string }[] };
    expect(metadata.brokers).toEqual([{ id: 1, name: broker.bootstrap }]);
    expect(metadata.topics.map(({ topic }) => topic)).toContain("kcat-none");
  });

  test("a group reads all of it once and goes on where it committed", async () => {
    const consume = () => kcat(["-G", "kcat-group", "-e", "-q", "-X", "auto.offset.reset=earliest", "kcat-gzip"]);
    expect((await consume()).stdout.split("\n").length).toBe(20_001);
    await kcat(["-P", "-t", "kcat-gzip"], "one more\n");
    expect((await consume()).stdout).toBe("one more\n");
  });

  test("offsets by time", async () => {
    const { stdout } = await kcat(["-Q", "-t", "kcat-none:0:-1"]);
    expect(stdout).toContain("kcat-none [0] offset 20000");
  });
});
