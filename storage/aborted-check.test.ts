/** An entry of a transaction index that the log contradicts shows nothing aborted and hides nothing committed. */
import { expect, test } from "bun:test";
import { putInt64 } from "../protocol/records/batch.ts";
import { buildControlBatch } from "../protocol/records/builder.ts";
import type { Log } from "./log.ts";
import { append, type Fixture, fixture, opened, settle } from "./testing/log-fixture.ts";

const index = "/data/orders-0/00000000000000000000.txnindex";
const FIRST_OFFSET_AT = 10;
const LAST_OFFSET_AT = 18;
const STABLE_OFFSET_AT = 26;

let sequence = 0;
const data = (log: Log, producerId: number) =>
  append(log, { producerId, producerEpoch: 0, baseSequence: sequence++, isTransactional: true });

function marker(log: Log, producerId: number, type: "COMMIT" | "ABORT"): void {
  const place = { baseOffset: log.logEndOffset, partitionLeaderEpoch: 0, producerId, producerEpoch: 0 };
  const facts = { ...place, isTransactional: true };
  log.append(buildControlBatch(type, new Uint8Array(6), 1_700_000_000_000, facts), "coordinator");
}

/** Offsets: 0 and 1 committed at 2; 3 of another producer stays open; 4 and 5 aborted at 6. */
async function written(): Promise<Fixture> {
  const made = fixture();
  const log = await opened(made);
  sequence = 0;
  data(log, 9);
  data(log, 9);
  marker(log, 9, "COMMIT");
  append(log, { producerId: 8, producerEpoch: 0, baseSequence: 0, isTransactional: true });
  data(log, 9);
  data(log, 9);
  marker(log, 9, "ABORT");
  const closing = log.close();
  await settle(made.clock);
  await closing;
  return made;
}

test("the entry that was written is believed", async () => {
  const log = await opened(await written(), { cleanShutdown: true });
  expect(log.abortedTransactions(0, 7)).toEqual([
    { producerId: 9, firstOffset: 4, lastOffset: 6, lastStableOffset: 3 },
  ]);
});

test.each([
  ["a later batch of the transaction", FIRST_OFFSET_AT, 5],
  ["an earlier transaction", FIRST_OFFSET_AT, 0],
  ["another producer's batch", FIRST_OFFSET_AT, 3],
  ["another marker", LAST_OFFSET_AT, 2],
  ["a transaction that is no longer open", STABLE_OFFSET_AT, 0],
  ["no open transaction", STABLE_OFFSET_AT, 7],
])("an entry that names %s is refused", async (_, at, offset) => {
  const made = await written();
  const bytes = made.disk.contentOf(index).slice();
  putInt64(bytes, at, offset);
  made.disk.plant(index, bytes);
  const log = await opened(made, { cleanShutdown: true });
  expect(() => log.abortedTransactions(0, 7)).toThrow(/txnindex is damaged/);
});
