/** What becomes of a request while no controller is active: Apache answers its clients so after a minute. */
import { expect, test } from "bun:test";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { CreateTopics } from "../../../protocol/generated/create-topics.ts";
import { type ControllerContext, ownContext } from "./channel.ts";
import type { LocalChannel } from "./local-channel.ts";
import { QuorumChannel } from "./quorum-channel.ts";

test.each([
  ["a client of the broker", { ...ownContext(7), listenerKind: "broker" as const }, "REQUEST_TIMED_OUT"],
  ["the node itself", ownContext(7), "NOT_CONTROLLER"],
])("%s hears in the end %#", async (_, context: ControllerContext, error) => {
  const clock = new FakeClock();
  const channel = new QuorumChannel({
    nodeId: 1,
    local: { isActive: false } as LocalChannel,
    ask: () => Promise.reject(new Error("nobody is to be asked")),
    leader: () => null,
    clock,
    timeoutMs: () => 3_000,
  });
  let heard = "";
  const request = { topics: [], timeoutMs: 100, validateOnly: false };
  channel.send(CreateTopics, request, context).catch((cause: { error: string }) => {
    heard = cause.error;
  });
  await clock.run(2_900, 10);
  expect(heard).toBe("");
  await clock.run(200, 10);
  expect(heard).toBe(error);
});
