/**
 * InitProducerId (key 22), v0-5: an id for an idempotent producer (KIP-98). v2 flexible, v3 id and epoch of an
 * earlier life (KIP-360), v4 PRODUCER_FENCED, v5 TRANSACTION_ABORTABLE (KIP-890); v6 (KIP-939) is unstable and not
 * served. Errors in the order checked: INVALID_REQUEST (only one of id and epoch given, an empty transactional id),
 * TRANSACTIONAL_ID_AUTHORIZATION_FAILED for every transactional id, COORDINATOR_LOAD_IN_PROGRESS.
 *
 * Transactions are not served yet. Of the errors that a client may get here, TRANSACTIONAL_ID_AUTHORIZATION_FAILED is
 * the one that all of them take as final and name the transactional id in; COORDINATOR_NOT_AVAILABLE and its kin they
 * retry until they time out.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { InitProducerId, type InitProducerIdResponse } from "../../protocol/generated/init-producer-id.ts";
import { api } from "./api.ts";

export const initProducerId = api({
  message: InitProducerId,
  versions: [0, 5],
  listeners: ["broker"],
  refused: (_, errorCode) => reply(errorCode, -1, -1),
  handle: ({ producerIds }, request) => {
    if ((request.producerId === -1) !== (request.producerEpoch === -1)) throw new KafkaError("INVALID_REQUEST");
    if (request.transactionalId === "") throw new KafkaError("INVALID_REQUEST", "The transactional id is empty");
    if (request.transactionalId !== null) {
      throw new KafkaError("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "Transactions are not supported yet");
    }
    const taken = producerIds.take();
    return typeof taken === "number" ? reply(0, taken, 0) : taken.then((id) => reply(0, id, 0));
  },
});

const reply = (errorCode: number, producerId: number, producerEpoch: number): InitProducerIdResponse => ({
  throttleTimeMs: 0,
  errorCode,
  producerId,
  producerEpoch,
  ongoingTxnProducerId: -1,
  ongoingTxnProducerEpoch: -1,
});
