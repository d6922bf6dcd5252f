/**
 * One outgoing connection to another node, for one purpose: requests with their answers, in Kafka's own protocol.
 *
 * A channel connects when it has something to send, asks the peer for its versions first (ApiVersions), and sends each
 * request in the highest version that both sides speak. Answers come in the order of the requests. Nothing is ever
 * sent twice: where the connection ends, every request under way is rejected, and its sender decides. The next request
 * connects again, after a back-off that doubles with each failed attempt; requests wait for it within their own time.
 *
 * A request that is not answered in time closes the connection: what follows on it would be answered later still.
 */
import { assert } from "../../base/assert.ts";
import type { Address, Cancel, Clock, Link, Net, Random } from "../../base/ports.ts";
import { DecodeError } from "../../protocol/bytes/decode-error.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { code, KafkaError } from "../../protocol/errors.ts";
import { readResponseHeader, requestFrame } from "../../protocol/frame.ts";
import { FrameCutter, FrameError } from "../../protocol/frame-cutter.ts";
import { ApiVersions, type ApiVersionsResponse } from "../../protocol/generated/api-versions.ts";
import { type Message, type RequestOf, requestIn } from "../../protocol/message.ts";
import { Outbox } from "./outbox.ts";

export type ChannelFailure =
  /** No connection could be made, or it ended before the answer: whether the peer saw the request is not known. */
  | "disconnected"
  /** Nobody listens there: the peer has not seen the request. */
  | "refused"
  /** No answer in time. */
  | "timeout"
  /** Both sides speak the API, but no version in common; or the peer does not speak it. */
  | "unsupportedVersion"
  /** This side closed the channel. */
  | "closed";

/** Why a request has no answer. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
  readonly failure: ChannelFailure;
  /** False: the peer has certainly not seen the request. */
  readonly sent: boolean;
  constructor(failure: ChannelFailure, sent: boolean, message: string) {
    super(message);
    this.failure = failure;
    this.sent = sent;
  }
}

export interface ChannelSettings {
  /** For requests that name no time of their own. */
  readonly requestTimeoutMs: number;
  /** From connecting to the peer's versions (`socket.connection.setup.timeout.ms`). */
  readonly setupTimeoutMs: number;
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** Requests on the wire at a time; others wait. */
  readonly inFlightMax: number;
}

export const defaultChannelSettings: ChannelSettings = {
  requestTimeoutMs: 30_000,
  setupTimeoutMs: 10_000,
  backoffMs: 50,
  backoffMaxMs: 1_000,
  inFlightMax: 5,
};

export interface ChannelEvents {
  /** The peer answers: it is alive. */
  connected(): void;
  /** A connection that had been made has ended: evidence that the peer's process is gone, unless this side ended it. */
  disconnected(by: "peer" | "us"): void;
}

export interface ChannelOptions {
  readonly net: Net;
  readonly clock: Clock;
  readonly random: Random;
  readonly address: Address;
  readonly clientId: string;
  readonly settings?: Partial<ChannelSettings>;
  readonly events?: Partial<ChannelEvents>;
}

export interface SendOptions {
  /** From now, waiting included. */
  readonly timeoutMs?: number;
}

/** Idle: nothing connected, nothing tried. Setup: connecting, or waiting for the peer's versions. */
export type ChannelState = "idle" | "setup" | "ready" | "backOff" | "closed";

type VersionRange = readonly [min: number, max: number];

/** Apache's own answer to versions that it does not know is in version 0 (KIP-511). */
const FALLBACK_VERSION = 0;
const FRAME_BYTES_MAX = 0x7fff_ffff;

// biome-ignore lint/suspicious/noExplicitAny: requests of every type wait in one line.
type AnyMessage = Message<any, any>;

interface Pending {
  readonly message: AnyMessage;
  readonly request: unknown;
  /** The highest that the sender wants. */
  readonly versionMax: number;
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: ChannelError) => void;
  cancelTimer: Cancel;
  /** -1 until it is on the wire. */
  correlationId: number;
  version: number;
}

export class Channel {
  readonly address: Address;
  private readonly options: ChannelOptions;
  private readonly settings: ChannelSettings;
  private readonly waiting: Pending[] = [];
  private readonly inFlight: Pending[] = [];
  private current: ChannelState = "idle";
  private link: Link | null = null;
  private outbox: Outbox | null = null;
  private versions: ReadonlyMap<number, VersionRange> = new Map();
  private nextCorrelationId = 0;
  private failures = 0;
  private cancelTimer: Cancel = () => {};

  constructor(options: ChannelOptions) {
    this.options = options;
    this.address = options.address;
    this.settings = { ...defaultChannelSettings, ...options.settings };
  }

  get state(): ChannelState {
    return this.current;
  }

