/** Raft's entries as record batches, and back: metadata records and raft's own control records. */
import { assert } from "../../../base/assert.ts";
import { Reader } from "../../../protocol/bytes/reader.ts";
import { Writer } from "../../../protocol/bytes/writer.ts";
import { KRaftVersionRecord } from "../../../protocol/generated/records/raft/kraft-version-record.ts";
import { LeaderChangeMessage } from "../../../protocol/generated/records/raft/leader-change-message.ts";
import { VotersRecord } from "../../../protocol/generated/records/raft/voters-record.ts";
import type { RecordSchema } from "../../../protocol/message.ts";
import * as batch from "../../../protocol/records/batch.ts";
import { type ControlType, controlTypes, RecordBatchBuilder } from "../../../protocol/records/builder.ts";
import { RecordCursor } from "../../../protocol/records/cursor.ts";
import type { ControlRecord, Entries, VoterSet } from "../state.ts";

export interface ControlEntry {
  readonly offset: number;
  readonly type: number;
  readonly value: Uint8Array;
}

export interface DecodedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly appendTimeMs: number;
  readonly sizeBytes: number;
  readonly records: readonly Uint8Array[];
  readonly control: readonly ControlEntry[];
}

const schemaVersion = 0;

function bytesOf<Value>(schema: RecordSchema<Value>, value: Value): Uint8Array {
  const writer = new Writer(64);
  schema.write(writer, value, schemaVersion);
  return writer.finishBytes();
}

/** The type and the value of one control record. */
export function encodeControl(record: ControlRecord): [type: ControlType, value: Uint8Array] {
  switch (record.type) {
    case "leaderChange": {
      const ids = (voters: readonly number[]) => voters.map((voterId) => ({ voterId, voterDirectoryId: noDirectory }));
      const { leaderId, voters, granting } = record;
      const value = { version: 0, leaderId, voters: ids(voters), grantingVoters: ids(granting) };
      return ["LEADER_CHANGE", bytesOf(LeaderChangeMessage, value)];
    }
    case "kraftVersion":
      return ["KRAFT_VERSION", bytesOf(KRaftVersionRecord, { version: 0, kRaftVersion: record.level })];
    case "voters":
      return ["KRAFT_VOTERS", bytesOf(VotersRecord, votersValue(record.voters))];
  }
}

/** Version 0 of LeaderChange has no directory ids. */
const noDirectory = "AAAAAAAAAAAAAAAAAAAAAA";

function votersValue(voters: VoterSet): VotersRecord {
  return {
    version: 0,
    voters: voters.map(({ id, directoryId, endpoints, kraftVersions: [min, max] }) => ({
      voterId: id,
      voterDirectoryId: directoryId,
      endpoints: endpoints.map(({ name, host, port }) => ({ name, host, port })),
      kRaftVersionFeature: { minSupportedVersion: min, maxSupportedVersion: max },
    })),
  };
}

/** Null for a control record that does not change what raft knows. */
export function decodeControl({ type, value }: ControlEntry): ControlRecord | null {
  if (type === controlTypes.KRAFT_VERSION) {
    return { type: "kraftVersion", level: KRaftVersionRecord.read(new Reader(value), schemaVersion).kRaftVersion };
  }
  if (type !== controlTypes.KRAFT_VOTERS) return null;
  const voters = VotersRecord.read(new Reader(value), schemaVersion).voters.map((voter) => ({
    id: voter.voterId,
    directoryId: voter.voterDirectoryId,
    endpoints: voter.endpoints,
    kraftVersions: [
      voter.kRaftVersionFeature.minSupportedVersion,
      voter.kRaftVersionFeature.maxSupportedVersion,
    ] as const,
  }));
  return { type: "voters", voters: voters.sort((a, b) => a.id - b.id) };
}

/** One batch, with offsets and epoch in place. */
export function encodeEntries(entries: Entries, baseOffset: number, epoch: number, nowMs: number): Uint8Array {
  const isControl = "control" in entries;
  const builder = new RecordBatchBuilder({ baseOffset, partitionLeaderEpoch: epoch, isControl });
  if (isControl) for (const record of entries.control) builder.appendControl(nowMs, ...encodeControl(record));
  else for (const record of entries.records) builder.append(nowMs, null, record);
  return builder.build();
}

/**
 * The whole batches in `bytes`; what is cut at the end is left out. Values are views of `bytes` where not compressed.
 */
export function* decodeBatches(bytes: Uint8Array): Generator<DecodedBatch> {
  const cursor = new RecordCursor();
  for (let at = 0; at + batch.HEADER_SIZE <= bytes.length; at += batch.sizeBytes(bytes, at)) {
    if (at + batch.sizeBytes(bytes, at) > bytes.length) return;
    yield decodeBatch(bytes, at, cursor);
  }
}

function decodeBatch(bytes: Uint8Array, at: number, cursor: RecordCursor): DecodedBatch {
  const records: Uint8Array[] = [];
  const control: ControlEntry[] = [];
  const isControl = batch.isControl(bytes, at);
  cursor.open(bytes, at);
  while (cursor.next()) {
    const value = cursor.value();
    assert(value !== null, "a record of the metadata log has a value");
    if (!isControl) records.push(value);
    else control.push({ offset: cursor.offset, type: batch.int16(cursor.bytes, cursor.keyAt + 2), value });
  }
  return {
    baseOffset: batch.baseOffset(bytes, at),
    lastOffset: batch.lastOffset(bytes, at),
    epoch: batch.partitionLeaderEpoch(bytes, at),
    appendTimeMs: batch.maxTimestamp(bytes, at),
    sizeBytes: batch.sizeBytes(bytes, at),
    records,
    control,
  };
}
