/** What a running node promises beyond single answers: in raw requests, because clients try again and hide it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { ZERO_UUID } from "../../base/uuid.ts";
import { errorName } from "../../protocol/errors.ts";
import { requestFrame } from "../../protocol/frame.ts";
import { ApiVersions } from "../../protocol/generated/api-versions.ts";
import { CreateTopics } from "../../protocol/generated/create-topics.ts";
import { DeleteTopics } from "../../protocol/generated/delete-topics.ts";
import { Fetch } from "../../protocol/generated/fetch.ts";
import { FindCoordinator } from "../../protocol/generated/find-coordinator.ts";
import { Produce } from "../../protocol/generated/produce.ts";
import type { Message } from "../../protocol/message.ts";
import { consumerFetch, consumerPartition } from "../../protocol/testing/consumer-fetch.ts";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { batch } from "../oracle/cases/steps.ts";
import { type AnyMessage, Wire } from "../oracle/raw/wire.ts";

let broker: Broker;
beforeAll(async () => {
  broker = await startSubject();
});
afterAll(() => broker?.dispose());

async function ask<Request, Response>(
  wire: Wire,
  message: Message<Request, Response>,
  version: number,
  request: Request,
) {
  const answer = await wire.exchange(message as AnyMessage, version, request);
  if (!("response" in answer)) throw new Error(`${message.name}: ${JSON.stringify(answer)}`);
  return answer.response as Response;
}

async function create(wire: Wire, name: string, numPartitions = 1): Promise<void> {
  const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] };
  const { topics } = await ask(wire, CreateTopics, 5, { topics: [topic], timeoutMs: 10_000, validateOnly: false });
  expect(errorName(topics[0]?.errorCode ?? -1)).toBe("NONE");
}

async function produce(wire: Wire, name: string, records: Uint8Array, index = 0): Promise<string> {
  const { responses } = await ask(wire, Produce, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 5_000,
    topicData: [{ name, topicId: ZERO_UUID, partitionData: [{ index, records }] }],
  });
  return errorName(responses[0]?.partitionResponses[0]?.errorCode ?? -1);
}

test("a Produce right after the answer to CreateTopics does not fail, a hundred times", async () => {
  const wire = await Wire.open(broker.bootstrap);
  const other = await Wire.open(broker.bootstrap);
  for (let i = 0; i < 100; i++) {
    await create(wire, `at-once-${i}`, 3);
    expect([i, await produce(other, `at-once-${i}`, batch(["x"]), i % 3)]).toEqual([i, "NONE"]);
  }
  wire.close();
  other.close();
}, 30_000);

test("the first FindCoordinator makes the offsets topic; until it is there the error is one to try again", async () => {
  const wire = await Wire.open(broker.bootstrap);
  const seen = new Set<string>();
  for (let tries = 0; tries < 200 && !seen.has("NONE"); tries++) {
    const found = await ask(wire, FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["first"] });
    seen.add(errorName(found.coordinators[0]?.errorCode ?? -1));
    await Bun.sleep(10);
  }
  expect([...seen]).toEqual(["COORDINATOR_NOT_AVAILABLE", "NONE"]);
  wire.close();
});

test("twenty thousand requests in one piece are answered, in order", async () => {
  const [host, port] = broker.bootstrap.split(":") as [string, string];
  const frames = Array.from({ length: 20_000 }, (_, correlationId) =>
    Buffer.concat(
      requestFrame(ApiVersions, { clientSoftwareName: "", clientSoftwareVersion: "" }, 0, {
        correlationId,
        clientId: null,
      }),
    ),
  );
  const socket = connect(Number(port), host);
  socket.write(Buffer.concat(frames));
  let rest = Buffer.alloc(0);
  let next = 0;
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 8 && rest.length >= 4 + rest.readInt32BE(0)) {
      expect(rest.readInt32BE(4)).toBe(next++);
      rest = rest.subarray(4 + rest.readInt32BE(0));
    }
    if (next === frames.length) break;
  }
  expect(next).toBe(frames.length);
  socket.destroy();
}, 20_000);

test("a fetch that waits on a topic is answered when the topic is deleted", async () => {
  const wire = await Wire.open(broker.bootstrap);
  const waiting = await Wire.open(broker.bootstrap);
  await create(wire, "goes");
  const fetched = ask(
    waiting,
    Fetch,
    12,
    consumerFetch({ topic: "goes" }, [consumerPartition(0, 0)], { maxWaitMs: 14_000 }),
  );
  await Bun.sleep(200);
  await ask(wire, DeleteTopics, 5, { topics: [], topicNames: ["goes"], timeoutMs: 5_000 });
  const { responses } = await fetched;
  const error = errorName(responses[0]?.partitions[0]?.errorCode ?? -1);
  expect(["UNKNOWN_TOPIC_OR_PARTITION", "NOT_LEADER_OR_FOLLOWER"]).toContain(error);
  wire.close();
  waiting.close();
}, 15_000);

describe.skipIf(process.platform !== "linux")("clients that ask and never read", () => {
  const residentBytes = () =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${broker.pid}/status`, "utf8"))?.[1]) * 1024;

  test("hold neither memory nor anybody else", async () => {
    const wire = await Wire.open(broker.bootstrap);
    await create(wire, "unread");
    for (let i = 0; i < 30; i++) expect(await produce(wire, "unread", batch(["y".repeat(900_000)]))).toBe("NONE");
    const before = residentBytes();
    const frame = Buffer.concat(
      requestFrame(
        Fetch,
        consumerFetch({ topic: "unread" }, [consumerPartition(0, 0)], { maxWaitMs: 500, maxBytes: 50 << 20 }),
        12,
        { correlationId: 1, clientId: null },
      ),
    );
    const [host, port] = broker.bootstrap.split(":") as [string, string];
    const frames = Buffer.concat(Array.from({ length: 20 }, () => frame));
    const open = (socket: Bun.Socket) => {
      socket.pause();
      socket.write(frames);
    };
    const sockets = await Promise.all(
      Array.from({ length: 200 }, () =>
        Bun.connect({ hostname: host, port: Number(port), socket: { open, data() {}, error() {} } }),
      ),
    );
    await Bun.sleep(1_000);
    expect(await produce(wire, "unread", batch(["z"]))).toBe("NONE");
    expect(residentBytes() - before).toBeLessThan(150 << 20);
    for (const socket of sockets) socket.terminate();
    wire.close();
  }, 30_000);
});

test("an empty host listens on both families", async () => {
  const port = Number(broker.bootstrap.split(":")[1]) > 40_000 ? 31_392 : 41_392;
  const both = await startSubject({
    settings: {
      listeners: `PLAINTEXT://:${port},CONTROLLER://localhost:${port + 1}`,
      "advertised.listeners": `PLAINTEXT://localhost:${port}`,
      "controller.quorum.bootstrap.servers": `localhost:${port + 1}`,
    },
  });
  for (const host of ["127.0.0.1", "::1"]) {
    const reached = await new Promise<boolean>((done) => {
      const socket = connect(port, host, () => done(true));
      socket.on("error", () => done(false));
    });
    expect([host, reached]).toEqual([host, true]);
  }
  await both.dispose();
}, 30_000);
