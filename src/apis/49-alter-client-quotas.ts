/**
 * AlterClientQuotas (key 49), v0-1: sets or removes quotas of users, client ids and addresses (KIP-546, KIP-612). v1
 * flexible. They are stored and described; nothing is held to them yet.
 * Errors, per entity: INVALID_REQUEST (ClientQuotaControlManager.alterClientQuotas), NOT_CONTROLLER.
 */
import { errorName, errors } from "../../protocol/errors.ts";
import { AlterClientQuotas } from "../../protocol/generated/alter-client-quotas.ts";
import { api } from "./api.ts";

export const alterClientQuotas = api({
  message: AlterClientQuotas,
  versions: [0, 1],
  listeners: ["broker", "controller"],
  refused: ({ entries }, errorCode) => ({
    throttleTimeMs: 0,
    entries: entries.map(({ entity }) => ({ errorCode, errorMessage: errors[errorName(errorCode)].message, entity })),
  }),
  handle: ({ controller }, request, context) => controller.send(AlterClientQuotas, request, context),
});
