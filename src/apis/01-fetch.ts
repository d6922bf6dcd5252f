/**
 * Fetch (key 1), v4-18 on broker listeners: records of many partitions in one answer, waiting for a minimum of bytes.
 * v5 log start offset, v7 sessions (KIP-227), v9 leader epochs (KIP-320), v11 rack (KIP-392), v12 flexible and
 * diverging epochs (KIP-595), v13 topic ids (KIP-516), v15 replica state (KIP-903), v16 current leaders (KIP-951),
 * v17 directory ids, v18 the follower's high watermark (KIP-1166). Errors in the order checked
 * (KafkaApis.handleFetchRequest, ReplicaManager.readFromLog): of the session FETCH_SESSION_ID_NOT_FOUND,
 * INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR; of a partition UNKNOWN_TOPIC_ID,
 * UNKNOWN_TOPIC_OR_PARTITION, KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER, INCONSISTENT_TOPIC_ID,
 * FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, OFFSET_OUT_OF_RANGE.
 */
import { ZERO_UUID } from "../../base/uuid.ts";
import { code } from "../../protocol/errors.ts";
import {
  Fetch,
  type FetchableTopicResponse,
  type FetchRequest,
  type FetchResponse,
} from "../../protocol/generated/fetch.ts";
import { supports } from "../metadata/features.ts";
import type { MetadataImage } from "../metadata/image.ts";
import {
  type FetchedPartition,
  type FetchLimits,
  type FetchPass,
  hasNews,
  isHeldBack,
  readTargets,
  refusedPartition,
  visibleEnd,
} from "../partition/fetch.ts";
import type { Answered, FetchContext, FetchTarget } from "../partition/fetch-sessions.ts";
import type { RackSelector } from "../partition/read-replica.ts";
import type { Replica } from "../partition/replica.ts";
import { ParkedFetch } from "../partition/waiters.ts";
import { type Answer, api, type RequestContext } from "./api.ts";
import { addEndpoint, currentLeader } from "./leaders.ts";
import type { Services } from "./services.ts";

const READ_COMMITTED = 1;
/** A fetch with more partitions that are not there does not wait: waiting it would hold an answer for each. */
const UNKNOWN_PARTITIONS_MAX = 1_000;
const RACK_AWARE = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

export const fetch = api({
  message: Fetch,
  versions: [4, 18],
  listeners: ["broker", "controller"],
  refused: (request, errorCode, _, version) => refusedResponse(request, errorCode, version),
  // A controller's listener serves the metadata log, to the other nodes.
  handle: (services, request, context) =>
    context.listenerKind === "controller"
      ? services.raft.fetch(request)
      : new FetchRun(services, request, context).run(),
});

class FetchRun {
  private readonly services: Services;
  private readonly request: FetchRequest;
  private readonly context: RequestContext;
  private readonly session: FetchContext;
  private readonly limits: FetchLimits;
  private readonly minBytes: number;
  /** Partitions that can be read; those that cannot have their answer in `erroneous`. */
  private readonly targets: FetchTarget[] = [];
  private readonly erroneous: Answered<FetchedPartition>[] = [];

  constructor(services: Services, request: FetchRequest, context: RequestContext) {
    this.services = services;
    this.request = request;
    this.context = context;
    const image = services.image();
    const version = context.apiVersion;
    const replicaId = version >= 15 ? request.replicaState.replicaId : request.replicaId;
    const head = {
      sessionId: request.sessionId,
      sessionEpoch: request.sessionEpoch,
      usesTopicIds: version >= 13,
      fromFollower: replicaId >= 0,
    };
    const nameOf = (topicId: string): string | null => image.topicsById.get(topicId)?.name ?? null;
    this.session = services.fetchSessions.open(head, targetsOf(request, version, nameOf), forgottenOf(request), nameOf);
    const maxBytes = Math.min(request.maxBytes, services.config.get("fetch.max.bytes"));
    this.minBytes = Math.min(request.minBytes, maxBytes);
    this.limits = {
      replicaId,
      brokerEpoch: version >= 15 ? request.replicaState.replicaEpoch : -1,
      brokerEpochRequired: supports.followerEpochs(image.features.metadataVersion ?? 0),
      isolation: replicaId >= 0 ? "logEnd" : request.isolationLevel === READ_COMMITTED ? "committed" : "highWatermark",
      maxBytes,
      leaderOnly: replicaId >= 0 || version < 11,
      quota: services.replicas.leaderQuota,
      selector: replicaId < 0 ? this.selector() : null,
    };
    this.sort(image);
  }

