/** What comes back to a group shard later: timers that are due, records that were stored or refused. */
import type { Ticket } from "../coordinator/outcome.ts";
import type { GroupProtocol } from "./classic/member.ts";

export type GroupEvent =
  | TimerEvent
  /** The record of a group that a JoinGroup created; `ticket` is that request's. */
  | { readonly type: "newGroupStored"; readonly groupId: string; readonly ticket: Ticket }
  | { readonly type: "emptyGroupStored"; readonly groupId: string }
  | AssignmentStored
  | StaticMemberStored;

export type TimerEvent =
  | { readonly type: "session"; readonly groupId: string; readonly memberId: string }
  /** The join phase lasts no longer. */
  | { readonly type: "join"; readonly groupId: string }
  | {
      readonly type: "initialJoin";
      readonly groupId: string;
      /** How long this timer ran, and by how much the join phase may still be prolonged. */
      readonly delayMs: number;
      readonly remainingMs: number;
    }
  /** Members that have not synced by now are out. */
  | { readonly type: "sync"; readonly groupId: string; readonly generationId: number }
  | { readonly type: "expireOffsets" };

export interface AssignmentStored {
  readonly type: "assignmentStored";
  readonly groupId: string;
  readonly generationId: number;
  readonly leaderId: string;
  readonly assignments: ReadonlyMap<string, Uint8Array>;
}

/** A static member took its predecessor's place in a stable group, without a rebalance. */
export interface StaticMemberStored {
  readonly type: "staticMemberStored";
  readonly groupId: string;
  readonly ticket: Ticket;
  readonly newMemberId: string;
  /** Whether the member's version of JoinGroup knows SkipAssignment. */
  readonly skipsAssignment: boolean;
  /** To go back to. */
  readonly old: {
    readonly memberId: string;
    readonly leaderId: string | null;
    readonly protocols: readonly GroupProtocol[];
    readonly rebalanceTimeoutMs: number;
    readonly sessionTimeoutMs: number;
  };
}

// The lengths keep apart what group and member ids could otherwise make equal.
export const sessionKey = (groupId: string, memberId: string): string =>
  `session ${groupId.length} ${groupId} ${memberId}`;
export const joinKey = (groupId: string): string => `join ${groupId}`;
export const syncKey = (groupId: string): string => `sync ${groupId}`;
export const expireOffsetsKey = "expire offsets";
