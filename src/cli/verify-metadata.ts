/**
 * The metadata log and its neighbours: snapshots, the bootstrap snapshot, the last vote. What they say of topics is
 * what the partitions are then compared with.
 */

import type { Disk } from "../../base/ports.ts";
import { METADATA_TOPIC_ID, ZERO_UUID } from "../../base/uuid.ts";
import { DecodeError } from "../../protocol/bytes/decode-error.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { controlRecords } from "../../protocol/generated/records/control-records.ts";
import type { PartitionChangeRecord } from "../../protocol/generated/records/metadata/partition-change-record.ts";
import type { PartitionRecord } from "../../protocol/generated/records/metadata/partition-record.ts";
import { VotersRecord } from "../../protocol/generated/records/raft/voters-record.ts";
import * as batch from "../../protocol/records/batch.ts";
import { controlTypes } from "../../protocol/records/builder.ts";
import { RecordCursor } from "../../protocol/records/cursor.ts";
import { readText } from "../../storage/checkpoint.ts";
import { contentFault, placementFault, type RecordCheck, recordsOf } from "../../storage/verify/batches.ts";
import type { Checkpoints, DirectoryKnowledge } from "../../storage/verify/directory.ts";
import { verifyPartition } from "../../storage/verify/partition.ts";
import type { VerifyReport } from "../../storage/verify/report.ts";
import { configResourceTypes, NO_LEADER_CHANGE } from "../metadata/image.ts";
import { RecordError } from "../metadata/records/error.ts";
import { readRecord } from "../metadata/records/serde.ts";
import { parseElection } from "../raft/driver/quorum-store.ts";
import { parseSnapshotName, SNAPSHOT_SUFFIX } from "../raft/driver/snapshot.ts";
import { METADATA_TOPIC } from "../raft/driver.ts";
import { coordinatorRecordCheck, isCompactedByKafka } from "./verify-records.ts";

export const METADATA_LOG = `${METADATA_TOPIC}-0`;
const QUORUM_STATE = "quorum-state";
const VOTE_FIELDS = new Set([
  ...["clusterId", "leaderId", "leaderEpoch", "votedId", "votedDirectoryId", "appliedOffset", "currentVoters"],
  "data_version",
]);
const BOOTSTRAP = "bootstrap.checkpoint";

/** What the records said, the last one counting. */
export class KnownMetadata implements DirectoryKnowledge {
  readonly nodes = new Map<number, readonly string[]>();
  voters: VotersRecord | null = null;
  lastEpoch = -1;
  private readonly topics = new Map<string, string>();
  /** By topic id and partition. */
  private readonly leaderEpochs = new Map<string, number>();
  /** Topics of which other nodes have, or had, copies. */
  private readonly copied = new Set<string>();
  private readonly policies = new Map<string, string>();
  /** A topic that was ever told to compact may have gaps for ever. */
  private readonly everCompacted = new Set<string>();

  topicId(topic: string): string | null {
    return this.topics.get(topic) ?? null;
  }

  leaderEpoch(topic: string, partition: number): number | null {
    const id = this.topicId(topic);
    return id === null ? null : (this.leaderEpochs.get(`${id} ${partition}`) ?? null);
  }

  isAlone(topic: string): boolean {
    const id = this.topicId(topic);
    return id !== null && !this.copied.has(id);
  }

  compacts(topic: string): boolean {
    const policy = this.policies.get(topic) ?? this.policies.get("") ?? "";
    return isCompactedByKafka(topic) || policy.includes("compact") || this.everCompacted.has(topic);
  }

  checkRecord(topic: string): RecordCheck | null {
    return coordinatorRecordCheck(topic);
  }

