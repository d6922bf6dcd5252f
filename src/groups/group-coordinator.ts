/** What handlers may ask of the group coordinator, and what the node tells it. */
import type { DeletableGroupResult } from "../../protocol/generated/delete-groups.ts";
import type { DescribedGroup } from "../../protocol/generated/describe-groups.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../../protocol/generated/heartbeat.ts";
import type { JoinGroupRequest, JoinGroupResponse } from "../../protocol/generated/join-group.ts";
import type { LeaveGroupRequest, LeaveGroupResponse } from "../../protocol/generated/leave-group.ts";
import type { ListGroupsRequest, ListGroupsResponse } from "../../protocol/generated/list-groups.ts";
import type { OffsetCommitRequest, OffsetCommitResponse } from "../../protocol/generated/offset-commit.ts";
import type { OffsetDeleteRequest, OffsetDeleteResponse } from "../../protocol/generated/offset-delete.ts";
import type { OffsetFetchRequestGroup, OffsetFetchResponseGroup } from "../../protocol/generated/offset-fetch.ts";
import type { SyncGroupRequest, SyncGroupResponse } from "../../protocol/generated/sync-group.ts";

export type MaybePromise<T> = T | Promise<T>;

/** Of a RequestContext, what a group remembers of its members. */
export interface Caller {
  readonly apiVersion: number;
  readonly clientId: string | null;
  readonly clientHost: string;
}

/** No method rejects: a refusal is a response with its error code. Topic names and ids are the handlers' matter. */
export interface GroupRequests {
  joinGroup(request: JoinGroupRequest, caller: Caller): MaybePromise<JoinGroupResponse>;
  syncGroup(request: SyncGroupRequest, caller: Caller): MaybePromise<SyncGroupResponse>;
  heartbeat(request: HeartbeatRequest, caller: Caller): MaybePromise<HeartbeatResponse>;
  leaveGroup(request: LeaveGroupRequest, caller: Caller): MaybePromise<LeaveGroupResponse>;
  commitOffsets(request: OffsetCommitRequest, caller: Caller): MaybePromise<OffsetCommitResponse>;
  fetchOffsets(
    group: OffsetFetchRequestGroup,
    requireStable: boolean,
    caller: Caller,
  ): MaybePromise<OffsetFetchResponseGroup>;
  deleteOffsets(request: OffsetDeleteRequest): MaybePromise<OffsetDeleteResponse>;
  describeGroups(groupIds: readonly string[], caller: Caller): MaybePromise<DescribedGroup[]>;
  listGroups(request: ListGroupsRequest): MaybePromise<ListGroupsResponse>;
  deleteGroups(groupIds: readonly string[]): MaybePromise<DeletableGroupResult[]>;
}

export interface GroupCoordinator extends GroupRequests {
  /** The partition of `__consumer_offsets` that the group's records live in. */
  partitionFor(groupId: string): number;
  /**
   * `__consumer_offsets` exists, with so many partitions; 0: no longer. What a group's partition is does not change
   * while the topic lives, also where it gets more partitions later.
   */
  onOffsetsTopic(partitions: number): void;
  /** This node leads the partition of `__consumer_offsets` from this epoch on: it is loaded. */
  onElection(partition: number, leaderEpoch: number): void;
  /** This node no longer leads it; null where it was deleted. */
  onResignation(partition: number, leaderEpoch: number | null): void;
  /** Committed offsets of deleted topics go. */
  onTopicsDeleted(topics: readonly { readonly id: string; readonly name: string }[]): void;
  /** Stops serving: every parked request is answered. */
  close(): void;
}
