import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import { ZERO_UUID } from "../../base/uuid.ts";
import { code, KafkaError } from "../../protocol/errors.ts";
import { bytes, controllerAt, Heard, path, Quorum, testSettings, text } from "./testing/raft-fixture.ts";

test("a formatted directory becomes a quorum of one that commits", async () => {
  const quorum = new Quorum();
  const heard = new Heard();
  const driver = await quorum.open(heard);
  await quorum.settle();
  expect(heard.leaders).toEqual([{ leaderId: 1, epoch: 1 }]);
  expect(driver.append(1, [bytes("a"), bytes("b")])).toBe(4);
  expect(heard.values).toEqual([]); // not before the disk has it
  await quorum.settle();
  expect(heard.values).toEqual(["a", "b"]);
  expect(heard.offsets).toEqual([3, 4]);
  expect(driver.highWatermark).toBe(5);
  expect(text(quorum.disk.contentOf(`${path}/quorum-state`))).toBe(
    '{"leaderId":1,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}',
  );
  expect(driver.describe()).toMatchObject({ leaderId: 1, epoch: 1, highWatermark: 5, kraftVersion: 1 });
  expect(quorum.fatal).toEqual([]);
});

test("nothing is committed while the device has not answered", async () => {
  const quorum = new Quorum();
  const heard = new Heard();
  const driver = await quorum.open(heard);
  await quorum.settle();
  const held = Promise.withResolvers<void>();
  quorum.disk.gate = () => held.promise;
  driver.append(1, [bytes("a")]);
  await quorum.settle();
  expect(heard.values).toEqual([]);
  held.resolve();
  await quorum.settle();
  expect(heard.values).toEqual(["a"]);
});

test("the appends of one turn share one sync", async () => {
  const quorum = new Quorum();
  const driver = await quorum.open();
  await quorum.settle();
  const before = quorum.disk.counts.get("sync") ?? 0;
  for (let n = 0; n < 50; n++) driver.append(1, [bytes(`${n}`)]);
  await quorum.settle();
  expect(driver.highWatermark).toBe(53);
  expect((quorum.disk.counts.get("sync") ?? 0) - before).toBeLessThanOrEqual(2);
});

test("a directory made at the first start survives the power cut that follows the first commit", async () => {
  const quorum = new Quorum();
  const { disk } = quorum;
  for (const { name } of disk.list(path)) disk.unlink(`${path}/${name}`);
  disk.removeDirectory(path);
  await disk.syncDirectory("/data");
  quorum.options = {
    staticVoters: [{ id: 1, directoryId: ZERO_UUID, endpoints: [controllerAt(9093)], kraftVersions: [0, 1] }],
  };
  const driver = await quorum.open();
  await quorum.settle();
  driver.append(1, [bytes("a")]);
  await quorum.settle();
  expect(driver.highWatermark).toBe(2);
  disk.crash();
  const heard = new Heard();
  await quorum.open(heard);
  await quorum.settle();
  expect(heard.values).toEqual(["a"]);
  expect(heard.leaders).toEqual([{ leaderId: 1, epoch: 2 }]);
});

test("after kill -9 a new epoch begins and every committed record is there", async () => {
  const quorum = new Quorum();
  const driver = await quorum.open();
  await quorum.settle();
  driver.append(1, [bytes("a"), bytes("b")]);
  await quorum.settle();
  quorum.disk.kill();
  const heard = new Heard();
  await quorum.open(heard);
  await quorum.settle();
  expect(heard.values).toEqual(["a", "b"]);
  expect(heard.leaders).toEqual([{ leaderId: 1, epoch: 2 }]);
});

test("a controller port that changed is in the voter record before the leader is announced", async () => {
  const quorum = new Quorum();
  const first = await quorum.open();
  await quorum.settle();
  await first.close();
  quorum.port = 40_001;
  const heard = new Heard();
  const driver = await quorum.open(heard);
  heard.onLeader = ({ leaderId }) => {
    if (leaderId === 1) expect(driver.describe().voters[0]?.endpoints).toEqual([controllerAt(40_001)]);
  };
  await quorum.settle();
  expect(heard.leaders).toHaveLength(1);
  await driver.close();
  const again = await quorum.open();
  await quorum.settle();
  expect(again.describe().voters[0]?.endpoints).toEqual([controllerAt(40_001)]);
  expect(again.endOffset).toBe(7); // 3 + 3 (with the voters) + 1 (without)
});

test("who does not lead cannot append", async () => {
  const quorum = new Quorum();
  const driver = await quorum.open();
  await quorum.settle();
  expect(() => driver.append(0, [bytes("a")])).toThrow(KafkaError);
  driver.resign(1);
  expect(() => driver.append(1, [bytes("a")])).toThrow(KafkaError);
  await quorum.clock.run(2_100);
  await quorum.settle();
  expect(driver.leader).toEqual({ leaderId: 1, epoch: 3 });
});

