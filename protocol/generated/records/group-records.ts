// The records of the group coordinator by key type (the int16 before the key). Do not edit: npm run generate.
import type { KeyValueSchema } from "../../message.ts";
import { LegacyOffsetCommitKey } from "./group/legacy-offset-commit-key.ts";
import { LegacyOffsetCommitValue } from "./group/legacy-offset-commit-value.ts";
import { OffsetCommitKey } from "./group/offset-commit-key.ts";
import { OffsetCommitValue } from "./group/offset-commit-value.ts";
import { GroupMetadataKey } from "./group/group-metadata-key.ts";
import { GroupMetadataValue } from "./group/group-metadata-value.ts";
import { ConsumerGroupMetadataKey } from "./group/consumer-group-metadata-key.ts";
import { ConsumerGroupMetadataValue } from "./group/consumer-group-metadata-value.ts";
import { ConsumerGroupPartitionMetadataKey } from "./group/consumer-group-partition-metadata-key.ts";
import { ConsumerGroupPartitionMetadataValue } from "./group/consumer-group-partition-metadata-value.ts";
import { ConsumerGroupMemberMetadataKey } from "./group/consumer-group-member-metadata-key.ts";
import { ConsumerGroupMemberMetadataValue } from "./group/consumer-group-member-metadata-value.ts";
import { ConsumerGroupTargetAssignmentMetadataKey } from "./group/consumer-group-target-assignment-metadata-key.ts";
import { ConsumerGroupTargetAssignmentMetadataValue } from "./group/consumer-group-target-assignment-metadata-value.ts";
import { ConsumerGroupTargetAssignmentMemberKey } from "./group/consumer-group-target-assignment-member-key.ts";
import { ConsumerGroupTargetAssignmentMemberValue } from "./group/consumer-group-target-assignment-member-value.ts";
import { ConsumerGroupCurrentMemberAssignmentKey } from "./group/consumer-group-current-member-assignment-key.ts";
import { ConsumerGroupCurrentMemberAssignmentValue } from "./group/consumer-group-current-member-assignment-value.ts";
import { ShareGroupMemberMetadataKey } from "./group/share-group-member-metadata-key.ts";
import { ShareGroupMemberMetadataValue } from "./group/share-group-member-metadata-value.ts";
import { ShareGroupMetadataKey } from "./group/share-group-metadata-key.ts";
import { ShareGroupMetadataValue } from "./group/share-group-metadata-value.ts";
import { ShareGroupTargetAssignmentMetadataKey } from "./group/share-group-target-assignment-metadata-key.ts";
import { ShareGroupTargetAssignmentMetadataValue } from "./group/share-group-target-assignment-metadata-value.ts";
import { ShareGroupTargetAssignmentMemberKey } from "./group/share-group-target-assignment-member-key.ts";
import { ShareGroupTargetAssignmentMemberValue } from "./group/share-group-target-assignment-member-value.ts";
import { ShareGroupCurrentMemberAssignmentKey } from "./group/share-group-current-member-assignment-key.ts";
import { ShareGroupCurrentMemberAssignmentValue } from "./group/share-group-current-member-assignment-value.ts";
import { ShareGroupStatePartitionMetadataKey } from "./group/share-group-state-partition-metadata-key.ts";
import { ShareGroupStatePartitionMetadataValue } from "./group/share-group-state-partition-metadata-value.ts";
import { ConsumerGroupRegularExpressionKey } from "./group/consumer-group-regular-expression-key.ts";
import { ConsumerGroupRegularExpressionValue } from "./group/consumer-group-regular-expression-value.ts";
import { StreamsGroupMetadataKey } from "./group/streams-group-metadata-key.ts";
import { StreamsGroupMetadataValue } from "./group/streams-group-metadata-value.ts";
import { StreamsGroupMemberMetadataKey } from "./group/streams-group-member-metadata-key.ts";
import { StreamsGroupMemberMetadataValue } from "./group/streams-group-member-metadata-value.ts";
import { StreamsGroupTargetAssignmentMetadataKey } from "./group/streams-group-target-assignment-metadata-key.ts";
import { StreamsGroupTargetAssignmentMetadataValue } from "./group/streams-group-target-assignment-metadata-value.ts";
import { StreamsGroupTargetAssignmentMemberKey } from "./group/streams-group-target-assignment-member-key.ts";
import { StreamsGroupTargetAssignmentMemberValue } from "./group/streams-group-target-assignment-member-value.ts";
import { StreamsGroupCurrentMemberAssignmentKey } from "./group/streams-group-current-member-assignment-key.ts";
import { StreamsGroupCurrentMemberAssignmentValue } from "./group/streams-group-current-member-assignment-value.ts";
import { StreamsGroupTopologyKey } from "./group/streams-group-topology-key.ts";
import { StreamsGroupTopologyValue } from "./group/streams-group-topology-value.ts";

export const groupRecords: ReadonlyMap<number, KeyValueSchema> = new Map<number, KeyValueSchema>([
  [0, { key: LegacyOffsetCommitKey, value: LegacyOffsetCommitValue }],
  [1, { key: OffsetCommitKey, value: OffsetCommitValue }],
  [2, { key: GroupMetadataKey, value: GroupMetadataValue }],
  [3, { key: ConsumerGroupMetadataKey, value: ConsumerGroupMetadataValue }],
  [4, { key: ConsumerGroupPartitionMetadataKey, value: ConsumerGroupPartitionMetadataValue }],
  [5, { key: ConsumerGroupMemberMetadataKey, value: ConsumerGroupMemberMetadataValue }],
  [6, { key: ConsumerGroupTargetAssignmentMetadataKey, value: ConsumerGroupTargetAssignmentMetadataValue }],
  [7, { key: ConsumerGroupTargetAssignmentMemberKey, value: ConsumerGroupTargetAssignmentMemberValue }],
  [8, { key: ConsumerGroupCurrentMemberAssignmentKey, value: ConsumerGroupCurrentMemberAssignmentValue }],
  [10, { key: ShareGroupMemberMetadataKey, value: ShareGroupMemberMetadataValue }],
  [11, { key: ShareGroupMetadataKey, value: ShareGroupMetadataValue }],
  [12, { key: ShareGroupTargetAssignmentMetadataKey, value: ShareGroupTargetAssignmentMetadataValue }],
  [13, { key: ShareGroupTargetAssignmentMemberKey, value: ShareGroupTargetAssignmentMemberValue }],
  [14, { key: ShareGroupCurrentMemberAssignmentKey, value: ShareGroupCurrentMemberAssignmentValue }],
  [15, { key: ShareGroupStatePartitionMetadataKey, value: ShareGroupStatePartitionMetadataValue }],
  [16, { key: ConsumerGroupRegularExpressionKey, value: ConsumerGroupRegularExpressionValue }],
  [17, { key: StreamsGroupMetadataKey, value: StreamsGroupMetadataValue }],
  [19, { key: StreamsGroupMemberMetadataKey, value: StreamsGroupMemberMetadataValue }],
  [20, { key: StreamsGroupTargetAssignmentMetadataKey, value: StreamsGroupTargetAssignmentMetadataValue }],
  [21, { key: StreamsGroupTargetAssignmentMemberKey, value: StreamsGroupTargetAssignmentMemberValue }],
  [22, { key: StreamsGroupCurrentMemberAssignmentKey, value: StreamsGroupCurrentMemberAssignmentValue }],
  [23, { key: StreamsGroupTopologyKey, value: StreamsGroupTopologyValue }],
]);
