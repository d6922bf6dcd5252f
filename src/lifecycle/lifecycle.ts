/**
 * This broker in the cluster: it registers, sends heartbeats, is unfenced once it is ready, and leaves in good order.
 * As
 * Kafka's BrokerLifecycleManager, without its waits where nothing is to be waited for.
 */
import { assert } from "../../base/assert.ts";
import type { Cancel, Clock, Logger, Random } from "../../base/ports.ts";
import { randomUuid } from "../../base/uuid.ts";
import { errorName, KafkaError } from "../../protocol/errors.ts";
import { BrokerHeartbeat, type BrokerHeartbeatResponse } from "../../protocol/generated/broker-heartbeat.ts";
import { BrokerRegistration } from "../../protocol/generated/broker-registration.ts";
import type { ImageChanges } from "../metadata/changes.ts";
import { type ControllerChannel, ownContext } from "../metadata/controller/channel.ts";
import { supports } from "../metadata/features.ts";
import type { Endpoint, MetadataImage, VersionRange } from "../metadata/image.ts";

export type BrokerCondition = "starting" | "recovery" | "running" | "pendingControlledShutdown" | "shuttingDown";

/** What the lifecycle asks of this node's metadata. */
export interface AppliedMetadata {
  readonly appliedOffset: number;
  /** Resolves when the image that requests see has what is asked for. */
  shows(holds: (image: MetadataImage) => boolean): Promise<void>;
}

export interface LifecycleOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Need not wait until this node has applied what it asked for: a long application must not delay heartbeats. */
  readonly channel: ControllerChannel;
  readonly metadata: AppliedMetadata;
  /** The leader of the quorum answers. */
  readonly hasController: () => boolean;
  /** As others are told, with the ports that were bound. */
  readonly listeners: readonly Endpoint[];
  readonly features: ReadonlyMap<string, VersionRange>;
  readonly rack: string | null;
  /** The ids of the log directories. */
  readonly directories: readonly string[];
  /** Null where the finalized features have no place for them: a controller of an earlier release may lead. */
  readonly cordonedDirectories: () => readonly string[] | null;
  /** From `.kafka_cleanshutdown`; -1 after an unclean stop. */
  readonly previousBrokerEpoch: number;
  /** `broker.heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  /** `initial.broker.registration.timeout.ms` */
  readonly registrationTimeoutMs: number;
  /** `log.dir.failure.timeout.ms` */
  readonly directoryFailureTimeoutMs: number;
  /** Resolves when this node has loaded its partitions and may serve. */
  readonly ready: Promise<void>;
  /** The node cannot go on. */
  readonly onFatal: (error: unknown) => void;
}

/** How soon to look again while the answer is expected any moment. */
const SOON_MS = 10;
/** Of an election at most: when the others have gone before it, the last node of a cluster finds no controller. */
const WITHOUT_CONTROLLER_MS = 2_000;

export class Lifecycle {
  readonly incarnationId: string;
  private readonly options: LifecycleOptions;
  private current: BrokerCondition = "starting";
  private epoch = -1;
  private ready = false;
  private registered = false;
  private inFlight = false;
  private againAtOnce = false;
  private cancelNext: Cancel = () => {};
  private cancelTimeout: Cancel = () => {};
  /** Directories that failed, and what ends the wait for the controller to know. */
  private readonly offlineDirectories = new Map<string, Cancel>();
  private readonly running = Promise.withResolvers<void>();
  private readonly left = Promise.withResolvers<void>();

  constructor(options: LifecycleOptions) {
    this.options = options;
    this.incarnationId = randomUuid(options.random);
  }

  get condition(): BrokerCondition {
    return this.current;
  }

  /** Of the current registration; -1 before it. */
  get brokerEpoch(): number {
    return this.epoch;
  }

