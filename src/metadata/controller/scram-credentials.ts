/**
 * AlterUserScramCredentials (51): what a user's password is checked against (KIP-554). The password itself never comes
 * here: only what a client has made of it, of which the two keys are kept. As Kafka's ScramControlManager.
 */
import type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
  ScramCredentialDeletion,
  ScramCredentialUpsertion,
} from "../../../protocol/generated/alter-user-scram-credentials.ts";
import { supports } from "../features.ts";
import { type MetadataImage, scramKey } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { type ItemError, itemError, noError } from "./item-error.ts";
import { atomicResult, type ControllerResult } from "./result.ts";
import type { ControllerState } from "./state.ts";

/** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
export type ScramMechanism = 1 | 2;

/** RFC 5802, from src/security: what is stored of a salted password. */
export type ScramKeys = (
  mechanism: ScramMechanism,
  saltedPassword: Uint8Array,
) => { readonly storedKey: Uint8Array; readonly serverKey: Uint8Array };

const ITERATIONS_MIN = 4_096;
const ITERATIONS_MAX = 16_384;

/** One change for each user; a user that comes twice keeps what it has. */
class Changes {
  readonly deletions = new Map<string, ScramCredentialDeletion>();
  readonly upsertions = new Map<string, ScramCredentialUpsertion>();
  readonly errors = new Map<string, ItemError>();

  add<Change extends { readonly name: string }>(into: Map<string, Change>, change: Change, error: ItemError | null) {
    const { name } = change;
    if (this.errors.has(name)) return;
    if (this.deletions.delete(name) || this.upsertions.delete(name)) {
      const twice = "A user credential cannot be altered twice in the same request";
      this.errors.set(name, itemError("DUPLICATE_RESOURCE", twice));
    } else if (error !== null) this.errors.set(name, error);
    else into.set(name, change);
  }
}

/** Errors, per user: DUPLICATE_RESOURCE, UNSUPPORTED_VERSION and those of `deletionProblem` and `upsertionProblem`. */
export function alterScramCredentials(
  { image }: Pick<ControllerState, "image">,
  request: AlterUserScramCredentialsRequest,
  keys: ScramKeys,
): ControllerResult<AlterUserScramCredentialsResponse> {
  const unsupported = supports.scram(image.features.metadataVersion ?? 0)
    ? null
    : itemError("UNSUPPORTED_VERSION", "The current metadata.version does not support SCRAM");
  const changes = new Changes();
  const { deletions, upsertions, errors } = changes;
  for (const each of request.deletions) changes.add(deletions, each, unsupported ?? deletionProblem(image, each));
  for (const each of request.upsertions) changes.add(upsertions, each, unsupported ?? upsertionProblem(each));
  const records: MetadataRecord[] = [];
  for (const { name, mechanism } of deletions.values()) {
    records.push(record("RemoveUserScramCredentialRecord", { name, mechanism }));
  }
  for (const { name, mechanism, salt, iterations, saltedPassword } of upsertions.values()) {
    const stored = keys(mechanism as ScramMechanism, saltedPassword);
    records.push(record("UserScramCredentialRecord", { name, mechanism, salt, iterations, ...stored }));
  }
  const done = [...deletions.keys(), ...upsertions.keys()].map((user) => ({ user, ...noError }));
  const failed = [...errors].map(([user, error]) => ({ user, ...error }));
  return atomicResult(records, { throttleTimeMs: 0, results: [...done, ...failed] });
}

function deletionProblem(image: MetadataImage, { name, mechanism }: ScramCredentialDeletion): ItemError | null {
  const problem = credentialProblem(name, mechanism);
  if (problem !== null) return problem;
  if (image.scramCredentials.has(scramKey(mechanism, name))) return null;
  return itemError("RESOURCE_NOT_FOUND", "Attempt to delete a user credential that does not exist");
}

function upsertionProblem(upsertion: ScramCredentialUpsertion): ItemError | null {
  const { name, mechanism, iterations, saltedPassword } = upsertion;
  const problem = credentialProblem(name, mechanism);
  if (problem !== null) return problem;
  if (iterations < ITERATIONS_MIN) return itemError("UNACCEPTABLE_CREDENTIAL", "Too few iterations");
  if (iterations > ITERATIONS_MAX) return itemError("UNACCEPTABLE_CREDENTIAL", "Too many iterations");
  // Java makes no key of nothing.
  return saltedPassword.length === 0 ? itemError("UNKNOWN_SERVER_ERROR", null) : null;
}

function credentialProblem(name: string, mechanism: number): ItemError | null {
  if (name === "") return itemError("UNACCEPTABLE_CREDENTIAL", "Username must not be empty");
  if (mechanism === 1 || mechanism === 2) return null;
  return itemError("UNSUPPORTED_SASL_MECHANISM", "Unknown SCRAM mechanism");
}
