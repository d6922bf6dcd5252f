/**
 * What the broker has promised, and the check of everything it shows against that (RELIABILITY: P1-P10). A batch that
 * was acknowledged with acks=all, or that any consumer has read, is firm: it stays at its offset for good. One that was
 * acknowledged with acks=1 is soft: it survives the end of the process, and may go with the power. What was refused is
 * never seen; what nobody answered may be there or not.
 */
import * as batchView from "../../protocol/records/batch.ts";
import { readRecords } from "../../protocol/records/cursor.ts";
import type { World } from "./world.ts";

export type Outcome = "pending" | "acknowledged" | "refused" | "unknown";

/** One batch as a producer made it; the values of its records are "ID/0", "ID/1" and so on, with filling. */
export interface SentBatch {
  readonly id: string;
  readonly producer: string;
  /** Counts the batches of the producer to this partition. */
  readonly order: number;
  readonly idempotent: boolean;
  readonly acks: number;
  readonly count: number;
  readonly crc: number;
  readonly values: readonly string[];
  attempts: number;
  outcome: Outcome;
}

const utf8 = new TextDecoder();

export interface ModelOptions {
  /** Retention is on. */
  readonly retains: boolean;
  /** The log's time, not the record's. */
  readonly stamps: boolean;
  /** Records go, by retention or by request: then a producer all of whose batches went may be forgotten. */
  readonly deletes: boolean;
}

/** What unclean elections have taken of a partition: nobody owes it any more. */
export interface Losses {
  /** There was such an election. */
  readonly any: boolean;
  /** Nobody owes the batch at the offset; the leader epoch that it is of is null where that is not known. */
  isVoid(offset: number, id: string, epoch: number | null): boolean;
}

/** A promise that was not kept, where an election that is not known yet may excuse it. */
export interface Suspicion {
  readonly invariant: string;
  readonly detail: string;
  /** The batches without one of which there would be nothing wrong; null where any such election excuses it. */
  readonly about: readonly Placed[] | null;
}

interface Placed {
  readonly offset: number;
  readonly id: string;
  readonly epoch: number | null;
}

export class PartitionModel {
  readonly name: string;
  /** Base offset → what is there for good. */
  readonly firm = new Map<number, SentBatch>();
  /** As far as power holds. */
  readonly soft = new Map<number, SentBatch>();
  readonly batches = new Map<string, SentBatch>();
  /** The broker writes its own time into what it gets (LogAppendTime). */
  readonly stamps: boolean;
  /** With several replicas acks=1 promises nothing: the next leader may not have it. */
  softHolds = true;
  /** As some answer has said: it never goes back. */
  highWatermark = 0;
  /** Requests to delete records have named offsets up to this; retention may do more. */
  deletedTo = 0;
  /** As some answer has said, since the last unclean end. */
  earliest = 0;
  readonly deletes: boolean;
  /** Where unclean elections are allowed. */
  losses: Losses | null = null;
  private readonly suspicions: Suspicion[] = [];
  /** Offset of a firm batch → its leader epoch, where that has been seen. */
  private readonly epochs = new Map<number, number>();
  private readonly places = new Map<SentBatch, number>();
  private readonly world: World;
  private readonly retains: boolean;

  constructor(world: World, name: string, { retains, stamps, deletes }: ModelOptions) {
    this.world = world;
    this.name = name;
    this.retains = retains;
    this.stamps = stamps;
    this.deletes = deletes;
  }

  /** Requests of before the disk was lost may still arrive. */
  inherit(former: PartitionModel): void {
    for (const [id, batch] of former.batches) {
      this.batches.set(id, { ...batch, idempotent: false, attempts: 2, outcome: "unknown" });
    }
  }

  acknowledged(batch: SentBatch, offset: number, epoch: number | null = null): void {
    batch.outcome = "acknowledged";
    if (offset < 0) return; // a duplicate so old that its offset is forgotten
    if (batch.acks === -1) {
      if (!this.place(batch, offset, epoch)) return;
      this.sawHighWatermark(offset + batch.count);
    } else if (this.softHolds) {
      const other = this.firm.get(offset);
      if (other !== undefined && other !== batch) this.conflict(offset, batch, other);
      this.soft.set(offset, batch);
    }
  }

