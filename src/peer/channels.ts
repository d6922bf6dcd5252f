/** The channels of one node: one for each (node, listener, purpose), made when it is first asked for. */
import type { Address, Clock, Net, Random } from "../../base/ports.ts";
import { Channel, type ChannelEvents, type ChannelSettings } from "./channel.ts";

export interface ChannelsOptions {
  readonly net: Net;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ChannelKey {
  readonly nodeId: number;
  readonly listener: string;
  /** Requests of one purpose wait for each other; a long poll wants one of its own. */
  readonly purpose: string;
}

export interface ChannelProfile {
  readonly clientId: string;
  readonly settings?: Partial<ChannelSettings>;
  readonly events?: Partial<ChannelEvents>;
}

export class Channels {
  private readonly options: ChannelsOptions;
  private readonly channels = new Map<string, Channel>();

  constructor(options: ChannelsOptions) {
    this.options = options;
  }

  /** The channel as it is, or a new one; a node that has moved gets a new one, and its old one is closed. */
  to(key: ChannelKey, address: Address, profile: ChannelProfile): Channel {
    const name = nameOf(key);
    const known = this.channels.get(name);
    if (known !== undefined && known.state !== "closed") {
      if (known.address.host === address.host && known.address.port === address.port) return known;
      known.close();
    }
    const channel = new Channel({ ...this.options, ...profile, address });
    this.channels.set(name, channel);
    return channel;
  }

  close(key: ChannelKey): void {
    this.channels.get(nameOf(key))?.close();
    this.channels.delete(nameOf(key));
  }

  closeAll(): void {
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
  }
}

const nameOf = ({ nodeId, listener, purpose }: ChannelKey): string => `${nodeId} ${listener} ${purpose}`;
