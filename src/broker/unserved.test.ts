import { expect, test } from "bun:test";
import { PersistentMap } from "../../base/persistent-map.ts";
import { emptyImage, type MetadataImage, type TopicImage } from "../metadata/image.ts";
import { unservedIn } from "./unserved.ts";

const one = PersistentMap.of([["any", {} as never]]);
const topicNamed = (name: string) =>
  PersistentMap.of<string, TopicImage>([[name, { name, id: "", partitions: new Map() }]]);

test.each<[string, Partial<MetadataImage>, RegExp]>([
  ["ACLs", { acls: one }, /^ACLs \(1\).*not enforced/],
  ["SCRAM credentials", { scramCredentials: one }, /^SCRAM credentials \(1\) are kept/],
  ["delegation tokens", { delegationTokens: one }, /^Delegation tokens \(1\) are kept/],
  ["client quotas", { clientQuotas: one }, /^Client quotas \(1\).*not enforced/],
  ["transactions", { topicsByName: topicNamed("__transaction_state") }, /^Transactions are not served/],
  ["share groups", { topicsByName: topicNamed("__share_group_state") }, /^Share groups are not served/],
])("%s are named", (_, part, sentence) => {
  const named = unservedIn({ ...emptyImage(), ...part });
  expect(named).toHaveLength(1);
  expect(named[0]).toMatch(sentence);
});

test("a cluster without them has nothing named, whatever its topics", () => {
  expect(unservedIn({ ...emptyImage(), topicsByName: topicNamed("orders") })).toEqual([]);
});