  /** The version that a request would have now; null before the peer has told, or where there is none. */
  versionOf(message: AnyMessage, versionMax = Infinity): number | null {
    return this.current === "ready" ? commonVersion(this.versions.get(message.key), message, versionMax) : null;
  }

  /**
   * Resolves with the answer, whatever error codes it carries. Rejects with ChannelError.
   * `versionMax`: the highest version that the sender wants; without it, the highest that both sides speak.
   */
  send<Request, Response>(
    message: Message<Request, Response>,
    request: RequestOf<Request>,
    versionMax: number | null = null,
    { timeoutMs = this.settings.requestTimeoutMs }: SendOptions = {},
  ): Promise<Response> {
    if (this.current === "closed") return Promise.reject(new ChannelError("closed", false, "The channel is closed"));
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const pending: Pending = {
      message,
      request,
      versionMax: versionMax ?? Infinity,
      resolve: resolve as (response: unknown) => void,
      reject,
      cancelTimer: () => {},
      correlationId: -1,
      version: -1,
    };
    pending.cancelTimer = this.options.clock.after(timeoutMs, () => this.timedOut(pending, timeoutMs));
    this.waiting.push(pending);
    if (this.current === "idle") this.connect();
    else this.pump();
    return promise;
  }

  /** Ends the connection and rejects all that wait. For good. */
  close(): void {
    if (this.current === "closed") return;
    const wasReady = this.current === "ready";
    this.current = "closed";
    this.cancelTimer();
    this.dropLink();
    this.rejectAll("closed", "The channel is closed");
    if (wasReady) this.options.events?.disconnected?.("us");
  }

  private connect(): void {
    const { clock, net } = this.options;
    this.current = "setup";
    this.cancelTimer = clock.after(this.settings.setupTimeoutMs, () => this.broken("us", "no connection in time"));
    const cutter = new FrameCutter();
    this.link = net.connect(this.address, (link) => {
      const isCurrent = (): boolean => this.link === link && this.current !== "closed";
      return {
        opened: () => {
          if (!isCurrent()) return;
          this.outbox = new Outbox(link);
          this.askVersions(ApiVersions.versions[1]);
        },
        data: (bytes) => {
          if (isCurrent()) this.received(cutter, bytes);
        },
        drain: () => {
          if (isCurrent()) this.outbox?.drain();
        },
        closed: () => {
          if (isCurrent()) this.broken("peer", "the connection ended");
        },
        refused: () => {
          if (isCurrent()) this.broken("peer", "nobody listens there", "refused");
        },
      };
    });
  }

  private askVersions(version: number): void {
    const request = { clientSoftwareName: "odradek", clientSoftwareVersion: "1" };
    const resolve = (response: unknown): void => this.versionsTold(response as ApiVersionsResponse, version);
    const pending: Pending = {
      message: ApiVersions,
      request,
      versionMax: version,
      resolve,
      reject: () => {}, // the connection ended: those who wait hear of that
      cancelTimer: () => {},
      correlationId: -1,
      version: -1,
    };
    this.write(pending, version);
  }

  private versionsTold(response: ApiVersionsResponse, asked: number): void {
    const versions = new Map(
      response.apiKeys.map(({ apiKey, minVersion, maxVersion }) => {
        return [apiKey, [minVersion, maxVersion] as const];
      }),
    );
    if (response.errorCode === code("UNSUPPORTED_VERSION") && asked !== FALLBACK_VERSION) {
      this.askVersions(commonVersion(versions.get(ApiVersions.key), ApiVersions, asked - 1) ?? FALLBACK_VERSION);
      return;
    }
    if (response.errorCode !== code("NONE")) {
      this.broken("us", `ApiVersions was answered with error ${response.errorCode}`);
      return;
    }
    this.cancelTimer();
    this.versions = versions;
    this.failures = 0;
    this.current = "ready";
    this.options.events?.connected?.();
    this.pump();
  }

  private pump(): void {
    while (this.current === "ready" && this.inFlight.length < this.settings.inFlightMax) {
      const pending = this.waiting.shift();
      if (pending === undefined) return;
      const version = commonVersion(this.versions.get(pending.message.key), pending.message, pending.versionMax);
      if (version === null) {
        const message = `${this.target} speaks no version of ${pending.message.name} that fits`;
        this.reject(pending, "unsupportedVersion", message);
        continue;
      }
      try {
        this.write(pending, version);
      } catch (cause) {
        if (!(cause instanceof KafkaError)) throw cause;
        this.reject(pending, "unsupportedVersion", `${this.target}: ${cause.message}`); // nothing of it was sent
      }
    }
  }

