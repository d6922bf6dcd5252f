// From kafka-metadata-4.3.1.jar: common/metadata/DelegationTokenRecord.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface DelegationTokenRecord {
  owner: string;
  requester: string;
  renewers: string[];
  issueTimestamp: number;
  maxTimestamp: number;
  expirationTimestamp: number;
  tokenId: string;
}

export function readDelegationTokenRecord(from: Reader, _version: number): DelegationTokenRecord {
  const owner = from.compactString();
  const requester = from.compactString();
  const renewers: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) renewers.push(from.compactString());
  const issueTimestamp = from.int64();
  const maxTimestamp = from.int64();
  const expirationTimestamp = from.int64();
  const tokenId = from.compactString();
  from.skipTags();
  return { owner, requester, renewers, issueTimestamp, maxTimestamp, expirationTimestamp, tokenId };
}

export function writeDelegationTokenRecord(to: Writer, value: DelegationTokenRecord, _version: number): void {
  to.compactString(value.owner);
  to.compactString(value.requester);
  to.compactArrayLength(value.renewers.length);
  for (const each of value.renewers) to.compactString(each);
  to.int64(value.issueTimestamp);
  to.int64(value.maxTimestamp);
  to.int64(value.expirationTimestamp);
  to.compactString(value.tokenId);
  to.noTags();
}

export const DelegationTokenRecord: RecordSchema<DelegationTokenRecord> = {
  name: "DelegationTokenRecord",
  apiKey: 10,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readDelegationTokenRecord,
  write: writeDelegationTokenRecord,
};
