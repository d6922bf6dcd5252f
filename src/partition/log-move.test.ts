/** A move of a log that is cut off at each operation of the disk: one log is left, with all that was promised. */
import { expect, test } from "bun:test";
import { Prng } from "../../base/prng.ts";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import { MemoryDisk, type Survival } from "../../base/testing/memory-disk.ts";
import type { Log } from "../../storage/log.ts";
import { LogDirectory } from "../../storage/log-dir.ts";
import { defaultLogSettings } from "../../storage/settings.ts";
import { append, settle, silent } from "../../storage/testing/log-fixture.ts";
import { setTwinsAside } from "../../storage/twins.ts";
import { LogMove } from "./log-move.ts";
import type { Replica } from "./replica.ts";
import { ReplicationQuota } from "./replication-quota.ts";

const topicId = "S7lkWmYJQbS8F3X3Ho0dCw";
const settings = { ...defaultLogSettings, segmentBytes: 700_000, segmentIndexBytes: 8000 };

const LOG_START = 2;

class Machine {
  readonly clock = new FakeClock();
  readonly disk = new MemoryDisk();
  /** Below, records are durable where the partition is served from. */
  promised = 0;

  async open(): Promise<LogDirectory[]> {
    const { disk, clock } = this;
    const random = new Prng(3);
    const common = { disk, clock, random, logger: silent, settingsFor: () => settings };
    const opening = Promise.all(["/a", "/b"].map((path) => LogDirectory.open({ ...common, path })));
    await settle(clock);
    const directories = await opening;
    await setTwinsAside(directories, silent);
    return directories;
  }

  /** A partition of some records in the first directory, on its way into the second. */
  async begin(): Promise<{ replica: { log: Log }; move: LogMove }> {
    const [source, target] = (await this.open()) as [LogDirectory, LogDirectory];
    const log = await source.create("orders", 0, topicId);
    append(log, { count: LOG_START + 1, valueBytes: 1000 });
    for (let n = 0; n < 4; n++) append(log, { valueBytes: 300_000 });
    await log.sync();
    log.updateHighWatermark(log.logEndOffset);
    log.advanceLogStart(LOG_START, "records deleted"); // within the first batch
    await source.checkpoint();
    this.promised = log.logEndOffset;
    const replica = {
      ...{ name: "orders-0", topic: "orders", partition: 0, topicId, log },
      moveTo(moved: Log) {
        replica.log = moved;
      },
    };
    const { clock } = this;
    const nothing = async () => {};
    // Records come as late as can be: they are copied in the turn of the swap.
    const pause = () => this.use(replica);
    const quota = new ReplicationQuota(clock, { rate: Infinity, windowMs: 1_000, windows: 11 });
    const doors = { clock, logger: silent, assign: nothing, pause, resume: () => {}, quota };
    return { replica, move: new LogMove({ replica: replica as unknown as Replica, source, target, ...doors }) };
  }

  /** Records come all the time, and are promised when they are durable. */
  async use(replica: { log: Log }): Promise<void> {
    try {
      append(replica.log, { valueBytes: 1000 });
      await replica.log.sync();
      this.promised = Math.max(this.promised, replica.log.durableOffset);
    } catch {
      // the machine has gone
    }
  }
}

const changing = ["write", "rename", "sync", "syncDirectory", "truncate", "unlink", "open", "makeDirectory"];

/** `busy`: records come all the time, else only until the swap. True when the move ended before the crash came. */
async function crashAt(at: number, survival: Survival, busy: boolean): Promise<boolean> {
  const machine = new Machine();
  const { clock, disk } = machine;
  const { replica, move } = await machine.begin();
  let left = at;
  disk.fault = (operation) => (changing.includes(operation) && left-- <= 0 ? "EIO" : null);
  let moved = false;
  void move.run().then((result) => {
    moved = result;
  });
  for (let n = 0; n < 20 && left > 0; n++) {
    if (busy) await machine.use(replica);
    await clock.run(1);
  }
  await clock.run(20, 1);
  disk.fault = () => null;
  disk.crash(survival);
  clock.dropTimers();
  const directories = await machine.open();
  const logs = directories.flatMap((directory) => directory.log("orders", 0) ?? []);
  expect(logs).toHaveLength(1);
  expect(logs[0]?.logEndOffset).toBeGreaterThanOrEqual(machine.promised);
  expect(logs[0]?.logStartOffset).toBe(LOG_START);
  for (const directory of directories) expect(directory.moving.left()).toEqual([]);
  return moved && left > 0;
}

test("cut off at any operation a move leaves one log, with all that was promised", async () => {
  let at = 1;
  while (at < 400 && !(await crashAt(at, "none", false))) {
    if (at % 4 === 0) await crashAt(at, at % 8 === 0 ? "none" : new Prng(at), true);
    at++;
  }
  expect(at).toBeGreaterThan(30);
  expect(at).toBeLessThan(400);
}, 60_000);
