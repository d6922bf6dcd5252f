/**
 * The controller of this node. While it leads the quorum it is active: an operation decides on the uncommitted image,
 * its records are applied to that image and appended, and its reply waits until they are committed. When the
 * leadership is lost, the uncommitted image is dropped, and all who wait hear NOT_CONTROLLER. A standby only follows
 * the log.
 */
import { assert } from "../../../base/assert.ts";
import type { Cancel, Clock, Logger, Random } from "../../../base/ports.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type { Message } from "../../../protocol/message.ts";
import { applyRecords } from "../apply.ts";
import { activationRecords } from "../bootstrap.ts";
import { METADATA_VERSION } from "../features.ts";
import type { MetadataImage } from "../image.ts";
import { readKnownRecord } from "../known-records.ts";
import { ImageLoader } from "../loader.ts";
import type {
  CommittedBatch,
  LeaderAndEpoch,
  MetadataLog,
  MetadataLogListener,
  MetadataSnapshot,
} from "../metadata-log.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { writeRecord } from "../records/serde.ts";
import type { ControllerContext } from "./channel.ts";
import { BrokerHeartbeats } from "./heartbeats.ts";
import { atomicResult, type ControllerResult, result } from "./result.ts";
import type { ControllerSettings, ControllerState, TopicConfigRules } from "./state.ts";

/** What an operation may know beside the state and the request. */
export interface ControllerCall {
  readonly context: ControllerContext;
  readonly nowMs: number;
  /** Monotonic; sessions are measured with it. */
  readonly ticksMs: number;
  readonly random: Random;
}

/** A function of what it sees and of the request: it changes nothing but the soft state of the heartbeats. */
export type Operation<Request, Response> = (
  state: ControllerState,
  request: Request,
  call: ControllerCall,
) => ControllerResult<Response>;

/** Static settings of the controller itself. */
export interface ControllerTimes {
  /** `broker.session.timeout.ms` */
  readonly brokerSessionTimeoutMs: number;
  /** `metadata.max.idle.interval.ms`; 0 writes no NoOp records. */
  readonly maxIdleIntervalMs: number;
}

/** What the active controller does by itself, again and again. */
export interface PeriodicTask {
  readonly intervalMs: number;
  /** True: there is more to do at once. */
  readonly decide: (state: ControllerState) => ControllerResult<boolean>;
}

export interface ControllerOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly log: MetadataLog;
  readonly kraftVersion: () => number;
  readonly kraftUpgradeRefused: (level: number) => string | null;
  /** Appends raft's own records for the level, which was not refused. */
  readonly upgradeKraftVersion: (epoch: number, level: number) => void;
  readonly settings: ControllerSettings;
  readonly topicConfigs: TopicConfigRules;
  readonly times: ControllerTimes;
  /** `min.insync.replicas` of this node's configuration: the cluster's value where eligible leader replicas begin. */
  readonly minInsyncReplicas: number;
  /** The records of bootstrap.checkpoint, for an empty log. */
  readonly bootstrap: readonly MetadataRecord[];
  /** By API key. */
  // biome-ignore lint/suspicious/noExplicitAny: each operation has the request and response type of its API.
  readonly operations: ReadonlyMap<number, Operation<any, any>>;
  /** Fences brokers whose session has run out. */
  readonly fenceStale: (state: ControllerState, ticksMs: number) => ControllerResult<null>;
  readonly periodic: readonly PeriodicTask[];
  /** The committed log cannot be applied: this node no longer knows its metadata. */
  readonly onFatal: (error: unknown) => void;
}

/** A reply, and the offset that the image must have reached for it to be true everywhere on this node. */
export interface Committed<Reply> {
  readonly reply: Reply;
  readonly offset: number;
}

interface Active {
  readonly epoch: number;
  readonly heartbeats: BrokerHeartbeats;
  image: MetadataImage;
}

interface Pending {
  readonly offset: number;
  readonly commit: () => void;
  readonly fail: (error: KafkaError) => void;
}

/** As Apache's DEFAULT_MAX_RECORDS_PER_BATCH: more must be atomic never, else be split. */
const RECORDS_PER_BATCH_MAX = 10_000;

export class QuorumController implements MetadataLogListener {
  private readonly options: ControllerOptions;
  private readonly loader = new ImageLoader();
  /** A transaction began in the log and has not ended. */
  private transactionOpen = false;
  /** The epoch that this node leads, and the image with all that it appended; null on a standby. */
  private active: Active | null = null;
  private leaderId: number | null = null;
  /** By offset, ascending. */
  private pending: Pending[] = [];
  private timers: Cancel[] = [];
  private awaitingLeader: (() => void)[] = [];

  constructor(options: ControllerOptions) {
    this.options = options;
  }

