/**
 * BrokerRegistration (key 62), v0-4: a broker joins, between nodes. v1 migration from ZooKeeper (KIP-866), v2 log
 * directories (KIP-858), v3 the last broker epoch (KIP-966), v4 feature ranges from 0.
 * Errors, in the order checked: NOT_CONTROLLER, INCONSISTENT_CLUSTER_ID, DUPLICATE_BROKER_REGISTRATION,
 * BROKER_ID_NOT_REGISTERED, INVALID_REGISTRATION, UNSUPPORTED_VERSION.
 */
import { BrokerRegistration } from "../../protocol/generated/broker-registration.ts";
import { api } from "./api.ts";

export const brokerRegistration = api({
  message: BrokerRegistration,
  versions: [0, 4],
  listeners: ["controller"],
  refused: (_, errorCode) => ({ throttleTimeMs: 0, errorCode, brokerEpoch: -1 }),
  handle: ({ controller }, request, context) => controller.send(BrokerRegistration, request, context),
});
