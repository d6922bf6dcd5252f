/**
 * What the cluster's metadata holds and this version does not serve: kept as it is, and named once at the start, so
 * that nobody who moves a directory here believes it to be in force. Groups of other kinds are named where they are
 * loaded.
 */
import type { MetadataImage } from "../metadata/image.ts";
import { SHARE_GROUP_STATE, TRANSACTION_STATE } from "../metadata/topic-names.ts";

/** One sentence for each kind that is there. */
export function unservedIn({ acls, scramCredentials, delegationTokens, clientQuotas, topicsByName }: MetadataImage) {
  const sentences: readonly [isThere: boolean, sentence: string][] = [
    [acls.size > 0, `ACLs (${acls.size}) are kept but not enforced: every client may do everything`],
    [scramCredentials.size > 0, `SCRAM credentials (${scramCredentials.size}) are kept: there is no SASL listener yet`],
    [delegationTokens.size > 0, `Delegation tokens (${delegationTokens.size}) are kept: there is no SASL listener yet`],
    [clientQuotas.size > 0, `Client quotas (${clientQuotas.size}) are kept but not enforced`],
    [
      topicsByName.has(TRANSACTION_STATE),
      "Transactions are not served yet: their state is kept, and one that is open holds back read_committed consumers",
    ],
    [topicsByName.has(SHARE_GROUP_STATE), "Share groups are not served yet: their state is kept"],
  ];
  return sentences.filter(([isThere]) => isThere).map(([, sentence]) => sentence);
}