test("a snapshot replaces the log before it, and a restart begins with it", async () => {
  const quorum = new Quorum();
  quorum.options = { settings: { ...testSettings, segmentBytes: 200, retentionBytes: 0 } };
  const driver = await quorum.open();
  await quorum.settle();
  for (let n = 0; n < 20; n++) {
    driver.append(1, [bytes(`record ${n}`)]);
    await quorum.settle();
  }
  await driver.createSnapshot({ offset: 13, epoch: 1 }, 5, [bytes("zero to nine")]);
  expect(driver.latestSnapshotId).toEqual({ offset: 13, epoch: 1 });
  await quorum.clock.run(61_000, 1000);
  expect(quorum.disk.info(`${path}/00000000000000000000-0000000000.checkpoint`)).toBeNull();
  quorum.disk.kill();
  const heard = new Heard();
  const again = await quorum.open(heard);
  await quorum.settle();
  expect(heard.snapshots).toEqual([13]);
  expect(heard.values).toEqual(["zero to nine", ...Array.from({ length: 10 }, (_, n) => `record ${n + 10}`)]);
  expect(again.describe().voters).toHaveLength(1);
  expect(quorum.fatal).toEqual([]);
});

test("nobody is told anything before it is known what is committed, then also what the snapshot holds", async () => {
  const quorum = new Quorum();
  const driver = await quorum.open();
  await quorum.settle();
  driver.append(1, [bytes("a")]);
  await quorum.settle();
  await driver.createSnapshot({ offset: 4, epoch: 1 }, 5, [bytes("a")]);
  await driver.close();
  const heard = new Heard();
  const again = await quorum.openOnly();
  again.register(heard);
  await quorum.settle();
  expect([heard.values, heard.leaders]).toEqual([[], []]);
  again.start();
  expect(heard.values).toEqual([]);
  await quorum.settle();
  expect(heard.values).toEqual(["a"]);
});

test("a damaged quorum-state is not guessed", async () => {
  const quorum = new Quorum();
  const driver = await quorum.open();
  await quorum.settle();
  await driver.close();
  quorum.disk.plant(`${path}/quorum-state`, bytes('{"leaderId":1,'));
  expect(quorum.open()).rejects.toThrow("quorum-state is not readable");
});

/** The number of disk operations of a whole run: a crash is tried after each. */
const operations = ["open", "write", "sync", "rename", "unlink", "truncate", "syncDirectory"];

async function runUntil(stopAfter: number, survival: "none" | "all" | Prng): Promise<boolean> {
  const quorum = new Quorum();
  let left = stopAfter;
  let crashed = false;
  const committed: string[] = [];
  let epochBefore = 0;
  for (let life = 0; life < 3 && !crashed; life++) {
    quorum.disk.fault = (operation) => {
      if (!operations.includes(operation)) return null;
      if (left-- > 0) return null;
      crashed = true;
      return "EIO";
    };
    const heard = new Heard();
    try {
      const driver = await quorum.open(heard);
      await quorum.settle();
      for (let n = 0; n < 3 && !crashed; n++) {
        driver.append(driver.leader.epoch, [bytes(`life ${life} record ${n}`)]);
        await quorum.settle();
      }
      if (!crashed) await driver.close();
    } catch {
      // The disk failed: the process ends.
    }
    epochBefore = Math.max(epochBefore, ...heard.leaders.map(({ epoch }) => epoch));
    committed.splice(0, committed.length, ...heard.values);
  }
  quorum.disk.fault = () => null;
  quorum.disk.crash(survival);
  quorum.fatal.length = 0;
  const heard = new Heard();
  const driver = await quorum.open(heard);
  await quorum.settle();
  expect(quorum.fatal).toEqual([]);
  expect(heard.values.slice(0, committed.length)).toEqual(committed);
  expect(driver.leader.leaderId).toBe(1);
  expect(driver.leader.epoch).toBeGreaterThan(epochBefore);
  driver.append(driver.leader.epoch, [bytes("after")]);
  await quorum.settle();
  expect(heard.values.at(-1)).toBe("after");
  return crashed;
}

test.each([["nothing unsynced"], ["everything"], ["some sectors"]] as const)(
  "a power cut after any disk operation, of which %s survives, loses nothing committed and no vote",
  async (kind) => {
    let at = 0;
    for (; ; at++) {
      const survival = kind === "everything" ? "all" : kind === "nothing unsynced" ? "none" : new Prng(at + 1);
      if (!(await runUntil(at, survival))) break;
    }
    expect(at).toBeGreaterThan(40);
  },
);

test("what ends a controller of Apache's changes nothing here: another leader of the own epoch, a snapshot of nothing", async () => {
  const quorum = new Quorum();
  const heard = new Heard();
  const driver = await quorum.open(heard);
  await quorum.settle();
  const partition = {
    partitionIndex: 0,
    leaderId: 2,
    leaderEpoch: 1,
    preferredSuccessors: [],
    preferredCandidates: [],
  };
  const topics = [{ topicName: "__cluster_metadata", partitions: [partition] }];
  const ended = driver.server.endQuorumEpoch({ clusterId: null, topics, leaderEndpoints: [] });
  const nothing = { clusterId: null, replicaId: 2, maxBytes: 1, topics: [] };
  expect(await driver.server.fetchSnapshot(nothing)).toMatchObject({ errorCode: code("INVALID_REQUEST") });
  await quorum.settle();
  expect((await ended).topics[0]?.partitions).toEqual([
    { partitionIndex: 0, errorCode: 0, leaderId: 1, leaderEpoch: 1 },
  ]);
  driver.append(1, [bytes("a")]);
  await quorum.settle();
  expect(heard.values).toEqual(["a"]);
  expect(quorum.fatal).toEqual([]);
});
