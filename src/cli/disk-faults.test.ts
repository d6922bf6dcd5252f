/** Disk operations of a whole node fail, one at a time; `npm run damage -- --faults` takes every call site. */
import { expect, test } from "bun:test";
import { callSites, judgeFault, judgeSites } from "./testing/disk-faults.ts";

const sites = await callSites();

test("a disk operation that fails once costs nothing that was acknowledged", async () => {
  expect(sites.length).toBeGreaterThan(200);
  const { failures, byEnd } = await judgeSites(
    sites.filter((_, n) => n % 20 === 0),
    1,
  );
  expect(failures).toEqual([]);
  expect([...byEnd.keys()].sort()).toEqual(["did not start", "directory offline", "node ended", "went on"]);
});

test("the harness sees a loss: acknowledged from the page cache, records are missing", async () => {
  const settings = { "odradek.flush.before.ack": "false" };
  const syncs = (await callSites(settings)).filter(({ name }) => name.startsWith("sync /orders-N/N.log"));
  const operations = syncs.flatMap((site) => site.operations).sort((a, b) => a - b);
  let lost = 0;
  for (let n = operations.length >> 1; n < operations.length && lost === 0; n++) {
    const { faults } = await judgeFault({ operation: operations[n] as number, kind: "EIO", settings });
    lost += faults.filter((fault) => fault.includes("lacks offset")).length;
  }
  expect(lost).toBeGreaterThan(0);
});
