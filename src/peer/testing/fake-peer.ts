/** A node of which the test says what it speaks and what it answers; it reads requests as the wire brings them. */
import type { Link, LinkEvents, Net } from "../../../base/ports.ts";
import { Reader } from "../../../protocol/bytes/reader.ts";
import { code } from "../../../protocol/errors.ts";
import { readRequestHeader, responseFrame } from "../../../protocol/frame.ts";
import { FrameCutter } from "../../../protocol/frame-cutter.ts";
import { ApiVersions } from "../../../protocol/generated/api-versions.ts";
import type { Message } from "../../../protocol/message.ts";

// biome-ignore lint/suspicious/noExplicitAny: requests and responses of every type.
type AnyMessage = Message<any, any>;

export interface Asked {
  readonly name: string;
  readonly version: number;
  readonly clientId: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: as the test knows it.
  readonly request: any;
  answer(response: unknown): void;
  close(): void;
}

export class FakePeer {
  readonly asked: Asked[] = [];
  readonly links: Link[] = [];
  port = 0;
  /** By key; ApiVersions itself is answered at once. */
  versions: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[];
  /** False: ApiVersions stays without an answer. */
  answersVersions = true;
  private readonly messages: ReadonlyMap<number, AnyMessage>;
  private wake: (() => void) | null = null;

  static async listen(net: Net, messages: readonly AnyMessage[]): Promise<FakePeer> {
    const peer = new FakePeer(messages);
    peer.port = (await net.listen({ host: "127.0.0.1", port: 0 }, (link) => peer.accept(link))).port;
    return peer;
  }

  private constructor(messages: readonly AnyMessage[]) {
    const all = [ApiVersions, ...messages];
    this.messages = new Map(all.map((message) => [message.key, message]));
    this.versions = all.map(({ key, versions }) => ({ apiKey: key, minVersion: versions[0], maxVersion: versions[1] }));
  }

  /** The requests so far, once there are this many. */
  async takes(count: number): Promise<readonly Asked[]> {
    while (this.asked.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.asked;
  }

  private accept(link: Link): LinkEvents {
    this.links.push(link);
    const cutter = new FrameCutter();
    return {
      data: (bytes) => {
        const frames: Uint8Array[] = [];
        cutter.push(bytes, 1 << 20, frames);
        for (const frame of frames) this.read(link, frame);
      },
      drain: () => {},
      closed: () => {},
    };
  }

  private read(link: Link, frame: Uint8Array): void {
    const reader = new Reader(frame);
    const { apiKey, apiVersion, correlationId, clientId } = readRequestHeader(reader, (key) => this.messages.get(key));
    const message = this.messages.get(apiKey) as AnyMessage;
    const answer = (response: unknown, version = apiVersion): void => {
      for (const chunk of responseFrame(message, response, version, correlationId)) link.write(chunk);
    };
    if (message === ApiVersions) {
      const spoken = this.versions.find((each) => each.apiKey === ApiVersions.key);
      const known = spoken !== undefined && apiVersion <= spoken.maxVersion;
      if (this.answersVersions)
        answer(versionsResponse(known ? this.versions : spoken ? [spoken] : [], known), known ? apiVersion : 0);
      return;
    }
    const request = message.readRequest(reader, apiVersion);
    this.asked.push({
      name: message.name,
      version: apiVersion,
      clientId,
      request,
      answer,
      close: () => link.destroy(),
    });
    this.wake?.();
  }
}

const versionsResponse = (apiKeys: FakePeer["versions"], known: boolean) => ({
  errorCode: code(known ? "NONE" : "UNSUPPORTED_VERSION"),
  apiKeys,
  throttleTimeMs: 0,
  supportedFeatures: [],
  finalizedFeaturesEpoch: -1,
  finalizedFeatures: [],
  zkMigrationReady: false,
});
