/**
 * Topics that come into being because somebody asked for them: those of the coordinators on first use, and ordinary
 * ones through Metadata where auto.create.topics.enable allows it. Who asked gets a retriable error and finds the topic
 * later.
 */
import type { Logger } from "../../base/ports.ts";
import { errorName } from "../../protocol/errors.ts";
import { type CreatableTopic, CreateTopics } from "../../protocol/generated/create-topics.ts";
import type { LiveConfig } from "../config/live.ts";
import { type ControllerChannel, type ControllerContext, ownContext } from "../metadata/controller/channel.ts";

const createTopicsVersion = 7;
/** "As the broker's defaults say", which the controller knows. */
const asDefault = -1;

export class AutoTopicCreation {
  private readonly config: LiveConfig;
  private readonly controller: ControllerChannel;
  private readonly logger: Logger;
  private readonly inFlight = new Set<string>();

  constructor(config: LiveConfig, controller: ControllerChannel, logger: Logger) {
    this.config = config;
    this.controller = controller;
    this.logger = logger;
  }

  /**
   * Asks the controller for the topic, unless that is on its way already. Without a context the node asks for itself.
   */
  create(name: string, context: ControllerContext = ownContext(createTopicsVersion)): void {
    if (this.inFlight.has(name)) return;
    this.inFlight.add(name);
    const request = {
      topics: [this.creatable(name)],
      timeoutMs: this.config.get("request.timeout.ms"),
      validateOnly: false,
    };
    this.controller.send(CreateTopics, request, { ...context, apiVersion: createTopicsVersion }).then(
      ({ topics }) => {
        this.inFlight.delete(name);
        for (const { errorCode, errorMessage } of topics) {
          if (errorCode === 0) continue;
          this.logger.warn(`topic ${name} could not be created: ${errorName(errorCode)}: ${errorMessage ?? ""}`);
        }
      },
      (error) => {
        this.inFlight.delete(name);
        this.logger.warn(`topic ${name} could not be created: ${String(error)}`);
      },
    );
  }

  private creatable(name: string): CreatableTopic {
    const { config } = this;
    if (name === "__consumer_offsets") {
      return {
        name,
        numPartitions: config.get("offsets.topic.num.partitions"),
        replicationFactor: config.get("offsets.topic.replication.factor"),
        assignments: [],
        configs: [
          { name: "cleanup.policy", value: "compact" },
          { name: "compression.type", value: "producer" },
          { name: "segment.bytes", value: String(config.get("offsets.topic.segment.bytes")) },
        ],
      };
    }
    const given = config.static.originals;
    return {
      name,
      numPartitions: given.has("num.partitions") ? config.get("num.partitions") : asDefault,
      replicationFactor: given.has("default.replication.factor") ? config.get("default.replication.factor") : asDefault,
      assignments: [],
      configs: [],
    };
  }
}
