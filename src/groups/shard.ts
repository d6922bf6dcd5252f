/**
 * One partition of `__consumer_offsets`: its groups and their offsets. Operations decide and return an Outcome; `apply`
 * is the only way records change the state. Groups of other kinds than classic are not served: their records are kept.
 */
import { unreachable } from "../../base/assert.ts";
import type { Logger } from "../../base/ports.ts";
import { code, type ErrorName, KafkaError } from "../../protocol/errors.ts";
import type { DeletableGroupResult } from "../../protocol/generated/delete-groups.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../../protocol/generated/heartbeat.ts";
import type { LeaveGroupRequest, LeaveGroupResponse } from "../../protocol/generated/leave-group.ts";
import type { OffsetCommitRequest, OffsetCommitResponse } from "../../protocol/generated/offset-commit.ts";
import type { OffsetDeleteRequest, OffsetDeleteResponse } from "../../protocol/generated/offset-delete.ts";
import type { SyncGroupRequest } from "../../protocol/generated/sync-group.ts";
import { Draft } from "../coordinator/draft.ts";
import { coordinatorError } from "../coordinator/errors.ts";
import type { AppliedRecord, Outcome, Shard, Ticket, TicketAnswer } from "../coordinator/outcome.ts";
import { ClassicGroup } from "./classic/group.ts";
import { heartbeat } from "./classic/heartbeat.ts";
import { type Join, join } from "./classic/join.ts";
import { expireSession, leave } from "./classic/leave.ts";
import { groupFromRecord } from "./classic/load.ts";
import {
  completeJoin,
  endInitialDelay,
  expirePendingSyncs,
  keepSession,
  prepareRebalance,
} from "./classic/rebalance.ts";
import { joinRefusal, syncRefusal } from "./classic/replies.ts";
import { assignmentStored, staticMemberStored } from "./classic/stored.ts";
import { sync } from "./classic/sync.ts";
import { expireOffsetsKey, type GroupEvent } from "./event.ts";
import { commitOffsets } from "./offsets/commit.ts";
import { endTransaction, withoutPending, withPending } from "./offsets/pending.ts";
import { deleteAllOffsets, deleteOffsets, deleteOffsetsOfTopics, expireOffsets } from "./offsets/remove.ts";
import { fromRecord, withOffset, withoutOffset } from "./offsets/store.ts";
import { groupTombstone, newGroupRecord, readRecord } from "./records.ts";
import type { GroupSettings } from "./settings.ts";
import { emptyState, type GroupState } from "./state.ts";
import type { Turn } from "./turn.ts";

type GroupOutcome<Reply> = Outcome<Reply, GroupEvent>;

export class GroupShard implements Shard<GroupState, GroupEvent> {
  state: GroupState = emptyState;
  private readonly settings: GroupSettings;
  private readonly log: Logger;
  /** How many records of each key type were met that belong to other kinds of groups. */
  private readonly unserved = new Map<number, number>();

  constructor(settings: GroupSettings, log: Logger) {
    this.settings = settings;
    this.log = log;
  }

  // Operations

  joinGroup(asked: Join, nowMs: number): GroupOutcome<void> {
    const turn = this.turn(nowMs);
    const { groupId, memberId } = asked.request;
    let group = this.state.groups.get(groupId);
    const isNew = group === undefined;
    if (group === undefined) {
      if (memberId !== "") {
        turn.draft.answer(asked.ticket, joinRefusal("UNKNOWN_MEMBER_ID", memberId));
        return turn.draft.outcome(undefined);
      }
      group = ClassicGroup.empty(groupId, nowMs);
      this.state = { ...this.state, groups: this.state.groups.with(groupId, group) };
    }
    join(turn, group, asked);
    if (isNew && turn.draft.recordsCount === 0) {
      turn.draft.writeAhead(newGroupRecord(group), { type: "newGroupStored", groupId, ticket: asked.ticket });
    }
    return turn.draft.outcome(undefined);
  }

  syncGroup(request: SyncGroupRequest, nowMs: number, ticket: Ticket): GroupOutcome<void> {
    const turn = this.turn(nowMs);
    const group = this.state.groups.get(request.groupId);
    if (group === undefined || group.isIn("Empty")) turn.draft.answer(ticket, syncRefusal("UNKNOWN_MEMBER_ID"));
    else sync(turn, group, request, ticket);
    return turn.draft.outcome(undefined);
  }

