/** The values of the 26 metadata record types, as their generated codecs read and write them. */

export interface BrokerEndpoint {
  name: string;
  host: string;
  port: number;
  securityProtocol: number;
}
export interface BrokerFeature {
  name: string;
  minSupportedVersion: number;
  maxSupportedVersion: number;
}
export interface RegisterBrokerRecord {
  brokerId: number;
  isMigratingZkBroker: boolean;
  incarnationId: string;
  brokerEpoch: number;
  endPoints: BrokerEndpoint[];
  features: BrokerFeature[];
  rack: string | null;
  fenced: boolean;
  inControlledShutdown: boolean;
  logDirs: string[];
  cordonedLogDirs: string[] | null;
}
export interface UnregisterBrokerRecord {
  brokerId: number;
  brokerEpoch: number;
}
export interface TopicRecord {
  name: string;
  topicId: string;
}
export interface PartitionRecord {
  partitionId: number;
  topicId: string;
  replicas: number[];
  isr: number[];
  removingReplicas: number[];
  addingReplicas: number[];
  leader: number;
  leaderRecoveryState: number;
  leaderEpoch: number;
  partitionEpoch: number;
  directories: string[];
  eligibleLeaderReplicas: number[] | null;
  lastKnownElr: number[] | null;
}
export interface ConfigRecord {
  resourceType: number;
  resourceName: string;
  name: string;
  value: string | null;
}
export interface PartitionChangeRecord {
  partitionId: number;
  topicId: string;
  isr: number[] | null;
  leader: number;
  replicas: number[] | null;
  removingReplicas: number[] | null;
  addingReplicas: number[] | null;
  leaderRecoveryState: number;
  directories: string[] | null;
  eligibleLeaderReplicas: number[] | null;
  lastKnownElr: number[] | null;
}
export interface FenceBrokerRecord {
  id: number;
  epoch: number;
}
export interface UnfenceBrokerRecord {
  id: number;
  epoch: number;
}
export interface RemoveTopicRecord {
  topicId: string;
}
export interface DelegationTokenRecord {
  owner: string;
  requester: string;
  renewers: string[];
  issueTimestamp: number;
  maxTimestamp: number;
  expirationTimestamp: number;
  tokenId: string;
}
export interface UserScramCredentialRecord {
  name: string;
  mechanism: number;
  salt: Uint8Array;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
  iterations: number;
}
export interface FeatureLevelRecord {
  name: string;
  featureLevel: number;
}
export interface EntityData {
  entityType: string;
  entityName: string | null;
}
export interface ClientQuotaRecord {
  entity: EntityData[];
  key: string;
  value: number;
  remove: boolean;
}
export interface ProducerIdsRecord {
  brokerId: number;
  brokerEpoch: number;
  nextProducerId: number;
}
export interface BrokerRegistrationChangeRecord {
  brokerId: number;
  brokerEpoch: number;
  fenced: number;
  inControlledShutdown: number;
  logDirs: string[];
  cordonedLogDirs: string[] | null;
}
export interface AccessControlEntryRecord {
  id: string;
  resourceType: number;
  resourceName: string;
  patternType: number;
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
}
export interface RemoveAccessControlEntryRecord {
  id: string;
}
export type NoOpRecord = Record<string, never>;
export interface ZkMigrationStateRecord {
  zkMigrationState: number;
}
export interface RemoveUserScramCredentialRecord {
  name: string;
  mechanism: number;
}
export interface BeginTransactionRecord {
  name: string | null;
}
export type EndTransactionRecord = Record<string, never>;
export interface AbortTransactionRecord {
  reason: string | null;
}
export interface RemoveDelegationTokenRecord {
  tokenId: string;
}
export interface ControllerEndpoint {
  name: string;
  host: string;
  port: number;
  securityProtocol: number;
}
export interface ControllerFeature {
  name: string;
  minSupportedVersion: number;
  maxSupportedVersion: number;
}
export interface RegisterControllerRecord {
  controllerId: number;
  incarnationId: string;
  zkMigrationReady: boolean;
  endPoints: ControllerEndpoint[];
  features: ControllerFeature[];
}
export interface ClearElrRecord {
  topicName: string;
}

export interface RecordValues {
  RegisterBrokerRecord: RegisterBrokerRecord;
  UnregisterBrokerRecord: UnregisterBrokerRecord;
  TopicRecord: TopicRecord;
  PartitionRecord: PartitionRecord;
  ConfigRecord: ConfigRecord;
  PartitionChangeRecord: PartitionChangeRecord;
  FenceBrokerRecord: FenceBrokerRecord;
  UnfenceBrokerRecord: UnfenceBrokerRecord;
  RemoveTopicRecord: RemoveTopicRecord;
  DelegationTokenRecord: DelegationTokenRecord;
  UserScramCredentialRecord: UserScramCredentialRecord;
  FeatureLevelRecord: FeatureLevelRecord;
  ClientQuotaRecord: ClientQuotaRecord;
  ProducerIdsRecord: ProducerIdsRecord;
  BrokerRegistrationChangeRecord: BrokerRegistrationChangeRecord;
  AccessControlEntryRecord: AccessControlEntryRecord;
  RemoveAccessControlEntryRecord: RemoveAccessControlEntryRecord;
  NoOpRecord: NoOpRecord;
  ZkMigrationStateRecord: ZkMigrationStateRecord;
  RemoveUserScramCredentialRecord: RemoveUserScramCredentialRecord;
  BeginTransactionRecord: BeginTransactionRecord;
  EndTransactionRecord: EndTransactionRecord;
  AbortTransactionRecord: AbortTransactionRecord;
  RemoveDelegationTokenRecord: RemoveDelegationTokenRecord;
  RegisterControllerRecord: RegisterControllerRecord;
  ClearElrRecord: ClearElrRecord;
}
