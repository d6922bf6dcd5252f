/**
 * Registration of brokers and controllers with the active controller (BrokerRegistration 62, ControllerRegistration
 * 70), in the order of checks of Kafka's ClusterControlManager.
 */
import { uuidToBytes } from "../../../base/uuid.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from "../../../protocol/generated/broker-registration.ts";
import type {
  ControllerRegistrationRequest,
  ControllerRegistrationResponse,
} from "../../../protocol/generated/controller-registration.ts";
import { KRAFT_VERSION, METADATA_VERSION, supports } from "../features.ts";
import type { BrokerRegistration, MetadataImage } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import type { BrokerHeartbeats } from "./heartbeats.ts";
import { hasInElr, hasInIsr, leaderUpdates } from "./leader-updates.ts";
import type { ControllerCall } from "./quorum-controller.ts";
import { atomicResult, type ControllerResult, result } from "./result.ts";
import { type ControllerState, elrEnabled, versionsOf } from "./state.ts";

/** From this version on a broker says how its last run ended (KIP-966). */
const PREVIOUS_EPOCH_FROM = 3;

/** Errors: INCONSISTENT_CLUSTER_ID, DUPLICATE_BROKER_REGISTRATION, INVALID_REGISTRATION, UNSUPPORTED_VERSION. */
export function registerBroker(
  state: ControllerState,
  request: BrokerRegistrationRequest,
  { context, ticksMs }: ControllerCall,
): ControllerResult<BrokerRegistrationResponse> {
  const { image, clusterId, heartbeats, nextOffset } = state;
  if (request.clusterId !== clusterId) {
    refuse("INCONSISTENT_CLUSTER_ID", `Expected cluster ID ${clusterId}, but got cluster ID ${request.clusterId}`);
  }
  const { brokerId: id, incarnationId } = request;
  const existing = image.brokers.get(id);
  const sameIncarnation = existing?.incarnationId === incarnationId;
  const lives = existing !== undefined && heartbeats.hasValidSession(id, existing.epoch, ticksMs);
  if (lives && !sameIncarnation && !replacesDeadProcess(heartbeats, request, existing)) {
    refuse("DUPLICATE_BROKER_REGISTRATION", `Another broker with the id ${id} is registered and has a live session.`);
  }
  if (request.isMigratingZkBroker) {
    refuse("BROKER_ID_NOT_REGISTERED", "Controller does not support registering ZK brokers.");
  }
  const level = image.features.metadataVersion ?? 0;
  if (supports.directoryAssignment(level)) checkDirectories(image, request);
  checkFeatures(state, request);

  const gone = sameIncarnation ? [] : lastIncarnation(state, request, context.apiVersion);
  const epoch = sameIncarnation ? existing.epoch : nextOffset;
  const registered = record(
    "RegisterBrokerRecord",
    {
      brokerId: id,
      isMigratingZkBroker: false,
      incarnationId,
      brokerEpoch: epoch,
      endPoints: request.listeners.map(({ name, host, port, securityProtocol }) => {
        return { name, host, port, securityProtocol };
      }),
      features: request.features.map(({ name, minSupportedVersion, maxSupportedVersion }) => {
        return { name, minSupportedVersion, maxSupportedVersion };
      }),
      rack: request.rack,
      fenced: sameIncarnation ? existing.fenced : true,
      inControlledShutdown: sameIncarnation ? existing.inControlledShutdown : false,
      logDirs: supports.directoryAssignment(level) ? request.logDirs : [],
      cordonedLogDirs: null,
    },
    versionsOf(image).registerBroker,
  );
  if (!sameIncarnation) heartbeats.remove(id);
  heartbeats.register(id, epoch, nextOffset + gone.length);
  // Many partitions may make many batches: with the registration last, a controller that fails in between is asked
  // again.
  return result([...gone, registered], { throttleTimeMs: 0, errorCode: 0, brokerEpoch: epoch });
}

/**
 * The session of the last incarnation need not run out where its process is gone: its connection has ended, or it has
 * not spoken to this controller and the new one holds a log directory of its, which the process that uses it locks.
 */
function replacesDeadProcess(
  heartbeats: BrokerHeartbeats,
  { brokerId, logDirs }: BrokerRegistrationRequest,
  existing: BrokerRegistration,
): boolean {
  const connection = heartbeats.connectionOf(brokerId);
  if (connection !== null) return connection === "ended";
  return logDirs.some((id) => existing.directories.includes(id));
}

