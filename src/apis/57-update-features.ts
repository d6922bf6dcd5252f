/**
 * UpdateFeatures (key 57), v0-2 (KIP-584): v1 upgrade types and validate-only (KIP-778), v2 one answer for all
 * (KIP-1022).
 * Errors, whole: INVALID_UPDATE_VERSION for the first feature that cannot be set (FeatureControlManager),
 * NOT_CONTROLLER.
 */
import { UpdateFeatures } from "../../protocol/generated/update-features.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

export const updateFeatures = api({
  message: UpdateFeatures,
  versions: [0, 2],
  listeners: ["broker", "controller"],
  refused: (_, errorCode, message) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: ownMessage(errorCode, message),
    results: [],
  }),
  handle: ({ controller }, request, context) => controller.send(UpdateFeatures, request, context),
});
