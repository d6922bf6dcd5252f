/**
 * A classic group: members choose a protocol and a leader, the leader assigns. Its members live in memory only, except
 * for what each stable generation writes to the log (GroupMetadataValue); an object of this class is changed in place.
 */
import { assert } from "../../../base/assert.ts";
import { hashMapOrder } from "../../../base/java-hash.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type { Ticket } from "../../coordinator/outcome.ts";
import { type GroupProtocol, type Member, metadataFor } from "./member.ts";
import { subscribedTopics } from "./subscription.ts";

export type ClassicState = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable" | "Dead";

const previousStates: Readonly<Record<ClassicState, readonly ClassicState[]>> = {
  Empty: ["PreparingRebalance"],
  PreparingRebalance: ["Stable", "CompletingRebalance", "Empty"],
  CompletingRebalance: ["PreparingRebalance"],
  Stable: ["CompletingRebalance"],
  Dead: ["Stable", "PreparingRebalance", "CompletingRebalance", "Empty", "Dead"],
};

/** What the log holds of a group; the beginning of a group that it does not hold. */
export interface GroupSeed {
  readonly groupId: string;
  readonly state: ClassicState;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string | null;
  readonly stateTimestampMs: number | null;
}

export class ClassicGroup {
  readonly groupId: string;
  state: ClassicState;
  previousState: ClassicState = "Dead";
  generationId: number;
  protocolType: string | null;
  protocolName: string | null;
  leaderId: string | null;
  /** When the state was entered; null where the log (an old version of its record) did not say. */
  stateTimestampMs: number | null;
  readonly members = new Map<string, Member>();
  /** Member ids handed out (KIP-394) that have not joined yet. */
  readonly pendingJoins = new Set<string>();
  /** Members of this generation that have not synced yet. */
  readonly pendingSyncs = new Set<string>();
  /** Null: not known (another protocol type, no protocol yet, or metadata that does not parse). */
  topics: ReadonlySet<string> | null = null;
  /** The generation whose assignment is on its way to the log; -1 where there is none. */
  storingGeneration = -1;
  /** Somebody joined during the initial delay, which is prolonged then. */
  newMemberAdded = false;
  private readonly staticMembers = new Map<string, string>();
  private readonly supporters = new Map<string, number>();
  private joining = 0;

  constructor(seed: GroupSeed) {
    this.groupId = seed.groupId;
    this.state = seed.state;
    this.generationId = seed.generationId;
    this.protocolType = seed.protocolType;
    this.protocolName = seed.protocolName;
    this.leaderId = seed.leaderId;
    this.stateTimestampMs = seed.stateTimestampMs;
  }

  static empty(groupId: string, nowMs: number): ClassicGroup {
    return new ClassicGroup({
      groupId,
      state: "Empty",
      generationId: 0,
      protocolType: null,
      protocolName: null,
      leaderId: null,
      stateTimestampMs: nowMs,
    });
  }

  transitionTo(state: ClassicState, nowMs: number): void {
    assert(previousStates[state].includes(this.state), `group ${this.groupId}: ${this.state} is not left for ${state}`);
    this.previousState = this.state;
    this.state = state;
    this.stateTimestampMs = nowMs;
  }

  isIn(...states: readonly ClassicState[]): boolean {
    return states.includes(this.state);
  }

  get canRebalance(): boolean {
    return previousStates.PreparingRebalance.includes(this.state);
  }

  get usesConsumerProtocol(): boolean {
    return this.protocolType === "consumer";
  }

  /** Members whose JoinGroup waits. */
  get joiningCount(): number {
    return this.joining;
  }

