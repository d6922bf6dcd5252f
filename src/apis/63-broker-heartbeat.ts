/**
 * BrokerHeartbeat (key 63), v0-2: a broker lives, between nodes. v1 offline log directories (KIP-858), v2 cordoned ones
 * (KIP-1066). Errors, in the order checked: NOT_CONTROLLER, STALE_BROKER_EPOCH.
 */
import { BrokerHeartbeat } from "../../protocol/generated/broker-heartbeat.ts";
import { api } from "./api.ts";

export const brokerHeartbeat = api({
  message: BrokerHeartbeat,
  versions: [0, 2],
  listeners: ["controller"],
  refused: (_, errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    isCaughtUp: false,
    isFenced: true,
    shouldShutDown: false,
  }),
  handle: ({ controller, brokerWatch }, request, context) => {
    brokerWatch.heard(request.brokerId, request.brokerEpoch, context);
    return controller.send(BrokerHeartbeat, request, context);
  },
});