  heartbeat(request: HeartbeatRequest, nowMs: number): GroupOutcome<HeartbeatResponse> {
    const turn = this.turn(nowMs);
    return turn.draft.outcome(heartbeat(turn, this.requireGroup(request.groupId, "UNKNOWN_MEMBER_ID"), request));
  }

  leaveGroup(request: LeaveGroupRequest, nowMs: number): GroupOutcome<LeaveGroupResponse> {
    const turn = this.turn(nowMs);
    return turn.draft.outcome(leave(turn, this.requireGroup(request.groupId, "UNKNOWN_MEMBER_ID"), request));
  }

  commitOffsets(request: OffsetCommitRequest, apiVersion: number, nowMs: number): GroupOutcome<OffsetCommitResponse> {
    const turn = this.turn(nowMs);
    let group = this.state.groups.get(request.groupId);
    if (group === undefined) {
      if (request.generationIdOrMemberEpoch >= 0) {
        throw new KafkaError(apiVersion >= 9 ? "GROUP_ID_NOT_FOUND" : "ILLEGAL_GENERATION");
      }
      group = ClassicGroup.empty(request.groupId, nowMs); // applying the first offset creates it
    }
    return turn.draft.outcome(commitOffsets(turn, group, request));
  }

  deleteOffsets(request: OffsetDeleteRequest, nowMs: number): GroupOutcome<OffsetDeleteResponse> {
    const turn = this.turn(nowMs);
    const group = this.requireGroup(request.groupId, "GROUP_ID_NOT_FOUND");
    return turn.draft.outcome(deleteOffsets(turn, this.state, group, request));
  }

  deleteGroups(groupIds: readonly string[], nowMs: number): GroupOutcome<DeletableGroupResult[]> {
    const turn = this.turn(nowMs);
    const results = groupIds.map((groupId) => {
      const group = this.state.groups.get(groupId);
      if (group === undefined || group.isIn("Dead")) return { groupId, errorCode: code("GROUP_ID_NOT_FOUND") };
      if (!group.isIn("Empty")) return { groupId, errorCode: code("NON_EMPTY_GROUP") };
      deleteAllOffsets(turn, this.state, groupId);
      turn.draft.write(groupTombstone(groupId));
      this.log.info(`group ${groupId} is deleted`);
      return { groupId, errorCode: 0 };
    });
    return turn.draft.outcome(results);
  }

  topicsDeleted(topics: readonly { readonly id: string; readonly name: string }[], nowMs: number): GroupOutcome<void> {
    const turn = this.turn(nowMs);
    deleteOffsetsOfTopics(turn, this.state, topics);
    turn.draft.splittable();
    return turn.draft.outcome(undefined);
  }

  // What the runtime calls

  apply({ offset, producerId, key, value }: AppliedRecord): void {
    const record = readRecord(key, value);
    switch (record.type) {
      case "offset":
        if (record.value === null) this.removeOffset(record.key.group, record.key.topic, record.key.partition);
        else this.putOffset(record.key, fromRecord(record.value, offset), producerId);
        break;
      case "group": {
        const { groupId } = record;
        const { groups } = this.state;
        const next =
          record.value === null
            ? groups.without(groupId)
            : groups.with(groupId, groupFromRecord(groupId, record.value));
        this.state = { ...this.state, groups: next };
        break;
      }
      case "other":
        this.unserved.set(record.keyType, (this.unserved.get(record.keyType) ?? 0) + 1);
        break;
      default:
        unreachable(record);
    }
  }

  applyMarker(producerId: number, committed: boolean): void {
    this.state = endTransaction(this.state, producerId, committed);
  }

  loaded(nowMs: number): GroupOutcome<void> {
    const turn = this.turn(nowMs);
    for (const group of this.state.groups.values()) {
      for (const { memberId, sessionTimeoutMs } of group.members.values()) {
        keepSession(turn, group, memberId, sessionTimeoutMs);
      }
      if (group.members.size > this.settings.membersMax) prepareRebalance(turn, group, "group.max.size is smaller now");
    }
    this.scheduleExpiry(turn);
    for (const [keyType, count] of this.unserved) {
      this.log.warn(`${count} group records of key type ${keyType} are kept, but such groups are not served here`);
    }
    return turn.draft.outcome(undefined);
  }

