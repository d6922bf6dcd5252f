/**
 * BrokerHeartbeat (63): a broker says that it lives and what it wants, the controller decides whether it is fenced,
 * runs or shuts down. As Kafka's BrokerHeartbeatManager and the parts of ReplicationControlManager that follow from
 * it.
 */
import { KafkaError } from "../../../protocol/errors.ts";
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from "../../../protocol/generated/broker-heartbeat.ts";
import { applyRecords } from "../apply.ts";
import { supports } from "../features.ts";
import type { BrokerRegistration, MetadataImage } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { hasInIsr, hasNoLeader, leaderUpdates, leadsAny } from "./leader-updates.ts";
import type { ControllerCall } from "./quorum-controller.ts";
import { type ControllerResult, result } from "./result.ts";
import type { ControllerState } from "./state.ts";

type Condition = "fenced" | "unfenced" | "controlledShutdown" | "shutdownNow";

/** Errors: STALE_BROKER_EPOCH. */
export function heartbeat(
  state: ControllerState,
  request: BrokerHeartbeatRequest,
  { ticksMs, context }: ControllerCall,
): ControllerResult<BrokerHeartbeatResponse> {
  const { image, heartbeats } = state;
  const { brokerId: id, currentMetadataOffset } = request;
  const broker = checkEpoch(image, id, request.brokerEpoch);
  heartbeats.contact(id, ticksMs);
  // In this process: it lives as long as the controller does.
  if (context.listenerKind === undefined) heartbeats.connection(id, broker.epoch, "open");
  const before = conditionOf(state, broker);
  const after = nextCondition(state, broker, before, request);
  const records = before === after ? [] : recordsFor(state, broker, after);
  heartbeats.touch(id, after === "fenced" || after === "shutdownNow", currentMetadataOffset);
  const level = image.features.metadataVersion ?? 0;
  if (supports.directoryAssignment(level)) records.push(...directoriesOffline(state, broker, request.offlineLogDirs));
  if (supports.cordonedDirectories(level)) records.push(...directoriesCordoned(broker, request.cordonedLogDirs));
  if (after === "controlledShutdown") heartbeats.beginControlledShutdown(id, state.nextOffset + records.length - 1);
  return result(records, {
    throttleTimeMs: 0,
    errorCode: 0,
    isCaughtUp: currentMetadataOffset >= heartbeats.registrationOffset(id),
    isFenced: after === "fenced" || after === "shutdownNow",
    shouldShutDown: after === "shutdownNow",
  });
}

/** A request of a broker counts only from its current registration. */
export function checkEpoch(image: MetadataImage, id: number, epoch: number): BrokerRegistration {
  const broker = image.brokers.get(id);
  if (broker === undefined)
    throw new KafkaError("STALE_BROKER_EPOCH", `No broker registration found for broker id ${id}`);
  if (broker.epoch === epoch) return broker;
  throw new KafkaError("STALE_BROKER_EPOCH", `Expected broker epoch ${broker.epoch}, but got broker epoch ${epoch}`);
}

/** Brokers whose session has run out, one after the other: a leader that one loses does not go to the next. */
export function fenceStaleBrokers(state: ControllerState, ticksMs: number): ControllerResult<null> {
  let { image } = state;
  const records: MetadataRecord[] = [];
  for (const id of state.heartbeats.takeExpired(ticksMs)) {
    const broker = image.brokers.get(id);
    if (broker === undefined) state.heartbeats.remove(id);
    if (broker === undefined || broker.fenced) continue;
    const fencing = recordsFor({ ...state, image }, broker, "fenced");
    image = applyRecords(image, fencing);
    records.push(...fencing);
  }
  return result(records, null);
}

/** The process of this registration is known to be gone: what a session's end would do is done now. */
export function fenceGone(state: ControllerState, id: number, epoch: number): ControllerResult<null> {
  const broker = state.image.brokers.get(id);
  if (broker === undefined || broker.epoch !== epoch) return result([], null);
  state.heartbeats.gone(id);
  return result(broker.fenced ? [] : recordsFor(state, broker, "fenced"), null);
}

