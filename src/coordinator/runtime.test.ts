import { beforeEach, describe, expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { type ErrorName, KafkaError } from "../../protocol/errors.ts";
import { buildBatch, buildControlBatch } from "../../protocol/records/builder.ts";
import { Draft } from "./draft.ts";
import { type AppliedRecord, type Outcome, replyOnly, type Shard, type TicketAnswer } from "./outcome.ts";
import { replay } from "./replay.ts";
import { CoordinatorRuntime } from "./runtime.ts";
import { MemoryLog, MemoryLogger } from "./testing/memory-log.ts";

type Event = { readonly name: string };
type Values = Readonly<Record<string, string>>;

const utf8 = new TextEncoder();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const entry = (key: string, value: string | null) => ({
  key: utf8.encode(key),
  value: value === null ? null : utf8.encode(value),
});

/** Keys and values; `waiting` are parked requests. */
class ValuesShard implements Shard<Values, Event> {
  state: Values = {};
  readonly fired: string[] = [];
  readonly markers: string[] = [];
  readonly waiting: number[] = [];
  readonly outcomes: [string, ErrorName | null][] = [];
  loadedMs = 0;

  apply({ key, value, offset }: AppliedRecord): void {
    if (text(key) === "poison") throw new Error("cannot be applied");
    const { [text(key)]: _, ...rest } = this.state;
    this.state = value === null ? rest : { ...rest, [text(key)]: `${text(value)}@${offset}` };
  }
  applyMarker(producerId: number, committed: boolean): void {
    this.markers.push(`${producerId} ${committed}`);
  }
  loaded(nowMs: number): Outcome<void, Event> {
    this.loadedMs = nowMs;
    return replyOnly(undefined);
  }
  unloaded(): TicketAnswer[] {
    return this.waiting.map((ticket) => ({ ticket, response: "unloaded" }));
  }
  fire(event: Event): Outcome<void, Event> {
    this.fired.push(event.name);
    return replyOnly(undefined);
  }
  settled(event: Event, error: ErrorName | null): Outcome<void, Event> {
    this.outcomes.push([event.name, error]);
    return replyOnly(undefined);
  }
}

class World {
  readonly clock = new FakeClock();
  readonly log = new MemoryLog();
  readonly logger = new MemoryLogger();
  readonly shards: ValuesShard[] = [];
  readonly runtime = new CoordinatorRuntime<Values, Event, ValuesShard>(
    {
      topic: "values",
      writer: this.log,
      clock: this.clock,
      logger: this.logger,
      writeTimeoutMs: () => 5000,
      loadBytesMax: () => 100,
      codec: () => "none",
    },
    () => {
      const shard = new ValuesShard();
      this.shards.push(shard);
      return shard;
    },
  );

  get shard(): ValuesShard {
    return this.shards.at(-1) as ValuesShard;
  }

  /** Becomes the leader and loads to the end. */
  async elect(epoch = 0): Promise<void> {
    let done = false;
    const loaded = this.runtime.elect(0, epoch).then(() => {
      done = true;
    });
    while (!done) {
      await Promise.resolve();
      this.clock.advance(0);
    }
    await loaded;
  }

  put(key: string, value: string | null, reply = "ok") {
    return this.runtime.write(0, () => {
      const draft = new Draft<Event>();
      draft.write(entry(key, value));
      return draft.outcome(reply);
    });
  }

  committed(): Values {
    return this.runtime.read(0, (_, state) => state);
  }

  /** The end of a turn, and the commit of what it wrote. */
  turn(): void {
    this.clock.endTurn();
    this.log.commit();
  }
}

const errorOf = async (answer: unknown): Promise<string> => {
  try {
    return `answered ${await (answer as Promise<unknown>)}`;
  } catch (error) {
    return error instanceof KafkaError ? error.error : String(error);
  }
};
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await Promise.resolve();
  await Promise.resolve();
  return settled;
};

let world: World;
beforeEach(async () => {
  world = new World();
  await world.elect();
});

