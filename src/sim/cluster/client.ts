/**
 * A client of a cluster: it learns from Metadata who leads what, sends each request to the node that it is for, and
 * asks again where a node refuses or is gone. What it knows may be old: that is the point.
 */

import { ZERO_UUID } from "../../../base/uuid.ts";
import { DeleteRecords, type DeleteRecordsRequest } from "../../../protocol/generated/delete-records.ts";
import { Fetch, type FetchRequest } from "../../../protocol/generated/fetch.ts";
import { FindCoordinator, type FindCoordinatorResponse } from "../../../protocol/generated/find-coordinator.ts";
import { Heartbeat } from "../../../protocol/generated/heartbeat.ts";
import { JoinGroup } from "../../../protocol/generated/join-group.ts";
import { LeaveGroup } from "../../../protocol/generated/leave-group.ts";
import { ListOffsets, type ListOffsetsRequest } from "../../../protocol/generated/list-offsets.ts";
import { Metadata, type MetadataResponse } from "../../../protocol/generated/metadata.ts";
import { OffsetCommit } from "../../../protocol/generated/offset-commit.ts";
import { OffsetFetch } from "../../../protocol/generated/offset-fetch.ts";
import { SyncGroup } from "../../../protocol/generated/sync-group.ts";
import type { Message } from "../../../protocol/message.ts";
import type { Dice } from "../dice.ts";
import type { Network } from "../network.ts";
import { Indeterminate, WireClient, type WireConnection } from "../wire.ts";
import type { World } from "../world.ts";

/** From this version of Fetch on consumers may read from followers (KIP-392). */
const FOLLOWER_READS_FROM = 11;
const ANSWER_MS = 8_000;

export interface Bootstrap {
  readonly nodeId: number;
  readonly host: string;
}

interface Led {
  readonly leader: number;
  readonly replicas: readonly number[];
}

const ofGroups: ReadonlySet<number> = new Set(
  [OffsetCommit, OffsetFetch, JoinGroup, Heartbeat, LeaveGroup, SyncGroup].map(({ key }) => key),
);

export class ClusterClient extends WireClient {
  /** Of its reads, how many go to any replica. */
  followerReads = 0;
  private readonly dice: Dice;
  private readonly bootstrap: readonly Bootstrap[];
  private readonly connections = new Map<number, Promise<WireConnection>>();
  /** By topic name and id: each partition's leader and replicas; null before the first look. */
  private leaders: Map<string, readonly Led[]> | null = null;
  private asking: Promise<void> | null = null;
  private coordinator: number | null = null;

  constructor(world: World, network: Network, name: string, host: string, bootstrap: readonly Bootstrap[]) {
    super(world, network, name, host, "");
    this.bootstrap = bootstrap;
    this.dice = world.dice(`client ${host}`);
  }

  override connected(): Promise<WireConnection> {
    return this.connectionTo(this.anyNode());
  }

  override async connectedTo(topic: string, index: number): Promise<WireConnection> {
    return this.connectionTo((await this.led(topic, index)).leader);
  }

  override forgetLeaders(): void {
    this.leaders = null;
  }

  override async call<Request, Response>(
    message: Message<Request, Response>,
    version: number,
    request: Request,
    timeoutMs?: number,
  ): Promise<Response> {
    const nodeId = await this.target(message.key, version, request);
    try {
      const connection = await this.connectionTo(nodeId);
      this.askedNode = nodeId;
      const response = await connection.call(message, version, request, timeoutMs);
      this.askedNode = nodeId;
      this.learn(message.key, response);
      return response;
    } catch (failure) {
      if (failure instanceof Indeterminate) this.forgetLeaders();
      throw failure;
    }
  }

  private async target(key: number, version: number, request: unknown): Promise<number> {
    if (ofGroups.has(key)) {
      if (this.coordinator === null) throw new Indeterminate("no coordinator is known");
      return this.coordinator;
    }
    const place = placeOf(key, request);
    if (place === null) return this.anyNode();
    const { leader, replicas } = await this.led(...place);
    const reads = key === Fetch.key && version >= FOLLOWER_READS_FROM && this.dice.chance(this.followerReads);
    return reads ? this.dice.pick(replicas) : leader;
  }

  private anyNode(): number {
    const open = [...this.connections.keys()];
    return open.length > 0 && this.dice.chance(0.8) ? this.dice.pick(open) : this.dice.pick(this.bootstrap).nodeId;
  }

  private async led(topic: string, index: number): Promise<Led> {
    if (this.leaders === null) {
      this.asking ??= this.askLeaders().finally(() => {
        this.asking = null;
      });
      await this.asking;
    }
    const led = (this.leaders as Map<string, readonly Led[]> | null)?.get(topic)?.[index];
    if (led !== undefined && led.leader >= 0) return led;
    this.forgetLeaders();
    throw new Indeterminate(`${topic}-${index} has no leader`);
  }

  private async askLeaders(): Promise<void> {
    const flags = { includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
    const request = { topics: null, allowAutoTopicCreation: false, ...flags };
    const connection = await this.connectionTo(this.anyNode());
    const { topics }: MetadataResponse = await connection.call(Metadata, 12, request, ANSWER_MS);
    const leaders = new Map<string, readonly Led[]>();
    for (const { name, topicId, partitions } of topics) {
      const led: Led[] = [];
      for (const each of partitions) led[each.partitionIndex] = { leader: each.leaderId, replicas: each.replicaNodes };
      leaders.set(name ?? "", led);
      leaders.set(topicId, led);
    }
    this.leaders = leaders;
  }

  private learn(key: number, response: unknown): void {
    if (key === FindCoordinator.key) {
      const { errorCode, nodeId } = response as FindCoordinatorResponse;
      this.coordinator = errorCode === 0 ? nodeId : null;
    } else if (mentionsError(response)) {
      this.forgetLeaders();
    }
  }

  private async connectionTo(nodeId: number): Promise<WireConnection> {
    const known = this.connections.get(nodeId);
    if (known !== undefined) {
      const connection = await known.catch(() => null);
      if (connection?.isOpen) return connection;
      if (this.connections.get(nodeId) === known) {
        this.connections.delete(nodeId);
        this.forgetLeaders();
      }
    }
    const present = this.connections.get(nodeId);
    if (present !== undefined) return present;
    const node = this.bootstrap.find((each) => each.nodeId === nodeId);
    if (node === undefined) throw new Indeterminate(`nobody knows node ${nodeId}`);
    const connecting = this.connect(node.host);
    this.connections.set(nodeId, connecting);
    return connecting;
  }
}

/** The one partition of which a request speaks; null where it is for any node. */
function placeOf(key: number, request: unknown): [topic: string, index: number] | null {
  if (key === Fetch.key) {
    const topic = (request as FetchRequest).topics[0];
    const named = topic?.topicId === ZERO_UUID ? topic.topic : topic?.topicId;
    return [named ?? "", topic?.partitions[0]?.partition ?? 0];
  }
  if (key !== ListOffsets.key && key !== DeleteRecords.key) return null;
  const topic = (request as ListOffsetsRequest | DeleteRecordsRequest).topics[0];
  return [topic?.name ?? "", topic?.partitions[0]?.partitionIndex ?? 0];
}

/** At any depth. */
function mentionsError(value: unknown): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  if (Array.isArray(value)) return value.some(mentionsError);
  return Object.entries(value).some(([name, each]) => (name === "errorCode" ? each !== 0 : mentionsError(each)));
}
