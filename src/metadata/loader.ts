/**
 * Committed batches of the metadata log → the images to publish. Between BeginTransactionRecord and
 * EndTransactionRecord nothing is published, and AbortTransactionRecord takes back all since the begin (KIP-868). As
 * MetadataBatchLoader.
 */
import { applyRecord } from "./apply.ts";
import { changesBetween, type ImageChanges } from "./changes.ts";
import { Draft } from "./draft.ts";
import { emptyImage, type MetadataImage, type Provenance } from "./image.ts";
import { RecordError } from "./records/error.ts";
import type { MetadataRecord } from "./records/record.ts";

/** A committed batch, its records decoded. */
export interface LoadedBatch {
  readonly baseOffset: number;
  readonly epoch: number;
  /** The batch's append time. */
  readonly timestampMs: number;
  readonly records: readonly MetadataRecord[];
}

export class ImageLoader {
  /** The last image handed out. */
  private published: MetadataImage;
  /** All records so far, those of an open transaction included. */
  private latest: MetadataImage;
  /** The image before the open transaction. */
  private beforeTransaction: MetadataImage | null = null;

  constructor(image: MetadataImage = emptyImage()) {
    this.published = image;
    this.latest = image;
  }

  get image(): MetadataImage {
    return this.published;
  }

  /** The changes to publish now; null while a transaction holds them back, or the caller with `more` to come. */
  load(batches: readonly LoadedBatch[], more = false): ImageChanges | null {
    let draft = new Draft(this.latest);
    let provenance = this.latest.provenance;
    for (const { baseOffset, epoch, timestampMs, records } of batches) {
      for (const [index, record] of records.entries()) {
        if (record.type === "BeginTransactionRecord") {
          this.begin(draft.finish(provenance));
          draft = new Draft(this.beforeTransaction!);
        } else if (record.type === "AbortTransactionRecord") {
          draft = new Draft(this.end());
        } else if (record.type === "EndTransactionRecord") this.end();
        else applyRecord(draft, record);
        provenance = { offset: baseOffset + index, epoch, timestampMs };
      }
    }
    this.latest = draft.finish(provenance);
    return more ? null : this.publish(this.beforeTransaction ?? this.latest);
  }

  /** A snapshot replaces everything; what it does not name is gone. */
  loadSnapshot(records: Iterable<MetadataRecord>, provenance: Provenance): ImageChanges;
  loadSnapshot(records: Iterable<MetadataRecord>, provenance: Provenance, more: boolean): ImageChanges | null;
  loadSnapshot(records: Iterable<MetadataRecord>, provenance: Provenance, more = false): ImageChanges | null {
    const draft = new Draft(emptyImage());
    for (const record of records) applyRecord(draft, record);
    this.beforeTransaction = null;
    this.latest = draft.finish(provenance);
    if (more) return null;
    const changes = changesBetween(this.published, this.latest);
    this.published = this.latest;
    return changes;
  }

  private publish(image: MetadataImage): ImageChanges | null {
    if (image === this.published || image.provenance.offset <= this.published.provenance.offset) return null;
    const changes = changesBetween(this.published, image);
    this.published = image;
    return changes;
  }

  private begin(image: MetadataImage): void {
    if (this.beforeTransaction !== null) throw new RecordError("a metadata transaction begins inside another");
    this.beforeTransaction = image;
  }

  private end(): MetadataImage {
    const before = this.beforeTransaction;
    if (before === null) throw new RecordError("a metadata transaction ends that never began");
    this.beforeTransaction = null;
    return before;
  }
}
