import { expect, test } from "bun:test";
import { restore } from "../core.ts";
import type { Endpoint, Voter } from "../state.ts";
import { Addresses, type RaftHost } from "./host.ts";

const at = (port: number): Endpoint => ({ name: "CONTROLLER", host: "localhost", port });
const directoryId = "NljEMhQ0ROOT6owx936vuw";
const voter = (id: number): Voter => ({ id, directoryId, endpoints: [at(id)], kraftVersions: [0, 1] });
const state = restore({
  self: { id: 1, directoryId },
  endpoints: [at(1)],
  election: null,
  log: { offset: 0, epoch: 0, durableOffset: 0 },
  voters: [{ offset: -1, value: [voter(1), voter(2)] }],
  kraftVersion: [{ offset: -1, value: 1 }],
});
const host = { state, listenerName: "CONTROLLER" } as RaftHost;

test("a leader is where it says it is, a voter where the voter set says: it may have moved since it led", () => {
  const addresses = new Addresses();
  expect([addresses.ofLeader(host, 2)?.port, addresses.ofVoter(host, 2)?.port]).toEqual([2, 2]);
  addresses.learn(2, at(102));
  expect([addresses.ofLeader(host, 2)?.port, addresses.ofVoter(host, 2)?.port]).toEqual([102, 2]);
});

test("who is in no voter set is where somebody said it is", () => {
  const addresses = new Addresses();
  expect(addresses.ofVoter(host, 3)).toBeNull();
  addresses.learn(3, at(103));
  expect([addresses.ofLeader(host, 3)?.port, addresses.ofVoter(host, 3)?.port]).toEqual([103, 103]);
});

test("a node knows its own address better than anybody", () => {
  const addresses = new Addresses();
  addresses.learn(1, at(101));
  expect([addresses.ofLeader(host, 1)?.port, addresses.ofVoter(host, 1)?.port]).toEqual([1, 1]);
});
