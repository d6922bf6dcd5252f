/** What `odradek verify` makes of a vote while the voters change (KIP-853). */
import { expect, test } from "bun:test";
import { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { replaceFile } from "../../storage/checkpoint.ts";
import { VerifyReport } from "../../storage/verify/report.ts";
import { record } from "../metadata/records/record.ts";
import { writeRecord } from "../metadata/records/serde.ts";
import { electionText, writeElection } from "../raft/driver/quorum-store.ts";
import { encodeSnapshot } from "../raft/driver/snapshot.ts";
import { supportedKraftVersions } from "../raft/voters.ts";
import { verifyMetadata } from "./verify-metadata.ts";

const LOG = "/data/__cluster_metadata-0";
const directoryOf = (id: number) => `Directory000${id}AAAAAAAAA`;

/** Nodes 1 and 2 vote, node 3 is a controller that was one or will be one. */
async function findings(leaderId: number, votedFor: number | null): Promise<string[]> {
  const disk = new MemoryDisk();
  disk.makeDirectory(LOG);
  const voters = [1, 2].map((id) => ({
    id,
    directoryId: directoryOf(id),
    endpoints: [{ name: "CONTROLLER", host: "localhost", port: 9093 }],
    kraftVersions: supportedKraftVersions,
  }));
  const third = {
    controllerId: 3,
    incarnationId: directoryOf(3),
    zkMigrationReady: false,
    endPoints: [],
    features: [],
  };
  const records = [writeRecord(record("RegisterControllerRecord", third))];
  const content = { epoch: 4, lastContainedLogTimeMs: 0, kraftVersion: 1, voters, records, nowMs: 0 };
  await replaceFile(
    disk,
    `${LOG}/00000000000000000009-0000000004.checkpoint`,
    Buffer.concat([...encodeSnapshot(content)]),
  );
  const vote = votedFor === null ? null : { id: votedFor, directoryId: directoryOf(votedFor) };
  const path = `${LOG}/quorum-state`;
  await writeElection(disk, path, electionText({ epoch: 5, leaderId, votedFor: vote }, 1, []));
  const report = new VerifyReport();
  const checkpoints = { clean: true, recoveryPoints: null, logStarts: null, highWatermarks: null, cleaned: null };
  await verifyMetadata({ disk, report, path: "/data", checkpoints, breathe: async () => {} });
  return report.findings.flatMap((found) => (found.path === path ? [found.message] : []));
}

test.each([
  ["a voter leads", 2, null, []],
  ["who was taken out leads until that is committed", 3, null, []],
  ["the vote was for one who was taken out", 3, 3, []],
  ["a node that nobody knows leads", 7, null, ["its leader 7 is no voter"]],
  [
    "the vote is for a node that nobody knows",
    2,
    7,
    [`its vote for node 7 with directory ${directoryOf(7)} is for no voter`],
  ],
] as const)("%s", async (_, leaderId, votedFor, expected) => {
  expect(await findings(leaderId, votedFor)).toEqual([...expected]);
});