function conditionOf({ heartbeats }: ControllerState, { id, fenced }: BrokerRegistration): Condition {
  if (heartbeats.controlledShutdownOffset(id) >= 0) return "controlledShutdown";
  return fenced ? "fenced" : "unfenced";
}

function nextCondition(
  { image, heartbeats }: ControllerState,
  { id }: BrokerRegistration,
  condition: Condition,
  { wantFence, wantShutDown, currentMetadataOffset }: BrokerHeartbeatRequest,
): Condition {
  switch (condition) {
    case "fenced":
      if (wantShutDown) return "shutdownNow";
      return !wantFence && currentMetadataOffset >= heartbeats.registrationOffset(id) ? "unfenced" : "fenced";
    case "unfenced":
      if (wantFence) return wantShutDown ? "shutdownNow" : "fenced";
      if (!wantShutDown) return "unfenced";
      return leadsAny(image, id) ? "controlledShutdown" : "shutdownNow";
    case "controlledShutdown": {
      // Every other broker must know the new leaders before this one goes.
      const known = heartbeats.controlledShutdownOffset(id) <= heartbeats.lowestActiveOffset(image);
      return !leadsAny(image, id) && known ? "shutdownNow" : "controlledShutdown";
    }
    case "shutdownNow":
      return "shutdownNow";
  }
}

const unchanged = { fenced: 0, inControlledShutdown: 0, logDirs: [] as string[], cordonedLogDirs: null };

function recordsFor(state: ControllerState, broker: BrokerRegistration, to: Condition): MetadataRecord[] {
  const { id, epoch } = broker;
  const base = { ...unchanged, brokerId: id, brokerEpoch: epoch };
  switch (to) {
    case "fenced":
    case "shutdownNow":
      return [
        ...leaderUpdates(state, { remove: id }, hasInIsr(id)),
        record("BrokerRegistrationChangeRecord", { ...base, fenced: 1 }),
      ];
    case "unfenced":
      return [
        record("BrokerRegistrationChangeRecord", { ...base, fenced: -1 }),
        ...leaderUpdates(state, { add: id }, hasNoLeader),
      ];
    case "controlledShutdown": {
      const change = record("BrokerRegistrationChangeRecord", { ...base, inControlledShutdown: 1 }, 1);
      const moved = leaderUpdates(state, { remove: id }, hasInIsr(id));
      return broker.inControlledShutdown ? moved : [change, ...moved];
    }
  }
}

function directoriesOffline(
  state: ControllerState,
  { id, epoch, directories }: BrokerRegistration,
  offline: readonly string[],
): MetadataRecord[] {
  const failed = directories.filter((directory) => offline.includes(directory));
  if (failed.length === 0) return [];
  const left = failed.flatMap((directory) =>
    leaderUpdates(state, { remove: id }, (partition) => {
      const at = partition.replicas.indexOf(id);
      return at >= 0 && partition.directories[at] === directory;
    }),
  );
  const logDirs = directories.filter((directory) => !offline.includes(directory));
  return [
    ...left,
    record("BrokerRegistrationChangeRecord", { ...unchanged, brokerId: id, brokerEpoch: epoch, logDirs }, 2),
  ];
}

/** Null until the broker has caught up. */
function directoriesCordoned(
  { id, epoch, cordonedDirectories: known }: BrokerRegistration,
  cordonedLogDirs: string[] | null,
): MetadataRecord[] {
  if (cordonedLogDirs === null) return [];
  const same =
    known !== null && known.length === cordonedLogDirs.length && known.every((d) => cordonedLogDirs.includes(d));
  if (same) return [];
  const value = { ...unchanged, brokerId: id, brokerEpoch: epoch, cordonedLogDirs };
  return [record("BrokerRegistrationChangeRecord", value, 3)];
}
