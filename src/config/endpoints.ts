/** Addresses as settings write them: listeners, voters of the quorum, bootstrap servers. */
import { ConfigError } from "./error.ts";

export type SecurityProtocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

export interface Endpoint {
  /** The listener's name, in upper case: "PLAINTEXT". */
  readonly name: string;
  readonly protocol: SecurityProtocol;
  /** "" binds every interface. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface Voter extends HostPort {
  readonly id: number;
}

const protocols: ReadonlyMap<string, SecurityProtocol> = new Map([
  ["PLAINTEXT", "PLAINTEXT"],
  ["SSL", "SSL"],
  ["SASL_PLAINTEXT", "SASL_PLAINTEXT"],
  ["SASL_SSL", "SASL_SSL"],
]);

/** `listener.security.protocol.map`: "NAME:PROTOCOL,…". */
export function parseProtocolMap(text: string): ReadonlyMap<string, SecurityProtocol> {
  const map = new Map<string, SecurityProtocol>();
  if (text === "") return map;
  for (const pair of text.split(/\s*,\s*/)) {
    const colon = pair.lastIndexOf(":");
    if (colon < 0) {
      throw new ConfigError(`Error parsing configuration property 'listener.security.protocol.map': no ":" in ${pair}`);
    }
    const protocolName = pair.slice(colon + 1).trim();
    const protocol = protocols.get(protocolName.toUpperCase());
    if (protocol === undefined) {
      throw new ConfigError(`Invalid security protocol \`${protocolName}\` defined in listener.security.protocol.map`);
    }
    map.set(pair.slice(0, colon).trim().toUpperCase(), protocol);
  }
  return map;
}

/** One entry of `listeners` or `advertised.listeners`: "name://host:port", the host of IPv6 in brackets. */
export function parseEndpoint(entry: string, protocolOf: ReadonlyMap<string, SecurityProtocol>): Endpoint {
  const match = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/.exec(entry);
  if (match === null) throw new ConfigError(`Unable to parse ${entry} to a broker endpoint`);
  const name = (match[1] as string).toUpperCase();
  const port = Number(match[3]);
  if (port < 0 || port > 65535) throw new ConfigError(`The port of ${entry} must lie between 0 and 65535.`);
  const protocol = protocolOf.get(name);
  if (protocol === undefined) throw new ConfigError(`No security protocol defined for listener ${name}`);
  return { name, protocol, host: match[2] as string, port };
}

/** Listeners with names of their own and ports of their own; one port may serve IPv4 and IPv6 by two listeners. */
export function parseEndpoints(
  entries: readonly string[],
  protocolOf: ReadonlyMap<string, SecurityProtocol>,
  distinctPorts: boolean,
): readonly Endpoint[] {
  const fail = (why: string): never => {
    throw new ConfigError(`Error creating broker listeners from '[${entries.join(", ")}]': ${why}`);
  };
  const endpoints = entries.map((entry) => {
    try {
      return parseEndpoint(entry, protocolOf);
    } catch (error) {
      return fail((error as Error).message);
    }
  });
  const listed = `listeners: [${entries.join(", ")}]`;
  if (new Set(endpoints.map((endpoint) => endpoint.name)).size !== endpoints.length) {
    fail(`Each listener must have a different name, ${listed}`);
  }
  if (!distinctPorts) return endpoints;
  const byPort = Map.groupBy(endpoints, (endpoint) => endpoint.port);
  for (const [port, sharing] of byPort) {
    if (port === 0 || sharing.length === 1) continue;
    if (sharing.length > 2 || !sharing.some(isIpv4) || !sharing.some(isIpv6)) {
      fail(`Each listener must have a different port unless one has an IPv4 address and the other IPv6, ${listed}`);
    }
  }
  return endpoints;
}

function isIpv4({ host }: Endpoint): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}

function isIpv6({ host }: Endpoint): boolean {
  return host.includes(":");
}

/** As Apache's Utils.getHost and getPort: an optional scheme, an optional bracket. */
function hostPort(text: string): { host: string | null; port: number | null } {
  const match = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$/.exec(text);
  return match === null ? { host: null, port: null } : { host: match[1] as string, port: Number(match[2]) };
}

/** One entry of `controller.quorum.voters`: "id@host:port". */
export function parseVoter(entry: string): Voter {
  const form = "Each entry should be in the form `{id}@{host}:{port}`.";
  const [idText, address, ...rest] = entry.split("@");
  if (idText === undefined || address === undefined || rest.length > 0) {
    throw new ConfigError(`Invalid configuration value for controller.quorum.voters. ${form}`);
  }
  if (!/^[+-]?\d+$/.test(idText)) throw new ConfigError(`Failed to parse voter ID as an integer from ${idText}`);
  const { host, port } = hostPort(address);
  if (host === null || port === null) {
    throw new ConfigError(
      `Failed to parse host name from entry ${entry} for the configuration controller.quorum.voters. ${form}`,
    );
  }
  return { id: Number(idText), host, port };
}

/** One entry of `controller.quorum.bootstrap.servers`: "host:port". */
export function parseBootstrapServer(entry: string): HostPort {
  const { host, port } = hostPort(entry);
  if (host === null || port === null) {
    throw new ConfigError(
      `Failed to parse host name from ${entry} for the configuration controller.quorum.bootstrap.servers. ` +
        'Each entry should be in the form "{host}:{port}"',
    );
  }
  return { host, port };
}

/** `odradek.metrics.listener`: "host:port", null where it is empty. */
export function parseMetricsListener(text: string): HostPort | null {
  if (text === "") return null;
  const { host, port } = hostPort(text);
  if (host !== null && port !== null && port <= 65_535) return { host, port };
  throw new ConfigError(`Invalid value ${text} for configuration odradek.metrics.listener: it is no HOST:PORT.`);
}