describe("a write", () => {
  test("waits for its commit; until then only the shard itself sees it", async () => {
    const reply = world.put("a", "1") as Promise<string>;
    expect(world.shard.state).toEqual({ a: "1@0" });
    world.clock.endTurn();
    expect(await isSettled(reply)).toBe(false);
    expect(world.committed()).toEqual({});
    world.log.commit();
    expect(await reply).toBe("ok");
    expect(world.committed()).toEqual({ a: "1@0" });
  });

  test("shares the batch of its turn with the others", async () => {
    const replies = [world.put("a", "1"), world.put("b", "2"), world.put("a", "3")];
    world.turn();
    await Promise.all(replies);
    expect(world.log.appends).toBe(1);
    expect(world.committed()).toEqual({ a: "3@2", b: "2@1" });
  });

  test("without records is answered at once, unless it has read what is not committed", async () => {
    const look = () => world.runtime.write(0, (shard) => replyOnly(Object.keys(shard.state).join()));
    expect(look()).toBe("");
    const written = world.put("a", "1");
    const seen = look();
    expect(seen).toBeInstanceOf(Promise);
    world.clock.endTurn();
    const seenLater = look() as Promise<string>;
    expect(await isSettled(seenLater)).toBe(false);
    world.log.commit();
    expect(await Promise.all([written, seen, seenLater])).toEqual(["ok", "a", "a"]);
    expect(look()).toBe("a");
  });

  test("that cannot be appended is taken back with its whole turn; the next one works", async () => {
    void world.put("a", "1");
    world.turn();
    const before = world.shard.state;
    world.log.failure = "NOT_ENOUGH_REPLICAS";
    const replies = [world.put("a", "2"), world.put("b", "3"), world.runtime.write(0, () => replyOnly("read"))];
    world.clock.endTurn();
    expect(await Promise.all(replies.map(errorOf))).toEqual(replies.map(() => "NOT_ENOUGH_REPLICAS"));
    expect(world.shard.state).toBe(before);
    world.log.failure = null;
    const reply = world.put("b", "4");
    world.turn();
    expect(await reply).toBe("ok");
    expect(world.committed()).toEqual({ a: "1@0", b: "4@1" });
  });

  test("that is not committed in time is refused, and may be committed later", async () => {
    const reply = world.put("a", "1");
    world.clock.endTurn();
    world.clock.advance(4999);
    expect(await isSettled(reply as Promise<string>)).toBe(false);
    world.clock.advance(1);
    expect(await errorOf(reply)).toBe("REQUEST_TIMED_OUT");
    world.log.commit();
    expect(world.committed()).toEqual({ a: "1@0" });
  });

  test("too large for the open batch starts another one", async () => {
    world.log.batchBytes = 200;
    const replies = ["a", "b", "c"].map((key) => world.put(key, "x".repeat(60)));
    world.turn();
    expect(await Promise.all(replies)).toEqual(["ok", "ok", "ok"]);
    expect(world.log.appends).toBe(3);
  });

  test("of many records may be split where it says so, and is too large where it does not", async () => {
    world.log.batchBytes = 200;
    const put = (splittable: boolean) =>
      world.runtime.write(0, () => {
        const draft = new Draft<Event>();
        for (const key of ["a", "b", "c"]) draft.write(entry(key, "x".repeat(60)));
        if (splittable) draft.splittable();
        return draft.outcome("ok");
      });
    const whole = put(false);
    world.turn();
    expect(await errorOf(whole)).toBe("MESSAGE_TOO_LARGE");
    expect(world.shard.state).toEqual({});
    const split = put(true);
    world.turn();
    expect(await split).toBe("ok");
    expect(Object.keys(world.committed())).toEqual(["a", "b", "c"]);
  });

  test("whose record cannot be applied fails alone with its turn", async () => {
    const replies = [world.put("a", "1"), world.put("poison", "1")];
    expect(await errorOf(replies[0])).toContain("cannot be applied");
    expect(await errorOf(replies[1])).toContain("cannot be applied");
    expect(world.shard.state).toEqual({});
    expect(world.log.appends).toBe(0);
  });

  test("ahead of the log is not applied; the shard hears what became of it", async () => {
    const ahead = (name: string) =>
      world.runtime.write(0, () => {
        const draft = new Draft<Event>();
        draft.writeAhead(entry("a", name), { name });
        return draft.outcome(name);
      });
    const stored = ahead("first");
    expect(world.shard.state).toEqual({});
    world.clock.endTurn();
    expect(world.shard.outcomes).toEqual([]);
    world.log.commit();
    expect(await stored).toBe("first");
    world.log.failure = "NOT_LEADER_OR_FOLLOWER";
    const refused = ahead("second");
    world.clock.endTurn();
    expect(await errorOf(refused)).toBe("NOT_LEADER_OR_FOLLOWER");
    expect(world.shard.outcomes).toEqual([
      ["first", null],
      ["second", "NOT_LEADER_OR_FOLLOWER"],
    ]);
  });
});

