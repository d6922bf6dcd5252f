/**
 * DescribeUserScramCredentials (key 50), v0 (KIP-554): which mechanisms a user has credentials for; never the
 * credentials. Errors, per user (ScramImage.describe): DUPLICATE_RESOURCE, RESOURCE_NOT_FOUND. A controller advertises
 * the API and cannot answer it, as Kafka's.
 */
import { code, KafkaError } from "../../protocol/errors.ts";
import {
  DescribeUserScramCredentials,
  type DescribeUserScramCredentialsResult,
} from "../../protocol/generated/describe-user-scram-credentials.ts";
import { type MetadataImage, scramKey } from "../metadata/image.ts";
import { api } from "./api.ts";
import { ownMessage } from "./refusal.ts";

/** SCRAM-SHA-256, SCRAM-SHA-512. */
const mechanisms = [1, 2];

export const describeUserScramCredentials = api({
  message: DescribeUserScramCredentials,
  versions: [0, 0],
  listeners: ["broker", "controller"],
  refused: ({ users }, errorCode, message) => {
    const error = { errorCode, errorMessage: ownMessage(errorCode, message) };
    const results = (users ?? []).map(() => ({ user: "", ...error, credentialInfos: [] }));
    return { throttleTimeMs: 0, ...error, results };
  },
  handle: ({ image }, { users }, { listenerKind }) => {
    if (listenerKind === "controller") throw new KafkaError("UNKNOWN_SERVER_ERROR");
    const times = new Map<string, number>();
    for (const { name } of users ?? []) times.set(name, (times.get(name) ?? 0) + 1);
    if (times.size === 0) for (const { name } of image().scramCredentials.values()) times.set(name, 1);
    const results = [...times].map(([user, count]) => describe(image(), user, count > 1));
    return { throttleTimeMs: 0, errorCode: code("NONE"), errorMessage: "", results };
  },
});

function describe(image: MetadataImage, user: string, isRepeated: boolean): DescribeUserScramCredentialsResult {
  if (isRepeated) {
    const message = "Cannot describe SCRAM credentials for the same user twice in a single request: ";
    return { user, errorCode: code("DUPLICATE_RESOURCE"), errorMessage: message + user, credentialInfos: [] };
  }
  const credentials = mechanisms.flatMap((mechanism) => image.scramCredentials.get(scramKey(mechanism, user)) ?? []);
  if (credentials.length === 0) {
    const message = "Attempt to describe a user credential that does not exist: ";
    return { user, errorCode: code("RESOURCE_NOT_FOUND"), errorMessage: message + user, credentialInfos: [] };
  }
  const credentialInfos = credentials.map(({ mechanism, iterations }) => ({ mechanism, iterations }));
  return { user, errorCode: code("NONE"), errorMessage: "", credentialInfos };
}