  /** The power has gone: what was only in memory may be gone, too. */
  powerCut(): void {
    for (const batch of this.soft.values()) if (this.places.get(batch) === undefined) batch.outcome = "unknown";
    this.soft.clear();
  }

  /** Where the log ends at least, by all that was acknowledged. */
  get promisedEnd(): number {
    let end = this.highWatermark;
    for (const [offset, { count }] of this.soft) end = Math.max(end, offset + count);
    return end;
  }

  /** After an unclean end the start of the log may be an older one. */
  uncleanEnd(): void {
    this.earliest = 0;
  }

  sawHighWatermark(offset: number): void {
    this.highWatermark = Math.max(this.highWatermark, offset);
  }

  sawLatest(offset: number, knownBefore: number): void {
    if (offset < knownBefore) {
      this.fail("P9 the latest offset never goes back", `${offset}, and ${knownBefore} was seen before`);
    }
    this.sawHighWatermark(offset);
  }

  sawEarliest(offset: number, knownBefore: number): void {
    if (offset < knownBefore) this.fail("P9 the earliest offset never goes back", `${offset} after ${knownBefore}`);
    if (!this.retains && offset > this.deletedTo) {
      this.fail("P9 the earliest offset moves for a reason", `${offset}, and nobody deleted above ${this.deletedTo}`);
    }
    this.earliest = Math.max(this.earliest, offset);
  }

  /** Records as a consumer got them at `offset`; returns the offset to go on from. */
  observe(bytes: Uint8Array, offset: number, highWatermark: number, read?: Map<number, SentBatch>): number {
    let next = offset;
    let owedEnd = 0;
    let at = 0;
    while (bytes.length - at >= batchView.HEADER_SIZE) {
      const sizeBytes = batchView.sizeBytes(bytes, at);
      if (sizeBytes > bytes.length - at) break; // cut by the limit of the fetch
      const base = batchView.baseOffset(bytes, at);
      const last = batchView.lastOffset(bytes, at);
      if (!batchView.isValid(bytes, at)) {
        this.fail("P10 batches are whole", `the CRC at ${base} is wrong`);
        return next;
      }
      const isFirst = at === 0;
      if (isFirst ? base > next || last < next : base !== next) {
        this.fail("P5 no offset is skipped", `a batch of ${base} to ${last} where ${next} was next`);
      }
      if (last >= highWatermark) {
        this.fail("P7 nothing above the high watermark is read", `offset ${last}, high watermark ${highWatermark}`);
      }
      const batch = this.observeBatch(bytes.subarray(at, at + sizeBytes), base);
      next = last + 1;
      at += sizeBytes;
      if (batch === null) continue;
      read?.set(base, batch);
      owedEnd = next;
    }
    this.sawHighWatermark(owedEnd);
    return next;
  }

  /** After everything has healed: all that is firm between the two ends was among what was read. */
  checkComplete(read: ReadonlyMap<number, SentBatch>, earliest: number, latest: number): void {
    for (const [offset, batch] of this.firm) {
      if (offset < earliest || offset >= latest) continue; // what came later was not asked for
      if (read.get(offset) === batch) continue;
      this.suspect("P1 no acknowledged or seen batch is lost", `${batch.id} at ${offset}`, [
        this.placed(batch, offset),
      ]);
    }
    for (const [offset, batch] of this.soft) {
      if (offset < earliest || read.get(offset) === batch) continue;
      this.fail("P1 the end of a process loses nothing acknowledged", `${batch.id} at ${offset}`);
    }
    this.checkOrder(read);
  }