  /** Registers at once. Resolves when the controller has unfenced this broker and this node's image shows it. */
  start(): Promise<void> {
    const { clock, ready, registrationTimeoutMs, onFatal } = this.options;
    this.cancelTimeout = clock.after(registrationTimeoutMs, () => {
      if (this.registered || this.current === "shuttingDown") return;
      onFatal(new Error("Shutting down because we were unable to register with the controller quorum."));
    });
    ready.then(() => {
      this.ready = true;
      if (this.registered) this.communicate();
    }, onFatal);
    this.communicate();
    return this.running.promise;
  }

  /** Leaders move away, then the controller lets go. Resolves then, after `timeoutMs`, or where there is none. */
  async controlledShutdown(timeoutMs: number): Promise<void> {
    if (this.current === "running") {
      const { clock, logger } = this.options;
      this.current = "pendingControlledShutdown";
      logger.info("Beginning controlled shutdown");
      const cancel = clock.after(timeoutMs, () => this.left.resolve());
      this.communicate();
      this.leaveWithoutController(0);
      await this.left.promise;
      cancel();
    }
    this.stop();
  }

  private leaveWithoutController(forMs: number): void {
    const { clock, logger, hasController } = this.options;
    if (this.current !== "pendingControlledShutdown") return;
    if (forMs >= WITHOUT_CONTROLLER_MS) {
      logger.info("There is no controller to say goodbye to");
      this.left.resolve();
      return;
    }
    const lookMs = WITHOUT_CONTROLLER_MS / 10;
    clock.after(lookMs, () => this.leaveWithoutController(hasController() ? 0 : forMs + lookMs));
  }

  /** No more words with the controller. What it leads goes on elsewhere only once it is missed. */
  stop(): void {
    this.current = "shuttingDown";
    this.cancelNext();
    this.cancelTimeout();
    for (const cancel of this.offlineDirectories.values()) cancel();
    this.left.resolve();
  }

  /**
   * A log directory failed: the controller moves its leaders. While it does not know, nobody else leads what was in it,
   * so a broker that cannot tell it in time ends. One that is not registered yet will not name the directory.
   */
  directoryFailed(id: string): void {
    const { clock, directoryFailureTimeoutMs, onFatal } = this.options;
    if (!this.registered) {
      this.offlineDirectories.set(id, () => {});
      return;
    }
    const tooLate = () => {
      onFatal(new Error(`Shutting down because couldn't communicate offline log dir ${id} with controllers`));
    };
    this.offlineDirectories.set(id, clock.after(directoryFailureTimeoutMs, tooLate));
    this.communicate();
  }

  /** `cordoned.log.dirs` changed. */
  directoriesCordoned(): void {
    if (this.registered) this.communicate();
  }

  /** Another node leads the quorum, or its connection broke: it shall hear at once that this broker lives. */
  controllerLost(): void {
    if (this.registered) this.communicate();
  }

  /**
   * To be subscribed to the images. A registration from below metadata.version 3.7-IV2 names no log directories
   * (KIP-858): once that is raised it is sent again. As Kafka's BrokerRegistrationTracker.
   */
  changed({ after }: Pick<ImageChanges, "after">): void {
    const { nodeId, directories } = this.options;
    if (!this.registered || !supports.directoryAssignment(after.features.metadataVersion ?? 0)) return;
    const own = after.brokers.get(nodeId);
    const hasOnline = directories.some((id) => !this.offlineDirectories.has(id));
    if (own === undefined || own.epoch !== this.epoch || own.directories.length > 0 || !hasOnline) return;
    this.registered = false;
    this.communicate();
  }

  /** One request at a time; what comes meanwhile is said right after. */
  private communicate(): void {
    if (this.current === "shuttingDown") return;
    if (this.inFlight) {
      this.againAtOnce = true;
      return;
    }
    this.cancelNext();
    this.inFlight = true;
    const { registered } = this;
    const asked = registered ? this.beat() : this.register();
    asked.then(
      (delayMs) => this.next(delayMs),
      (error) => {
        this.againAtOnce = false; // never at once after a failure
        if (!(error instanceof KafkaError)) this.options.onFatal(error);
        else this.refused(error, registered);
        this.next(this.options.heartbeatIntervalMs);
      },
    );
  }

