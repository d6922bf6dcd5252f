/** `.txnindex` against the aborted transactions that a walk over the segment has found. */
import type { Disk } from "../../base/ports.ts";
import { int16, int64 } from "../../protocol/records/batch.ts";
import type { AbortedTransaction } from "../log-read.ts";
import type { VerifyReport } from "./report.ts";

const ENTRY_BYTES = 34;

export interface TxnIndexToVerify {
  readonly disk: Disk;
  readonly report: VerifyReport;
  readonly path: string;
  /** False: the next start builds it again. */
  readonly trusted: boolean;
  /** All that came before the segment is known. */
  readonly exact: boolean;
}

export function verifyTxnIndex(index: TxnIndexToVerify, aborted: readonly AbortedTransaction[]): void {
  const { disk, report, path, trusted, exact } = index;
  const wrong = (message: string, position: number | null = null) => {
    if (trusted) report.damage(path, message, position);
    else report.note(path, `${message}; the next start builds it again`, position);
  };
  const found = new Map<number, AbortedTransaction>();
  const info = disk.info(path);
  if (info !== null) {
    report.file();
    report.read(info.sizeBytes);
    if (info.sizeBytes % ENTRY_BYTES !== 0) wrong("its length is not a whole number of entries");
    const file = disk.open(path, { readOnly: true });
    try {
      const bytes = disk.read(file, 0, info.sizeBytes);
      for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
        if (int16(bytes, at) !== 0) wrong(`its entry has version ${int16(bytes, at)}`, at);
        const entry = read(bytes, at);
        found.set(entry.lastOffset, entry);
        const expected = aborted.find(({ lastOffset }) => lastOffset === entry.lastOffset);
        if (expected === undefined) {
          if (exact) wrong(`its entry names offset ${entry.lastOffset}, where no transaction was aborted`, at);
        } else if (text(entry) !== text(expected) && exact) {
          wrong(`its entry says ${text(entry)}; the log says ${text(expected)}`, at);
        }
      }
    } finally {
      disk.close(file);
    }
  }
  if (!exact) return;
  for (const entry of aborted) {
    if (!found.has(entry.lastOffset)) wrong(`it lacks the transaction that was aborted at offset ${entry.lastOffset}`);
  }
}

function read(bytes: Uint8Array, at: number): AbortedTransaction {
  return {
    producerId: int64(bytes, at + 2),
    firstOffset: int64(bytes, at + 10),
    lastOffset: int64(bytes, at + 18),
    lastStableOffset: int64(bytes, at + 26),
  };
}

const text = ({ producerId, firstOffset, lastOffset, lastStableOffset }: AbortedTransaction): string =>
  `producer ${producerId} from ${firstOffset} to ${lastOffset}, stable to ${lastStableOffset}`;
