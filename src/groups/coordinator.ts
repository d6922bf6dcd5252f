/**
 * The group coordinator of one node: checks what needs no group, finds the shard, and turns what goes wrong into the
 * response that Kafka's GroupCoordinatorService gives.
 */

import { absoluteInt32, javaHash } from "../../base/java-hash.ts";
import type { Clock, Logger, Random } from "../../base/ports.ts";
import { code, type ErrorName } from "../../protocol/errors.ts";
import type { DeletableGroupResult } from "../../protocol/generated/delete-groups.ts";
import type { DescribedGroup } from "../../protocol/generated/describe-groups.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../../protocol/generated/heartbeat.ts";
import type { JoinGroupRequest, JoinGroupResponse } from "../../protocol/generated/join-group.ts";
import type { LeaveGroupRequest, LeaveGroupResponse } from "../../protocol/generated/leave-group.ts";
import type { ListedGroup, ListGroupsRequest, ListGroupsResponse } from "../../protocol/generated/list-groups.ts";
import type { OffsetCommitRequest, OffsetCommitResponse } from "../../protocol/generated/offset-commit.ts";
import type { OffsetDeleteRequest, OffsetDeleteResponse } from "../../protocol/generated/offset-delete.ts";
import type { OffsetFetchRequestGroup, OffsetFetchResponseGroup } from "../../protocol/generated/offset-fetch.ts";
import type { SyncGroupRequest, SyncGroupResponse } from "../../protocol/generated/sync-group.ts";
import { codecOf } from "../../protocol/records/codecs.ts";
import { coordinatorError, errorNameOf } from "../coordinator/errors.ts";
import { replyOnly } from "../coordinator/outcome.ts";
import type { PartitionWriter } from "../coordinator/partition-writer.ts";
import { CoordinatorRuntime } from "../coordinator/runtime.ts";
import { joinRefusal, syncRefusal } from "./classic/replies.ts";
import { describeError, describeGroup, listGroups } from "./describe.ts";
import type { GroupEvent } from "./event.ts";
import type { Caller, GroupCoordinator, MaybePromise } from "./group-coordinator.ts";
import { memberSuffix } from "./member-id.ts";
import { fetchOffsets } from "./offsets/fetch.ts";
import { commitRefusal, fetchRefusal } from "./offsets/replies.ts";
import type { GroupSettings } from "./settings.ts";
import { GroupShard } from "./shard.ts";
import type { GroupState } from "./state.ts";

export const offsetsTopic = "__consumer_offsets";

