/**
 * Pulls the metadata log from its leader (KIP-595): one request at a time, each from the end of the own log. A
 * controller sends the next only when the records of the last are durable, because the offset that a voter asks for
 * promises that. Where no leader is known or it does not answer, another node is asked who leads. A log too far behind
 * begins with the leader's snapshot (KIP-630), fetched in parts.
 */
import { AssertionError } from "../../../base/assert.ts";
import { type Cancel, DiskError } from "../../../base/ports.ts";
import { METADATA_TOPIC_ID } from "../../../base/uuid.ts";
import { code, errorName } from "../../../protocol/errors.ts";
import { Fetch, type FetchResponse, type PartitionData } from "../../../protocol/generated/fetch.ts";
import { FetchSnapshot, type FetchSnapshotResponse } from "../../../protocol/generated/fetch-snapshot.ts";
import * as batch from "../../../protocol/records/batch.ts";
import type { Since, VoterSet } from "../state.ts";
import { votersOf } from "../voters.ts";
import { decodeBatches, decodeControl } from "./batches.ts";
import type { RaftClient } from "./client.ts";
import { type Addresses, type HostAndPort, NobodyListens, type RaftHost } from "./host.ts";
import { truncationPoint } from "./lineage.ts";
import { readHistories } from "./load.ts";
import { METADATA_TOPIC } from "./server.ts";
import { SnapshotDownload } from "./snapshot-download.ts";

/** As Apache: how long a leader may hold a fetch that finds nothing new. */
const MAX_WAIT_MS = 500;

export class Fetcher {
  private readonly host: RaftHost;
  private readonly addresses: Addresses;
  private readonly client: RaftClient;
  private readonly staticVoters: VoterSet;
  /** A request is under way, or what it brought is being written. */
  private busy = false;
  private cancelBackoff: Cancel = () => {};
  private failures = 0;
  /** Whom to ask next who leads. */
  private turn = 0;
  private download: SnapshotDownload | null = null;

  constructor(host: RaftHost, addresses: Addresses, client: RaftClient, staticVoters: VoterSet) {
    this.host = host;
    this.addresses = addresses;
    this.client = client;
    this.staticVoters = staticVoters;
  }

  close(): void {
    this.cancelBackoff();
    this.download?.abandon();
  }

  /** Called whenever the state may have changed and all effects are performed. */
  pump(): void {
    const { host } = this;
    if (this.busy || host.isClosed) return;
    const target = this.target();
    if (target === null) return;
    this.busy = true;
    const { epoch } = host.state;
    const isLoading = this.download !== null && this.download.epoch === epoch && host.state.role.name === "follower";
    if (!isLoading) this.dropDownload();
    const asked = isLoading ? this.askForSnapshot(target) : this.askForRecords(target);
    asked.then(
      () => this.done(true),
      (error) => {
        if (host.isClosed) return;
        if (error instanceof AssertionError || error instanceof DiskError) return host.onFatal(error);
        host.logger.debug(`The metadata fetch from ${target.host}:${target.port} failed: ${error}`);
        if (error instanceof NobodyListens && this.isLeader(target)) host.handle({ type: "leaderGone", epoch });
        this.done(false);
      },
    );
  }

  private done(answered: boolean): void {
    this.busy = false;
    this.failures = answered ? 0 : this.failures + 1;
    const { host } = this;
    // Who follows a leader asks it again at once: the leader holds the request while it has nothing new.
    if (answered && host.state.role.name === "follower") host.whenIdle(() => this.pump());
    else this.backOff();
  }

  private backOff(): void {
    const { host } = this;
    this.busy = true;
    this.cancelBackoff = host.clock.after(host.settings.retryBackoffMs, () => {
      this.busy = false;
      host.whenIdle(() => this.pump());
    });
  }

  /**
   * The leader, which is also asked again first: it may be gone, and this is how it shows. Where there is none or it
   * fails, in turn any other node that may know better.
   */
  private target(): HostAndPort | null {
    const { role } = this.host.state;
    const { leader } = this;
    if (leader !== null && (this.failures === 0 || this.failures % 2 === 1)) return leader;
    return role.name === "follower" || role.name === "unattached" ? this.anyone() : null;
  }

  private get leader(): HostAndPort | null {
    const { role, leaderId } = this.host.state;
    return role.name === "follower" && leaderId !== null ? this.addresses.ofLeader(this.host, leaderId) : null;
  }

  private isLeader(target: HostAndPort): boolean {
    const { leader } = this;
    return leader !== null && isSame(leader, target);
  }

  private anyone(): HostAndPort | null {
    const { host } = this;
    const { self } = host.state;
    const own = this.addresses.ofVoter(host, self.id);
    const voters = votersOf(host.state).flatMap(({ id }) => {
      const address = id === self.id ? null : this.addresses.ofVoter(host, id);
      return address === null ? [] : [address];
    });
    const others = host.bootstrapServers.filter((each) => own === null || !isSame(each, own));
    const candidates = [...voters, ...others];
    return candidates.length === 0 ? null : (candidates[this.turn++ % candidates.length] as HostAndPort);
  }

