import { expect, test } from "bun:test";
import { Prng } from "../base/prng.ts";
import { FakeClock } from "../base/testing/fake-clock.ts";
import { MemoryDisk } from "../base/testing/memory-disk.ts";
import { LogDirectory } from "./log-dir.ts";
import { defaultLogSettings } from "./settings.ts";
import { append, settle, silent } from "./testing/log-fixture.ts";
import { setTwinsAside } from "./twins.ts";

const TOPIC_ID = "S7lkWmYJQbS8F3X3Ho0dCw";
const clock = new FakeClock();
const disk = new MemoryDisk();

async function open(path: string): Promise<LogDirectory> {
  const settings = { ...defaultLogSettings, segmentIndexBytes: 8000 };
  const opening = LogDirectory.open({
    ...{ disk, clock, random: new Prng(3), logger: silent, path },
    settingsFor: () => settings,
  });
  await settle(clock);
  return opening;
}

test("the longer of two logs is used, and what the other's checkpoints knew of it still holds", async () => {
  const [original, copy] = await Promise.all([open("/a"), open("/b")]);
  const log = await original.create("orders", 0, TOPIC_ID);
  append(log, { count: 3 });
  append(log, { count: 3 });
  await log.sync();
  log.updateHighWatermark(5);
  log.advanceLogStart(2, "records deleted");
  await original.checkpoint();
  const moved = await copy.create("orders", 0, TOPIC_ID);
  for (let n = 0; n < 3; n++) append(moved, { count: 3 });
  await moved.sync();
  disk.crash("none");

  const directories = await Promise.all([open("/a"), open("/b")]);
  await setTwinsAside(directories, silent);
  expect(directories.map((directory) => directory.log("orders", 0)?.logEndOffset)).toEqual([undefined, 9]);
  const used = directories[1]?.log("orders", 0);
  expect([used?.logStartOffset, used?.highWatermark]).toEqual([2, 5]);
  expect(disk.list("/a").some(({ name }) => /^orders-0\.[0-9a-f]{32}-stray$/.test(name))).toBe(true);
});