/** After an unclean stop the replicas may have lost their ends: with ELR they leave the ISR and the ELR (KIP-966). */
function lastIncarnation(
  state: ControllerState,
  request: BrokerRegistrationRequest,
  version: number,
): MetadataRecord[] {
  const { image } = state;
  const id = request.brokerId;
  const storedEpoch = image.brokers.get(id)?.epoch ?? -2; // a broker without a last epoch says -1
  const clean = version >= PREVIOUS_EPOCH_FROM && storedEpoch === request.previousBrokerEpoch;
  if (clean || !elrEnabled(image)) return leaderUpdates(state, { remove: id }, hasInIsr(id));
  const move = { uncleanShutdown: id };
  return [...leaderUpdates(state, move, hasInIsr(id)), ...leaderUpdates(state, move, hasInElr(id))];
}

function checkDirectories(image: MetadataImage, { brokerId, logDirs }: BrokerRegistrationRequest): void {
  if (logDirs.length === 0) refuse("INVALID_REGISTRATION", "No directories specified in request");
  if (logDirs.some(isReserved)) refuse("INVALID_REGISTRATION", "Reserved directory ID in request");
  if (new Set(logDirs).size !== logDirs.length) refuse("INVALID_REGISTRATION", "Duplicate directory ID in request");
  for (const broker of image.brokers.values()) {
    const shared = broker.id === brokerId ? undefined : logDirs.find((id) => broker.directories.includes(id));
    if (shared !== undefined) {
      refuse("INVALID_REGISTRATION", `Broker ${broker.id} is already registered with directory ${shared}`);
    }
  }
}

/** The first hundred ids mean something else than a directory. */
export function isReserved(directoryId: string): boolean {
  const bytes = new Uint8Array(16);
  if (!uuidToBytes(directoryId, bytes)) return false;
  const negative = (bytes[8] as number) >= 0x80; // as Java's long
  return bytes.subarray(0, 8).every((byte) => byte === 0) && (negative || isBelowHundred(bytes.subarray(8)));
}

function isBelowHundred(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 7).every((byte) => byte === 0) && (bytes[7] as number) < 100;
}

/** The broker must be able to work with every finalized level, also of features that it does not name. */
function checkFeatures(state: ControllerState, request: BrokerRegistrationRequest): void {
  const finalized = finalizedFeatures(state);
  for (const { name, minSupportedVersion, maxSupportedVersion } of request.features) {
    checkFeature(name, finalized.get(name) ?? 0, minSupportedVersion, maxSupportedVersion);
  }
  if (!request.features.some(({ name }) => name === METADATA_VERSION)) {
    refuse("INVALID_REGISTRATION", `Request features do not contain '${METADATA_VERSION}'`);
  }
  for (const [name, level] of finalized) {
    if (level !== 0 && !request.features.some((feature) => feature.name === name)) checkFeature(name, level, 0, 0);
  }
}

function finalizedFeatures({ image, kraftVersion }: ControllerState): ReadonlyMap<string, number> {
  const { metadataVersion, finalized } = image.features;
  return new Map([...finalized, [METADATA_VERSION, metadataVersion ?? 0], [KRAFT_VERSION, kraftVersion]]);
}

function checkFeature(name: string, level: number, min: number, max: number): void {
  if (level >= min && level <= max) return;
  refuse(
    "UNSUPPORTED_VERSION",
    `Unable to register because the broker does not support finalized version ${level} of ${name}. The broker wants ` +
      `a version between ${min} and ${max}, inclusive.`,
  );
}

/** Errors: UNSUPPORTED_VERSION. */
export function registerController(
  { image }: ControllerState,
  request: ControllerRegistrationRequest,
): ControllerResult<ControllerRegistrationResponse> {
  if (!supports.controllerRegistration(image.features.metadataVersion ?? 0)) {
    refuse("UNSUPPORTED_VERSION", "The current MetadataVersion is too old to support controller registrations.");
  }
  const registered = record("RegisterControllerRecord", {
    controllerId: request.controllerId,
    incarnationId: request.incarnationId,
    zkMigrationReady: false,
    endPoints: request.listeners.map(({ name, host, port, securityProtocol }) => {
      return { name, host, port, securityProtocol };
    }),
    features: request.features.map(({ name, minSupportedVersion, maxSupportedVersion }) => {
      return { name, minSupportedVersion, maxSupportedVersion };
    }),
  });
  return atomicResult([registered], { throttleTimeMs: 0, errorCode: 0, errorMessage: null });
}

function refuse(error: ConstructorParameters<typeof KafkaError>[0], message: string): never {
  throw new KafkaError(error, message);
}