  unloaded(): TicketAnswer[] {
    const answers: TicketAnswer[] = [];
    for (const group of this.state.groups.values()) {
      for (const { memberId, joinTicket, syncTicket } of group.members.values()) {
        if (joinTicket !== null)
          answers.push({ ticket: joinTicket, response: joinRefusal("NOT_COORDINATOR", memberId) });
        if (syncTicket !== null) answers.push({ ticket: syncTicket, response: syncRefusal("NOT_COORDINATOR") });
      }
    }
    return answers;
  }

  fire(event: GroupEvent, nowMs: number): GroupOutcome<void> {
    const turn = this.turn(nowMs);
    if (event.type === "expireOffsets") this.expireOffsets(turn);
    else {
      // A timer may outlive its group.
      const group = this.state.groups.get(event.groupId);
      if (group !== undefined) fireOn(turn, group, event);
    }
    return turn.draft.outcome(undefined);
  }

  settled(event: GroupEvent, error: ErrorName | null, nowMs: number): GroupOutcome<void> {
    const turn = this.turn(nowMs);
    if (event.type === "expireOffsets") return turn.draft.outcome(undefined);
    const group = this.state.groups.get(event.groupId);
    if (event.type === "newGroupStored") {
      if (error !== null) turn.draft.answer(event.ticket, joinRefusal(coordinatorError(error), ""));
    } else if (event.type === "emptyGroupStored") {
      // Its old generation would come back with the log: without members that does no harm.
      if (error !== null) this.log.warn(`group ${event.groupId}: its empty generation is not stored (${error})`);
    } else if (group !== undefined) {
      if (event.type === "assignmentStored") assignmentStored(turn, group, event, error);
      else if (event.type === "staticMemberStored") staticMemberStored(turn, group, event, error);
    }
    return turn.draft.outcome(undefined);
  }

  private turn(nowMs: number): Turn {
    return { nowMs, settings: this.settings, log: this.log, draft: new Draft<GroupEvent>() };
  }

  private requireGroup(groupId: string, error: ErrorName): ClassicGroup {
    const group = this.state.groups.get(groupId);
    if (group === undefined) throw new KafkaError(error, `Group ${groupId} not found.`);
    return group;
  }

  private putOffset(
    { group, topic, partition }: { group: string; topic: string; partition: number },
    committed: ReturnType<typeof fromRecord>,
    producerId: number,
  ): void {
    if (!this.state.groups.has(group)) {
      // Offsets without members: a group that only commits.
      const simple = ClassicGroup.empty(group, committed.committedMs);
      this.state = { ...this.state, groups: this.state.groups.with(group, simple) };
    }
    if (producerId === -1) {
      const offsets = withOffset(this.state.offsets, group, topic, partition, committed);
      this.state = { ...this.state, offsets };
    } else {
      this.state = withPending(this.state, producerId, group, topic, partition, committed);
    }
  }

  private removeOffset(group: string, topic: string, partition: number): void {
    const offsets = withoutOffset(this.state.offsets, group, topic, partition);
    this.state = withoutPending({ ...this.state, offsets }, group, topic, partition);
  }

  private expireOffsets(turn: Turn): void {
    for (const group of this.state.groups.values()) {
      const isBare = expireOffsets(turn, this.state, group);
      if (isBare && group.isIn("Empty")) turn.draft.write(groupTombstone(group.groupId));
    }
    if (turn.draft.recordsCount > 0) this.log.info(`${turn.draft.recordsCount} expired offsets and groups are removed`);
    turn.draft.splittable();
    this.scheduleExpiry(turn);
  }

  private scheduleExpiry(turn: Turn): void {
    turn.draft.setTimer(expireOffsetsKey, this.settings.offsetsCheckIntervalMs, { type: "expireOffsets" });
  }
}

function fireOn(turn: Turn, group: ClassicGroup, event: GroupEvent): void {
  switch (event.type) {
    case "session":
      expireSession(turn, group, event.memberId);
      break;
    case "join":
      completeJoin(turn, group);
      break;
    case "initialJoin":
      endInitialDelay(turn, group, event.delayMs, event.remainingMs);
      break;
    case "sync":
      expirePendingSyncs(turn, group, event.generationId);
      break;
    default:
      break;
  }
}
