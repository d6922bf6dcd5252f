/**
 * AlterUserScramCredentials (key 51), v0 (KIP-554): sets or removes what users are authenticated with. Stored and
 * described; there is no SASL listener yet that would ask for it.
 * Errors, per user (ScramControlManager.alterCredentials): DUPLICATE_RESOURCE, UNSUPPORTED_VERSION,
 * UNACCEPTABLE_CREDENTIAL, UNSUPPORTED_SASL_MECHANISM, RESOURCE_NOT_FOUND; NOT_CONTROLLER.
 */
import { AlterUserScramCredentials } from "../../protocol/generated/alter-user-scram-credentials.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

export const alterUserScramCredentials = api({
  message: AlterUserScramCredentials,
  versions: [0, 0],
  listeners: ["broker", "controller"],
  refused: ({ deletions, upsertions }, errorCode, message) => ({
    throttleTimeMs: 0,
    results: [...new Set([...deletions, ...upsertions].map(({ name }) => name))].sort().map((user) => {
      return { user, errorCode, errorMessage: ownMessage(errorCode, message) };
    }),
  }),
  handle: ({ controller }, request, context) => controller.send(AlterUserScramCredentials, request, context),
});
