// The records of the metadata log by type. Do not edit: npm run generate.
import type { RecordSchema } from "../../message.ts";
import { RegisterBrokerRecord } from "./metadata/register-broker-record.ts";
import { UnregisterBrokerRecord } from "./metadata/unregister-broker-record.ts";
import { TopicRecord } from "./metadata/topic-record.ts";
import { PartitionRecord } from "./metadata/partition-record.ts";
import { ConfigRecord } from "./metadata/config-record.ts";
import { PartitionChangeRecord } from "./metadata/partition-change-record.ts";
import { FenceBrokerRecord } from "./metadata/fence-broker-record.ts";
import { UnfenceBrokerRecord } from "./metadata/unfence-broker-record.ts";
import { RemoveTopicRecord } from "./metadata/remove-topic-record.ts";
import { DelegationTokenRecord } from "./metadata/delegation-token-record.ts";
import { UserScramCredentialRecord } from "./metadata/user-scram-credential-record.ts";
import { FeatureLevelRecord } from "./metadata/feature-level-record.ts";
import { ClientQuotaRecord } from "./metadata/client-quota-record.ts";
import { ProducerIdsRecord } from "./metadata/producer-ids-record.ts";
import { BrokerRegistrationChangeRecord } from "./metadata/broker-registration-change-record.ts";
import { AccessControlEntryRecord } from "./metadata/access-control-entry-record.ts";
import { RemoveAccessControlEntryRecord } from "./metadata/remove-access-control-entry-record.ts";
import { NoOpRecord } from "./metadata/no-op-record.ts";
import { ZkMigrationStateRecord } from "./metadata/zk-migration-state-record.ts";
import { RemoveUserScramCredentialRecord } from "./metadata/remove-user-scram-credential-record.ts";
import { BeginTransactionRecord } from "./metadata/begin-transaction-record.ts";
import { EndTransactionRecord } from "./metadata/end-transaction-record.ts";
import { AbortTransactionRecord } from "./metadata/abort-transaction-record.ts";
import { RemoveDelegationTokenRecord } from "./metadata/remove-delegation-token-record.ts";
import { RegisterControllerRecord } from "./metadata/register-controller-record.ts";
import { ClearElrRecord } from "./metadata/clear-elr-record.ts";

export const metadataRecords: ReadonlyMap<number, RecordSchema<unknown>> = new Map<number, RecordSchema<unknown>>([
  [0, RegisterBrokerRecord],
  [1, UnregisterBrokerRecord],
  [2, TopicRecord],
  [3, PartitionRecord],
  [4, ConfigRecord],
  [5, PartitionChangeRecord],
  [7, FenceBrokerRecord],
  [8, UnfenceBrokerRecord],
  [9, RemoveTopicRecord],
  [10, DelegationTokenRecord],
  [11, UserScramCredentialRecord],
  [12, FeatureLevelRecord],
  [14, ClientQuotaRecord],
  [15, ProducerIdsRecord],
  [17, BrokerRegistrationChangeRecord],
  [18, AccessControlEntryRecord],
  [19, RemoveAccessControlEntryRecord],
  [20, NoOpRecord],
  [21, ZkMigrationStateRecord],
  [22, RemoveUserScramCredentialRecord],
  [23, BeginTransactionRecord],
  [24, EndTransactionRecord],
  [25, AbortTransactionRecord],
  [26, RemoveDelegationTokenRecord],
  [27, RegisterControllerRecord],
  [28, ClearElrRecord],
]);
