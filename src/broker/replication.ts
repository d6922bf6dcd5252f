/** How partitions of this node copy from and report to others: connections between brokers, and their settings. */
import type { Ports } from "../../base/ports.ts";
import type { LiveConfig } from "../config/live.ts";
import type { FetcherSettings } from "../partition/fetcher.ts";
import type { IsrProposals } from "../partition/leadership.ts";
import type { ReplicationOptions } from "../partition/replica-manager.ts";
import { ReplicationQuota } from "../partition/replication-quota.ts";
import { Channel } from "../peer/channel.ts";

export interface ReplicationParts {
  readonly ports: Ports;
  readonly config: LiveConfig;
  readonly nodeId: number;
  readonly brokerEpoch: () => number;
  readonly proposals: IsrProposals;
}

export function replicationOptions(parts: ReplicationParts): ReplicationOptions {
  const { ports, config, nodeId, brokerEpoch, proposals } = parts;
  const { net, clock, random } = ports;
  const replicas = {
    windowMs: config.get("replication.quota.window.size.seconds") * 1_000,
    windows: config.get("replication.quota.window.num"),
  };
  const moves = {
    windowMs: config.get("alter.log.dirs.replication.quota.window.size.seconds") * 1_000,
    windows: config.get("alter.log.dirs.replication.quota.window.num"),
  };
  const quota = (rate: () => number, window: typeof replicas) =>
    new ReplicationQuota(clock, {
      get rate() {
        return rate();
      },
      ...window,
    });
  return {
    lagTimeMaxMs: () => config.get("replica.lag.time.max.ms"),
    brokerEpoch,
    proposals,
    leaderQuota: quota(() => config.get("leader.replication.throttled.rate"), replicas),
    moveQuota: quota(() => config.get("replica.alter.log.dirs.io.max.bytes.per.second"), moves),
    fetching: {
      quota: quota(() => config.get("follower.replication.throttled.rate"), replicas),
      settings: fetcherSettings(config),
      listener: config.static.interBrokerListenerName,
      connect: (_, { host, port }) =>
        new Channel({
          net,
          clock,
          random,
          address: { host, port },
          clientId: `broker-${nodeId}-fetcher`,
          settings: {
            inFlightMax: 1,
            backoffMaxMs: config.get("replica.fetch.backoff.ms"),
            setupTimeoutMs: config.get("socket.connection.setup.timeout.ms"),
          },
        }),
    },
  };
}

function fetcherSettings(config: LiveConfig): FetcherSettings {
  return {
    get waitMaxMs() {
      return config.get("replica.fetch.wait.max.ms");
    },
    get minBytes() {
      return config.get("replica.fetch.min.bytes");
    },
    get responseMaxBytes() {
      return config.get("replica.fetch.response.max.bytes");
    },
    get partitionMaxBytes() {
      return config.get("replica.fetch.max.bytes");
    },
    get backoffMs() {
      return config.get("replica.fetch.backoff.ms");
    },
    get timeoutMs() {
      return config.get("replica.socket.timeout.ms");
    },
  };
}