  private refused({ error, message }: KafkaError, registered: boolean): void {
    const { logger, nodeId } = this.options;
    if (registered) logger.warn(`The controller answered ${error}: ${message}`);
    else logger.warn(`Unable to register broker ${nodeId} because the controller returned error ${error}`);
    // Another process has this id now, or a request of one that is gone came late: only to register again tells.
    if (error === "STALE_BROKER_EPOCH") this.registered = false;
  }

  private next(delayMs: number): void {
    this.inFlight = false;
    if (this.current === "shuttingDown") return;
    const afterMs = this.againAtOnce ? 0 : delayMs;
    this.againAtOnce = false;
    if (afterMs === 0) this.communicate();
    else this.cancelNext = this.options.clock.after(afterMs, () => this.communicate());
  }

  private async register(): Promise<number> {
    const { nodeId, clusterId, channel, listeners, features, rack, directories, logger } = this.options;
    const request = {
      brokerId: nodeId,
      clusterId,
      incarnationId: this.incarnationId,
      listeners: listeners.map(({ name, host, port, securityProtocol }) => ({ name, host, port, securityProtocol })),
      features: [...features].map(([name, { min, max }]) => {
        return { name, minSupportedVersion: min, maxSupportedVersion: max };
      }),
      rack,
      isMigratingZkBroker: false,
      logDirs: [...directories].filter((id) => !this.offlineDirectories.has(id)),
      previousBrokerEpoch: this.options.previousBrokerEpoch,
    };
    const version = BrokerRegistration.versions[1];
    const { errorCode, brokerEpoch } = await channel.send(BrokerRegistration, request, ownContext(version));
    check(errorCode);
    assert(brokerEpoch >= this.epoch, "broker epochs grow");
    this.epoch = brokerEpoch;
    this.registered = true;
    this.cancelTimeout();
    logger.info(`Registered broker ${nodeId}, epoch ${brokerEpoch}, incarnation ${this.incarnationId}`);
    return 0;
  }

  private async beat(): Promise<number> {
    const { nodeId, channel, metadata, cordonedDirectories } = this.options;
    const caughtUp = metadata.appliedOffset >= this.epoch;
    const cordoned = caughtUp ? cordonedDirectories() : null;
    const request = {
      brokerId: nodeId,
      brokerEpoch: this.epoch,
      currentMetadataOffset: metadata.appliedOffset,
      // As Apache: the first heartbeat only tells that this broker has caught up, and which directories are cordoned.
      wantFence: !this.ready || this.current === "starting",
      wantShutDown: this.current === "pendingControlledShutdown",
      offlineLogDirs: [...this.offlineDirectories.keys()],
      // Before it has caught up a broker does not know its dynamic settings.
      cordonedLogDirs: cordoned === null ? null : [...cordoned],
    };
    const version = BrokerHeartbeat.versions[1];
    const reply = await channel.send(BrokerHeartbeat, request, ownContext(version));
    check(reply.errorCode);
    for (const id of request.offlineLogDirs) this.offlineDirectories.get(id)?.();
    return this.heard(reply);
  }

  /** What the controller said; returns how soon to speak again. */
  private heard({ isCaughtUp, isFenced, shouldShutDown }: BrokerHeartbeatResponse): number {
    const { heartbeatIntervalMs, logger, nodeId, metadata } = this.options;
    if (this.current === "pendingControlledShutdown") {
      if (!shouldShutDown) return SOON_MS;
      this.stop();
      return 0;
    }
    if (this.current === "starting") {
      if (!isCaughtUp) return this.ready ? SOON_MS : heartbeatIntervalMs; // what is ready says so itself
      this.current = "recovery";
      return this.ready ? 0 : heartbeatIntervalMs;
    }
    if (this.current === "recovery" && !isFenced) {
      this.current = "running";
      logger.info(`Broker ${nodeId} is unfenced`);
      this.running.resolve(metadata.shows((image) => image.brokers.get(nodeId)?.fenced === false));
    }
    return heartbeatIntervalMs;
  }
}

function check(errorCode: number): void {
  if (errorCode !== 0) throw new KafkaError(errorName(errorCode), "refused by the controller");
}