  get isActive(): boolean {
    return this.active !== null;
  }

  /** Calls once this controller is active; at once where it is. */
  whenActive(run: () => void): void {
    if (this.active !== null) run();
    else this.awaitingLeader.push(run);
  }

  /** Looks at the state without changing the image; null where this controller is not active. */
  look<Seen>(at: (state: ControllerState) => Seen): Seen | null {
    return this.active === null ? null : at(this.state(this.active));
  }

  supports(apiKey: number): boolean {
    return this.options.operations.has(apiKey);
  }

  /** Runs one request to its committed reply. Rejects with the KafkaError of the operation, or NOT_CONTROLLER. */
  handle<Request, Response>(
    message: Message<Request, Response>,
    request: Request,
    context: ControllerContext,
  ): Promise<Committed<Response>> {
    const operation = this.options.operations.get(message.key) as Operation<Request, Response> | undefined;
    assert(operation !== undefined, `the controller has an operation for ${message.name}`);
    return this.run((state) => operation(state, request, this.call(context)));
  }

  /** Decides now, in the order of the calls; resolves when the records, and all before them, are committed. */
  run<Reply>(decide: (state: ControllerState) => ControllerResult<Reply>): Promise<Committed<Reply>> {
    return new Promise((resolve, reject) => {
      const { active } = this;
      if (active === null) {
        reject(this.notController());
        return;
      }
      let decided: ControllerResult<Reply>;
      try {
        decided = decide(this.state(active));
      } catch (error) {
        reject(error);
        return;
      }
      this.append(active, decided, (offset) => resolve({ reply: decided.reply, offset }), reject);
    });
  }

  committed(batches: readonly CommittedBatch[]): void {
    const last = batches.at(-1);
    if (last === undefined) return;
    const withRecords = batches.filter((batch) => batch.records.length > 0);
    this.loader.load(
      withRecords.map(({ baseOffset, epoch, appendTimeMs, records }) => {
        return { baseOffset, epoch, timestampMs: appendTimeMs, records: records.map((bytes) => this.decode(bytes)) };
      }),
    );
    while (this.pending[0] !== undefined && this.pending[0].offset <= last.lastOffset) this.pending.shift()?.commit();
  }

  snapshot(snapshot: MetadataSnapshot): void {
    assert(this.active === null, "a leader never loads a snapshot");
    const { id, lastContainedLogTimeMs: timestampMs, records } = snapshot;
    this.transactionOpen = false;
    const decoded = Array.from(records, readKnownRecord);
    this.loader.loadSnapshot(decoded, { offset: id.offset - 1, epoch: id.epoch, timestampMs });
  }

  leaderChanged({ leaderId, epoch }: LeaderAndEpoch): void {
    this.leaderId = leaderId;
    if (this.active !== null) this.renounce(epoch);
    if (leaderId === this.options.nodeId) this.claim(epoch);
  }

  /** A record's transaction markers are what the loader keeps to itself; the first leader of a log must know. */
  private decode(bytes: Uint8Array): MetadataRecord {
    const decoded = readKnownRecord(bytes);
    if (decoded.type === "BeginTransactionRecord") this.transactionOpen = true;
    if (decoded.type === "EndTransactionRecord" || decoded.type === "AbortTransactionRecord") {
      this.transactionOpen = false;
    }
    return decoded;
  }

  private claim(epoch: number): void {
    const { clock, logger, log, times } = this.options;
    logger.info(`Became the active controller of epoch ${epoch}, next offset ${log.endOffset}`);
    const { image } = this.loader;
    const heartbeats = new BrokerHeartbeats(times.brokerSessionTimeoutMs, image, clock.ticksMs());
    this.active = { epoch, image, heartbeats };
    this.report(this.run((state) => this.activate(state)));
    this.startTimers();
    for (const run of this.awaitingLeader.splice(0)) run();
  }

  private renounce(epoch: number): void {
    this.options.logger.info(`No longer the active controller in epoch ${epoch}`);
    this.active = null;
    for (const cancel of this.timers.splice(0)) cancel();
    for (const { fail } of this.pending.splice(0)) fail(this.notController());
  }

  private activate(state: ControllerState): ControllerResult<null> {
    const { bootstrap, minInsyncReplicas } = this.options;
    const { metadataVersion } = state.image.features;
    const records = activationRecords({
      logIsEmpty: metadataVersion === null,
      transactionOpen: this.transactionOpen,
      metadataVersion: metadataVersion ?? bootstrapLevel(bootstrap),
      bootstrap,
      minInsyncReplicas,
    });
    return metadataVersion === null ? result(records, null) : atomicResult(records, null);
  }