  private selector(): RackSelector | null {
    const { rackId: rack } = this.request;
    if (rack === "" || this.services.config.get("replica.selector.class") !== RACK_AWARE) return null;
    const { image } = this.services;
    return { rack, listener: this.context.listener, broker: (nodeId) => image().brokers.get(nodeId) };
  }

  private sort(image: MetadataImage): void {
    for (const target of this.session.targets) {
      const topic = target.topic === null ? undefined : image.topicsByName.get(target.topic);
      if (target.topic === null) this.refuse(target, "UNKNOWN_TOPIC_ID");
      else if (topic === undefined || !topic.partitions.has(target.partition)) {
        this.refuse(target, "UNKNOWN_TOPIC_OR_PARTITION");
      } else this.targets.push(target);
    }
  }

  private refuse(target: FetchTarget, error: "UNKNOWN_TOPIC_ID" | "UNKNOWN_TOPIC_OR_PARTITION"): void {
    this.erroneous.push({ target, answer: refusedPartition(target.partition, code(error)) });
  }

  run(): Answer<FetchResponse> | Promise<FetchResponse> {
    if (this.targets.length === 0) return this.respond([]);
    const pass = this.read(true, true);
    const now = this.request.maxWaitMs <= 0 || pass.bytes >= this.minBytes || pass.urgent;
    if (now || this.erroneous.length > UNKNOWN_PARTITIONS_MAX) return this.finish(pass);
    pass.release();
    return this.park(pass);
  }

  private read(mayBeCold = true, isFirst = false): FetchPass {
    const { replicas } = this.services;
    const replicaOf = ({ topic, partition }: FetchTarget) => replicas.online(topic as string, partition);
    return readTargets(this.targets, this.limits, replicaOf, mayBeCold, isFirst);
  }

  /** Cold pages are brought in and checked first, off the loop: a reader far behind does not hold up the others. */
  private finish(pass: FetchPass): FetchResponse | Promise<FetchResponse> {
    const preparing = pass.prepared();
    if (preparing === null) return this.send(pass);
    const again = (): FetchResponse => {
      pass.release();
      return this.send(this.read(false));
    };
    return preparing.then(again); // what the device refused or the check found, the read will say
  }

  /** The views stay until the reply is sent. */
  private send(pass: FetchPass): FetchResponse {
    this.context.afterSent(() => pass.release());
    if (this.limits.replicaId >= 0) this.countThrottled(pass);
    return this.respond(pass.partitions.map((answer, i) => ({ target: this.targets[i] as FetchTarget, answer })));
  }

  private countThrottled({ partitions }: FetchPass): void {
    const { replicas } = this.services;
    for (const [i, { topic, partition }] of this.targets.entries()) {
      const replica = replicas.get(topic as string, partition);
      if (replica?.rules.isThrottled("leader", partition) !== true) continue;
      replicas.leaderQuota.record(partitions[i]?.records?.length ?? 0);
    }
  }

  private park(first: FetchPass): Promise<FetchResponse> {
    return new Promise((resolve) => {
      const parked = new ParkedFetch(this.minBytes, () => resolve(this.finish(this.read())));
      for (const [i, target] of this.targets.entries()) {
        this.watch(parked, target, first.partitions[i]?.records?.length ?? 0);
      }
      parked.until(this.services.clock.after(this.request.maxWaitMs, () => parked.complete()));
      const gone = (): void => {
        parked.abandon();
        resolve(refusedResponse(this.request, 0, this.context.apiVersion)); // nobody is there to read it
      };
      parked.until(this.context.onClose(gone));
      parked.check();
    });
  }

  /** Counts from what can be read now: more may lie in a later segment than the first read could reach. */
  private watch(parked: ParkedFetch, target: FetchTarget, readBytes: number): void {
    const replica = this.services.replicas.get(target.topic as string, target.partition);
    if (replica === undefined) return;
    const { log } = replica;
    const { isolation } = this.limits;
    if (isolation === "logEnd") {
      this.watchEnd(parked, target, replica);
      return;
    }
    const { fetchOffset } = target;
    const end = visibleEnd(replica, isolation);
    const countedBytes = fetchOffset < end ? Math.max(readBytes, log.bytesBetween(fetchOffset, end)) : readBytes;
    const visibleThen = replica.visibleBytes;
    parked.watch(replica.fetches, countedBytes, target.maxBytes, () =>
      isolation === "committed" && replica.lastStableOffset < replica.highWatermark
        ? log.bytesBetween(fetchOffset, Math.max(fetchOffset, replica.lastStableOffset))
        : countedBytes + replica.visibleBytes - visibleThen,
    );
    replica.wantCommit();
  }

