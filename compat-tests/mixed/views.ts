/** What nodes say of the quorum, and what lies in their directories. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeQuorum, type DescribeQuorumResponse } from "../../protocol/generated/describe-quorum.ts";
import { ElectLeaders } from "../../protocol/generated/elect-leaders.ts";
import * as batch from "../../protocol/records/batch.ts";
import type { Cluster, ClusterNode } from "../lib/cluster.ts";
import { type AnyMessage, Wire } from "../oracle/raw/wire.ts";

export interface VoterView {
  readonly directoryId: string;
  /** Of its controller listener; 0 where nobody told. */
  readonly port: number;
}

export interface QuorumLeader {
  readonly id: number;
  readonly epoch: number;
  readonly highWatermark: number;
  /** Of voters and observers, by node id. */
  readonly ends: ReadonlyMap<number, number>;
  /** By node id. */
  readonly voters: ReadonlyMap<number, VoterView>;
  /** Observers that have had all: no other may become a voter. */
  readonly ready: ReadonlySet<number>;
}

/** What the leader itself says; null where none of the nodes leads. */
export async function quorumLeader({ controllers }: Cluster): Promise<QuorumLeader | null> {
  const found = await Promise.all(controllers.map(({ controller }) => askForQuorum(controller).catch(() => null)));
  for (const response of found) {
    const partition = response?.topics[0]?.partitions[0];
    if (partition === undefined || partition.errorCode !== 0) continue;
    const { leaderId: id, leaderEpoch: epoch, highWatermark, currentVoters, observers } = partition;
    const ends = new Map([...currentVoters, ...observers].map((each) => [each.replicaId, each.logEndOffset]));
    const portOf = (id: number) => response?.nodes.find(({ nodeId }) => nodeId === id)?.listeners[0]?.port ?? 0;
    const voters = currentVoters.map(
      ({ replicaId, replicaDirectoryId }) =>
        [replicaId, { directoryId: replicaDirectoryId, port: portOf(replicaId) }] as const,
    );
    const ready = observers.filter(({ lastCaughtUpTimestamp }) => lastCaughtUpTimestamp > 0);
    return {
      id,
      epoch,
      highWatermark,
      ends,
      voters: new Map(voters),
      ready: new Set(ready.map(({ replicaId }) => replicaId)),
    };
  }
  return null;
}

async function askForQuorum(address: string): Promise<DescribeQuorumResponse | null> {
  const request = { topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }] };
  return (await ask(address, DescribeQuorum as AnyMessage, 2, request)) as DescribeQuorumResponse | null;
}

/** As `kafka-leader-election --election-type preferred --all-topic-partitions` asks. */
export async function electPreferred(bootstrap: string): Promise<void> {
  await ask(bootstrap, ElectLeaders as AnyMessage, 2, { electionType: 0, topicPartitions: null, timeoutMs: 10_000 });
}

async function ask(address: string, message: AnyMessage, version: number, request: unknown): Promise<unknown> {
  const wire = await Wire.open(address);
  const answer = await wire.exchange(message, version, request, 2_000).finally(() => wire.close());
  return "response" in answer ? answer.response : null;
}

interface ReplicaFiles {
  /** The bytes of all segments, one after the other: two replicas may have rolled at different batches. */
  readonly records: Buffer;
  /** "epoch offset" lines of leader-epoch-checkpoint; a leader also has its own epoch before a record is in it. */
  readonly epochs: readonly string[];
}

/** As they are now, whether the node runs or not. */
function replicaFiles({ directory }: Pick<ClusterNode, "directory">, topicPartition: string): ReplicaFiles {
  const path = join(directory, topicPartition);
  const segments = readdirSync(path).filter((name) => name.endsWith(".log"));
  const records = Buffer.concat(segments.sort().map((name) => readFileSync(join(path, name))));
  const epochs = readFileSync(join(path, "leader-epoch-checkpoint"), "utf8").trim().split("\n").slice(2);
  const end = endOffset(records);
  return { records, epochs: epochs.filter((line) => Number(line.split(" ")[1]) < end) };
}

function endOffset(records: Buffer): number {
  let end = 0;
  for (let at = 0; at < records.length; at += batch.sizeBytes(records, at)) end = batch.lastOffset(records, at) + 1;
  return end;
}

/** How the partition differs between the nodes; null where every byte is the same. */
export function differenceOf(nodes: readonly Pick<ClusterNode, "directory">[], topicPartition: string): string | null {
  const [first, ...others] = nodes.map((node) => replicaFiles(node, topicPartition)) as [
    ReplicaFiles,
    ...ReplicaFiles[],
  ];
  for (const { records, epochs } of others) {
    if (!records.equals(first.records)) return `other records, ${first.records.length} and ${records.length} bytes`;
    if (`${epochs}` !== `${first.epochs}`) return `epochs ${first.epochs} and ${epochs}`;
  }
  return first.records.length > 0 ? null : "no records";
}
