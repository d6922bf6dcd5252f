/**
 * This node's controller tells the active one its listeners and features (KIP-919), once per process and again
 * where the log shows another incarnation. As Kafka's ControllerRegistrationManager.
 */
import type { Cancel, Clock, Logger, Random } from "../../base/ports.ts";
import { randomUuid } from "../../base/uuid.ts";
import { errorName, KafkaError } from "../../protocol/errors.ts";
import { ControllerRegistration } from "../../protocol/generated/controller-registration.ts";
import type { ImageChanges } from "../metadata/changes.ts";
import { type ControllerChannel, ownContext } from "../metadata/controller/channel.ts";
import { supports } from "../metadata/features.ts";
import type { Endpoint, MetadataImage, VersionRange } from "../metadata/image.ts";

export interface ControllerRegistrarOptions {
  readonly nodeId: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly channel: ControllerChannel;
  readonly listeners: readonly Endpoint[];
  readonly features: ReadonlyMap<string, VersionRange>;
}

const RETRY_MS = 1000;

export class ControllerRegistrar {
  readonly incarnationId: string;
  private readonly options: ControllerRegistrarOptions;
  private started = false;
  private inFlight = false;
  private image: MetadataImage | null = null;
  private cancelRetry: Cancel = () => {};

  constructor(options: ControllerRegistrarOptions) {
    this.options = options;
    this.incarnationId = randomUuid(options.random);
  }

  /** Asks at once: the active controller answers when there is one. */
  start(): void {
    this.started = true;
    this.send();
  }

  stop(): void {
    this.started = false;
    this.cancelRetry();
  }

  /** To be subscribed to the images. */
  changed({ after, featuresChanged, changedControllers }: ImageChanges): void {
    this.image = after;
    if (featuresChanged || changedControllers.includes(this.options.nodeId)) this.sendIfMissing();
  }

  private sendIfMissing(): void {
    const { image, options } = this;
    if (image === null || !supports.controllerRegistration(image.features.metadataVersion ?? 0)) return;
    if (image.controllers.get(options.nodeId)?.incarnationId !== this.incarnationId) this.send();
  }

  private send(): void {
    if (!this.started || this.inFlight) return;
    const { nodeId, channel, listeners, features, logger, clock } = this.options;
    const request = {
      controllerId: nodeId,
      incarnationId: this.incarnationId,
      zkMigrationReady: false,
      listeners: listeners.map(({ name, host, port, securityProtocol }) => ({ name, host, port, securityProtocol })),
      features: [...features].map(([name, { min, max }]) => {
        return { name, minSupportedVersion: min, maxSupportedVersion: max };
      }),
    };
    this.inFlight = true;
    const version = ControllerRegistration.versions[1];
    const asked = channel.send(ControllerRegistration, request, ownContext(version)).then(({ errorCode }) => {
      if (errorCode !== 0) throw new KafkaError(errorName(errorCode), "refused by the controller");
    });
    asked.then(
      () => {
        this.inFlight = false;
      },
      (error) => {
        this.inFlight = false;
        logger.debug(`The controller registration was refused: ${error}`);
        this.cancelRetry = clock.after(RETRY_MS, () => this.sendIfMissing());
      },
    );
  }
}
