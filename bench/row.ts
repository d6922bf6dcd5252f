/** The shape of a row, and what a run of it found. */
import type { Broker } from "../compat-tests/lib/brokers.ts";
import type { Limit, Subject, SyncMode } from "./subject.ts";

export type Figures = Readonly<Record<string, number>>;

export interface Column {
  readonly key: string;
  readonly title: string;
  /** What Odradek ÷ Apache should be, at least or at most (issue "Faster than Apache Kafka"). */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number };
  /** Compared with this subject where not with Apache. */
  readonly against?: string;
}

/** What a reader of the results needs to know of a row. */
export interface RowFacts {
  readonly name: string;
  readonly title: string;
  /** Among the rows that run when none is named. */
  readonly headline: boolean;
  readonly sync: SyncMode;
  readonly columns: readonly Column[];
}

interface RowPlan extends RowFacts {
  /** Where a round is long. */
  readonly roundsMax?: number;
  /** One measurement of one subject that takes longer has failed: nothing waits for ever. */
  readonly limitSeconds?: number;
}

/** Measured on nodes that other rows use as well. */
export interface SharedRow extends RowPlan {
  /** What is measured beside the brokers. */
  readonly limits?: readonly Limit[];
  measure(subject: Subject, topic: string): Promise<Figures>;
}

/** Measured on a node of its own, fresh each time, which it may stop and start. */
export interface OwnRow extends RowPlan {
  measureOwn(broker: Broker, keep: (restarted: Broker) => void): Promise<Figures>;
  /** The same of the least that does it on Bun. */
  measureFloor?(): Promise<Figures>;
}

export type Row = SharedRow | OwnRow;

export interface Measured {
  readonly row: RowFacts;
  /** By label, one entry a round. */
  readonly bySubject: ReadonlyMap<string, readonly Figures[]>;
  /** Why there are fewer rounds than were asked for, or none. */
  readonly failure: string | null;
}

export const atLeast = (ratio: number) => ({ atLeast: ratio });
export const atMost = (ratio: number) => ({ atMost: ratio });
