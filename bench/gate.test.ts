import { expect, test } from "bun:test";
import { first, startBed } from "./bed.ts";
import { hotPaths, readBudget, runOf } from "./gate.ts";

const TIMES = 40;

test("a request of a hot path calls disk and socket no more often than its budget says", async () => {
  const bed = await startBed(["small", "large"]);
  try {
    const budget = readBudget();
    for (const path of hotPaths(1)) {
      const frames = path.frames(0);
      const client = await first(bed, frames[0] as Uint8Array);
      if (path.name === "produce, 16 KB") runOf(bed, client, path, 1, 400); // what the fetches read
      const { objects: _, ...calls } = runOf(bed, client, path, frames.length === 1 ? 1 : 0, TIMES);
      const { objects: __, ...allowed } = budget[path.name] ?? { objects: 0 };
      for (const [call, count] of Object.entries(calls)) {
        const most = (allowed as Record<string, number>)[call] as number;
        expect([path.name, call, count <= most + 0.05]).toEqual([path.name, call, true]);
      }
    }
  } finally {
    await bed.dispose();
  }
});