  get allJoined(): boolean {
    return this.members.size === this.joining && this.pendingJoins.size === 0;
  }

  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const member of this.members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs);
    return longest;
  }

  staticMemberId(groupInstanceId: string): string | undefined {
    return this.staticMembers.get(groupInstanceId);
  }

  get staticMembersCount(): number {
    return this.staticMembers.size;
  }

  // Members

  add(member: Member): void {
    if (member.groupInstanceId !== null) {
      assert(!this.staticMembers.has(member.groupInstanceId), "an instance id has one member");
      this.staticMembers.set(member.groupInstanceId, member.memberId);
    }
    if (this.members.size === 0) this.protocolType = member.protocolType;
    assert(this.protocolType === member.protocolType, "the members of a group share its protocol type");
    this.leaderId ??= member.memberId;
    this.members.set(member.memberId, member);
    this.countSupport(member, 1);
    if (member.joinTicket !== null) this.joining++;
    this.pendingJoins.delete(member.memberId);
  }

  /** Of a member or of a member id that is only pending. Where the leader goes, another member takes its place. */
  remove(memberId: string): void {
    const member = this.members.get(memberId);
    if (member !== undefined) {
      this.members.delete(memberId);
      this.countSupport(member, -1);
      if (member.joinTicket !== null) this.joining--;
      if (member.groupInstanceId !== null) this.staticMembers.delete(member.groupInstanceId);
    }
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value ?? null;
    this.pendingJoins.delete(memberId);
    this.pendingSyncs.delete(memberId);
  }

  /** A restarted static member takes the place of its predecessor, under its new member id. Tickets do not move. */
  replaceStatic(old: Member, memberId: string): Member {
    assert(old.groupInstanceId !== null, "only a static member is replaced");
    assert(old.joinTicket === null && old.syncTicket === null, "the old member was answered");
    this.members.delete(old.memberId);
    const member: Member = { ...old, memberId, isNew: false };
    this.members.set(memberId, member);
    if (this.leaderId === old.memberId) this.leaderId = memberId;
    this.staticMembers.set(old.groupInstanceId, memberId);
    return member;
  }

  updateMember(
    member: Member,
    protocols: readonly GroupProtocol[],
    rebalanceTimeoutMs: number,
    sessionTimeoutMs: number,
    joinTicket: Ticket | null,
  ): void {
    this.countSupport(member, -1);
    member.protocols = protocols;
    this.countSupport(member, 1);
    member.rebalanceTimeoutMs = rebalanceTimeoutMs;
    member.sessionTimeoutMs = sessionTimeoutMs;
    this.setJoinTicket(member, joinTicket);
  }

  setJoinTicket(member: Member, ticket: Ticket | null): void {
    if (member.joinTicket === null && ticket !== null) this.joining++;
    if (member.joinTicket !== null && ticket === null) this.joining--;
    member.joinTicket = ticket;
  }

  /** @throws KafkaError UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID. */
  requireMember(memberId: string, groupInstanceId: string | null): Member {
    if (groupInstanceId !== null) {
      const current = this.staticMembers.get(groupInstanceId);
      if (current === undefined) throw new KafkaError("UNKNOWN_MEMBER_ID", "no member has this instance id");
      if (current !== memberId) throw new KafkaError("FENCED_INSTANCE_ID", "another member has this instance id");
    }
    const member = this.members.get(memberId);
    if (member === undefined) throw new KafkaError("UNKNOWN_MEMBER_ID", "no such member");
    return member;
  }

  /** True where the leader has joined, or else another member that has is the leader now. */
  electJoinedLeader(): boolean {
    if (this.leaderId === null) return false;
    if (this.members.get(this.leaderId)?.joinTicket !== null) return true;
    for (const member of this.members.values()) {
      if (member.joinTicket === null) continue;
      this.leaderId = member.memberId;
      return true;
    }
    return false;
  }

  // Protocols

  /** Whether a member with these could join. */
  supports(protocolType: string, protocols: readonly GroupProtocol[]): boolean {
    if (this.state === "Empty") return protocolType !== "" && protocols.length > 0;
    if (this.protocolType !== protocolType) return false;
    return protocols.some(({ name }) => (this.supporters.get(name) ?? 0) === this.members.size);
  }

  /** Of the protocols that all members support, the one that most members like best. */
  selectProtocol(): string | null {
    assert(this.members.size > 0, "an empty group selects no protocol");
    const votes = new Map<string, number>();
    for (const member of this.members.values()) {
      const vote = member.protocols.find(({ name }) => this.supporters.get(name) === this.members.size);
      assert(vote !== undefined, "a member supports one of the protocols that all support");
      votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
    }
    let winner: string | null = null;
    let most = 0;
    for (const name of hashMapOrder([...votes.keys()])) {
      const count = votes.get(name) as number;
      if (count <= most) continue; // a tie goes to the first that Kafka would meet
      most = count;
      winner = name;
    }
    return winner;
  }

  /** The join phase is over. */
  startGeneration(nowMs: number): void {
    this.generationId++;
    this.protocolName = this.members.size > 0 ? this.selectProtocol() : null;
    this.refreshTopics();
    this.transitionTo(this.members.size > 0 ? "CompletingRebalance" : "Empty", nowMs);
    this.pendingSyncs.clear();
  }

  refreshTopics(): void {
    if (!this.usesConsumerProtocol) this.topics = null;
    else if (this.members.size === 0) this.topics = new Set();
    else if (this.protocolName === null) this.topics = null;
    else this.topics = subscribedTopics([...this.members.values()].map((m) => metadataFor(m, this.protocolName)));
  }

  /** Where the topics are not known, a group of consumers may be subscribed to any. */
  isSubscribedTo(topic: string): boolean {
    return this.topics?.has(topic) ?? this.usesConsumerProtocol;
  }

  private countSupport(member: Member, change: 1 | -1): void {
    for (const { name } of member.protocols) this.supporters.set(name, (this.supporters.get(name) ?? 0) + change);
  }
}
