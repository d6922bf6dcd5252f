/**
 * ControllerRegistration (key 70), v0 (KIP-919): a controller tells the active one its listeners and features, between
 * nodes. Errors, in the order checked: NOT_CONTROLLER, UNSUPPORTED_VERSION.
 */
import { ControllerRegistration } from "../../protocol/generated/controller-registration.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

export const controllerRegistration = api({
  message: ControllerRegistration,
  versions: [0, 0],
  listeners: ["controller"],
  refused: (_, errorCode, message) => ({ throttleTimeMs: 0, errorCode, errorMessage: ownMessage(errorCode, message) }),
  handle: ({ controller }, request, context) => controller.send(ControllerRegistration, request, context),
});
