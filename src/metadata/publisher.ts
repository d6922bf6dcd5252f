/**
 * The committed image of this node and those who act on it: every committed batch becomes an image, the subscribers
 * apply what changed, one after the other, and only then the image is shown to requests: a topic that a client sees
 * has its partitions open. Also decides when a snapshot is due, as Kafka's SnapshotGenerator.
 */
import { assert } from "../../base/assert.ts";
import type { Clock, Logger } from "../../base/ports.ts";
import type { ImageChanges } from "./changes.ts";
import type { MetadataImage } from "./image.ts";
import { readKnownRecord } from "./known-records.ts";
import { ImageLoader } from "./loader.ts";
import type {
  CommittedBatch,
  LeaderAndEpoch,
  MetadataLog,
  MetadataLogListener,
  MetadataSnapshot,
} from "./metadata-log.ts";
import { writeRecord } from "./records/serde.ts";
import { snapshotRecords } from "./snapshot.ts";

export type Subscriber = (changes: ImageChanges) => void | Promise<void>;

/** Read each time they are needed. */
export interface SnapshotSettings {
  /** `metadata.log.max.record.bytes.between.snapshots` */
  readonly maxRecordBytesBetweenSnapshots: number;
  /** `metadata.log.max.snapshot.interval.ms`; 0 for never by time */
  readonly maxSnapshotIntervalMs: number;
}

export interface PublisherOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly log: MetadataLog;
  readonly settings: SnapshotSettings;
  /** A record or a subscriber failed: this node no longer knows its metadata. */
  readonly onFatal: (error: unknown) => void;
}

interface Waiting {
  readonly isDone: () => boolean;
  readonly resolve: () => void;
}

export class MetadataPublisher implements MetadataLogListener {
  private readonly options: PublisherOptions;
  private readonly loader = new ImageLoader();
  private readonly subscribers: Subscriber[] = [];
  private shown: MetadataImage;
  private shownOffset = -1;
  private leader: LeaderAndEpoch = { leaderId: null, epoch: 0 };
  /**
   * At start: nobody is told of a beginning without its end, such as topics without their settings. Whoever acted on
   * what was once so would undo what has been since: delete the log of a partition that has moved away and back.
   */
  private caughtUp = false;
  private publishing: Promise<void> | null = null;
  private readonly queue: { readonly changes: ImageChanges | null; readonly offset: number }[] = [];
  private waiting: Waiting[] = [];
  private bytesSinceSnapshot = 0;
  private lastSnapshotMs: number;
  private writingSnapshot = false;

  constructor(options: PublisherOptions) {
    this.options = options;
    this.shown = this.loader.image;
    this.lastSnapshotMs = options.clock.nowMs();
  }

  /** Called with every change, in the order of subscription: so before the log tells the first. */
  subscribe(subscriber: Subscriber): void {
    assert(this.shownOffset === -1 && this.queue.length === 0, "who subscribes late would miss what has been");
    this.subscribers.push(subscriber);
  }

  /** What requests are answered from: applied by every subscriber. */
  get image(): MetadataImage {
    return this.shown;
  }

  /** The last offset of the log that is in the image, records of raft included; -1 at first. */
  get appliedOffset(): number {
    return this.shownOffset;
  }

  get leaderId(): number | null {
    return this.leader.leaderId;
  }

  /** Resolves when the image holds everything up to and with `offset`. */
  reached(offset: number): Promise<void> {
    return this.until(() => this.shownOffset >= offset);
  }

  /** Resolves when the image has what is asked for. */
  shows(holds: (image: MetadataImage) => boolean): Promise<void> {
    return this.until(() => holds(this.shown));
  }

