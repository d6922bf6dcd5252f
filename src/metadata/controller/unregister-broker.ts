/** UnregisterBroker (64) on the controller: the broker leaves every ISR and ELR, and the image. */
import { code, KafkaError } from "../../../protocol/errors.ts";
import type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponse,
} from "../../../protocol/generated/unregister-broker.ts";
import { applyRecords } from "../apply.ts";
import { record } from "../records/record.ts";
import { hasInElr, hasInIsr, leaderUpdates } from "./leader-updates.ts";
import { type ControllerResult, result } from "./result.ts";
import type { ControllerState } from "./state.ts";

/** Errors: BROKER_ID_NOT_REGISTERED. */
export function unregisterBroker(
  state: ControllerState,
  { brokerId }: UnregisterBrokerRequest,
): ControllerResult<UnregisterBrokerResponse> {
  const broker = state.image.brokers.get(brokerId);
  if (broker === undefined) {
    throw new KafkaError("BROKER_ID_NOT_REGISTERED", `Broker ID ${brokerId} is not currently registered`);
  }
  const fromIsrs = leaderUpdates(state, { remove: brokerId }, hasInIsr(brokerId));
  const image = applyRecords(state.image, fromIsrs);
  const fromElrs = leaderUpdates({ ...state, image }, { remove: brokerId }, hasInElr(brokerId));
  const gone = record("UnregisterBrokerRecord", { brokerId, brokerEpoch: broker.epoch });
  state.heartbeats.remove(brokerId);
  return result([...fromIsrs, ...fromElrs, gone], { throttleTimeMs: 0, errorCode: code("NONE"), errorMessage: "" });
}
