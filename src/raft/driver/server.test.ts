import { expect, test } from "bun:test";
import { ZERO_UUID } from "../../../base/uuid.ts";
import type { RaftHost } from "./host.ts";
import { backoffMs } from "./server.ts";

const self = { id: 3, directoryId: "DDDDDDDDDDDDDDDDDDDDDA" };
const host = { state: { self }, settings: { electionBackoffMaxMs: 1_000 } } as unknown as RaftHost;
const others = [1, 2, 4].map((id) => ({ id, directoryId: ZERO_UUID }));

test.each([
  ["the first of the successors", [self, ...others], 0],
  ["an heir by its id alone", [{ ...self, directoryId: ZERO_UUID }, ...others], 0],
  ["the second", [others[0], self, others[1], others[2]], 125],
  ["the third", [others[0], others[1], self, others[2]], 250],
  ["the last", [...others, self], 500],
  ["the second of two", [others[0], self], 500],
  ["who is none of them", others, 1_000],
  ["its directory before the last", [{ ...self, directoryId: "EEEEEEEEEEEEEEEEEEEEEA" }, ...others], 1_000],
])("controller.quorum.election.backoff.max.ms=1000: %s waits", (_, successors, expectedMs) => {
  expect(backoffMs(host, successors as (typeof self)[])).toBe(expectedMs);
});
