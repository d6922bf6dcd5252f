/**
 * What AlterConfigs and IncrementalAlterConfigs have in common on the broker: some resources are decided here, the
 * others
 * go on to the controller, and one reply tells of both in the order of the request. As Kafka's ConfigAdminManager.
 */
import { code, errors, KafkaError } from "../../protocol/errors.ts";

export interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

export interface ResourceAnswer extends Resource {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/**
 * Runs `check` on each resource that is there once. What it throws, or a "done", is the resource's answer; the others
 * are for the controller.
 */
export function preprocess<R extends Resource>(
  resources: readonly R[],
  check: (resource: R) => "done" | "controller",
): ReadonlyMap<R, ResourceAnswer> {
  const answers = new Map<R, ResourceAnswer>();
  for (const resource of resources) {
    try {
      if (isRepeated(resources, resource)) {
        throw new KafkaError("INVALID_REQUEST", "Each resource must appear at most once.");
      }
      if (check(resource) === "done") answers.set(resource, answer(resource, 0, null));
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      answers.set(resource, answer(resource, error.code, messageOf(error)));
    }
  }
  return answers;
}

/** The reply: each resource's answer from here or from the controller. */
export function reassemble(
  resources: readonly Resource[],
  answers: ReadonlyMap<Resource, ResourceAnswer>,
  fromController: readonly ResourceAnswer[],
): { throttleTimeMs: number; responses: ResourceAnswer[] } {
  const responses = resources.map((resource) => {
    const found = answers.get(resource) ?? fromController.find((each) => same(each, resource));
    return found === undefined
      ? answer(resource, code("UNKNOWN_SERVER_ERROR"), errors.UNKNOWN_SERVER_ERROR.message)
      : answer(resource, found.errorCode, found.errorMessage);
  });
  return { throttleTimeMs: 0, responses };
}

/** Every resource refused alike. */
export function refuseAll(resources: readonly Resource[], errorCode: number, message: string | null) {
  return { throttleTimeMs: 0, responses: resources.map((resource) => answer(resource, errorCode, message)) };
}

function answer({ resourceType, resourceName }: Resource, errorCode: number, errorMessage: string | null) {
  return { errorCode, errorMessage, resourceType, resourceName };
}

function same(a: Resource, b: Resource): boolean {
  return a.resourceType === b.resourceType && a.resourceName === b.resourceName;
}

function isRepeated(resources: readonly Resource[], resource: Resource): boolean {
  return resources.filter((each) => same(each, resource)).length > 1;
}

/** An error's general message is not repeated. */
function messageOf(error: KafkaError): string | null {
  return error.error === "UNKNOWN_SERVER_ERROR" || error.message === errors[error.error].message ? null : error.message;
}