describe("a parked request", () => {
  const park = () =>
    world.runtime.park<string>(0, (shard, _, ticket) => {
      shard.waiting.push(ticket);
      return new Draft<Event>().outcome(undefined);
    });
  const answer = (ticket: number, response: unknown) =>
    world.runtime.write(0, () => {
      const draft = new Draft<Event>();
      draft.answer(ticket, response);
      return draft.outcome("answered");
    });

  test("is answered by a later operation", async () => {
    const reply = park() as Promise<string>;
    expect(await isSettled(reply)).toBe(false);
    expect(answer(world.shard.waiting[0] as number, "now")).toBe("answered");
    expect(await reply).toBe("now");
  });

  test("is answered at once where the shard knows the answer", () => {
    const reply = world.runtime.park<string>(0, (_, __, ticket) => {
      const draft = new Draft<Event>();
      draft.answer(ticket, "at once");
      return draft.outcome(undefined);
    });
    expect(reply).toBe("at once");
  });

  test("is refused where its record cannot be appended", async () => {
    const reply = world.runtime.park<string>(0, () => {
      const draft = new Draft<Event>();
      draft.write(entry("a", "1"));
      return draft.outcome(undefined);
    });
    world.log.failure = "KAFKA_STORAGE_ERROR";
    world.clock.endTurn();
    expect(await errorOf(reply)).toBe("KAFKA_STORAGE_ERROR");
  });

  test("gets the shard's last word when the partition goes", async () => {
    const reply = park();
    world.runtime.resign(0, 1);
    expect(await reply).toBe("unloaded");
  });
});

describe("leading and losing a partition", () => {
  test("what was written is loaded again, in slices, and gives the same state", async () => {
    for (let i = 0; i < 20; i++) void world.put(`key ${i % 7}`, i % 5 === 0 ? null : `value ${i}`);
    world.turn();
    for (let i = 0; i < 20; i++) {
      void world.put(`key ${i % 3}`, `again ${i}`);
      world.turn();
    }
    const before = world.shard.state;
    world.runtime.resign(0, 1);
    await world.elect(2);
    expect(world.shards).toHaveLength(2);
    expect(world.shard.state).toEqual(before);
    expect(world.committed()).toEqual(before);
    expect(world.logger.lines.some((line) => line.includes("values-0 loaded: 40 records"))).toBe(true);
  });

  test("nothing is read before all that was loaded is committed: it may have been so under the last leader", async () => {
    void world.put("a", "1");
    world.turn();
    const unknown = errorOf(world.put("a", "2"));
    world.clock.endTurn();
    world.runtime.resign(0, 1);
    expect(await unknown).toBe("NOT_COORDINATOR");
    await world.elect(2);
    expect(world.shard.state).toEqual({ a: "2@1" });
    expect(() => world.committed()).toThrow(expect.objectContaining({ error: "COORDINATOR_LOAD_IN_PROGRESS" }));
    world.log.commit();
    expect(world.committed()).toEqual({ a: "2@1" });
    void world.put("a", "3");
    world.clock.endTurn();
    expect(world.committed()).toEqual({ a: "2@1" });
  });

  test("transactional records and their markers reach the shard", async () => {
    world.runtime.resign(0, 1);
    const key = utf8.encode("a");
    const record = { timestamp: 1, key, value: key };
    world.log.put(buildBatch([record], { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true }));
    for (const type of ["COMMIT", "ABORT"] as const) {
      world.log.put(
        buildControlBatch(type, new Uint8Array(6), 2, { producerId: 7, producerEpoch: 0, isTransactional: true }),
      );
    }
    await world.elect(2);
    expect(world.shard.markers).toEqual(["7 true", "7 false"]);
  });

  test("before, while loading and after, requests are told so", async () => {
    const { runtime } = new World();
    expect(() => runtime.read(0, () => 0)).toThrow("not led by this node");
    void world.put("a", "1");
    world.turn();
    world.runtime.resign(0, 1);
    const loading = world.runtime.elect(0, 2);
    expect(() => world.committed()).toThrow("is being loaded");
    world.clock.advance(0);
    world.runtime.resign(0, 3);
    expect(() => world.committed()).toThrow("not led by this node");
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
      world.clock.advance(0);
    }
    await loading;
    expect(() => world.committed()).toThrow("not led by this node");
  });

  test("a resignation of an earlier epoch is no news, a later election of the same node keeps the state", async () => {
    const reply = world.put("a", "1");
    world.runtime.resign(0, 0);
    await world.runtime.elect(0, 5);
    expect(world.shards).toHaveLength(1);
    world.turn();
    expect(await reply).toBe("ok");
  });

  test("a partition given up refuses what waits", async () => {
    const appended = world.put("a", "1");
    world.clock.endTurn();
    const open = world.put("b", "1");
    world.runtime.resign(0, null);
    expect(await Promise.all([errorOf(appended), errorOf(open)])).toEqual(["NOT_COORDINATOR", "NOT_COORDINATOR"]);
  });

  test("a log that is lost is loaded again as soon as it can be", async () => {
    void world.put("a", "1");
    world.turn();
    const reply = world.put("a", "2");
    world.log.lose();
    expect(await errorOf(reply)).toBe("NOT_COORDINATOR");
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
      world.clock.advance(0);
    }
    expect(world.committed()).toEqual({ a: "1@0" });
  });

  test("a log that somebody else wrote to is loaded again", async () => {
    void world.put("a", "1");
    world.turn();
    world.log.put(buildBatch([{ timestamp: 1, key: utf8.encode("b"), value: utf8.encode("9") }]));
    const reply = world.put("a", "2");
    world.clock.endTurn();
    expect(await errorOf(reply)).toBe("NOT_COORDINATOR");
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
      world.clock.advance(0);
    }
    world.log.commit();
    expect(world.committed()).toEqual({ a: "2@2", b: "9@1" });
  });
});

