/**
 * How this node speaks to the controller listeners of others: raft's own requests, and those that the active
 * controller is to answer. Requests of clients travel in an Envelope with the principal and the address that they came
 * from (KIP-590); what only nodes ask is sent as it is.
 */
import type { Ports } from "../../base/ports.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { code, KafkaError } from "../../protocol/errors.ts";
import { readResponseHeader, requestFrame } from "../../protocol/frame.ts";
import { Envelope } from "../../protocol/generated/envelope.ts";
import { Fetch } from "../../protocol/generated/fetch.ts";
import { DefaultPrincipalData } from "../../protocol/generated/records/principal/default-principal-data.ts";
import type { Message } from "../../protocol/message.ts";
import type { LiveConfig } from "../config/live.ts";
import type { ControllerContext } from "../metadata/controller/channel.ts";
import type { AskController, ControllerAddress } from "../metadata/controller/quorum-channel.ts";
import { Channel, ChannelError } from "../peer/channel.ts";
import { type HostAndPort, NobodyListens, type RaftNetwork } from "../raft/driver/host.ts";

const FRAME_SIZE_BYTES = 4;
const PRINCIPAL_VERSION = 0;
/** Of channels for what only nodes ask. */
const CONTROLLER_PURPOSE = "controller";

export class QuorumPeers {
  private readonly ports: Ports;
  private readonly config: LiveConfig;
  private readonly nodeId: number;
  /** By address and purpose. A long poll holds up nothing but itself. */
  private readonly channels = new Map<string, Channel>();
  /** The connection to the controller has ended, and not by this side's will. */
  onControllerLost: () => void = () => {};

  constructor(ports: Ports, config: LiveConfig, nodeId: number) {
    this.ports = ports;
    this.config = config;
    this.nodeId = nodeId;
  }

  closeAll(): void {
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
  }

  /**
   * Another controller, or another life of the same one: what nodes have asked of the earlier one is asked again at
   * once, and not only when a connection of which the other end has vanished is given up.
   */
  controllerChanged(): void {
    for (const [key, channel] of this.channels) {
      if (!key.endsWith(` ${CONTROLLER_PURPOSE}`)) continue;
      this.channels.delete(key);
      channel.close();
    }
  }

  /** For raft. */
  readonly network: RaftNetwork = {
    ask: async (to, message, request) => {
      const timeoutMs = this.config.get("controller.quorum.request.timeout.ms");
      const purpose = message.key === Fetch.key ? "raft-fetch" : "raft";
      try {
        return await this.channel(to, purpose).send(message, request, null, { timeoutMs });
      } catch (error) {
        if (error instanceof ChannelError && error.failure === "refused") throw new NobodyListens(error.message);
        throw error;
      }
    },
  };

  /** For the brokers' part, and for the registration of controllers. */
  readonly ask: AskController = async (to, message, request, context, timeoutMs) => {
    try {
      return message.listeners.includes("broker")
        ? await this.forwarded(to, message, request, context, timeoutMs)
        : await this.direct(to, message, request, context, timeoutMs);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      if (error.failure === "unsupportedVersion") throw new KafkaError("UNSUPPORTED_VERSION", error.message);
      throw new KafkaError("NOT_CONTROLLER", error.message);
    }
  };

  private async direct<Request, Response>(
    to: ControllerAddress,
    message: Message<Request, Response>,
    request: Request,
    { apiVersion }: ControllerContext,
    timeoutMs: number,
  ): Promise<Response> {
    const response = await this.channel(to, CONTROLLER_PURPOSE).send(message, request, apiVersion, { timeoutMs });
    const { errorCode } = response as { readonly errorCode?: number };
    if (errorCode === code("NOT_CONTROLLER")) throw new KafkaError("NOT_CONTROLLER", `Node ${to.nodeId} is not active`);
    return response;
  }

  private async forwarded<Request, Response>(
    to: ControllerAddress,
    message: Message<Request, Response>,
    request: Request,
    context: ControllerContext,
    timeoutMs: number,
  ): Promise<Response> {
    const { apiVersion, clientId, clientHost, principal } = context;
    const envelope = {
      requestData: bytesOf(requestFrame(message, request, apiVersion, { correlationId: 0, clientId })),
      requestPrincipal: principalBytes(principal),
      clientHostAddress: addressBytes(clientHost),
    };
    const response = await this.channel(to, "forwarding").send(Envelope, envelope, null, { timeoutMs });
    const { errorCode, responseData } = response;
    if (errorCode === code("NOT_CONTROLLER")) throw new KafkaError("NOT_CONTROLLER", `Node ${to.nodeId} is not active`);
    if (errorCode !== 0 || responseData === null) {
      throw new KafkaError("UNKNOWN_SERVER_ERROR", `The controller refused a forwarded request: error ${errorCode}`);
    }
    const reader = new Reader(responseData);
    readResponseHeader(reader, message, apiVersion);
    return message.readResponse(reader, apiVersion);
  }

  private channel(address: HostAndPort, purpose: string): Channel {
    const key = `${address.host}:${address.port} ${purpose}`;
    const known = this.channels.get(key);
    if (known !== undefined) return known;
    const { net, clock, random } = this.ports;
    const channel = new Channel({
      net,
      clock,
      random,
      address,
      clientId: `${purpose}-${this.nodeId}`,
      events: {
        disconnected: (by) => (by === "peer" && purpose === "controller" ? this.onControllerLost() : undefined),
      },
      settings: {
        inFlightMax: 100,
        // Nobody hears of an election but by asking: a node that is back is reached soon.
        backoffMaxMs: purpose.startsWith("raft") ? 200 : 1_000,
        setupTimeoutMs: this.config.get("socket.connection.setup.timeout.ms"),
      },
    });
    this.channels.set(key, channel);
    return channel;
  }
}

/** A frame without its size. */
function bytesOf(frame: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(frame.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of frame) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.subarray(FRAME_SIZE_BYTES);
}

function principalBytes(principal: string): Uint8Array {
  const colon = principal.indexOf(":");
  const value = { type: principal.slice(0, colon), name: principal.slice(colon + 1), tokenAuthenticated: false };
  const to = new Writer(64);
  to.int16(PRINCIPAL_VERSION);
  DefaultPrincipalData.write(to, value, PRINCIPAL_VERSION);
  return to.finishBytes();
}

const LOOPBACK = [127, 0, 0, 1];

/** Four bytes, or sixteen. */
function addressBytes(host: string): Uint8Array {
  const plain = host.replace(/^::ffff:(?=\d+\.)/i, "");
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return Uint8Array.from(plain.split(".").map(Number));
  if (!/^[0-9a-f:]+$/i.test(plain)) return Uint8Array.from(LOOPBACK);
  const [head = "", tail] = plain.split("::");
  const groups = (text: string | undefined) => (text === undefined || text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = new Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  const bytes = [...before, ...zeros, ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return Uint8Array.from(bytes);
}