  /** Decodes one record of the log or a snapshot; `counts` where it is news. */
  take(cursor: RecordCursor, isControl: boolean, counts: boolean): string | null {
    const value = cursor.value();
    if (value === null) return "it has no value";
    try {
      if (isControl) return this.control(batch.int16(cursor.bytes, cursor.keyAt + 2), value, counts);
      const record = readRecord(value);
      if (!counts) return null;
      if (record.type === "PartitionRecord") this.partition(record.value);
      if (record.type === "PartitionChangeRecord") this.partitionChange(record.value);
      if (record.type === "TopicRecord") this.topics.set(record.value.name, record.value.topicId);
      if (record.type === "RegisterControllerRecord" && !this.nodes.has(record.value.controllerId)) {
        this.nodes.set(record.value.controllerId, []);
      }
      if (record.type === "RegisterBrokerRecord") this.nodes.set(record.value.brokerId, record.value.logDirs);
      if (record.type === "ConfigRecord") this.config(record.value);
      return null;
    } catch (error) {
      if (error instanceof RecordError || error instanceof DecodeError) return error.message;
      throw error;
    }
  }

  private partition({ topicId, partitionId, replicas, leaderEpoch }: PartitionRecord): void {
    if (replicas.length > 1) this.copied.add(topicId);
    this.leaderEpochs.set(`${topicId} ${partitionId}`, leaderEpoch);
  }

  private partitionChange({ topicId, partitionId, leader }: PartitionChangeRecord): void {
    const name = `${topicId} ${partitionId}`;
    const before = this.leaderEpochs.get(name);
    if (leader !== NO_LEADER_CHANGE && before !== undefined) this.leaderEpochs.set(name, before + 1);
  }

  private config(record: { resourceType: number; resourceName: string; name: string; value: string | null }): void {
    const { resourceType, resourceName, name, value } = record;
    const isTopic = resourceType === configResourceTypes.topic && name === "cleanup.policy";
    const isBroker = resourceType === configResourceTypes.broker && name === "log.cleanup.policy";
    if (!isTopic && !isBroker) return;
    const key = isTopic ? resourceName : "";
    if (value === null) this.policies.delete(key);
    else this.policies.set(key, value);
    if (value?.includes("compact")) this.everCompacted.add(key);
  }

  private control(type: number, value: Uint8Array, counts: boolean): string | null {
    const schema = controlRecords.get(type);
    if (schema === undefined) return `its control type is ${type}`;
    schema.read(new Reader(value), 0);
    if (type === controlTypes.KRAFT_VOTERS && counts) this.voters = VotersRecord.read(new Reader(value), 0);
    return null;
  }
}

export interface MetadataToVerify {
  readonly disk: Disk;
  readonly report: VerifyReport;
  /** The log directory. */
  readonly path: string;
  readonly checkpoints: Checkpoints;
  readonly breathe: () => Promise<void>;
}

export async function verifyMetadata(given: MetadataToVerify): Promise<KnownMetadata> {
  const { disk, report, path, checkpoints, breathe } = given;
  const known = new KnownMetadata();
  if (disk.info(`${path}/${BOOTSTRAP}`) !== null) verifySnapshot(given, `${path}/${BOOTSTRAP}`, 0, null);
  const directory = `${path}/${METADATA_LOG}`;
  if (disk.info(directory) === null) return known;
  const snapshots = disk
    .list(directory)
    .map(({ name }) => ({ name, id: parseSnapshotName(name) }))
    .filter(({ id }) => id !== null)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [n, { name, id }] of snapshots.entries()) {
    const isLatest = n === snapshots.length - 1;
    verifySnapshot(given, `${directory}/${name}`, id?.epoch ?? null, isLatest ? known : null);
  }
  const newsFrom = snapshots.at(-1)?.id?.offset ?? 0;
  const { end } = await verifyPartition({
    disk,
    report,
    directory,
    name: METADATA_LOG,
    clean: checkpoints.clean,
    recoveryPoint: checkpoints.recoveryPoints?.get(METADATA_LOG) ?? null,
    highWatermark: null,
    logStart: null,
    compacted: false,
    topicId: METADATA_TOPIC_ID,
    checkRecord: (cursor, isControl) => known.take(cursor, isControl, cursor.offset >= newsFrom),
    onEpoch: (epoch) => {
      known.lastEpoch = Math.max(known.lastEpoch, epoch);
    },
    isForeign: (name) => name === QUORUM_STATE || name.endsWith(SNAPSHOT_SUFFIX),
    breathe,
  });
  const latest = snapshots.at(-1);
  if (latest !== undefined && end !== null && (latest.id?.offset ?? 0) > end) {
    report.note(`${directory}/${latest.name}`, `it reaches beyond the end of the log, ${end}`);
  }
  verifyVote(given, directory, known);
  return known;
}

