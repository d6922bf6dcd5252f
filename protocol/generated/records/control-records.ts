// The control records of the metadata log by control type. Do not edit: npm run generate.
import type { RecordSchema } from "../../message.ts";
import { LeaderChangeMessage } from "./raft/leader-change-message.ts";
import { SnapshotHeaderRecord } from "./raft/snapshot-header-record.ts";
import { SnapshotFooterRecord } from "./raft/snapshot-footer-record.ts";
import { KRaftVersionRecord } from "./raft/kraft-version-record.ts";
import { VotersRecord } from "./raft/voters-record.ts";

export const controlRecords: ReadonlyMap<number, RecordSchema<unknown>> = new Map<number, RecordSchema<unknown>>([
  [2, LeaderChangeMessage],
  [3, SnapshotHeaderRecord],
  [4, SnapshotFooterRecord],
  [5, KRaftVersionRecord],
  [6, VotersRecord],
]);