  private observeBatch(bytes: Uint8Array, base: number): SentBatch | null {
    const values = readRecords(bytes).map(({ value }) => utf8.decode(value ?? new Uint8Array(0)));
    const id = (values[0] ?? "").split("/")[0] as string;
    const batch = this.batches.get(id);
    if (batch === undefined) {
      this.fail("P10 only what was sent is read", `${JSON.stringify(values[0])} at ${base}`);
      return null;
    }
    const isSame = batch.values.length === values.length && batch.values.every((value, n) => value === values[n]);
    if (!isSame) this.fail("P10 records are read as they were sent", `${id} at ${base}`);
    if (!this.stamps && batchView.crc(bytes, 0) !== batch.crc) this.fail("P10 the CRC stays", `${id} at ${base}`);
    if (batch.outcome === "refused") this.fail("P3 what was refused is never seen", `${id} at ${base}`);
    return this.place(batch, base, batchView.partitionLeaderEpoch(bytes, 0)) ? batch : null;
  }

  /** False where an unclean election has taken it. */
  private place(batch: SentBatch, offset: number, epoch: number | null): boolean {
    if (this.losses?.isVoid(offset, batch.id, epoch)) return false;
    const other = this.firm.get(offset);
    if (other !== undefined && other !== batch) this.conflict(offset, batch, other);
    const before = this.places.get(batch);
    if (before !== undefined && before !== offset && (batch.idempotent || batch.attempts <= 1)) {
      const detail = `${batch.id} (sent ${batch.attempts} times) at ${before} and ${offset}`;
      this.suspect("P2 one batch has one offset", detail, [
        this.placed(batch, before),
        { offset, id: batch.id, epoch },
      ]);
    }
    const soft = this.soft.get(offset);
    if (soft !== undefined && soft !== batch) {
      this.fail("P6 an acknowledged offset is exact", `${soft.id} was acknowledged at ${offset}, ${batch.id} is there`);
    }
    this.places.set(batch, offset);
    this.firm.set(offset, batch);
    if (epoch !== null) this.epochs.set(offset, epoch);
    else if (other !== batch) this.epochs.delete(offset);
    return true;
  }

  private placed({ id }: SentBatch, offset: number): Placed {
    return { offset, id, epoch: this.epochs.get(offset) ?? null };
  }

  private checkOrder(read: ReadonlyMap<number, SentBatch>): void {
    const last = new Map<string, number>();
    for (const [offset, batch] of [...read].sort(([a], [b]) => a - b)) {
      if (!batch.idempotent) continue;
      const before = last.get(batch.producer) ?? -1;
      if (batch.order <= before) {
        this.fail("P4 a producer's order is the log's", `${batch.id} at ${offset} after number ${before}`);
      }
      last.set(batch.producer, batch.order);
    }
  }

  private conflict(offset: number, batch: SentBatch, other: SentBatch): void {
    const detail = `${batch.id} at ${offset}, where ${other.id} is`;
    this.suspect("P2 one offset has one value", detail, [
      this.placed(other, offset),
      { offset, id: batch.id, epoch: null },
    ]);
  }

  /** Not kept, unless an unclean election took what it is about. */
  suspect(invariant: string, detail: string, about: Suspicion["about"]): void {
    if (this.losses === null) this.fail(invariant, detail);
    else this.suspicions.push({ invariant, detail, about });
  }

  /** A replica that may lack what was promised was elected: what it has is not known yet. */
  uncleanElection(): void {
    this.highWatermark = 0;
    this.uncleanEnd();
  }

  /** What it has is known. */
  losesWhatIsVoid(): void {
    for (const [offset, batch] of [...this.firm]) {
      if (!this.losses?.isVoid(offset, batch.id, this.epochs.get(offset) ?? null)) {
        this.sawHighWatermark(offset + batch.count);
        continue;
      }
      this.firm.delete(offset);
      this.epochs.delete(offset);
      if (this.places.get(batch) === offset) this.places.delete(batch);
    }
  }

  /** At the end of the world all elections are known. */
  judge(): void {
    for (const { invariant, detail, about } of this.suspicions) {
      const { losses } = this;
      const isVoid = ({ offset, id, epoch }: Placed): boolean => losses?.isVoid(offset, id, epoch) === true;
      const isExcused = about === null ? losses?.any === true : about.some(isVoid);
      if (!isExcused) this.fail(invariant, detail);
    }
  }

  /** A promise was not kept. */
  fail(invariant: string, detail: string): void {
    this.world.fail(invariant, `${this.name}: ${detail}`);
  }
}
