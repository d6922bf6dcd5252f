/** The settings that a node starts with, read and resolved. */
import type { Endpoint, HostPort, Voter } from "./endpoints.ts";
import type { ConfigName, ConfigValueOf } from "./table.ts";
import type { Parsed } from "./value.ts";

export interface StaticConfig {
  /** Every name that was given, and the few that a start without them fills in, with its text. */
  readonly originals: ReadonlyMap<string, string>;
  /** The value of every row: given or default. */
  readonly values: ReadonlyMap<string, Parsed>;
  readonly nodeId: number;
  readonly isBroker: boolean;
  readonly isController: boolean;
  /** All listeners to bind, in the order given. */
  readonly listeners: readonly Endpoint[];
  /** `listeners` without those of the controller. */
  readonly brokerListeners: readonly Endpoint[];
  readonly controllerListeners: readonly Endpoint[];
  /** What clients are told; a port of 0 stands for the port that was bound. */
  readonly advertisedBrokerListeners: readonly Endpoint[];
  /** What other nodes are told; the first is the one of the quorum. */
  readonly advertisedControllerListeners: readonly Endpoint[];
  /** Names in upper case; the first one is used to reach other controllers. */
  readonly controllerListenerNames: readonly string[];
  readonly interBrokerListenerName: string;
  /** `controller.quorum.voters`, empty for a quorum that can change. */
  readonly quorumVoters: readonly Voter[];
  readonly quorumBootstrapServers: readonly HostPort[];
  /** Absolute paths. */
  readonly logDirs: readonly string[];
  readonly metadataLogDir: string;
  /** `odradek.metrics.listener`; null where nobody is to read metrics. */
  readonly metricsListener: HostPort | null;
  /** For the operator, one sentence each: what was given and is not needed, unknown or without effect. */
  readonly notes: readonly string[];
}

export type StaticGetter = <N extends ConfigName>(name: N) => ConfigValueOf<N>;