export interface GroupCoordinatorDoors {
  readonly settings: GroupSettings;
  readonly writer: PartitionWriter;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export class ClassicGroupCoordinator implements GroupCoordinator {
  private readonly doors: GroupCoordinatorDoors;
  private readonly runtime: CoordinatorRuntime<GroupState, GroupEvent, GroupShard>;
  /** 0: there is no offsets topic yet. */
  private partitions = 0;
  private closed = false;

  constructor(doors: GroupCoordinatorDoors) {
    this.doors = doors;
    const { settings, writer, clock, logger } = doors;
    this.runtime = new CoordinatorRuntime(
      {
        topic: offsetsTopic,
        writer,
        clock,
        logger,
        writeTimeoutMs: () => settings.commitTimeoutMs,
        loadBytesMax: () => Math.min(settings.loadBytes, loadSliceBytes),
        codec: () => codecOf(settings.topicCodecId) ?? "none",
      },
      () => new GroupShard(settings, logger),
    );
  }

  // The node's events

  onOffsetsTopic(partitions: number): void {
    this.partitions = partitions;
  }

  onElection(partition: number, leaderEpoch: number): void {
    void this.runtime.elect(partition, leaderEpoch);
  }

  onResignation(partition: number, leaderEpoch: number | null): void {
    this.runtime.resign(partition, leaderEpoch);
  }

  onTopicsDeleted(topics: readonly { readonly id: string; readonly name: string }[]): void {
    for (const partition of this.runtime.partitions()) {
      void this.answer(
        () => this.runtime.write(partition, (shard, nowMs) => shard.topicsDeleted(topics, nowMs)),
        () => undefined, // a partition still loading keeps them until they expire, as in Kafka
      );
    }
  }

  close(): void {
    this.closed = true;
    this.runtime.close();
  }

  partitionFor(groupId: string): number {
    return absoluteInt32(javaHash(groupId)) % (this.partitions || this.doors.settings.topicPartitions);
  }

  // Members

  joinGroup(request: JoinGroupRequest, caller: Caller): MaybePromise<JoinGroupResponse> {
    const { groupId, memberId, sessionTimeoutMs } = request;
    const { settings, random } = this.doors;
    const refused = this.refusedGroupId(groupId);
    if (refused !== null) return joinRefusal(refused, memberId);
    if (sessionTimeoutMs < settings.sessionTimeoutMinMs || sessionTimeoutMs > settings.sessionTimeoutMaxMs) {
      return joinRefusal("INVALID_SESSION_TIMEOUT", memberId);
    }
    const prefix = request.groupInstanceId ?? caller.clientId ?? "";
    const freshMemberId = memberId === "" ? `${prefix}-${memberSuffix(random)}` : "";
    return this.answer(
      () =>
        this.runtime.park<JoinGroupResponse>(this.partitionFor(groupId), (shard, nowMs, ticket) =>
          shard.joinGroup({ request, caller, ticket, freshMemberId }, nowMs),
        ),
      (error) => joinRefusal(error, ""),
    );
  }

  syncGroup(request: SyncGroupRequest, _caller: Caller): MaybePromise<SyncGroupResponse> {
    const refused = this.refusedGroupId(request.groupId);
    if (refused !== null) return syncRefusal(refused);
    return this.answer(
      () =>
        this.runtime.park<SyncGroupResponse>(this.partitionFor(request.groupId), (shard, nowMs, ticket) =>
          shard.syncGroup(request, nowMs, ticket),
        ),
      syncRefusal,
    );
  }

  heartbeat(request: HeartbeatRequest, _caller: Caller): MaybePromise<HeartbeatResponse> {
    const refusal = (error: ErrorName): HeartbeatResponse => ({ throttleTimeMs: 0, errorCode: code(error) });
    const refused = this.refusedGroupId(request.groupId);
    if (refused !== null) return refusal(refused);
    return this.answer(
      () => this.runtime.write(this.partitionFor(request.groupId), (shard, nowMs) => shard.heartbeat(request, nowMs)),
      // While the group is being loaded a member's word is taken for it.
      (error) => refusal(error === "COORDINATOR_LOAD_IN_PROGRESS" ? "NONE" : error),
    );
  }

  leaveGroup(request: LeaveGroupRequest, _caller: Caller): MaybePromise<LeaveGroupResponse> {
    const refused = this.refusedGroupId(request.groupId);
    if (refused !== null) return { throttleTimeMs: 0, errorCode: code(refused), members: [] };
    return this.answer(
      () => this.runtime.write(this.partitionFor(request.groupId), (shard, nowMs) => shard.leaveGroup(request, nowMs)),
      (error) => {
        const errorCode = code(error);
        if (error !== "UNKNOWN_MEMBER_ID") return { throttleTimeMs: 0, errorCode, members: [] };
        const members = request.members.map(({ memberId, groupInstanceId }) => ({
          memberId,
          groupInstanceId,
          errorCode,
        }));
        return { throttleTimeMs: 0, errorCode: 0, members }; // there is no such group
      },
    );
  }

  // Offsets

  commitOffsets(request: OffsetCommitRequest, caller: Caller): MaybePromise<OffsetCommitResponse> {
    if (this.closed) return commitRefusal(request, "COORDINATOR_NOT_AVAILABLE");
    return this.answer(
      () =>
        this.runtime.write(this.partitionFor(request.groupId), (shard, nowMs) =>
          shard.commitOffsets(request, caller.apiVersion, nowMs),
        ),
      (error) => commitRefusal(request, error),
    );
  }

  fetchOffsets(
    group: OffsetFetchRequestGroup,
    requireStable: boolean,
    { apiVersion }: Caller,
  ): MaybePromise<OffsetFetchResponseGroup> {
    if (this.closed) return fetchRefusal(group, "COORDINATOR_NOT_AVAILABLE", apiVersion);
    const partition = this.partitionFor(group.groupId);
    if (!requireStable) {
      return this.answer(
        () => this.runtime.read(partition, (_, state) => fetchOffsets(state, group, false)),
        (error) => fetchRefusal(group, error, apiVersion),
        raw,
      );
    }
    // As a write, it answers with all there is, and waits until that is committed.
    return this.answer(
      () => this.runtime.write(partition, (shard) => replyOnly(fetchOffsets(shard.state, group, true))),
      (error) => fetchRefusal(group, error, apiVersion),
      fetchError,
    );
  }

  deleteOffsets(request: OffsetDeleteRequest): MaybePromise<OffsetDeleteResponse> {
    const refusal = (error: ErrorName): OffsetDeleteResponse => ({
      errorCode: code(error),
      throttleTimeMs: 0,
      topics: [],
    });
    const refused = this.refusedGroupId(request.groupId);
    if (refused !== null) return refusal(refused);
    return this.answer(
      () => this.runtime.write(this.partitionFor(request.groupId), (shard, now) => shard.deleteOffsets(request, now)),
      refusal,
    );
  }

  // Administration

  describeGroups(groupIds: readonly string[], { apiVersion }: Caller): DescribedGroup[] {
    if (this.closed) return groupIds.map((id) => describeError(id, code("COORDINATOR_NOT_AVAILABLE")));
    return this.byPartition(groupIds).flatMap(([partition, ids]) => {
      try {
        return this.runtime.read(partition, (_, state) => ids.map((id) => describeGroup(state, id, apiVersion)));
      } catch (error) {
        const errorCode = code(this.refusalFor(error, coordinatorError));
        return ids.map((id) => describeError(id, errorCode));
      }
    });
  }

  listGroups({ statesFilter, typesFilter }: ListGroupsRequest): ListGroupsResponse {
    if (this.closed) return { throttleTimeMs: 0, errorCode: code("COORDINATOR_NOT_AVAILABLE"), groups: [] };
    const groups: ListedGroup[] = [];
    for (const partition of this.runtime.partitions()) {
      try {
        groups.push(...this.runtime.read(partition, (_, state) => listGroups(state, statesFilter, typesFilter)));
      } catch (error) {
        const refused = this.refusalFor(error, coordinatorError);
        if (refused !== "NOT_COORDINATOR") return { throttleTimeMs: 0, errorCode: code(refused), groups: [] };
      }
    }
    return { throttleTimeMs: 0, errorCode: 0, groups };
  }

  async deleteGroups(groupIds: readonly string[]): Promise<DeletableGroupResult[]> {
    if (this.closed) return deleteRefusal(groupIds, "COORDINATOR_NOT_AVAILABLE");
    const results = this.byPartition(groupIds).map(([partition, ids]) =>
      this.answer(
        () => this.runtime.write(partition, (shard, nowMs) => shard.deleteGroups(ids, nowMs)),
        (error) => deleteRefusal(ids, error),
      ),
    );
    return (await Promise.all(results)).flat();
  }

  private refusedGroupId(groupId: string): ErrorName | null {
    if (this.closed) return "COORDINATOR_NOT_AVAILABLE";
    return groupId === "" ? "INVALID_GROUP_ID" : null;
  }

  private byPartition(groupIds: readonly string[]): [partition: number, groupIds: string[]][] {
    const byPartition = new Map<number, string[]>();
    for (const groupId of groupIds) {
      const partition = this.partitionFor(groupId);
      const ids = byPartition.get(partition);
      if (ids === undefined) byPartition.set(partition, [groupId]);
      else ids.push(groupId);
    }
    return [...byPartition];
  }

  /** What `ask` answers, or the refusal for what it throws or rejects with. At once where it can. */
  private answer<Response>(
    ask: () => MaybePromise<Response>,
    refusal: (error: ErrorName) => Response,
    translate = coordinatorError,
  ): MaybePromise<Response> {
    try {
      const response = ask();
      if (!(response instanceof Promise)) return response;
      return response.catch((error) => refusal(this.refusalFor(error, translate)));
    } catch (error) {
      return refusal(this.refusalFor(error, translate));
    }
  }

  private refusalFor(error: unknown, translate: (name: ErrorName) => ErrorName): ErrorName {
    const name = errorNameOf(error);
    if (name === "UNKNOWN_SERVER_ERROR") this.doors.logger.error(`group coordinator: ${String(error)}`);
    return translate(name);
  }
}

/** What is read and applied of the log between two looks at everything else. */
const loadSliceBytes = 256 * 1024;

const raw = (error: ErrorName): ErrorName => error;

/** Consumers before 3.9 only retry an OffsetFetch after NOT_COORDINATOR. */
function fetchError(error: ErrorName): ErrorName {
  const translated = coordinatorError(error);
  return translated === "COORDINATOR_NOT_AVAILABLE" ? "NOT_COORDINATOR" : translated;
}

function deleteRefusal(groupIds: readonly string[], error: ErrorName): DeletableGroupResult[] {
  return groupIds.map((groupId) => ({ groupId, errorCode: code(error) }));
}
