import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { type ProducerIdBlock, ProducerIds } from "./producer-ids.ts";

function idsOf(hasController: boolean) {
  const clock = new FakeClock();
  const asked: PromiseWithResolvers<ProducerIdBlock>[] = [];
  const allocate = (): Promise<ProducerIdBlock> => {
    asked.push(Promise.withResolvers());
    return (asked.at(-1) as PromiseWithResolvers<ProducerIdBlock>).promise;
  };
  const ids = new ProducerIds({ clock, allocate, hasController: () => hasController });
  const heard: (number | string)[] = [];
  const take = (): void => {
    Promise.resolve()
      .then(() => ids.take())
      .then(
        (id) => heard.push(id),
        (cause: KafkaError) => heard.push(cause.error),
      );
  };
  return { clock, asked, heard, take };
}

const REFUSED = "COORDINATOR_LOAD_IN_PROGRESS";

test("clients wait for the block that the controller gives, and share it", async () => {
  const { clock, asked, heard, take } = idsOf(true);
  take();
  take();
  await clock.run(100, 10);
  expect(asked.length).toBe(1);
  asked[0]?.resolve({ start: 7_000, length: 2 });
  await clock.run(10, 10);
  expect(heard).toEqual([7_000, 7_001]);
});

test("without a controller clients hear so at once, and while the request goes on nobody asks again", async () => {
  const { clock, asked, heard, take } = idsOf(false);
  take();
  await clock.run(10, 10);
  take();
  await clock.run(10, 10);
  expect(heard).toEqual([REFUSED, REFUSED]);
  expect(asked.length).toBe(1);
  asked[0]?.resolve({ start: 0, length: 1_000 });
  await clock.run(10, 10);
  take();
  await clock.run(10, 10);
  expect(heard.at(-1)).toBe(0);
});

test("a controller that does not answer keeps a client for half a second, and no other", async () => {
  const { clock, asked, heard, take } = idsOf(true);
  take();
  await clock.run(400, 10);
  expect(heard).toEqual([]);
  await clock.run(200, 10);
  take();
  await clock.run(10, 10);
  expect(heard).toEqual([REFUSED, REFUSED]);
  asked[0]?.reject(new KafkaError("NOT_CONTROLLER", null));
  await clock.run(10, 10);
  take();
  await clock.run(10, 10);
  expect(asked.length).toBe(2);
});
