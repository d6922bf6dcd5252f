import { expect, test } from "bun:test";
import * as batch from "../../../protocol/records/batch.ts";
import type { VoterSet } from "../state.ts";
import { decodeBatches, decodeControl, encodeEntries } from "./batches.ts";
import { electionText, parseElection } from "./quorum-store.ts";
import { decodeSnapshot, encodeSnapshot, parseSnapshotName, snapshotFileName } from "./snapshot.ts";

const hex = (text: string): Uint8Array => Uint8Array.fromHex(text);

// What Kafka 4.3.1 wrote: format --standalone of node 1, then a start.
const votersSnapshot = hex(
  "00000000000000000000009a00000000024f14aec4002000000002000001a1fc35b3c8000001a1fc35b3c8ffffffffffffffffffffff" +
    "ffffff000000032a0000000800000003160000000001a1fc35b3bb00001e00000208000000050a000000010000820100000408000000" +
    "066e000002000000013658c432143444e393ea8c31f77eafbb020b434f4e54524f4c4c45520a6c6f63616c686f737499e10000000001" +
    "0000000000000000000000030000003f0000000002793b187f002000000000000001a1fc35b3ce000001a1fc35b3ceffffffffffffff" +
    "ffffffffffffff000000011a00000008000000040600000000",
);
const bootstrapCheckpoint = hex(
  "00000000000000000000004700000000026db4d031002000000000000001a1fc35b389000001a1fc35b389ffffffffffffffffffffff" +
    "ffffff000000012a0000000800000003160000000000000000000000000000000000000001000000f10000000002a53c0de600000000" +
    "0005000001a1fc35b3a9000001a1fc35b3a9ffffffffffffffffffffffffffff000000063a000000012e010c00116d65746164617461" +
    "2e76657273696f6e001e00005a000002014e010c0021656c696769626c652e6c65616465722e7265706c696361732e76657273696f6e" +
    "00010000340000040128010c000e67726f75702e76657273696f6e00010000340000060128010c000e73686172652e76657273696f6e" +
    "0001000038000008012c010c001073747265616d732e76657273696f6e000100004000000a0134010c00147472616e73616374696f6e" +
    "2e76657273696f6e0002000000000000000000070000003f0000000002dc59d1d4002000000000000001a1fc35b3aa000001a1fc35b3" +
    "aaffffffffffffffffffffffffffff000000011a00000008000000040600000000",
);
const logBeginning = hex(
  "0000000000000000000000a20000000102f28aa51f002000000002000001a1fc35b854000001a1fc35b854ffffffffffffffffffffff" +
    "ffffff000000033a00000008000000022600000000000102000000010002000000010000001e00000208000000050a00000001000082" +
    "0100000408000000066e000002000000013658c432143444e393ea8c31f77eafbb020b434f4e54524f4c4c45520a6c6f63616c686f73" +
    "7499e100000000010000000000000000000000030000013e0000000102df907f1e000000000008000001a1fc35b8bd000001a1fc35b8" +
    "bdffffffffffffffffffffffffffff000000093c000000013001170001001212426f6f747374726170207265636f726473003a000002" +
    "012e010c00116d657461646174612e76657273696f6e001e00005a000004014e010c0021656c696769626c652e6c65616465722e7265" +
    "706c696361732e76657273696f6e00010000340000060128010c000e67726f75702e76657273696f6e00010000340000080128010c00" +
    "0e73686172652e76657273696f6e000100003800000a012c010c001073747265616d732e76657273696f6e000100004000000c013401" +
    "0c00147472616e73616374696f6e2e76657273696f6e000200004400000e01380104000401146d696e2e696e73796e632e7265706c69" +
    "636173023100001400001001080118000000",
);

const voters: VoterSet = [
  {
    id: 1,
    directoryId: "NljEMhQ0ROOT6owx936vuw",
    endpoints: [{ name: "CONTROLLER", host: "localhost", port: 39393 }],
    kraftVersions: [0, 1],
  },
];

/** Apache takes the time anew for each batch; ours are of one moment. */
function sameBatches(theirs: Uint8Array, ours: (nowMs: number) => Iterable<Uint8Array>): void {
  let count = 0;
  for (let at = 0; at < theirs.length; at += batch.sizeBytes(theirs, at), count++) {
    const own = [...ours(batch.maxTimestamp(theirs, at))][count];
    expect(own?.toHex()).toBe(theirs.subarray(at, at + batch.sizeBytes(theirs, at)).toHex());
  }
  expect(count).toBeGreaterThan(1);
}

