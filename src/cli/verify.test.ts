/** `odradek verify DIR` as a person and as a program see it; what it finds is shown where damage is made. */
import { expect, test } from "bun:test";
import { FakeClock } from "../../base/testing/fake-clock.ts";
import type { MemoryDisk } from "../../base/testing/memory-disk.ts";
import { createTopic, produce } from "../broker/testing/admin.ts";
import { MemoryNode } from "../broker/testing/memory-node.ts";
import { verify } from "./verify.ts";
import { progressBar } from "./verify-report.ts";

const SEGMENT = "orders-0/00000000000000000000.log";

/** A directory as a stop leaves it. */
async function stopped(): Promise<MemoryDisk> {
  const node = await MemoryNode.start({ "log.dirs": "/srv/data" });
  await createTopic(node, "orders");
  for (let n = 0; n < 3; n++) await produce(node, "orders");
  await node.stop();
  return node.disk;
}

async function run(disk: MemoryDisk, directory: string, { json = false, columns = null as number | null } = {}) {
  const clock = new FakeClock();
  const said = { out: "", err: "" };
  const terminal = {
    workingDirectory: "/srv",
    print: (text: string) => {
      said.out += text;
    },
    printError: (text: string) => {
      said.err += text;
    },
  };
  let exitCode: number | null = null;
  const verified = verify({ command: "verify", directory, json }, { disk, clock, terminal, columns });
  void verified.then((code) => {
    exitCode = code;
  });
  while (exitCode === null) await clock.run(1);
  return { ...said, exitCode: exitCode as number };
}

test("a sound directory: one line, exit code 0, and no bar where nobody looks", async () => {
  const { out, err, exitCode } = await run(await stopped(), "data");
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toMatch(/^\/srv\/data is sound \(2 partitions, \d+ files, \d+ batches, \d+ records, [\d.]+ KiB\)\.\n$/);
});

test("a damaged one: the file, the byte, exit code 1", async () => {
  const disk = await stopped();
  disk.plant(`/srv/data/${SEGMENT}`, disk.contentOf(`/srv/data/${SEGMENT}`).fill(7, 100, 110));
  const { out, exitCode } = await run(disk, "/srv/data/");
  expect(exitCode).toBe(1);
  expect(out).toContain(`damaged:\n  ${SEGMENT} at byte 0: `);
  expect(out).toMatch(/\/srv\/data is damaged: \d+ findings? \(/);
});

test("--json says the same to a program", async () => {
  const disk = await stopped();
  const sound = JSON.parse((await run(disk, "data", { json: true })).out);
  expect([sound.path, sound.sound, sound.partitions, sound.findings]).toEqual(["/srv/data", true, 2, []]);
  disk.plant(`/srv/data/${SEGMENT}`, disk.contentOf(`/srv/data/${SEGMENT}`).fill(7, 100, 110));
  const { out, exitCode } = await run(disk, "data", { json: true });
  const { sound: isSound, findings } = JSON.parse(out);
  expect([exitCode, isSound]).toEqual([1, false]);
  expect(findings).toContainEqual(
    expect.objectContaining({ severity: "damage", path: `/srv/data/${SEGMENT}`, position: 0 }),
  );
});

test("what cannot be checked is one sentence and exit code 2", async () => {
  const disk = await stopped();
  expect(await run(disk, "elsewhere")).toEqual({
    exitCode: 2,
    out: "",
    err: "There is no directory /srv/elsewhere.\n",
  });
  const lock = disk.lock("/srv/data/.lock");
  const busy = await run(disk, "data");
  expect(busy).toEqual({ exitCode: 2, out: "", err: "/srv/data is in use by a broker: stop it first.\n" });
  lock?.release();
});

test("a terminal gets a bar, which is gone when the report comes", async () => {
  const { err } = await run(await stopped(), "data", { columns: 80 });
  expect(err).toMatch(/^\r\[#* *\] +\d+ % {2}[\d.]+ KiB of [\d.]+ KiB/);
  expect(err).toEndWith("\r\u001b[K");
});

test("the bar fits its terminal, and is full at the end", () => {
  expect(progressBar(1 << 20, 4 << 20, 80)).toBe(`[${"#".repeat(10)}${" ".repeat(30)}]  25 %  1.0 MiB of 4.0 MiB`);
  expect(progressBar(5, 4, 20)).toContain("100 %");
  expect(progressBar(1 << 20, 4 << 20, 40).length).toBeLessThanOrEqual(40);
});