  private state({ image, heartbeats }: Active): ControllerState {
    const { clusterId, nodeId, log, kraftUpgradeRefused, settings, topicConfigs } = this.options;
    const [nextOffset, kraftVersion] = [log.endOffset, this.options.kraftVersion()];
    const quorum = { clusterId, nodeId, kraftVersion, kraftUpgradeRefused };
    return { image, nextOffset, heartbeats, ...quorum, settings, topicConfigs };
  }

  private call(context: ControllerContext): ControllerCall {
    const { clock, random } = this.options;
    return { context, nowMs: clock.nowMs(), ticksMs: clock.ticksMs(), random };
  }

  private append(
    active: Active,
    { records, atomic, kraftVersion }: ControllerResult<unknown>,
    commit: (offset: number) => void,
    fail: (error: unknown) => void,
  ): void {
    assert(!atomic || records.length <= RECORDS_PER_BATCH_MAX, "an atomic operation fits one batch");
    let offset = this.pending.at(-1)?.offset ?? -1;
    let appended = false;
    try {
      if (kraftVersion !== undefined) this.options.upgradeKraftVersion(active.epoch, kraftVersion);
      for (let from = 0; from < records.length; from += RECORDS_PER_BATCH_MAX) {
        const batch = records.slice(from, from + RECORDS_PER_BATCH_MAX);
        const image = applyRecords(active.image, batch);
        offset = this.options.log.append(active.epoch, batch.map(writeRecord));
        active.image = image;
        appended = true;
      }
    } catch (error) {
      this.failed(active, error, appended);
      fail(error);
      return;
    }
    // A read saw what the appends before it did: it is answered after them.
    if (offset < 0) commit(this.options.log.highWatermark - 1);
    else this.pending.push({ offset, commit: () => commit(offset), fail });
  }

  /** The log refused, or the records cannot be applied to the image (a bug of the operation). */
  private failed({ epoch }: Active, error: unknown, appended: boolean): void {
    if (error instanceof KafkaError) {
      this.options.log.resign(epoch);
      return;
    }
    this.options.logger.error(`A controller operation failed: ${error}`);
    // With nothing in the log nothing has happened, and only this request fails. Else log and image may differ.
    if (appended) this.options.onFatal(error);
  }

  private startTimers(): void {
    const { times } = this.options;
    if (times.maxIdleIntervalMs > 0) {
      this.every(times.maxIdleIntervalMs, () => atomicResult([record("NoOpRecord", {})], null));
    }
    // As Apache: eight looks in a session, so a dead broker is fenced after at most 112.5 % of it.
    const lookMs = Math.max(1, times.brokerSessionTimeoutMs / 8);
    this.every(lookMs, this.fencing(lookMs));
    for (const task of this.options.periodic) this.every(task.intervalMs, this.repeated(task));
  }

  private repeated({ decide }: PeriodicTask): (state: ControllerState) => ControllerResult<null> {
    const once = (state: ControllerState): ControllerResult<null> => {
      const decided = decide(state);
      if (decided.reply) this.options.clock.turnEnd(() => this.report(this.run(once)));
      return { ...decided, reply: null };
    };
    return once;
  }

  /**
   * A controller that was stopped or stalled has heard of nobody meanwhile, and what brokers sent lies unread: that is
   * no evidence against them. It looks again when it has read on.
   */
  private fencing(lookMs: number): (state: ControllerState) => ControllerResult<null> {
    const { clock, fenceStale } = this.options;
    let lookedMs = clock.ticksMs();
    return (state) => {
      const nowMs = clock.ticksMs();
      const stalled = nowMs - lookedMs > 2 * lookMs;
      lookedMs = nowMs;
      return stalled ? result([], null) : fenceStale(state, nowMs);
    };
  }

  private every(intervalMs: number, decide: (state: ControllerState) => ControllerResult<null>): void {
    const { clock } = this.options;
    const at = this.timers.length;
    const arm = (): void => {
      this.timers[at] = clock.after(intervalMs, () => {
        arm();
        this.report(this.run(decide));
      });
    };
    arm();
  }

  /** Own operations have nobody who waits for the reply. */
  private report(work: Promise<unknown>): void {
    work.catch((error) => {
      if (error instanceof KafkaError) this.options.logger.debug(`controller: ${error.message}`);
      else this.options.onFatal(error);
    });
  }

  private notController(): KafkaError {
    const known = this.leaderId === null ? "No controller is known." : `The active controller is ${this.leaderId}.`;
    return new KafkaError("NOT_CONTROLLER", known);
  }
}

function bootstrapLevel(bootstrap: readonly MetadataRecord[]): number {
  for (const { type, value } of bootstrap) {
    if (type === "FeatureLevelRecord" && value.name === METADATA_VERSION) return value.featureLevel;
  }
  assert(false, "the bootstrap records finalize metadata.version");
}
