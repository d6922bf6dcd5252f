/**
 * A process under clients that mean it harm: frames whose few bytes become many objects, answers many times their
 * question, bytes that never end. Its resident memory is measured from outside, and others are served all the while.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { Writer } from "../../protocol/bytes/writer.ts";
import { ApiVersions } from "../../protocol/generated/api-versions.ts";
import { type Broker, startOdradek } from "../lib/brokers.ts";
import { type AnyMessage, Wire } from "../oracle/raw/wire.ts";

const MIB = 1 << 20;
/** Unfinished requests may take 512 MiB; the rest is what one request becomes, twice, and the collector's delay. */
const RESIDENT_BYTES_MAX = 1536 * MIB;
const ATTACKERS = 8;

const NULL_OR_EMPTY = 1;

/** A frame of `unit` again and again, between a head and a tail. */
function flood(key: number, version: number, shape: { head: Write; unit: Write; tail?: Write; sizeBytes: number }) {
  const unit = written(shape.unit);
  const count = Math.floor(shape.sizeBytes / unit.length);
  const units = new Uint8Array(count * unit.length);
  for (let i = 0; i < count; i++) units.set(unit, i * unit.length);
  const body = written((to) => {
    to.int16(key);
    to.int16(version);
    to.int32(1);
    to.nullableString("hostile");
    to.noTags();
    shape.head(to);
    to.compactArrayLength(count);
    to.raw(units);
    shape.tail?.(to);
  });
  const size = new Uint8Array(4);
  new DataView(size.buffer).setInt32(0, body.length);
  return Buffer.concat([size, body]);
}

type Write = (to: Writer) => void;

function written(write: Write): Uint8Array {
  const to = new Writer();
  write(to);
  return to.finishBytes();
}

const bytes =
  (...values: readonly number[]): Write =>
  (to) =>
    to.raw(new Uint8Array(values));

const topicOfThreeBytes = bytes(NULL_OR_EMPTY, NULL_OR_EMPTY, 0);

/** What a client sends, by the number of bytes that it may have. */
const floods: Readonly<Record<string, (sizeBytes: number) => Buffer>> = {
  "topics of a Produce": (sizeBytes) =>
    flood(0, 9, { head: bytes(0, 0, 1, 0, 0, 3, 0xe8), unit: topicOfThreeBytes, tail: bytes(0), sizeBytes }),
  "topics of a Metadata": (sizeBytes) =>
    flood(3, 12, { head: () => {}, unit: bytes(...new Array(16).fill(0), 2, 97, 0), tail: bytes(0, 0, 0), sizeBytes }),
  "topics of a ListOffsets": (sizeBytes) =>
    flood(2, 6, { head: bytes(255, 255, 255, 255, 0), unit: topicOfThreeBytes, tail: bytes(0), sizeBytes }),
  "topics of an OffsetFetch": (sizeBytes) =>
    flood(9, 8, { head: bytes(2, 2, 103), unit: topicOfThreeBytes, tail: bytes(0, 0, 0), sizeBytes }),
  "groups of a DescribeGroups": (sizeBytes) =>
    flood(15, 5, { head: () => {}, unit: bytes(NULL_OR_EMPTY), tail: bytes(0, 0), sizeBytes }),
  "the broker's settings again and again": (sizeBytes) =>
    flood(32, 4, { head: () => {}, unit: bytes(4, 2, 49, 0, 0), tail: bytes(1, 1, 0), sizeBytes }),
  "tags that nobody knows": (sizeBytes) => flood(18, 3, { head: bytes(2, 97, 2, 97), unit: bytes(5, 0), sizeBytes }),
};

describe("hostile clients", () => {
  let broker: Broker;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    broker = await startOdradek();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await broker?.dispose();
  });

  const residentBytes = () =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${broker.pid}/status`, "utf8"))?.[1]) * 1024;
  const openFiles = () => readdirSync(`/proc/${broker.pid}/fd`).length;

  /** Sends, reads all that comes, and ends with the connection or the first answer. */
  function attack(frame: Uint8Array): Promise<"answered" | "closed"> {
    const [host, port] = broker.bootstrap.split(":") as [string, string];
    const socket = connect(Number(port), host);
    sockets.push(socket);
    return new Promise((done) => {
      socket.on("error", () => {});
      socket.on("close", () => done("closed"));
      socket.on("data", () => {
        done("answered");
        socket.destroy();
      });
      socket.write(frame);
    });
  }

  /** Runs it while measuring the memory; others ask in between. */
  async function peakDuring(work: Promise<unknown>): Promise<number> {
    let peak = 0;
    let busy = true;
    const ended = work.finally(() => {
      busy = false;
    });
    while (busy) {
      peak = Math.max(peak, residentBytes());
      await Bun.sleep(10);
    }
    await ended;
    return peak;
  }

  async function isServed(): Promise<boolean> {
    const wire = await Wire.open(broker.bootstrap);
    const answer = await wire.exchange(ApiVersions as AnyMessage, 0, {}, 20_000);
    wire.close();
    return "response" in answer;
  }

  test.skipIf(process.platform !== "linux").each(Object.keys(floods))(
    "memory stays bounded: %s",
    async (name) => {
      for (const sizeBytes of [400_000, 1_400_000, 60_000_000]) {
        const frame = (floods[name] as (sizeBytes: number) => Buffer)(sizeBytes);
        const attacks = Promise.all(Array.from({ length: ATTACKERS }, () => attack(frame)));
        expect(await peakDuring(attacks)).toBeLessThan(RESIDENT_BYTES_MAX);
        expect(await isServed()).toBe(true);
      }
    },
    120_000,
  );

  test.skipIf(process.platform !== "linux")("half frames and silence hold their bytes, and nobody else", async () => {
    const half = Buffer.alloc(600_000);
    half.writeInt32BE(100 * MIB);
    const [host, port] = broker.bootstrap.split(":") as [string, string];
    const before = residentBytes();
    for (let i = 0; i < 200; i++) {
      const socket = connect(Number(port), host);
      socket.on("error", () => {});
      socket.write(half);
      sockets.push(socket);
    }
    for (let asked = 0; asked < 20; asked++) expect(await isServed()).toBe(true);
    expect(residentBytes() - before).toBeLessThan(512 * MIB);
  });

  test.skipIf(process.platform !== "linux")("no connection stays behind", async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (let tries = 0; tries < 100 && openFiles() > 40; tries++) await Bun.sleep(50);
    expect(openFiles()).toBeLessThan(40);
  });
});
