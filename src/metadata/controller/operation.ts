/** What an operation of the active controller is: a function of what it sees and of the request, that changes nothing. */
import type { Random } from "../../../base/ports.ts";
import type { MetadataImage } from "../image.ts";
import type { ControllerContext } from "./channel.ts";
import type { Heartbeats } from "./heartbeats.ts";
import type { ControllerResult } from "./result.ts";

/** The static settings of this controller that its decisions depend on, under Kafka's names. */
export interface ControllerSettings {
  /** `broker.session.timeout.ms` */
  readonly brokerSessionTimeoutMs: number;
  /** `metadata.max.idle.interval.ms`; 0 writes no NoOp records. */
  readonly maxIdleIntervalMs: number;
  /** `num.partitions`, `default.replication.factor`, `min.insync.replicas` of this node's own configuration. */
  readonly numPartitions: number;
  readonly defaultReplicationFactor: number;
  readonly minInsyncReplicas: number;
}

/** The controller's state at the moment of an operation: the image holds what is appended, committed or not. */
export interface ControllerView {
  readonly image: MetadataImage;
  readonly clusterId: string;
  readonly nodeId: number;
  /** The offset that the operation's first record gets. */
  readonly nextOffset: number;
  /** All before it is committed. */
  readonly highWatermark: number;
  readonly kraftVersion: number;
  readonly nowMs: number;
  readonly ticksMs: number;
  readonly random: Random;
  readonly settings: ControllerSettings;
  /** Who has been heard of lately: soft state of this controller, not in the log. */
  readonly heartbeats: Heartbeats;
}

export type Operation<Request, Response> = (
  view: ControllerView,
  request: Request,
  context: ControllerContext,
) => ControllerResult<Response>;
