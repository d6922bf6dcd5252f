/** Rules of topic names, and the topics that belong to Kafka itself. As Kafka's Topic. */

export const CONSUMER_OFFSETS = "__consumer_offsets";
export const TRANSACTION_STATE = "__transaction_state";
export const SHARE_GROUP_STATE = "__share_group_state";
export const CLUSTER_METADATA = "__cluster_metadata";

const NAME_LENGTH_MAX = 249;

/** Topics that clients may read, but that only coordinators write. */
export function isInternalTopic(name: string): boolean {
  return name === CONSUMER_OFFSETS || name === TRANSACTION_STATE || name === SHARE_GROUP_STATE;
}

/** Why a topic may not have this name; null where it may. */
export function topicNameProblem(name: string): string | null {
  const reason = reasonInvalid(name);
  return reason === null ? null : `Topic name is invalid: ${reason}`;
}

function reasonInvalid(name: string): string | null {
  if (name === "") return "the empty string is not allowed";
  if (name === "." || name === "..") return `'${name}' is not allowed`;
  if (name.length > NAME_LENGTH_MAX) {
    return `the length of '${name}' is longer than the max allowed length ${NAME_LENGTH_MAX}`;
  }
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return null;
  return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
}

/** Metric names do not tell "." from "_", so two topics may not differ in nothing else. */
export function hasCollisionChars(name: string): boolean {
  return name.includes(".") || name.includes("_");
}

export function unifyCollisionChars(name: string): string {
  return name.replaceAll(".", "_");
}
