// Every record schema by name, for tools and tests. Do not edit: npm run generate.
import type { RecordSchema } from "../message.ts";
import { AbortTransactionRecord } from "./records/metadata/abort-transaction-record.ts";
import { AccessControlEntryRecord } from "./records/metadata/access-control-entry-record.ts";
import { BeginTransactionRecord } from "./records/metadata/begin-transaction-record.ts";
import { BrokerRegistrationChangeRecord } from "./records/metadata/broker-registration-change-record.ts";
import { ClearElrRecord } from "./records/metadata/clear-elr-record.ts";
import { ClientQuotaRecord } from "./records/metadata/client-quota-record.ts";
import { ConfigRecord } from "./records/metadata/config-record.ts";
import { ConsumerGroupCurrentMemberAssignmentKey } from "./records/group/consumer-group-current-member-assignment-key.ts";
import { ConsumerGroupCurrentMemberAssignmentValue } from "./records/group/consumer-group-current-member-assignment-value.ts";
import { ConsumerGroupMemberMetadataKey } from "./records/group/consumer-group-member-metadata-key.ts";
import { ConsumerGroupMemberMetadataValue } from "./records/group/consumer-group-member-metadata-value.ts";
import { ConsumerGroupMetadataKey } from "./records/group/consumer-group-metadata-key.ts";
import { ConsumerGroupMetadataValue } from "./records/group/consumer-group-metadata-value.ts";
import { ConsumerGroupPartitionMetadataKey } from "./records/group/consumer-group-partition-metadata-key.ts";
import { ConsumerGroupPartitionMetadataValue } from "./records/group/consumer-group-partition-metadata-value.ts";
import { ConsumerGroupRegularExpressionKey } from "./records/group/consumer-group-regular-expression-key.ts";
import { ConsumerGroupRegularExpressionValue } from "./records/group/consumer-group-regular-expression-value.ts";
import { ConsumerGroupTargetAssignmentMemberKey } from "./records/group/consumer-group-target-assignment-member-key.ts";
import { ConsumerGroupTargetAssignmentMemberValue } from "./records/group/consumer-group-target-assignment-member-value.ts";
import { ConsumerGroupTargetAssignmentMetadataKey } from "./records/group/consumer-group-target-assignment-metadata-key.ts";
import { ConsumerGroupTargetAssignmentMetadataValue } from "./records/group/consumer-group-target-assignment-metadata-value.ts";
import { ConsumerProtocolAssignment } from "./records/group/consumer-protocol-assignment.ts";
import { ConsumerProtocolSubscription } from "./records/group/consumer-protocol-subscription.ts";
import { ControlRecordTypeSchema } from "./records/raft/control-record-type-schema.ts";
import { DefaultPrincipalData } from "./records/principal/default-principal-data.ts";
import { DelegationTokenRecord } from "./records/metadata/delegation-token-record.ts";
import { EndTransactionRecord } from "./records/metadata/end-transaction-record.ts";
import { EndTxnMarker } from "./records/transaction/end-txn-marker.ts";
import { FeatureLevelRecord } from "./records/metadata/feature-level-record.ts";
import { FenceBrokerRecord } from "./records/metadata/fence-broker-record.ts";
import { GroupMetadataKey } from "./records/group/group-metadata-key.ts";
import { GroupMetadataValue } from "./records/group/group-metadata-value.ts";
import { KRaftVersionRecord } from "./records/raft/kraft-version-record.ts";
import { LeaderChangeMessage } from "./records/raft/leader-change-message.ts";
import { LegacyOffsetCommitKey } from "./records/group/legacy-offset-commit-key.ts";
import { LegacyOffsetCommitValue } from "./records/group/legacy-offset-commit-value.ts";
import { NoOpRecord } from "./records/metadata/no-op-record.ts";
import { OffsetCommitKey } from "./records/group/offset-commit-key.ts";
import { OffsetCommitValue } from "./records/group/offset-commit-value.ts";
import { PartitionChangeRecord } from "./records/metadata/partition-change-record.ts";
import { PartitionRecord } from "./records/metadata/partition-record.ts";
import { ProducerIdsRecord } from "./records/metadata/producer-ids-record.ts";
import { ProducerSnapshot } from "./records/storage/producer-snapshot.ts";
import { QuorumStateData } from "./records/raft/quorum-state-data.ts";
import { RegisterBrokerRecord } from "./records/metadata/register-broker-record.ts";
import { RegisterControllerRecord } from "./records/metadata/register-controller-record.ts";
import { RemoteLogSegmentMetadataRecord } from "./records/storage/remote-log-segment-metadata-record.ts";
import { RemoteLogSegmentMetadataSnapshotRecord } from "./records/storage/remote-log-segment-metadata-snapshot-record.ts";
import { RemoteLogSegmentMetadataUpdateRecord } from "./records/storage/remote-log-segment-metadata-update-record.ts";
import { RemotePartitionDeleteMetadataRecord } from "./records/storage/remote-partition-delete-metadata-record.ts";
import { RemoveAccessControlEntryRecord } from "./records/metadata/remove-access-control-entry-record.ts";
import { RemoveDelegationTokenRecord } from "./records/metadata/remove-delegation-token-record.ts";
import { RemoveTopicRecord } from "./records/metadata/remove-topic-record.ts";
import { RemoveUserScramCredentialRecord } from "./records/metadata/remove-user-scram-credential-record.ts";
import { ShareGroupCurrentMemberAssignmentKey } from "./records/group/share-group-current-member-assignment-key.ts";
import { ShareGroupCurrentMemberAssignmentValue } from "./records/group/share-group-current-member-assignment-value.ts";
import { ShareGroupMemberMetadataKey } from "./records/group/share-group-member-metadata-key.ts";
import { ShareGroupMemberMetadataValue } from "./records/group/share-group-member-metadata-value.ts";
import { ShareGroupMetadataKey } from "./records/group/share-group-metadata-key.ts";
import { ShareGroupMetadataValue } from "./records/group/share-group-metadata-value.ts";
import { ShareGroupStatePartitionMetadataKey } from "./records/group/share-group-state-partition-metadata-key.ts";
import { ShareGroupStatePartitionMetadataValue } from "./records/group/share-group-state-partition-metadata-value.ts";
import { ShareGroupTargetAssignmentMemberKey } from "./records/group/share-group-target-assignment-member-key.ts";
import { ShareGroupTargetAssignmentMemberValue } from "./records/group/share-group-target-assignment-member-value.ts";
import { ShareGroupTargetAssignmentMetadataKey } from "./records/group/share-group-target-assignment-metadata-key.ts";
import { ShareGroupTargetAssignmentMetadataValue } from "./records/group/share-group-target-assignment-metadata-value.ts";
import { ShareSnapshotKey } from "./records/share/share-snapshot-key.ts";
import { ShareSnapshotValue } from "./records/share/share-snapshot-value.ts";
import { ShareUpdateKey } from "./records/share/share-update-key.ts";
import { ShareUpdateValue } from "./records/share/share-update-value.ts";
import { SnapshotFooterRecord } from "./records/raft/snapshot-footer-record.ts";
import { SnapshotHeaderRecord } from "./records/raft/snapshot-header-record.ts";
import { StreamsGroupCurrentMemberAssignmentKey } from "./records/group/streams-group-current-member-assignment-key.ts";
import { StreamsGroupCurrentMemberAssignmentValue } from "./records/group/streams-group-current-member-assignment-value.ts";
import { StreamsGroupMemberMetadataKey } from "./records/group/streams-group-member-metadata-key.ts";
import { StreamsGroupMemberMetadataValue } from "./records/group/streams-group-member-metadata-value.ts";
import { StreamsGroupMetadataKey } from "./records/group/streams-group-metadata-key.ts";
import { StreamsGroupMetadataValue } from "./records/group/streams-group-metadata-value.ts";
import { StreamsGroupTargetAssignmentMemberKey } from "./records/group/streams-group-target-assignment-member-key.ts";
import { StreamsGroupTargetAssignmentMemberValue } from "./records/group/streams-group-target-assignment-member-value.ts";
import { StreamsGroupTargetAssignmentMetadataKey } from "./records/group/streams-group-target-assignment-metadata-key.ts";
import { StreamsGroupTargetAssignmentMetadataValue } from "./records/group/streams-group-target-assignment-metadata-value.ts";
import { StreamsGroupTopologyKey } from "./records/group/streams-group-topology-key.ts";
import { StreamsGroupTopologyValue } from "./records/group/streams-group-topology-value.ts";
import { TopicRecord } from "./records/metadata/topic-record.ts";
import { TransactionLogKey } from "./records/transaction/transaction-log-key.ts";
import { TransactionLogValue } from "./records/transaction/transaction-log-value.ts";
import { UnfenceBrokerRecord } from "./records/metadata/unfence-broker-record.ts";
import { UnregisterBrokerRecord } from "./records/metadata/unregister-broker-record.ts";
import { UserScramCredentialRecord } from "./records/metadata/user-scram-credential-record.ts";
import { VotersRecord } from "./records/raft/voters-record.ts";
import { ZkMigrationStateRecord } from "./records/metadata/zk-migration-state-record.ts";

