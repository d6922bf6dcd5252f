/** Which listeners a node binds, which belong to the controller, and what others are told. */
import { type Endpoint, parseEndpoints, parseProtocolMap, parseVoter, type SecurityProtocol } from "./endpoints.ts";
import { ConfigError } from "./error.ts";
import type { StaticGetter } from "./static-config.ts";

export interface Listeners {
  readonly listeners: readonly Endpoint[];
  readonly brokerListeners: readonly Endpoint[];
  readonly controllerListeners: readonly Endpoint[];
  readonly advertisedBrokerListeners: readonly Endpoint[];
  readonly advertisedControllerListeners: readonly Endpoint[];
  readonly controllerListenerNames: readonly string[];
  readonly interBrokerListenerName: string;
}

/** @throws ConfigError where names, ports or protocols contradict each other. */
export function resolveListeners(get: StaticGetter, originals: ReadonlyMap<string, string>): Listeners {
  const controllerListenerNames = get("controller.listener.names").map((name) => name.toUpperCase());
  const protocolOf = protocolMap(get, originals, controllerListenerNames);
  const listeners = parseEndpoints(get("listeners"), protocolOf, true);
  const isController = (endpoint: Endpoint): boolean => controllerListenerNames.includes(endpoint.name);
  const controllerListeners = listeners.filter(isController);
  const advertisedTexts = get("advertised.listeners");
  const advertised = advertisedTexts === null ? listeners : parseEndpoints(advertisedTexts, protocolOf, false);
  return {
    listeners,
    brokerListeners: listeners.filter((endpoint) => !isController(endpoint)),
    controllerListeners,
    advertisedBrokerListeners: advertised.filter((endpoint) => !isController(endpoint)),
    advertisedControllerListeners: advertisedController(
      get,
      controllerListenerNames,
      advertisedTexts === null ? [] : advertised,
      controllerListeners,
    ),
    controllerListenerNames,
    interBrokerListenerName: interBrokerListenerName(get, originals, protocolOf),
  };
}

/**
 * The protocol of each listener name. While `listener.security.protocol.map` is left at its default and nothing speaks
 * TLS or SASL, the controller's listener names are PLAINTEXT too.
 */
function protocolMap(
  get: StaticGetter,
  originals: ReadonlyMap<string, string>,
  controllerListenerNames: readonly string[],
): ReadonlyMap<string, SecurityProtocol> {
  const map = new Map(parseProtocolMap(get("listener.security.protocol.map")));
  if (originals.has("listener.security.protocol.map")) return map;
  const names = [
    ...controllerListenerNames,
    ...get("listeners").map((entry) => (entry.split(":")[0] as string).toUpperCase()),
  ];
  if (names.some((name) => name === "SSL" || name === "SASL_SSL" || name === "SASL_PLAINTEXT")) return map;
  for (const name of controllerListenerNames) map.set(name, "PLAINTEXT");
  return map;
}

/** In the order of the names: as advertised, else as bound; the first may take its address from the voters. */
function advertisedController(
  get: StaticGetter,
  names: readonly string[],
  advertised: readonly Endpoint[],
  bound: readonly Endpoint[],
): readonly Endpoint[] {
  return names.flatMap((name, index) => {
    const told = advertised.find((endpoint) => endpoint.name === name);
    if (told !== undefined) return [told];
    const listener = bound.find((endpoint) => endpoint.name === name);
    if (listener === undefined) return [];
    const anyInterface = listener.host === "" || listener.host === "0.0.0.0";
    if (!anyInterface) return [listener];
    const voters = get("controller.quorum.voters").map(parseVoter);
    const self = index === 0 ? voters.find((voter) => voter.id === get("node.id")) : undefined;
    return [self === undefined ? { ...listener, host: "" } : { ...listener, host: self.host, port: self.port }];
  });
}

function interBrokerListenerName(
  get: StaticGetter,
  originals: ReadonlyMap<string, string>,
  protocolOf: ReadonlyMap<string, SecurityProtocol>,
): string {
  const name = get("inter.broker.listener.name");
  if (name === null) return get("security.inter.broker.protocol");
  if (originals.has("security.inter.broker.protocol")) {
    throw new ConfigError("Only one of inter.broker.listener.name and security.inter.broker.protocol should be set.");
  }
  const upper = name.toUpperCase();
  if (!protocolOf.has(upper)) {
    throw new ConfigError(
      `Listener with name ${upper} defined in inter.broker.listener.name not found in listener.security.protocol.map.`,
    );
  }
  return upper;
}
