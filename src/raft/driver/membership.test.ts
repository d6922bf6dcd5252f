/** What a controller that joins by itself asks of leaders that know each version of AddRaftVoter. */
import { expect, test } from "bun:test";
import { FakeClock } from "../../../base/testing/fake-clock.ts";
import type { AddRaftVoterRequest } from "../../../protocol/generated/add-raft-voter.ts";
import { type RequestOf, requestIn } from "../../../protocol/message.ts";
import { restore } from "../core.ts";
import type { Voter } from "../state.ts";
import { controllerAt, silent } from "../testing/raft-fixture.ts";
import type { RaftClient } from "./client.ts";
import type { RaftHost } from "./host.ts";
import { Membership } from "./membership.ts";

const leader: Voter = {
  id: 1,
  directoryId: "AdirectoryOfThisNodeAA",
  endpoints: [controllerAt(9093)],
  kraftVersions: [0, 1],
};

test.each([
  [0, true],
  [1, false],
])("AddRaftVoter v%i is answered when it is committed: %p", async (version, ackWhenCommitted) => {
  const clock = new FakeClock();
  const asked: AddRaftVoterRequest[] = [];
  const state = restore({
    self: { id: 2, directoryId: "BdirectoryOfThisNodeAA" },
    endpoints: [controllerAt(9094)],
    election: { epoch: 1, leaderId: 1, votedFor: null },
    log: { offset: 5, epoch: 1, durableOffset: 5 },
    voters: [{ offset: 1, value: [leader] }],
    kraftVersion: [{ offset: 1, value: 1 }],
  });
  const host = {
    state: { ...state, role: { name: "follower", leaderId: 1, hasFetched: true } },
    clock,
    logger: silent,
    clusterId: "cluster",
    canBecomeVoter: true,
    isClosed: false,
    settings: { autoJoin: true, fetchTimeoutMs: 2_000, requestTimeoutMs: 2_000 },
    network: {
      ask: (_to: unknown, _message: unknown, request: RequestOf<AddRaftVoterRequest>) => {
        asked.push(requestIn(request, version));
        return Promise.resolve({ throttleTimeMs: 0, errorCode: 0, errorMessage: null });
      },
    },
  };
  const membership = new Membership(host as unknown as RaftHost, {} as RaftClient, () => ({ host: "one", port: 9093 }));
  membership.start();
  await clock.run(2_000, 100);
  membership.close();
  expect(asked).toEqual([expect.objectContaining({ voterId: 2, ackWhenCommitted })]);
});
