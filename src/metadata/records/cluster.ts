/** Registrations of brokers and controllers: as Kafka's ClusterDelta. */
import { assert } from "../../../base/assert.ts";
import { compareUuids } from "../../../base/uuid.ts";
import type { BrokerRegistrationChangeRecord } from "../../../protocol/generated/records/metadata/broker-registration-change-record.ts";
import type { FenceBrokerRecord } from "../../../protocol/generated/records/metadata/fence-broker-record.ts";
import type {
  BrokerEndpoint,
  BrokerFeature,
  RegisterBrokerRecord,
} from "../../../protocol/generated/records/metadata/register-broker-record.ts";
import type { RegisterControllerRecord } from "../../../protocol/generated/records/metadata/register-controller-record.ts";
import type { UnfenceBrokerRecord } from "../../../protocol/generated/records/metadata/unfence-broker-record.ts";
import type { UnregisterBrokerRecord } from "../../../protocol/generated/records/metadata/unregister-broker-record.ts";
import type { Draft } from "../draft.ts";
import type { BrokerRegistration, Endpoint, VersionRange } from "../image.ts";

export function registerBroker(draft: Draft, value: RegisterBrokerRecord): void {
  draft.setBroker({
    id: value.brokerId,
    epoch: value.brokerEpoch,
    incarnationId: value.incarnationId,
    endpoints: endpointsByName(value.endPoints),
    features: rangesByName(value.features),
    rack: value.rack,
    fenced: value.fenced,
    inControlledShutdown: value.inControlledShutdown,
    isMigratingZkBroker: value.isMigratingZkBroker,
    directories: sorted(value.logDirs),
    cordonedDirectories: value.cordonedLogDirs,
  });
}

export function unregisterBroker(draft: Draft, value: UnregisterBrokerRecord): void {
  draft.removeBroker(value.brokerId);
}

export function fenceBroker(draft: Draft, value: FenceBrokerRecord): void {
  draft.setBroker({ ...brokerAt(draft, value.id, value.epoch), fenced: true });
}

export function unfenceBroker(draft: Draft, value: UnfenceBrokerRecord): void {
  draft.setBroker({ ...brokerAt(draft, value.id, value.epoch), fenced: false });
}

export function changeBroker(draft: Draft, value: BrokerRegistrationChangeRecord): void {
  const broker = brokerAt(draft, value.brokerId, value.brokerEpoch);
  assert(value.fenced >= -1 && value.fenced <= 1, "a fencing change is -1, 0 or 1");
  assert(
    value.inControlledShutdown === 0 || value.inControlledShutdown === 1,
    "a controlled shutdown begins (1) or does not change (0)",
  );
  draft.setBroker({
    ...broker,
    fenced: value.fenced === 0 ? broker.fenced : value.fenced === 1,
    inControlledShutdown: broker.inControlledShutdown || value.inControlledShutdown === 1,
    directories: value.logDirs.length === 0 ? broker.directories : sorted(value.logDirs),
    cordonedDirectories: value.cordonedLogDirs ?? broker.cordonedDirectories,
  });
}

export function registerController(draft: Draft, value: RegisterControllerRecord): void {
  draft.setController({
    id: value.controllerId,
    incarnationId: value.incarnationId,
    zkMigrationReady: value.zkMigrationReady,
    endpoints: endpointsByName(value.endPoints),
    features: rangesByName(value.features),
  });
}

function brokerAt(draft: Draft, id: number, epoch: number): BrokerRegistration {
  const broker = draft.next.brokers.get(id);
  assert(broker !== undefined, `broker ${id} is registered before its registration changes`);
  assert(broker.epoch === epoch, `the change of broker ${id} is for its epoch ${broker.epoch}, not ${epoch}`);
  return broker;
}

function endpointsByName(endpoints: readonly BrokerEndpoint[]): ReadonlyMap<string, Endpoint> {
  return new Map(
    endpoints.map(({ name, host, port, securityProtocol }) => [name, { name, host, port, securityProtocol }]),
  );
}

function rangesByName(features: readonly BrokerFeature[]): ReadonlyMap<string, VersionRange> {
  return new Map(
    features.map(({ name, minSupportedVersion, maxSupportedVersion }) => [
      name,
      { min: minSupportedVersion, max: maxSupportedVersion },
    ]),
  );
}

function sorted(ids: readonly string[]): readonly string[] {
  return ids.toSorted(compareUuids);
}