/** A snapshot counts its offsets from 0 and has the epoch of its name. */
function verifySnapshot(
  { disk, report }: MetadataToVerify,
  path: string,
  epoch: number | null,
  known: KnownMetadata | null,
): void {
  report.file();
  const file = disk.open(path, { readOnly: true });
  const bytes = disk.read(file, 0, disk.sizeBytes(file));
  disk.close(file);
  report.read(bytes.length);
  const cursor = new RecordCursor();
  const decoder = known ?? new KnownMetadata();
  const types: number[] = [];
  const check: RecordCheck = (at, isControl) => {
    if (isControl) types.push(batch.int16(at.bytes, at.keyAt + 2));
    return decoder.take(at, isControl, true);
  };
  let next = 0;
  let at = 0;
  while (at < bytes.length) {
    const sizeBytes = at + batch.HEADER_SIZE <= bytes.length ? batch.sizeBytes(bytes, at) : 0;
    if (sizeBytes < batch.HEADER_SIZE || at + sizeBytes > bytes.length) {
      report.damage(path, "no whole batch is here", at);
      return;
    }
    const epochs = epoch === null ? null : [{ epoch, startOffset: 0 }];
    const fault = contentFault(bytes, at) ?? placementFault(bytes, at, 0, { next, gaps: false, epochs, epochsFrom: 0 });
    const records = fault === null ? recordsOf(bytes, at, cursor, check) : fault;
    if (typeof records === "string") report.damage(path, `a batch: ${records}`, at);
    next = batch.lastOffset(bytes, at) + 1;
    at += sizeBytes;
  }
  if (path.endsWith(BOOTSTRAP)) return; // Apache's has neither
  const { SNAPSHOT_HEADER, SNAPSHOT_FOOTER } = controlTypes;
  if (types[0] !== SNAPSHOT_HEADER || types.at(-1) !== SNAPSHOT_FOOTER)
    report.damage(path, "its header or footer is missing");
}

function verifyVote({ disk, report }: MetadataToVerify, directory: string, known: KnownMetadata): void {
  const path = `${directory}/${QUORUM_STATE}`;
  const text = readText(disk, path);
  if (text === null) return;
  report.file();
  report.read(text.length);
  try {
    const { leaderId, votedFor, epoch } = parseElection(text, path);
    const stranger = Object.keys(JSON.parse(text)).find((name) => !VOTE_FIELDS.has(name));
    if (stranger !== undefined) report.damage(path, `it has an entry ${stranger}`);
    const version = /"data_version":0/.test(text) ? 0 : 1;
    if ((version === 0) !== text.includes("currentVoters")) report.damage(path, `it is not of data_version ${version}`);
    if (epoch < known.lastEpoch) report.damage(path, `its epoch is ${epoch}, the log has ${known.lastEpoch}`);
    if (votedFor === null && !new RegExp(`"votedDirectoryId":"${ZERO_UUID}"|"data_version":0`).test(text))
      report.damage(path, "it names a directory of no vote");
    const voters = known.voters?.voters;
    if (voters === undefined) return;
    // Who was removed in this epoch (KIP-853), or is added where this log does not reach, is known as a node.
    const isNode = (id: number) => known.nodes.has(id) && !voters.some(({ voterId }) => voterId === id);
    if (leaderId !== null && !isNode(leaderId) && !voters.some(({ voterId }) => voterId === leaderId)) {
      report.damage(path, `its leader ${leaderId} is no voter`);
    }
    const isVotedFor = ({ voterId, voterDirectoryId }: VotersRecord["voters"][number]) =>
      voterId === votedFor?.id && voterDirectoryId === votedFor.directoryId;
    if (votedFor !== null && !isNode(votedFor.id) && !voters.some(isVotedFor))
      report.damage(path, `its vote for node ${votedFor.id} with directory ${votedFor.directoryId} is for no voter`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    report.damage(path, error.message);
  }
}