  private until(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push({ isDone, resolve });
    });
  }

  committed(batches: readonly CommittedBatch[]): void {
    const last = batches.at(-1);
    if (last === undefined) return;
    for (const batch of batches) this.bytesSinceSnapshot += batch.sizeBytes;
    const withRecords = batches.filter((batch) => batch.records.length > 0);
    const changes = this.loader.load(
      withRecords.map(({ baseOffset, epoch, appendTimeMs, records }) => {
        return { baseOffset, epoch, timestampMs: appendTimeMs, records: records.map(readKnownRecord) };
      }),
      this.isBehind(last.lastOffset + 1),
    );
    if (!this.caughtUp) return;
    this.enqueue(changes, last.lastOffset);
    const whole = this.loader.image.provenance.offset === withRecords.at(-1)?.lastOffset;
    if (changes !== null && whole) this.maybeSnapshot(changes.after);
  }

  snapshot(snapshot: MetadataSnapshot): void {
    const { id, lastContainedLogTimeMs, records } = snapshot;
    const provenance = { offset: id.offset - 1, epoch: id.epoch, timestampMs: lastContainedLogTimeMs };
    this.bytesSinceSnapshot = 0;
    const changes = this.loader.loadSnapshot(decodeAll(records), provenance, this.isBehind(id.offset));
    if (this.caughtUp) this.enqueue(changes, id.offset - 1);
  }

  /** Whether more is known to be committed than what ends at `endOffset`; never again once it was not. */
  private isBehind(endOffset: number): boolean {
    const { toldHighWatermark } = this.options.log;
    this.caughtUp ||= toldHighWatermark !== null && endOffset >= toldHighWatermark;
    return !this.caughtUp;
  }

  leaderChanged(leader: LeaderAndEpoch): void {
    this.leader = leader;
  }

  private enqueue(changes: ImageChanges | null, offset: number): void {
    this.queue.push({ changes, offset });
    if (this.publishing === null) this.publish();
  }

  /** Goes on in the same turn as long as no subscriber has to wait. */
  private publish(): void {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      const { changes, offset } = next;
      const waits = changes === null ? null : this.apply(changes, 0);
      if (waits === null) {
        this.show(changes, offset);
        continue;
      }
      this.publishing = waits.then(
        () => {
          this.publishing = null;
          this.show(changes, offset);
          this.publish();
        },
        (error) => this.options.onFatal(error),
      );
      return;
    }
  }

  private apply(changes: ImageChanges, from: number): Promise<void> | null {
    for (let index = from; index < this.subscribers.length; index++) {
      const waits = this.subscribers[index]?.(changes);
      if (waits !== undefined) return waits.then(() => this.apply(changes, index + 1) ?? undefined);
    }
    return null;
  }

  private show(changes: ImageChanges | null, offset: number): void {
    if (changes !== null) this.shown = changes.after;
    this.shownOffset = offset;
    if (this.waiting.length === 0) return;
    const done = this.waiting.filter(({ isDone }) => isDone());
    this.waiting = this.waiting.filter((waiting) => !done.includes(waiting));
    for (const { resolve } of done) resolve();
  }

  private maybeSnapshot(image: MetadataImage): void {
    const { settings, clock, log, logger } = this.options;
    if (this.writingSnapshot || image.features.metadataVersion === null) return;
    const { maxRecordBytesBetweenSnapshots, maxSnapshotIntervalMs } = settings;
    const byBytes = this.bytesSinceSnapshot >= maxRecordBytesBetweenSnapshots;
    const byTime = maxSnapshotIntervalMs > 0 && clock.nowMs() - this.lastSnapshotMs >= maxSnapshotIntervalMs;
    if (!byBytes && !byTime) return;
    this.writingSnapshot = true;
    this.bytesSinceSnapshot = 0;
    this.lastSnapshotMs = clock.nowMs();
    const { offset, epoch, timestampMs } = image.provenance;
    log.createSnapshot({ offset: offset + 1, epoch }, timestampMs, encodeAll(image)).then(
      () => {
        this.writingSnapshot = false;
        logger.info(`Wrote a metadata snapshot at offset ${offset + 1}`);
      },
      (error) => this.options.onFatal(error),
    );
  }
}

function* decodeAll(records: Iterable<Uint8Array>) {
  for (const record of records) yield readKnownRecord(record);
}

function* encodeAll(image: MetadataImage): Generator<Uint8Array> {
  for (const record of snapshotRecords(image)) yield writeRecord(record);
}
