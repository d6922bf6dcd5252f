import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import type { MetadataLog } from "./metadata-log.ts";
import { MetadataPublisher } from "./publisher.ts";
import { record } from "./records/record.ts";
import { writeRecord } from "./records/serde.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const topicId = "NljEMhQ0ROOT6owx936vuw";

const named = (name: string) => writeRecord(record("TopicRecord", { name, topicId }));
const gone = writeRecord(record("RemoveTopicRecord", { topicId }));

function fixture() {
  const log = { highWatermark: 0, toldHighWatermark: null as number | null };
  const seen: string[][] = [];
  const publisher = new MetadataPublisher({
    clock: new FakeClock(),
    logger: silent,
    log: log as unknown as MetadataLog,
    settings: { maxRecordBytesBetweenSnapshots: 1e9, maxSnapshotIntervalMs: 0 },
    onFatal: (error) => {
      throw error;
    },
  });
  publisher.subscribe(({ after }) => {
    seen.push([...after.topicsByName.keys()]);
  });
  const committed = (baseOffset: number, record: Uint8Array) => {
    log.highWatermark = baseOffset + 1;
    const batch = { baseOffset, lastOffset: baseOffset, epoch: 1, appendTimeMs: 0, sizeBytes: 100 };
    publisher.committed([{ ...batch, records: [record] }]);
  };
  return { log, seen, publisher, committed };
}

test("nobody acts on what was once so: not before all that is committed is known", () => {
  const { log, seen, publisher, committed } = fixture();
  const id = { offset: 5, epoch: 1 };
  publisher.snapshot({ id, lastContainedLogTimeMs: 0, sizeBytes: 0, records: [named("a")] });
  expect(seen).toEqual([]); // no leader has told how much there is
  log.toldHighWatermark = 8;
  committed(5, gone);
  committed(6, named("b"));
  expect([seen, publisher.appliedOffset]).toEqual([[], -1]);
  committed(7, gone);
  expect([seen, publisher.appliedOffset]).toEqual([[[]], 7]);
  committed(8, named("c"));
  expect(seen).toEqual([[], ["c"]]);
});