test("the voters' snapshot of a formatted directory is Apache's, byte for byte", () => {
  const { lastContainedLogTimeMs, kraftVersion, voters: read } = decodeSnapshot(votersSnapshot, "x");
  expect([kraftVersion, read]).toEqual([1, voters]);
  sameBatches(votersSnapshot, (nowMs) =>
    encodeSnapshot({ epoch: 0, lastContainedLogTimeMs, kraftVersion: 1, voters, records: [], nowMs }),
  );
});

test("bootstrap.checkpoint is Apache's, byte for byte", () => {
  const { records, kraftVersion, voters: none } = decodeSnapshot(bootstrapCheckpoint, "x");
  expect([records.length, kraftVersion, none]).toEqual([6, null, null]);
  sameBatches(bootstrapCheckpoint, (nowMs) =>
    encodeSnapshot({ epoch: 0, lastContainedLogTimeMs: 0, kraftVersion: 0, voters: [], records, nowMs }),
  );
});

test("the first batches of a log are Apache's, byte for byte", () => {
  const [opening, bootstrap] = [...decodeBatches(logBeginning)];
  expect(opening?.control.map(decodeControl)).toEqual([
    null, // LeaderChange tells raft nothing that it does not know
    { type: "kraftVersion", level: 1 },
    { type: "voters", voters },
  ]);
  const records = bootstrap?.records ?? [];
  expect(records).toHaveLength(9);
  const control = [
    { type: "leaderChange", leaderId: 1, voters: [1], granting: [1] },
    { type: "kraftVersion", level: 1 },
    { type: "voters", voters },
  ] as const;
  sameBatches(logBeginning, (nowMs) => [
    encodeEntries({ control: control.map((record) => ({ ...record })) as never }, 0, 1, nowMs),
    encodeEntries({ records }, 3, 1, nowMs),
  ]);
});

test("a batch that is cut at the end is left out", () => {
  expect([...decodeBatches(logBeginning.subarray(0, 503))]).toHaveLength(1);
  expect([...decodeBatches(logBeginning.subarray(0, 20))]).toHaveLength(0);
});

test("a snapshot that is cut or changed anywhere is refused", () => {
  for (let length = 0; length < votersSnapshot.length; length++) {
    expect(() => decodeSnapshot(votersSnapshot.subarray(0, length), "x")).toThrow(/not a whole snapshot|damaged/);
  }
  for (let at = 0; at < 166; at++) {
    if (at >= 12 && at < 16) continue; // the leader epoch, which only the file's name tells
    const changed = votersSnapshot.slice();
    changed[at] = (changed[at] as number) ^ 0x40;
    expect(() => decodeSnapshot(changed, "x")).toThrow(/damaged|not a whole/);
  }
});

test("file names say offset and epoch", () => {
  const id = { offset: 1234, epoch: 56 };
  expect(snapshotFileName(id)).toBe("00000000000000001234-0000000056.checkpoint");
  expect(parseSnapshotName(snapshotFileName(id))).toEqual(id);
  expect(parseSnapshotName("00000000000000001234-0000000056.checkpoint.part")).toBeNull();
});

test("quorum-state is Apache's line, with and without directory ids", () => {
  const votedFor = { id: 2, directoryId: "NljEMhQ0ROOT6owx936vuw" };
  const voted = { epoch: 7, leaderId: null, votedFor };
  const line =
    '{"leaderId":-1,"leaderEpoch":7,"votedId":2,"votedDirectoryId":"NljEMhQ0ROOT6owx936vuw","data_version":1}';
  expect(electionText(voted, 1, [1, 2])).toBe(line);
  expect(parseElection(line, "x")).toEqual(voted);
  const old = electionText(voted, 0, [1, 2]);
  expect(parseElection(old, "x").votedFor).toEqual({ id: 2, directoryId: "AAAAAAAAAAAAAAAAAAAAAA" });
  expect(() => parseElection('{"data_version":2}', "x")).toThrow("data_version 2");
  expect(() => parseElection("", "x")).toThrow("not readable");
});