  private async askForRecords(target: HostAndPort): Promise<void> {
    const { host } = this;
    const { log, epoch, self, highWatermark } = host.state;
    const partition = {
      partition: 0,
      currentLeaderEpoch: epoch,
      fetchOffset: log.offset,
      lastFetchedEpoch: log.epoch,
      logStartOffset: -1,
      partitionMaxBytes: 0,
      replicaDirectoryId: self.directoryId,
      highWatermark: highWatermark ?? -1,
    };
    const response = await host.network.ask(target, Fetch, {
      clusterId: host.clusterId,
      replicaId: -1,
      replicaState: { replicaId: self.id, replicaEpoch: -1 },
      maxWaitMs: MAX_WAIT_MS,
      minBytes: 0,
      maxBytes: host.settings.fetchMaxBytes,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic: METADATA_TOPIC, topicId: METADATA_TOPIC_ID, partitions: [partition] }],
      forgottenTopicsData: [],
      rackId: "",
    });
    await this.idle(() => this.fetched(response, epoch, log.offset));
  }

  private idle(run: () => void | Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.host.whenIdle(() => {
        Promise.resolve().then(run).then(resolve, reject);
      });
    });
  }

  /** Takes the answer, if this is still the follower of the epoch and the log that asked. */
  private fetched(response: FetchResponse, epoch: number, offset: number): void | Promise<void> {
    const { host } = this;
    const answer = response.responses[0]?.partitions[0];
    if (response.errorCode !== 0 || answer === undefined) {
      throw new Error(`refused with ${errorName(response.errorCode)}`);
    }
    this.client.toldOfLeader(answer.currentLeader, response.nodeEndpoints);
    const { state } = host;
    const isOurs = state.role.name === "follower" && state.epoch === epoch && state.log.offset === offset;
    if (answer.errorCode !== 0) {
      const isKnown = leadershipErrors.has(answer.errorCode) && state.role.name === "follower";
      if (isKnown && (state.epoch !== epoch || this.failures > 0)) return;
      throw new Error(`refused with ${errorName(answer.errorCode)}`);
    }
    if (!isOurs || answer.currentLeader.leaderEpoch !== epoch) return;
    return this.take(answer, epoch);
  }

  private take(answer: PartitionData, epoch: number): void | Promise<void> {
    const { host } = this;
    const { divergingEpoch, snapshotId, records, highWatermark } = answer;
    if (divergingEpoch.epoch >= 0) {
      const end = { epoch: divergingEpoch.epoch, offset: divergingEpoch.endOffset };
      const at = truncationPoint(host.log, host.snapshots, end);
      if (at.offset < (host.state.highWatermark ?? 0)) {
        throw new Error(`the leader asks to truncate to ${at.offset}, below what is committed`);
      }
      host.handle({ type: "diverged", endOffset: at.offset, lastEpoch: at.epoch });
      host.handle({ type: "leaderHeard", epoch });
      return;
    }
    if (snapshotId.epoch >= 0 && snapshotId.endOffset >= 0) {
      const id = { offset: snapshotId.endOffset, epoch: snapshotId.epoch };
      host.logger.info(`Fetching the metadata snapshot of offset ${id.offset} from the leader`);
      this.download = new SnapshotDownload(host.disk, host.path, id, epoch);
      host.handle({ type: "leaderHeard", epoch });
      return;
    }
    const waits = records !== null && records.length > 0 ? this.append(records, epoch) : undefined;
    host.handle({ type: "leaderHeard", epoch });
    if (highWatermark >= 0) host.handle({ type: "leaderCommitted", epoch, offset: highWatermark });
    return waits;
  }

  /**
   * Resolves when the records are durable. As in Apache, a mere broker does not wait for its disk: the voters have what
   * is committed, and what it loses with its power it fetches again. Any controller waits, because it may be a voter
   * before it has read so.
   */
  private append(bytes: Uint8Array, epoch: number): Promise<void> | undefined {
    const { host } = this;
    const whole = wholeBatches(bytes, host.log.logEndOffset, epoch);
    if (whole.length === 0) throw new Error("the leader's records do not follow this log, or are damaged");
    host.log.append(whole, "replication");
    const voters: Since<VoterSet>[] = [];
    const kraftVersion: Since<number>[] = [];
    let lastEpoch = host.state.log.epoch;
    for (const decoded of decodeBatches(whole)) {
      lastEpoch = decoded.epoch;
      for (const entry of decoded.control) {
        const record = decodeControl(entry);
        if (record?.type === "voters") voters.push({ offset: entry.offset, value: record.voters });
        if (record?.type === "kraftVersion") kraftVersion.push({ offset: entry.offset, value: record.level });
      }
    }
    const endOffset = host.log.logEndOffset;
    host.handle({ type: "replicated", epoch, endOffset, lastEpoch, voters, kraftVersion });
    if (!host.canBecomeVoter) return undefined;
    return host.log.sync().then(() => {
      if (host.isClosed) return;
      const { log } = host.state;
      // Nothing is truncated while a fetch is under way, but for the sake of a leader elected meanwhile.
      if (endOffset <= log.offset && endOffset > log.durableOffset) host.handle({ type: "durable", offset: endOffset });
    });
  }

  private async askForSnapshot(target: HostAndPort): Promise<void> {
    const { host } = this;
    const download = this.download as SnapshotDownload;
    const { self } = host.state;
    const partition = {
      partition: 0,
      currentLeaderEpoch: download.epoch,
      snapshotId: { endOffset: download.id.offset, epoch: download.id.epoch },
      position: download.sizeBytes,
      replicaDirectoryId: self.directoryId,
    };
    const response = await host.network.ask(target, FetchSnapshot, {
      clusterId: host.clusterId,
      replicaId: self.id,
      maxBytes: host.settings.fetchSnapshotMaxBytes,
      topics: [{ name: METADATA_TOPIC, partitions: [partition] }],
    });
    await this.idle(() => this.snapshotFetched(response, download));
  }

  private snapshotFetched(response: FetchSnapshotResponse, download: SnapshotDownload): void | Promise<void> {
    const { host } = this;
    const answer = response.topics[0]?.partitions[0];
    if (response.errorCode !== 0 || answer === undefined) {
      throw new Error(`refused with ${errorName(response.errorCode)}`);
    }
    this.client.toldOfLeader(answer.currentLeader, response.nodeEndpoints);
    const { role, epoch } = host.state;
    if (role.name !== "follower" || epoch !== download.epoch) return;
    if (answer.errorCode !== 0 || answer.position !== download.sizeBytes || answer.unalignedRecords.length === 0) {
      // Deleted meanwhile: the next fetch names another.
      this.dropDownload();
      if (answer.errorCode === code("SNAPSHOT_NOT_FOUND")) host.handle({ type: "leaderHeard", epoch });
      else throw new Error(`refused with ${errorName(answer.errorCode)}`);
      return;
    }
    download.append(answer.unalignedRecords);
    host.handle({ type: "leaderHeard", epoch });
    if (download.sizeBytes < answer.size) return;
    this.download = null;
    return this.install(download);
  }

  private async install(download: SnapshotDownload): Promise<void> {
    const { host } = this;
    const { id, epoch } = download;
    await download.finish();
    await this.idle(() => {
      if (host.isClosed) return;
      const { role, log, highWatermark } = host.state;
      const isNewer = id.epoch > log.epoch || (id.epoch === log.epoch && id.offset > log.offset);
      if (role.name !== "follower" || host.state.epoch !== epoch || !isNewer || id.offset < (highWatermark ?? 0)) {
        download.abandon();
        return;
      }
      host.snapshots.found(id, download.sizeBytes);
      const nothing = snapshotOnly(host.path, id.offset);
      const { voters, kraftVersion } = readHistories(nothing, host.snapshots, this.staticVoters);
      host.handle({ type: "snapshotLoaded", id, voters, kraftVersion });
      host.logger.info(`Loaded the metadata snapshot of offset ${id.offset}`);
    });
  }

  private dropDownload(): void {
    this.download?.abandon();
    this.download = null;
  }
}

