import { expect, test } from "bun:test";
import { Garbage } from "./garbage.ts";

function counted() {
  const seen = { reclaimed: 0 };
  const garbage = new Garbage({
    crc32c: () => Promise.reject(new Error("not needed")),
    reclaim: () => {
      seen.reclaimed++;
    },
  });
  const request = (elements: number) => {
    garbage.reclaimIfDue();
    garbage.made(elements);
  };
  const reply = (bytes: number) => {
    garbage.reclaimIfDue();
    garbage.wrote(bytes);
  };
  return { seen, request, reply };
}

test("memory is reclaimed before the request that follows a quarter of a million elements", () => {
  const { seen, request } = counted();
  request(200_000);
  request(63_000);
  expect(seen.reclaimed).toBe(0);
  request(1);
  expect(seen.reclaimed).toBe(1);
  request(200_000);
  request(1);
  expect(seen.reclaimed).toBe(1);
});

test("everyday requests are left to the collector, however many", () => {
  const { seen, request } = counted();
  for (let n = 0; n < 1_000; n++) request(9_999);
  expect(seen.reclaimed).toBe(0);
});

test("large replies count beside requests of many elements", () => {
  const { seen, request, reply } = counted();
  reply(100 << 20);
  request(50_000);
  expect(seen.reclaimed).toBe(0);
  reply(8 << 20);
  reply(1);
  expect(seen.reclaimed).toBe(1);
});
