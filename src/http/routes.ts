/** What a node answers over HTTP: so far its metrics, which only read. */
import type { Services } from "../apis/services.ts";
import { CONTENT_TYPE, textOf } from "./exposition.ts";
import { metricsOf } from "./metrics.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export const METRICS_PATH = "/metrics";

/** `services` null: the node has yet to come up. */
export function answer(method: string, path: string, services: Services | null): HttpAnswer {
  if (path !== METRICS_PATH) return plain(404, `There is ${METRICS_PATH}, and nothing else.`);
  if (method !== "GET" && method !== "HEAD") return plain(405, `${METRICS_PATH} can be read.`);
  if (services === null) return plain(503, "The node is starting.");
  return { status: 200, type: CONTENT_TYPE, body: textOf(metricsOf(services)) };
}

export const plain = (status: number, sentence: string): HttpAnswer => ({
  status,
  type: "text/plain; charset=utf-8",
  body: `${sentence}\n`,
});
