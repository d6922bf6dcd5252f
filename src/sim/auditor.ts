/**
 * Looks into the node while it runs, again and again: whatever it calls committed lies on the device, where no power
 * cut takes it. A power cut would show the same, were it to come in the very moment in which a promise is ahead.
 */
import * as batch from "../../protocol/records/batch.ts";
import { logName, offsetOf } from "../../storage/files.ts";
import type { SimNode } from "./node.ts";
import type { World } from "./world.ts";

const EVERY_MS = 4;
const METADATA_LOG = "/data/__cluster_metadata-0";

/** How far the log in a directory has been found on the device: `position` in the segment at `base`. */
interface Cursor {
  readonly base: number;
  readonly position: number;
  readonly nextOffset: number;
}

export class Auditor {
  private readonly world: World;
  private readonly node: SimNode;
  /** Directories with wrong bits in them, which need not be looked at. */
  private readonly damaged: ReadonlySet<string>;
  private readonly cursors = new Map<string, Cursor>();

  constructor(world: World, node: SimNode, damaged: ReadonlySet<string>) {
    this.world = world;
    this.node = node;
    this.damaged = damaged;
  }

  start(): void {
    this.world.at(EVERY_MS, () => {
      this.look();
      this.start();
    });
  }

  /** What was promised is void. */
  diskLost(): void {
    this.cursors.clear();
  }

  private look(): void {
    const { current } = this.node;
    if (current?.broker == null || !current.life.acts) return;
    const { services } = current.broker;
    for (const { log, highWatermark } of services.replicas.all()) {
      this.check("P1", log.directory, log.logStartOffset, highWatermark);
    }
    const { highWatermark } = services.quorum();
    this.check("R6", METADATA_LOG, 0, Math.max(highWatermark ?? 0, services.image().provenance.offset + 1));
  }

  private check(promise: string, directory: string, logStartOffset: number, highWatermark: number): void {
    if (highWatermark <= logStartOffset || this.damaged.has(directory)) return;
    let cursor = this.cursors.get(directory);
    if (cursor !== undefined && cursor.nextOffset >= highWatermark) return;
    // Segments below have been deleted, perhaps, and with them what was looked at last.
    if (cursor === undefined || !this.exists(directory, cursor)) cursor = this.beginning(directory, logStartOffset);
    cursor = this.advanced(directory, cursor, highWatermark);
    this.cursors.set(directory, cursor);
    if (cursor.nextOffset >= highWatermark) return;
    const detail = `${directory} is committed to ${highWatermark}, the device has it to ${cursor.nextOffset}`;
    this.world.fail(`${promise} what is committed is on the device`, detail);
  }

  private exists(directory: string, { base }: Cursor): boolean {
    return this.node.disk.durableContent(`${directory}/${logName(base)}`, Number.MAX_SAFE_INTEGER) !== null;
  }

  private beginning(directory: string, logStartOffset: number): Cursor {
    const names = this.node.disk.durableNames(directory).filter((name) => name.endsWith(".log"));
    const bases = names.map((name) => offsetOf(name) ?? 0).sort((a, b) => a - b);
    const base = bases.findLast((each) => each <= logStartOffset) ?? bases[0] ?? 0;
    return { base, position: 0, nextOffset: base };
  }

  /** As far as whole batches go, and no further than is committed: what follows may still be cut off. */
  private advanced(directory: string, from: Cursor, highWatermark: number): Cursor {
    let { base, position, nextOffset } = from;
    for (;;) {
      const bytes = this.node.disk.durableContent(`${directory}/${logName(base)}`, position) ?? new Uint8Array(0);
      let at = 0;
      while (nextOffset < highWatermark && bytes.length - at >= batch.HEADER_SIZE && batch.isValid(bytes, at)) {
        nextOffset = batch.lastOffset(bytes, at) + 1;
        at += batch.sizeBytes(bytes, at);
      }
      position += at;
      const following = { base: nextOffset, position: 0, nextOffset };
      if (nextOffset >= highWatermark || base === nextOffset || !this.exists(directory, following)) break;
      [base, position] = [nextOffset, 0];
    }
    return { base, position, nextOffset };
  }
}
