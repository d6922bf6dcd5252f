import { expect, test } from "bun:test";
import { ConnectionLimits, type Counted } from "./connection-limits.ts";
import { defaultServerSettings } from "./settings.ts";

class Fake implements Counted {
  state = "new";
  readonly host: string;
  readonly isProtected: boolean;
  lastActiveMs = 0;
  constructor(host: string, isProtected = false) {
    this.host = host;
    this.isProtected = isProtected;
  }
  admitted() {
    this.state = "reads";
  }
  waits() {
    this.state = "waits";
  }
  displaced() {
    this.state = "displaced";
  }
}

test("an address has its maximum, also with those that wait", () => {
  const limits = new ConnectionLimits({
    ...defaultServerSettings,
    connectionsPerHostMax: (host) => (host === "a" ? 2 : 1),
  });
  const first = new Fake("a");
  expect([first, new Fake("a"), new Fake("a"), new Fake("b"), new Fake("b")].map((one) => limits.accepts(one))).toEqual(
    [...[true, true, false], ...[true, false]],
  );
  limits.closed(first);
  expect(limits.accepts(new Fake("a"))).toBe(true);
});

test("over the total a connection waits for a free place, in order", () => {
  let max = 1;
  const limits = new ConnectionLimits({ ...defaultServerSettings, connectionsMax: () => max });
  const all = [new Fake("a"), new Fake("b"), new Fake("c"), new Fake("d")] as const;
  for (const one of all) limits.accepts(one);
  expect(all.map(({ state }) => state)).toEqual(["reads", "waits", "waits", "waits"]);
  limits.closed(all[1]); // gave up while it waited
  limits.closed(all[0]);
  expect(all.map(({ state }) => state)).toEqual(["reads", "waits", "reads", "waits"]);
  max = 2;
  limits.fill();
  expect(all[3].state).toBe("reads");
});

test("a connection between brokers displaces the least active of another listener", () => {
  const limits = new ConnectionLimits({ ...defaultServerSettings, connectionsMax: () => 2 });
  const busy = new Fake("a");
  const quiet = new Fake("b");
  const broker = new Fake("c", true);
  for (const one of [busy, quiet]) limits.accepts(one);
  busy.lastActiveMs = 9;
  quiet.lastActiveMs = 5;
  limits.accepts(broker);
  expect([busy.state, quiet.state, broker.state]).toEqual(["reads", "displaced", "reads"]);
});
