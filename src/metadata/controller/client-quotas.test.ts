import { expect, test } from "bun:test";
import { applyRecords } from "../apply.ts";
import { clusterImage } from "../testing/controller-fixture.ts";
import { alterClientQuotas } from "./client-quotas.ts";

const empty = clusterImage([{ id: 1 }]);
const alice = [{ entityType: "user", entityName: "alice" }];

const alter = (image: typeof empty, ops: readonly (readonly [string, number | null])[], validateOnly = false) =>
  alterClientQuotas(
    { image },
    {
      entries: [
        { entity: alice, ops: ops.map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })) },
      ],
      validateOnly,
    },
  );
const quotas = (image: typeof empty) => [...image.clientQuotas.values()].map((each) => Object.fromEntries(each.quotas));

test("quotas are set, changed and removed; what stays the same is not written", () => {
  const set = applyRecords(empty, [
    ...alter(empty, [
      ["producer_byte_rate", 10],
      ["consumer_byte_rate", 20],
    ]).records,
  ]);
  expect(quotas(set)).toEqual([{ producer_byte_rate: 10, consumer_byte_rate: 20 }]);
  expect(alter(set, [["producer_byte_rate", 10]]).records).toEqual([]);
  expect(alter(set, [["request_percentage", null]]).records).toEqual([]);
  const left = applyRecords(set, [
    ...alter(set, [
      ["producer_byte_rate", null],
      ["consumer_byte_rate", null],
    ]).records,
  ]);
  expect(quotas(left)).toEqual([]);
});

test("an entity with one bad quota keeps all of its own", () => {
  const { records, reply } = alter(empty, [
    ["producer_byte_rate", 10],
    ["nonsense", 1],
  ]);
  expect(records).toEqual([]);
  expect(reply.entries).toEqual([{ errorCode: 42, errorMessage: "Invalid configuration key nonsense", entity: alice }]);
});

test("validate-only writes nothing", () => {
  expect(alter(empty, [["producer_byte_rate", 10]], true).records).toEqual([]);
});
