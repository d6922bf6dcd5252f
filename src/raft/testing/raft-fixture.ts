/** A quorum of one on a disk in memory, formatted as `kafka-storage format --standalone` does. */
import type { Logger } from "../../../base/ports.ts";
import { Prng } from "../../../base/prng.ts";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { MemoryDisk } from "../../../base/testing/memory-disk.ts";
import type { CommittedBatch, LeaderAndEpoch, RaftListener, RaftSnapshot } from "../driver/listeners.ts";
import { bootstrapSnapshotId, encodeSnapshot, snapshotFileName } from "../driver/snapshot.ts";
import { defaultRaftSettings, RaftDriver, type RaftOptions, type RaftSettings } from "../driver.ts";
import type { Endpoint, Voter } from "../state.ts";

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
export const directoryId = "NljEMhQ0ROOT6owx936vuw";
export const path = "/data/__cluster_metadata-0";
export const controllerAt = (port: number): Endpoint => ({ name: "CONTROLLER", host: "localhost", port });

export const testSettings: RaftSettings = { ...defaultRaftSettings, segmentIndexBytes: 800 };

/** All that one listener was told. */
export class Heard implements RaftListener {
  readonly values: string[] = [];
  readonly offsets: number[] = [];
  readonly snapshots: number[] = [];
  readonly leaders: LeaderAndEpoch[] = [];
  onLeader: (leader: LeaderAndEpoch) => void = () => {};

  committed(batches: readonly CommittedBatch[]): void {
    for (const { baseOffset, records } of batches) {
      records.forEach((record, index) => {
        this.values.push(text(record));
        this.offsets.push(baseOffset + index);
      });
    }
  }
  snapshot({ id, records }: RaftSnapshot): void {
    this.snapshots.push(id.offset);
    this.values.splice(0, this.values.length, ...Array.from(records, text));
  }
  leaderChanged(leader: LeaderAndEpoch): void {
    this.leaders.push(leader);
    this.onLeader(leader);
  }
}

export const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
export const text = (value: Uint8Array): string => new TextDecoder().decode(value);

export class Quorum {
  readonly clock = new FakeClock();
  readonly disk = new MemoryDisk(() => this.clock.nowMs());
  readonly fatal: unknown[] = [];
  port = 9093;
  options: Partial<RaftOptions> = {};

  constructor() {
    this.disk.makeDirectory(path);
    const voter: Voter = { id: 1, directoryId, endpoints: [controllerAt(9093)], kraftVersions: [0, 1] };
    const nowMs = this.clock.nowMs();
    const content = { epoch: 0, lastContainedLogTimeMs: nowMs, kraftVersion: 1, voters: [voter], records: [], nowMs };
    const chunks = [...encodeSnapshot(content)];
    this.disk.plant(`${path}/${snapshotFileName(bootstrapSnapshotId)}`, new Uint8Array(Buffer.concat(chunks)));
    this.disk.crash("all");
  }

  async open(heard = new Heard()): Promise<RaftDriver> {
    const driver = await this.openOnly();
    driver.register(heard);
    driver.start();
    return driver;
  }

  /** Loaded, not yet started. */
  openOnly(): Promise<RaftDriver> {
    return RaftDriver.open({
      clusterId: "cluster",
      disk: this.disk,
      clock: this.clock,
      random: new Prng(7),
      logger: silent,
      path,
      lockPath: null,
      self: { id: 1, directoryId },
      endpoints: [controllerAt(this.port)],
      staticVoters: [],
      settings: testSettings,
      network: { ask: () => Promise.reject(new Error("nobody is there")) },
      bootstrapServers: [],
      onFatal: (error) => this.fatal.push(error),
      ...this.options,
    });
  }

  /** Until nothing moves any more. */
  async settle(): Promise<void> {
    for (let i = 0; i < 200; i++) await Promise.resolve();
  }
}
