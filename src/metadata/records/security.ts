/** ACLs, SCRAM credentials and delegation tokens: as Kafka's AclsDelta, ScramDelta and DelegationTokenDelta. */
import { assert } from "../../../base/assert.ts";
import type { AccessControlEntryRecord } from "../../../protocol/generated/records/metadata/access-control-entry-record.ts";
import type { DelegationTokenRecord } from "../../../protocol/generated/records/metadata/delegation-token-record.ts";
import type { RemoveAccessControlEntryRecord } from "../../../protocol/generated/records/metadata/remove-access-control-entry-record.ts";
import type { RemoveDelegationTokenRecord } from "../../../protocol/generated/records/metadata/remove-delegation-token-record.ts";
import type { RemoveUserScramCredentialRecord } from "../../../protocol/generated/records/metadata/remove-user-scram-credential-record.ts";
import type { UserScramCredentialRecord } from "../../../protocol/generated/records/metadata/user-scram-credential-record.ts";
import type { Draft } from "../draft.ts";
import { scramKey } from "../image.ts";

export function addAcl(draft: Draft, value: AccessControlEntryRecord): void {
  draft.next.acls = draft.next.acls.with(value.id, { ...value });
}

export function removeAcl(draft: Draft, value: RemoveAccessControlEntryRecord): void {
  assert(draft.next.acls.has(value.id), `the ACL ${value.id} exists until it is removed`);
  draft.next.acls = draft.next.acls.without(value.id);
}

/** The bytes are copied: a view would keep the whole batch it was read from in memory. */
export function setScramCredential(draft: Draft, value: UserScramCredentialRecord): void {
  const { salt, storedKey, serverKey } = value;
  const credential = { ...value, salt: salt.slice(), storedKey: storedKey.slice(), serverKey: serverKey.slice() };
  draft.next.scramCredentials = draft.next.scramCredentials.with(scramKey(value.mechanism, value.name), credential);
}

export function removeScramCredential(draft: Draft, value: RemoveUserScramCredentialRecord): void {
  draft.next.scramCredentials = draft.next.scramCredentials.without(scramKey(value.mechanism, value.name));
}

export function setDelegationToken(draft: Draft, value: DelegationTokenRecord): void {
  draft.next.delegationTokens = draft.next.delegationTokens.with(value.tokenId, { ...value });
}

export function removeDelegationToken(draft: Draft, value: RemoveDelegationTokenRecord): void {
  draft.next.delegationTokens = draft.next.delegationTokens.without(value.tokenId);
}
