/** The shape of a case: a sequence of requests that both brokers get, in order, on connections of its own. */
import type { Partial } from "./fill.ts";

/**
 * What one side has of its own: saved from earlier answers, used in later requests, replaced by its name in answers.
 */
export type Own = Map<string, unknown>;

// biome-ignore lint/suspicious/noExplicitAny: answers of every API pass here; a case knows the fields it reads.
export type AnyResponse = any;

export interface Ask {
  readonly api: string;
  /** One version, several, or each that both sides advertise ("all"); the newest where nothing is said. */
  readonly versions?: "all" | readonly number[] | "newest";
  readonly request: Partial | ((own: Own, version: number) => Partial);
  readonly save?: (response: AnyResponse, own: Own) => void;
  /** Asks again until the answer says so: for what a broker does a moment later. */
  readonly until?: (response: AnyResponse) => boolean;
  /** How long to wait for an answer before it counts as silence. */
  readonly waitMs?: number;
  /** Only for preparation: the answer is not compared. */
  readonly quiet?: boolean;
  /** On the controller's listener. */
  readonly controller?: boolean;
}

/**
 * Bytes as they are, size included; the answer is compared as bytes, as closed, or as silence, and as a message where
 * the
 * step says which one it must be.
 */
export interface Send {
  readonly send: Uint8Array;
  readonly answer?: readonly [api: string, version: number];
  readonly waitMs?: number;
}

export interface Case {
  readonly title: string;
  readonly steps: readonly (Ask | Send)[];
  /** Where we decide otherwise on purpose: all the differences there are, as they are printed. */
  readonly otherwise?: readonly string[];
}