  private write(pending: Pending, version: number): void {
    const { message, request } = pending;
    const value = requestIn(request, version);
    const correlationId = this.nextCorrelationId;
    const chunks = requestFrame(message, value, version, { correlationId, clientId: this.options.clientId });
    pending.version = version;
    pending.correlationId = correlationId;
    this.nextCorrelationId = (correlationId + 1) & 0x7fff_ffff;
    this.inFlight.push(pending);
    this.outbox?.write(chunks);
  }

  private received(cutter: FrameCutter, bytes: Uint8Array): void {
    const frames: Uint8Array[] = [];
    try {
      cutter.push(bytes, FRAME_BYTES_MAX, frames);
      for (const frame of frames) {
        if (this.current === "ready" || this.current === "setup") this.answered(frame);
      }
    } catch (cause) {
      if (!(cause instanceof DecodeError || cause instanceof FrameError)) throw cause;
      this.broken("us", cause.message);
    }
    this.pump();
  }

  private answered(frame: Uint8Array): void {
    const pending = this.inFlight[0];
    if (pending === undefined) throw new DecodeError("an answer that nobody asked for");
    const { message } = pending;
    const reader = new Reader(frame);
    const correlationId = readResponseHeader(reader, message, pending.version);
    if (correlationId !== pending.correlationId) {
      throw new DecodeError(`correlation id ${correlationId} instead of ${pending.correlationId}`);
    }
    const version = message === ApiVersions ? versionOfVersions(frame, pending.version) : pending.version;
    const response: unknown = message.readResponse(reader, version);
    this.inFlight.shift();
    pending.cancelTimer();
    pending.resolve(response);
  }

  private timedOut(pending: Pending, timeoutMs: number): void {
    const at = this.waiting.indexOf(pending);
    if (at >= 0) {
      this.waiting.splice(at, 1);
      this.reject(pending, "timeout", `${this.target} was not reached within ${timeoutMs} ms`);
      return;
    }
    const flying = this.inFlight.indexOf(pending);
    assert(flying >= 0, "a request waits, flies or has no timer");
    this.inFlight.splice(flying, 1);
    this.reject(pending, "timeout", `No answer of ${this.target} within ${timeoutMs} ms`);
    this.broken("us", "an answer did not come in time");
  }

  /** The connection is over. What waited for it to come up has waited in vain; the next request tries again. */
  private broken(by: "peer" | "us", reason: string, failure: ChannelFailure = "disconnected"): void {
    const wasReady = this.current === "ready";
    this.cancelTimer();
    this.dropLink();
    this.current = "backOff";
    this.cancelTimer = this.options.clock.after(this.nextBackoffMs(wasReady), () => {
      this.current = "idle";
      if (this.waiting.length > 0) this.connect();
    });
    const failed = wasReady ? this.inFlight.splice(0) : [...this.inFlight.splice(0), ...this.waiting.splice(0)];
    for (const pending of failed) this.reject(pending, failure, `${this.target}: ${reason}`);
    if (wasReady) this.options.events?.disconnected?.(by);
  }

  /** A connection that worked may be made again at once; with jitter, so that peers do not come in step. */
  private nextBackoffMs(wasReady: boolean): number {
    if (wasReady) return 0;
    const { backoffMs, backoffMaxMs } = this.settings;
    const base = Math.min(backoffMs * 2 ** Math.min(this.failures++, 20), backoffMaxMs);
    return base * (0.8 + this.options.random.below(401) / 1000);
  }

  private dropLink(): void {
    const { link } = this;
    this.link = null;
    this.outbox = null;
    link?.destroy();
  }

  private rejectAll(failure: ChannelFailure, message: string): void {
    for (const pending of [...this.inFlight.splice(0), ...this.waiting.splice(0)]) {
      this.reject(pending, failure, message);
    }
  }

  private reject(pending: Pending, failure: ChannelFailure, message: string): void {
    pending.cancelTimer();
    pending.reject(new ChannelError(failure, pending.correlationId >= 0, message));
  }

  private get target(): string {
    return `${this.address.host}:${this.address.port}`;
  }
}

/** The highest version that both sides speak, at most `max`; null where there is none. */
function commonVersion(theirs: VersionRange | undefined, { versions }: AnyMessage, max: number): number | null {
  if (theirs === undefined) return null;
  const highest = Math.min(versions[1], theirs[1], max);
  return highest >= Math.max(versions[0], theirs[0]) ? highest : null;
}

/** An answer that says UNSUPPORTED_VERSION is in version 0, whatever was asked: the code stands behind the header. */
function versionOfVersions(frame: Uint8Array, asked: number): number {
  const errorCode = frame.length >= 6 ? ((frame[4] as number) << 8) | (frame[5] as number) : -1;
  return errorCode === code("UNSUPPORTED_VERSION") ? FALLBACK_VERSION : asked;
}
