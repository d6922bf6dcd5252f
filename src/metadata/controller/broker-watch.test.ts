import { expect, test } from "bun:test";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import { applyRecords } from "../apply.ts";
import { clusterImage, controllerState } from "../testing/controller-fixture.ts";
import { BrokerWatch, type Found } from "./broker-watch.ts";
import type { ControllerResult } from "./result.ts";
import type { ControllerState } from "./state.ts";

/** An active controller with two brokers, of node 9, and what connecting to a broker tells at each look. */
function watched(looks: readonly Found[]) {
  const clock = new FakeClock();
  let image = clusterImage([{ id: 2 }, { id: 3 }]);
  const state = controllerState(image);
  const asked: number[] = [];
  const controller = {
    isActive: true,
    look: <Seen>(at: (seen: ControllerState) => Seen): Seen | null =>
      controller.isActive ? at({ ...state, image }) : null,
    run: async <Reply>(decide: (seen: ControllerState) => ControllerResult<Reply>) => {
      const { records, reply } = decide({ ...state, image });
      image = applyRecords(image, records);
      return { reply, offset: 0 };
    },
  };
  const probe = async ({ port }: { port: number }): Promise<Found> => looks[asked.push(port) - 1] ?? "listening";
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const watch = new BrokerWatch({ clock, logger, nodeId: 9, controller, probe });
  const connect = (connectionId: string, epoch = 102): (() => void) => {
    let closed = (): void => {};
    watch.heard(2, epoch, { connectionId, onClose: (run) => (closed = run) });
    return () => closed();
  };
  const isFenced = () => image.brokers.get(2)?.fenced;
  return { clock, watch, connect, asked, isFenced, controller, heartbeats: state.heartbeats };
}

test("a broker whose connection ended and whose port refuses twice is fenced", async () => {
  const { clock, connect, asked, isFenced, heartbeats } = watched(["refused", "refused"]);
  const end = connect("one");
  expect(heartbeats.connectionOf(2)).toBe("open");
  end();
  expect(heartbeats.connectionOf(2)).toBe("ended");
  await clock.run(100, 5);
  expect(asked).toEqual([9094, 9094]);
  expect(isFenced()).toBe(true);
});

test("a process that still accepts connections lives, be it ever so slow", async () => {
  const { clock, connect, asked, isFenced } = watched(["listening"]);
  connect("one")();
  await clock.run(20_000, 5);
  expect(asked).toHaveLength(1);
  expect(isFenced()).toBe(false);
});

test("a dying process is looked at until it is gone; one that stays unclear is left to its session", async () => {
  const dying = watched(["unclear", "unclear", "refused", "unclear", "refused"]);
  dying.connect("one")();
  await dying.clock.run(500, 5);
  expect(dying.isFenced()).toBe(true);
  const strange = watched(new Array(100).fill("unclear"));
  strange.connect("one")();
  await strange.clock.run(5_000, 5);
  expect(strange.isFenced()).toBe(false);
  expect(strange.asked.length).toBeLessThan(20);
});

test("a broker with another connection is not in question, nor one that connects again meanwhile", async () => {
  const { clock, connect, asked, isFenced } = watched(["refused", "refused"]);
  const [end, endOther] = [connect("one"), connect("two")];
  end();
  await clock.run(100, 5);
  expect(asked).toEqual([]);
  endOther();
  connect("three");
  await clock.run(100, 5);
  expect(isFenced()).toBe(false);
});

test("a connection of an earlier registration says nothing of the present one", async () => {
  const { clock, connect, asked } = watched([]);
  connect("one", 101)();
  await clock.run(100, 5);
  expect(asked).toEqual([]);
});

test("a connection that a standby has refused counts once it is the controller", () => {
  const { connect, controller, heartbeats } = watched([]);
  controller.isActive = false;
  connect("one");
  controller.isActive = true;
  expect(heartbeats.connectionOf(2)).toBe(null);
  connect("one");
  expect(heartbeats.connectionOf(2)).toBe("open");
});

test("a new controller asks for the one before it, and for no other broker", async () => {
  const { clock, watch, asked, isFenced } = watched(["refused", "refused"]);
  watch.leaderChanged(2);
  watch.leaderChanged(null);
  watch.leaderChanged(9);
  await clock.run(500, 5);
  expect(asked).toEqual([9094, 9094]);
  expect(isFenced()).toBe(true);
});

test("a new controller that hears of the one before it lets it be", async () => {
  const { clock, watch, connect, asked } = watched(["refused", "refused"]);
  watch.leaderChanged(2);
  watch.leaderChanged(9);
  connect("one");
  await clock.run(500, 5);
  expect(asked).toEqual([]);
});
