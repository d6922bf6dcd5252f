/**
 * DeleteTopics on the controller, by name and by id. As Kafka's ControllerApis.deleteTopics, apart from the order of
 * the results, which Kafka shuffles.
 */
import { ZERO_UUID } from "../../../base/uuid.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type {
  DeletableTopicResult,
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from "../../../protocol/generated/delete-topics.ts";
import { record } from "../records/record.ts";
import { type ItemError, itemError, noError } from "./item-error.ts";
import type { ControllerCall } from "./quorum-controller.ts";
import { atomicResult, type ControllerResult } from "./result.ts";
import type { ControllerState } from "./state.ts";

export function deleteTopics(
  { image, settings }: ControllerState,
  request: DeleteTopicsRequest,
  { context }: ControllerCall,
): ControllerResult<DeleteTopicsResponse> {
  if (!settings.topicDeletionEnabled) {
    if (context.apiVersion < 3) {
      throw new KafkaError("INVALID_REQUEST", "This version does not support topic deletion.");
    }
    throw new KafkaError("TOPIC_DELETION_DISABLED");
  }
  const { names, ids, responses } = sortOut(request);
  /** By id, with the name to answer with. */
  const doomed = new Map<string, string>();
  for (const id of ids.once) {
    const topic = image.topicsById.get(id);
    if (topic === undefined) responses.push(answer(null, id, itemError("UNKNOWN_TOPIC_ID")));
    else doomed.set(id, topic.name);
  }
  for (const name of names.once) {
    const topic = image.topicsByName.get(name);
    if (topic === undefined) {
      responses.push(answer(name, ZERO_UUID, itemError("UNKNOWN_TOPIC_OR_PARTITION")));
    } else if (ids.twice.has(topic.id) || doomed.has(topic.id)) {
      doomed.delete(topic.id);
      ids.twice.add(topic.id);
      const message = "The provided topic name maps to an ID that was already supplied.";
      responses.push(answer(name, topic.id, itemError("INVALID_REQUEST", message)));
    } else doomed.set(topic.id, name);
  }
  for (const [id, name] of doomed) responses.push(answer(name, id, noError));
  const records = [...doomed.keys()].map((topicId) => record("RemoveTopicRecord", { topicId }));
  return atomicResult(records, { throttleTimeMs: 0, responses });
}

interface Mentioned {
  readonly once: Set<string>;
  readonly twice: Set<string>;
}

/** The names and ids that are named exactly once, and the answers to what makes no sense. */
function sortOut({ topicNames, topics }: DeleteTopicsRequest) {
  const names: Mentioned = { once: new Set(), twice: new Set() };
  const ids: Mentioned = { once: new Set(), twice: new Set() };
  const responses: DeletableTopicResult[] = [];
  const refuse = (name: string | null, id: string, message: string) =>
    responses.push(answer(name, id, itemError("INVALID_REQUEST", message)));
  for (const name of topicNames) mention(names, name);
  for (const { name, topicId } of topics) {
    if (name !== null && topicId !== ZERO_UUID) {
      refuse(name, topicId, "You may not specify both topic name and topic id.");
    } else if (name !== null) mention(names, name);
    else if (topicId !== ZERO_UUID) mention(ids, topicId);
    else refuse(null, ZERO_UUID, "Neither topic name nor id were specified.");
  }
  for (const name of names.twice) refuse(name, ZERO_UUID, "Duplicate topic name.");
  for (const id of ids.twice) refuse(null, id, "Duplicate topic id.");
  return { names, ids, responses };
}

function mention({ once, twice }: Mentioned, key: string): void {
  if (twice.has(key) || once.delete(key)) twice.add(key);
  else once.add(key);
}

function answer(name: string | null, topicId: string, error: ItemError): DeletableTopicResult {
  return { name, topicId, ...error };
}
