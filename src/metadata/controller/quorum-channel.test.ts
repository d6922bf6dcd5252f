/** What becomes of a request while no controller is active, or the one that is does not answer. */
import { expect, test } from "bun:test";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { CreateTopics } from "../../../protocol/generated/create-topics.ts";
import { type ControllerContext, ownContext } from "./channel.ts";
import type { LocalChannel } from "./local-channel.ts";
import { type ControllerAddress, QuorumChannel } from "./quorum-channel.ts";

const ofClient = { ...ownContext(7), listenerKind: "broker" as const };

/** `controller.socket.timeout.ms` is three seconds. */
function channelTo(leader: ControllerAddress | null) {
  const clock = new FakeClock();
  const askedMs: number[] = [];
  const channel = new QuorumChannel({
    nodeId: 1,
    local: { isActive: false } as LocalChannel,
    ask: (_to, _message, _request, _context, timeoutMs) => {
      askedMs.push(clock.ticksMs());
      return new Promise((_, reject) => {
        clock.after(timeoutMs, () => reject(new KafkaError("NOT_CONTROLLER", "no answer in time")));
      });
    },
    leader: () => leader,
    clock,
    timeoutMs: () => 3_000,
  });
  let heard = "";
  const ask = (context: ControllerContext): void => {
    channel.send(CreateTopics, { topics: [], timeoutMs: 100, validateOnly: false }, context).catch((cause) => {
      heard = cause.error;
    });
  };
  return { clock, ask, askedMs, heard: () => heard };
}

test.each([
  ["a client of the broker, after a minute", ofClient, 60_000, "REQUEST_TIMED_OUT"],
  ["the node itself, after controller.socket.timeout.ms", ownContext(7), 3_000, "NOT_CONTROLLER"],
])("without a controller %s", async (_, context: ControllerContext, afterMs, error) => {
  const { clock, ask, heard } = channelTo(null);
  ask(context);
  await clock.run(afterMs - 100, 10);
  expect(heard()).toBe("");
  await clock.run(200, 10);
  expect(heard()).toBe(error);
});

test("an answer that does not come within controller.socket.timeout.ms is asked for again", async () => {
  const { clock, ask, askedMs, heard } = channelTo({ nodeId: 2, host: "there", port: 1 });
  ask(ofClient);
  await clock.run(10_000, 10);
  expect(askedMs).toEqual([0, 3_050, 6_100, 9_150]);
  await clock.run(50_200, 10);
  expect(heard()).toBe("REQUEST_TIMED_OUT");
});
