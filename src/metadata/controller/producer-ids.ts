/** AllocateProducerIds (67): the next block of producer ids for one broker. As Kafka's ProducerIdControlManager. */
import { KafkaError } from "../../../protocol/errors.ts";
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from "../../../protocol/generated/allocate-producer-ids.ts";
import { record } from "../records/record.ts";
import { checkEpoch } from "./broker-heartbeat.ts";
import { type ControllerResult, result } from "./result.ts";
import type { ControllerState } from "./state.ts";

export const PRODUCER_ID_BLOCK_SIZE = 1000;

/** Errors: STALE_BROKER_EPOCH. */
export function allocateProducerIds(
  { image }: ControllerState,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): ControllerResult<AllocateProducerIdsResponse> {
  checkEpoch(image, brokerId, brokerEpoch);
  const producerIdStart = Math.max(0, image.nextProducerId);
  const nextProducerId = producerIdStart + PRODUCER_ID_BLOCK_SIZE;
  if (!Number.isSafeInteger(nextProducerId)) {
    throw new KafkaError("UNKNOWN_SERVER_ERROR", "All producer ids have been given away.");
  }
  const reply = { throttleTimeMs: 0, errorCode: 0, producerIdStart, producerIdLen: PRODUCER_ID_BLOCK_SIZE };
  return result([record("ProducerIdsRecord", { brokerId, brokerEpoch, nextProducerId })], reply);
}
