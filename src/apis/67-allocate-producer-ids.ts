/**
 * AllocateProducerIds (key 67), v0 (KIP-730): a block of producer ids for one broker, between nodes.
 * Errors, in the order checked: NOT_CONTROLLER, STALE_BROKER_EPOCH.
 */
import { AllocateProducerIds } from "../../protocol/generated/allocate-producer-ids.ts";
import { api } from "./api.ts";

export const allocateProducerIds = api({
  message: AllocateProducerIds,
  versions: [0, 0],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, producerIdStart: 0, producerIdLen: 0 }),
  handle: ({ controller }, request, context) => controller.send(AllocateProducerIds, request, context),
});