describe("replay", () => {
  /** One uncompressed message of magic 1. */
  function legacy(offset: number, key: string, value: string): Uint8Array {
    const bytes = new Uint8Array(26 + 4 + key.length + 4 + value.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(4, offset);
    view.setUint32(8, bytes.length - 12);
    bytes[16] = 1;
    bytes.set([0, 0, 0, key.length, ...utf8.encode(key)], 26);
    bytes.set([0, 0, 0, value.length, ...utf8.encode(value)], 30 + key.length);
    return bytes;
  }

  test("takes message sets of before Kafka 0.11, too", () => {
    const shard = new ValuesShard();
    const entries = [legacy(7, "a", "1"), legacy(9, "b", "2")];
    const bytes = Uint8Array.from(entries.flatMap((each) => [...each]));
    expect(replay(shard, bytes, 0, () => {})).toEqual({ nextOffset: 10, records: 2 });
    expect(shard.state).toEqual({ a: "1@7", b: "2@9" });
  });

  test("leaves out what lies before the offset it begins at", () => {
    const shard = new ValuesShard();
    const records = ["a", "b", "c"].map((key) => ({ timestamp: 1, key: utf8.encode(key), value: utf8.encode("1") }));
    expect(replay(shard, buildBatch(records), 2, () => {})).toEqual({ nextOffset: 3, records: 1 });
    expect(Object.keys(shard.state)).toEqual(["c"]);
  });

  test("refuses a record without a key", () => {
    const bytes = buildBatch([{ timestamp: 1, key: null, value: utf8.encode("1") }]);
    expect(() => replay(new ValuesShard(), bytes, 0, () => {})).toThrow("has no key");
  });
});

describe("timers", () => {
  const set = (key: string, afterMs: number, name: string | null) =>
    world.runtime.write(0, () => {
      const draft = new Draft<Event>();
      if (name === null) draft.cancelTimer(key);
      else draft.setTimer(key, afterMs, { name });
      return draft.outcome("set");
    });

  test("fire once, when they are due", () => {
    void set("a", 100, "late");
    void set("b", 50, "early");
    world.clock.advance(99);
    expect(world.shard.fired).toEqual(["early"]);
    world.clock.advance(1000);
    expect(world.shard.fired).toEqual(["early", "late"]);
  });

  test.each([
    ["later", 100, 300],
    ["sooner", 300, 100],
  ])("set again %s they only fire the second time", (_, firstMs, secondMs) => {
    void set("a", firstMs, "first");
    world.clock.advance(50);
    void set("a", secondMs, "second");
    world.clock.advance(secondMs - 1);
    expect(world.shard.fired).toEqual([]);
    world.clock.advance(1);
    expect(world.shard.fired).toEqual(["second"]);
    world.clock.advance(1000);
    expect(world.shard.fired).toEqual(["second"]);
  });

  test("cancelled, or of a shard that is gone, they do not fire", () => {
    void set("a", 100, "first");
    void set("b", 100, "second");
    void set("a", 0, null);
    const { shard } = world;
    world.clock.advance(50);
    world.runtime.resign(0, 1);
    world.clock.advance(1000);
    expect(shard.fired).toEqual([]);
  });
});
