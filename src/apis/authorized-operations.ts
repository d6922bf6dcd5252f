/**
 * The operations that a client may do on a resource, one bit for each AclOperation. Without an authorizer: all that
 * exist for the type, as Kafka's AclEntry.supportedOperations.
 */

/** Not asked for, or not known. */
export const operationsOmitted = -0x8000_0000;

/** READ 3, WRITE 4, CREATE 5, DELETE 6, ALTER 7, DESCRIBE 8, DESCRIBE_CONFIGS 10, ALTER_CONFIGS 11. */
export const allTopicOperations: number = bits([3, 4, 5, 6, 7, 8, 10, 11]);
/** READ 3, DELETE 6, DESCRIBE 8, DESCRIBE_CONFIGS 10, ALTER_CONFIGS 11. */
export const allGroupOperations: number = bits([3, 6, 8, 10, 11]);
/** CREATE 5, ALTER 7, DESCRIBE 8, CLUSTER_ACTION 9, DESCRIBE_CONFIGS 10, ALTER_CONFIGS 11, IDEMPOTENT_WRITE 12. */
export const allClusterOperations: number = bits([5, 7, 8, 9, 10, 11, 12]);

function bits(operations: readonly number[]): number {
  return operations.reduce((field, operation) => field | (1 << operation), 0);
}