export const allRecords: readonly RecordSchema<unknown>[] = [
  AbortTransactionRecord,
  AccessControlEntryRecord,
  BeginTransactionRecord,
  BrokerRegistrationChangeRecord,
  ClearElrRecord,
  ClientQuotaRecord,
  ConfigRecord,
  ConsumerGroupCurrentMemberAssignmentKey,
  ConsumerGroupCurrentMemberAssignmentValue,
  ConsumerGroupMemberMetadataKey,
  ConsumerGroupMemberMetadataValue,
  ConsumerGroupMetadataKey,
  ConsumerGroupMetadataValue,
  ConsumerGroupPartitionMetadataKey,
  ConsumerGroupPartitionMetadataValue,
  ConsumerGroupRegularExpressionKey,
  ConsumerGroupRegularExpressionValue,
  ConsumerGroupTargetAssignmentMemberKey,
  ConsumerGroupTargetAssignmentMemberValue,
  ConsumerGroupTargetAssignmentMetadataKey,
  ConsumerGroupTargetAssignmentMetadataValue,
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  ControlRecordTypeSchema,
  DefaultPrincipalData,
  DelegationTokenRecord,
  EndTransactionRecord,
  EndTxnMarker,
  FeatureLevelRecord,
  FenceBrokerRecord,
  GroupMetadataKey,
  GroupMetadataValue,
  KRaftVersionRecord,
  LeaderChangeMessage,
  LegacyOffsetCommitKey,
  LegacyOffsetCommitValue,
  NoOpRecord,
  OffsetCommitKey,
  OffsetCommitValue,
  PartitionChangeRecord,
  PartitionRecord,
  ProducerIdsRecord,
  ProducerSnapshot,
  QuorumStateData,
  RegisterBrokerRecord,
  RegisterControllerRecord,
  RemoteLogSegmentMetadataRecord,
  RemoteLogSegmentMetadataSnapshotRecord,
  RemoteLogSegmentMetadataUpdateRecord,
  RemotePartitionDeleteMetadataRecord,
  RemoveAccessControlEntryRecord,
  RemoveDelegationTokenRecord,
  RemoveTopicRecord,
  RemoveUserScramCredentialRecord,
  ShareGroupCurrentMemberAssignmentKey,
  ShareGroupCurrentMemberAssignmentValue,
  ShareGroupMemberMetadataKey,
  ShareGroupMemberMetadataValue,
  ShareGroupMetadataKey,
  ShareGroupMetadataValue,
  ShareGroupStatePartitionMetadataKey,
  ShareGroupStatePartitionMetadataValue,
  ShareGroupTargetAssignmentMemberKey,
  ShareGroupTargetAssignmentMemberValue,
  ShareGroupTargetAssignmentMetadataKey,
  ShareGroupTargetAssignmentMetadataValue,
  ShareSnapshotKey,
  ShareSnapshotValue,
  ShareUpdateKey,
  ShareUpdateValue,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  StreamsGroupCurrentMemberAssignmentKey,
  StreamsGroupCurrentMemberAssignmentValue,
  StreamsGroupMemberMetadataKey,
  StreamsGroupMemberMetadataValue,
  StreamsGroupMetadataKey,
  StreamsGroupMetadataValue,
  StreamsGroupTargetAssignmentMemberKey,
  StreamsGroupTargetAssignmentMemberValue,
  StreamsGroupTargetAssignmentMetadataKey,
  StreamsGroupTargetAssignmentMetadataValue,
  StreamsGroupTopologyKey,
  StreamsGroupTopologyValue,
  TopicRecord,
  TransactionLogKey,
  TransactionLogValue,
  UnfenceBrokerRecord,
  UnregisterBrokerRecord,
  UserScramCredentialRecord,
  VotersRecord,
  ZkMigrationStateRecord,
];
