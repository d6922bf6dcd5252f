/** Rules between settings that a start must keep: Apache's, for a broker, a controller, or both in one process. */
import { ConfigError } from "./error.ts";
import type { StaticConfig, StaticGetter } from "./static-config.ts";

type Checked = Omit<StaticConfig, "notes"> & { readonly notes: string[] };

/** Kafka's own, known by their names. */
const replicaSelectors: readonly string[] = [
  "org.apache.kafka.common.replica.LeaderSelector",
  "org.apache.kafka.common.replica.RackAwareReplicaSelector",
];

function demand(holds: boolean, why: string): void {
  if (!holds) throw new ConfigError(why, true);
}

export function checkValues(config: Checked, get: StaticGetter): void {
  demand(get("node.id") === get("broker.id"), "You must set `node.id` to the same value as `broker.id`.");
  checkLog(get);
  checkTimes(config, get);
  checkQuorum(config, get);
  if (config.isBroker) checkBroker(config);
  checkAdvertised(config);
  checkSockets(get);
  const selector = get("replica.selector.class");
  demand(
    selector === null || replicaSelectors.includes(selector),
    `Java classes cannot be loaded here: replica.selector.class is one of ${replicaSelectors.join(", ")}.`,
  );
  for (const { name, protocol } of config.listeners) {
    demand(
      protocol === "PLAINTEXT",
      `Listener ${name} asks for ${protocol}, which this version does not speak yet; only PLAINTEXT is.`,
    );
  }
}

function checkLog(get: StaticGetter): void {
  const rollMs = get("log.roll.ms");
  const jitterMs = get("log.roll.jitter.ms");
  const retentionMs =
    get("log.retention.ms") ?? (get("log.retention.minutes") ?? get("log.retention.hours") * 60) * 60_000;
  demand(rollMs === null || rollMs >= 1, "log.roll.ms must be greater than or equal to 1");
  demand(jitterMs === null || jitterMs >= 0, "log.roll.jitter.ms must be greater than or equal to 0");
  demand(retentionMs !== 0, "log.retention.ms must be unlimited (-1) or, greater than or equal to 1");
  demand(get("log.cleaner.threads") >= 1, "log.cleaner.threads must be at least 1");
  demand(
    get("log.cleaner.dedupe.buffer.size") / get("log.cleaner.threads") > 1024 * 1024,
    "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.",
  );
  demand(
    get("group.coordinator.rebalance.protocols").includes("classic"),
    "Disabling the 'classic' protocol is not supported.",
  );
}

function checkTimes({ notes }: Checked, get: StaticGetter): void {
  const waitMs = get("replica.fetch.wait.max.ms");
  demand(
    waitMs <= get("replica.socket.timeout.ms"),
    "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts",
  );
  demand(
    waitMs <= get("replica.lag.time.max.ms"),
    "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent " +
      "changes in ISR",
  );
  if (get("broker.heartbeat.interval.ms") * 2 > get("broker.session.timeout.ms")) {
    notes.push("broker.heartbeat.interval.ms should be at most half of broker.session.timeout.ms.");
  }
}

function checkQuorum(config: Checked, get: StaticGetter): void {
  const voters = get("controller.quorum.voters").join(",");
  const isVoter = config.quorumVoters.some((voter) => voter.id === config.nodeId);
  demand(
    config.quorumVoters.length > 0 || config.quorumBootstrapServers.length > 0,
    "If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap " +
      "controllers or controller.quorum.voters must contain a parseable set of controllers.",
  );
  if (!config.isController) {
    checkBrokerOnly(config, get, isVoter, voters);
    return;
  }
  demand(
    config.quorumVoters.length === 0 || isVoter,
    `If process.roles contains the 'controller' role, the node id ${config.nodeId} must be included in the set of ` +
      `voters controller.quorum.voters=${voters}`,
  );
  if (!config.isBroker) {
    demand(
      config.advertisedControllerListeners.length === config.listeners.length,
      "The listeners config must only contain KRaft controller listeners from controller.listener.names when " +
        "process.roles=controller",
    );
  }
  demand(
    config.advertisedControllerListeners.length > 0,
    "controller.listener.names must contain at least one value appearing in the 'listeners' configuration when " +
      "running the KRaft controller role",
  );
  demand(
    config.controllerListeners.length === config.controllerListenerNames.length,
    "controller.listener.names must only contain values appearing in the 'listeners' configuration when running the " +
      "KRaft controller role",
  );
}

function checkBrokerOnly(config: Checked, get: StaticGetter, isVoter: boolean, voters: string): void {
  demand(
    !isVoter,
    `If process.roles contains just the 'broker' role, the node id ${config.nodeId} must not be included in the set ` +
      `of voters controller.quorum.voters=${voters}`,
  );
  demand(
    config.controllerListeners.length === 0,
    "controller.listener.names must not contain a value appearing in the 'listeners' configuration when running " +
      "KRaft with just the broker role",
  );
  demand(
    !get("controller.quorum.auto.join.enable"),
    "controller.quorum.auto.join.enable is only supported when process.roles contains the 'controller' role.",
  );
}

function checkBroker(config: Checked): void {
  const advertised = config.advertisedBrokerListeners.map((endpoint) => endpoint.name);
  const bound = config.listeners.map((endpoint) => endpoint.name);
  demand(
    advertised.length > 0,
    "There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?",
  );
  demand(
    advertised.includes(config.interBrokerListenerName),
    "inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on " +
      `currently configured listeners are ${advertised.join(",")}`,
  );
  demand(
    advertised.every((name) => bound.includes(name)),
    "advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. Found " +
      `${advertised.join(",")}. The valid options based on the current configuration are ${bound.join(",")}`,
  );
}

function checkAdvertised({ advertisedBrokerListeners, advertisedControllerListeners }: Checked): void {
  for (const { host } of [...advertisedBrokerListeners, ...advertisedControllerListeners]) {
    demand(
      host !== "0.0.0.0",
      "advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.",
    );
  }
}

function checkSockets(get: StaticGetter): void {
  const queued = get("queued.max.request.bytes");
  demand(
    queued <= 0 || queued >= get("socket.request.max.bytes"),
    "queued.max.request.bytes must be larger or equal to socket.request.max.bytes",
  );
  demand(
    get("max.connections.per.ip") !== 0 || get("max.connections.per.ip.overrides") !== "",
    "max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.",
  );
  const delayMs = get("connection.failed.authentication.delay.ms");
  const idleMs = get("connections.max.idle.ms");
  demand(
    idleMs < 0 || delayMs < idleMs,
    `connection.failed.authentication.delay.ms=${delayMs} should always be less than connections.max.idle.ms=${idleMs}` +
      " to prevent failed authentication responses from timing out",
  );
}
