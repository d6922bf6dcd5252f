/** What the server asks of the configuration, each time anew: a dynamic change takes effect without a restart. */
export interface ServerSettings {
  /** socket.request.max.bytes */
  requestBytesMax(): number;
  /** connections.max.idle.ms */
  idleMsMax(): number;
  /** max.connections */
  connectionsMax(): number;
  /** max.connections.per.ip and its overrides; the host as `InetAddress.getHostAddress` prints it. */
  connectionsPerHostMax(host: string): number;
  /** Requests that are not finished, over all connections (queued.max.request.bytes where it is set). */
  inputBytesMax(): number;
}

/** Apache's defaults, and half a gibibyte for unfinished requests, which Apache does not bound by default. */
export const defaultServerSettings: ServerSettings = {
  requestBytesMax: () => 104_857_600,
  idleMsMax: () => 600_000,
  connectionsMax: () => Infinity,
  connectionsPerHostMax: () => Infinity,
  inputBytesMax: () => 512 << 20,
};
