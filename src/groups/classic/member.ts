/** A member of a classic group. */
import type { Ticket } from "../../coordinator/outcome.ts";

export interface GroupProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface Member {
  readonly memberId: string;
  /** Null: a dynamic member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  /** As Java prints an address: "/127.0.0.1". */
  readonly clientHost: string;
  readonly protocolType: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  /** In the member's order of preference. */
  protocols: readonly GroupProtocol[];
  assignment: Uint8Array;
  /** Of the JoinGroup that waits for the join phase to end. Change it through the group, which counts them. */
  joinTicket: Ticket | null;
  /** Of the SyncGroup that waits for the leader's assignment. */
  syncTicket: Ticket | null;
  /** Has not yet been told its member id by a completed join: it cannot heartbeat. */
  isNew: boolean;
}

export const noAssignment: Uint8Array = new Uint8Array(0);

/** Undefined where the member does not support the protocol. */
export function metadataFor(member: Member, protocolName: string | null): Uint8Array | undefined {
  return member.protocols.find((protocol) => protocol.name === protocolName)?.metadata;
}

/** Whether a member's protocols are the same, in the same order: then nothing changes for the group. */
export function sameProtocols(left: readonly GroupProtocol[], right: readonly GroupProtocol[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((protocol, i) => {
    const other = right[i] as GroupProtocol;
    return protocol.name === other.name && sameBytes(protocol.metadata, other.metadata);
  });
}

/** Waiting for others is a sign of life, except for a new member. */
export function isAlive(member: Member): boolean {
  return !member.isNew && (member.joinTicket !== null || member.syncTicket !== null);
}

/** Protocols of a request, in bytes of their own: a request's are views into its frame. */
export function ownProtocols(protocols: readonly GroupProtocol[]): GroupProtocol[] {
  return protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() }));
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
