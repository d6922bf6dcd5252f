/** The topics in the embedded consumer protocol's subscriptions. */
import { DecodeError } from "../../../protocol/bytes/decode-error.ts";
import { Reader } from "../../../protocol/bytes/reader.ts";

/** The topics that any of the members subscribes to; null where one of the subscriptions does not parse. */
export function subscribedTopics(subscriptions: readonly (Uint8Array | undefined)[]): Set<string> | null {
  const topics = new Set<string>();
  try {
    for (const bytes of subscriptions) {
      if (bytes === undefined) return null;
      for (const topic of readTopics(new Reader(bytes))) topics.add(topic);
    }
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
  return topics;
}

/** Read as version 0, which begins every later version. */
function readTopics(from: Reader): string[] {
  from.int16(); // the version
  const topics: string[] = [];
  const count = from.arrayLength(2);
  for (let i = 0; i < count; i++) topics.push(from.string());
  from.nullableBytes(); // user data
  return topics;
}
