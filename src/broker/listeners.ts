/** Binds what the settings name, and says how others reach it: a port of 0 becomes the one that was bound. */
import type { Endpoint as ListenerEndpoint } from "../config/endpoints.ts";
import type { StaticConfig } from "../config/static-config.ts";
import type { Endpoint } from "../metadata/image.ts";
import type { Endpoint as RaftEndpoint } from "../raft/state.ts";
import type { Server } from "../server/server.ts";

/** Kafka's ids of the security protocols. */
const protocolIds = { PLAINTEXT: 0, SSL: 1, SASL_PLAINTEXT: 2, SASL_SSL: 3 } as const;

/** As advertised. */
export interface BoundListeners {
  readonly broker: readonly Endpoint[];
  readonly controller: readonly Endpoint[];
}

export async function bindListeners(server: Server, config: StaticConfig): Promise<BoundListeners> {
  const ports = new Map<string, number>();
  const controllers = new Set(config.controllerListenerNames);
  for (const { name, host, port } of config.listeners) {
    const kind = controllers.has(name) ? "controller" : "broker";
    const isInterBroker = name === config.interBrokerListenerName;
    ports.set(name, await server.listen({ name, kind, host, port, isInterBroker }));
  }
  const bound = (endpoint: ListenerEndpoint): Endpoint => ({
    name: endpoint.name,
    host: endpoint.host === "" ? "localhost" : endpoint.host,
    port: endpoint.port === 0 ? (ports.get(endpoint.name) ?? 0) : endpoint.port,
    securityProtocol: protocolIds[endpoint.protocol],
  });
  return {
    broker: config.advertisedBrokerListeners.map(bound),
    controller: config.advertisedControllerListeners.map(bound),
  };
}

export function raftEndpoints(endpoints: readonly RaftEndpoint[]): RaftEndpoint[] {
  return endpoints.map(({ name, host, port }) => ({ name, host, port }));
}