  /** A follower waits for records, and for a high watermark that it does not know. */
  private watchEnd(parked: ParkedFetch, target: FetchTarget, replica: Replica): void {
    const { log } = replica;
    const { fetchOffset } = target;
    const available = (): number =>
      fetchOffset < log.logEndOffset && !isHeldBack(replica, this.limits)
        ? log.bytesBetween(fetchOffset, log.logEndOffset)
        : 0;
    const isUrgent = (): boolean => hasNews(log.highWatermark, target);
    parked.watch(replica.followerFetches, available(), target.maxBytes, available, isUrgent);
    replica.wantCommit();
  }

  private respond(read: readonly Answered<FetchedPartition>[]): FetchResponse {
    const { error, sessionId, answered } = this.session.reply(
      this.erroneous.length === 0 ? read : [...read, ...this.erroneous],
    );
    const response: FetchResponse = {
      throttleTimeMs: 0,
      errorCode: code(error),
      sessionId,
      responses: groupByTopic(answered),
      nodeEndpoints: [],
    };
    if (this.context.apiVersion >= 16) this.nameLeaders(response);
    return response;
  }

  private nameLeaders(response: FetchResponse): void {
    const { replicas } = this.services;
    for (const { topic, partitions } of response.responses) {
      for (const answer of partitions) {
        if (answer.errorCode !== code("NOT_LEADER_OR_FOLLOWER") && answer.errorCode !== code("FENCED_LEADER_EPOCH")) {
          continue;
        }
        const image = this.services.image();
        answer.currentLeader = currentLeader(replicas, image, topic, answer.partitionIndex);
        if (this.limits.replicaId >= 0) continue; // a follower knows the nodes
        addEndpoint(response.nodeEndpoints, image, answer.currentLeader.leaderId, this.context.listener);
      }
    }
  }
}

function targetsOf(request: FetchRequest, version: number, nameOf: (topicId: string) => string | null): FetchTarget[] {
  const targets: FetchTarget[] = [];
  for (const topic of request.topics) {
    const name = version >= 13 ? nameOf(topic.topicId) : topic.topic;
    for (const partition of topic.partitions) {
      targets.push({
        topic: name,
        topicId: topic.topicId,
        partition: partition.partition,
        fetchOffset: partition.fetchOffset,
        maxBytes: partition.partitionMaxBytes,
        logStartOffset: partition.logStartOffset,
        currentLeaderEpoch: partition.currentLeaderEpoch,
        lastFetchedEpoch: partition.lastFetchedEpoch,
        highWatermark: partition.highWatermark,
      });
    }
  }
  return targets;
}

function forgottenOf(request: FetchRequest): { topic: string; topicId: string; partition: number }[] {
  return request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((partition) => ({ topic, topicId, partition })),
  );
}

/** Neighbours of one topic share an entry; the order of the partitions stays. */
function groupByTopic(answered: readonly Answered<FetchedPartition>[]): FetchableTopicResponse[] {
  const responses: FetchableTopicResponse[] = [];
  let last: FetchableTopicResponse | null = null;
  for (const { target, answer } of answered) {
    const topic = target.topic ?? "";
    if (last === null || last.topicId !== target.topicId || last.topic !== topic) {
      last = { topic, topicId: target.topicId, partitions: [] };
      responses.push(last);
    }
    last.partitions.push(answer);
  }
  return responses;
}

/** Before v13 the error goes to every partition, with topic ids (and sessions) to the top. */
function refusedResponse(request: FetchRequest, errorCode: number, version: number): FetchResponse {
  const responses =
    version >= 13
      ? []
      : request.topics.map((topic) => ({
          topic: topic.topic,
          topicId: ZERO_UUID,
          partitions: topic.partitions.map(({ partition }) => refusedPartition(partition, errorCode)),
        }));
  return { throttleTimeMs: 0, errorCode, sessionId: request.sessionId, responses, nodeEndpoints: [] };
}
