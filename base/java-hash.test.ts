import { expect, test } from "bun:test";
import { absoluteInt32, hashMapOrder, javaHash } from "./java-hash.ts";

// Expected values printed by Java.
test.each([
  ["", 0],
  ["a", 97],
  ["console-consumer-12345", 158_455_506],
  ["polygenelubricants", -0x8000_0000],
  ["größe😀", 423_021_364],
])("javaHash(%p) is Java's hashCode", (text, hash) => expect(javaHash(text)).toBe(hash));

test("the hash without a positive counterpart counts as 0", () => {
  expect(absoluteInt32(javaHash("polygenelubricants"))).toBe(0);
  expect(absoluteInt32(-5)).toBe(5);
});

test("a HashMap is walked by bucket", () => {
  expect(hashMapOrder(["roundrobin", "range", "sticky", "cooperative-sticky"])).toEqual([
    "sticky",
    "range",
    "roundrobin",
    "cooperative-sticky",
  ]);
});
