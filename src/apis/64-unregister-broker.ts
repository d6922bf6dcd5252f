/**
 * UnregisterBroker (key 64), v0 (KIP-500): removes the registration of a broker that will not come back.
 * Errors: BROKER_ID_NOT_REGISTERED, NOT_CONTROLLER.
 */
import { UnregisterBroker } from "../../protocol/generated/unregister-broker.ts";
import { api } from "./api.ts";

export const unregisterBroker = api({
  message: UnregisterBroker,
  versions: [0, 0],
  listeners: ["broker", "controller"],
  refused: (_, errorCode, message) => ({ throttleTimeMs: 0, errorCode, errorMessage: message }),
  handle: ({ controller }, request, context) => controller.send(UnregisterBroker, request, context),
});