/** They say who leads, or that this replica asked with an epoch that is over. */
const leadershipErrors: ReadonlySet<number> = new Set([
  code("NOT_LEADER_OR_FOLLOWER"),
  code("FENCED_LEADER_EPOCH"),
  code("UNKNOWN_LEADER_EPOCH"),
]);

/** A log that holds nothing after the snapshot. */
function snapshotOnly(directory: string, offset: number) {
  return { directory, logStartOffset: offset, logEndOffset: offset, readCopy: () => new Uint8Array(0) };
}

const isSame = (one: HostAndPort, other: HostAndPort): boolean => one.host === other.host && one.port === other.port;

/** The batches that follow `offset` one after the other, undamaged and of no later epoch; the rest is left out. */
function wholeBatches(bytes: Uint8Array, offset: number, epoch: number): Uint8Array {
  let next = offset;
  let at = 0;
  while (at + batch.HEADER_SIZE <= bytes.length) {
    const size = batch.sizeBytes(bytes, at);
    const isWhole = size >= batch.HEADER_SIZE && at + size <= bytes.length && batch.magic(bytes, at) === 2;
    if (!isWhole || batch.baseOffset(bytes, at) !== next || !batch.isValid(bytes, at)) break;
    if (batch.partitionLeaderEpoch(bytes, at) > epoch) break;
    next = batch.lastOffset(bytes, at) + 1;
    at += size;
  }
  return bytes.subarray(0, at);
}
