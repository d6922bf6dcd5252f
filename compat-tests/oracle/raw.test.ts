/**
 * The same raw requests to Apache Kafka 4.3.1 and to Odradek, answers equal field by field apart from the masks, each
 * of
 * which has a reason. Every case is also compared with a mutated answer, which must be noticed. Known differences stand
 * in `raw.known.json` with their reason; that list may only shrink.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ApiVersions, type ApiVersionsResponse } from "../../protocol/generated/api-versions.ts";
import { type Broker, startApache, startOdradek } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import missingApis from "./apis.missing.json";
import { cases } from "./cases/all.ts";
import { masks, sorts } from "./masks.ts";
import { loadDefinitions } from "./raw/fill.ts";
import { differencesOf, noticesMutation } from "./raw/judge.ts";
import { type Answered, runCase } from "./raw/run.ts";
import { type AnyMessage, Wire } from "./raw/wire.ts";
import known from "./raw.known.json";

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null && loadDefinitions());
const reasons = new Map(Object.entries(known as Record<string, string>));

describe.skipIf(!have)("raw requests", () => {
  let apache: Broker;
  let odradek: Broker;
  beforeAll(async () => {
    [apache, odradek] = await Promise.all([startApache(), startOdradek()]);
    console.log(`${cases.length} cases, ${masks.length} masks`);
  });
  afterAll(async () => {
    await apache?.dispose();
    await odradek?.dispose();
  });

  for (const one of cases) {
    test(one.title, async () => {
      const isKnown = reasons.has(one.title);
      const answers: Answered[] = [];
      // Our node shows what it has acknowledged: only Apache is asked again.
      const [theirs, ours] = await Promise.all([
        runCase(apache, one, sorts, [], { expected: isKnown || one.otherwise !== undefined ? undefined : answers }),
        runCase(odradek, one, sorts, [], { answers }),
      ]);
      const found = differencesOf(theirs, ours);
      if (isKnown) expect(found, "no longer differs: take it from the list").not.toEqual([]);
      else expect(found).toEqual([...(one.otherwise ?? [])]);
      expect(noticesMutation(theirs), "a mutation is noticed").toBe(true);
    });
  }

  test.each(["broker", "controller"] as const)(
    "the APIs missing on the %s listener are those of the list",
    async (side) => {
      const keysOf = async (of: Broker) => {
        const wire = await Wire.open(side === "broker" ? of.bootstrap : of.controller);
        const answer = await wire.exchange(ApiVersions as AnyMessage, 0, {});
        wire.close();
        if (!("response" in answer)) throw new Error("ApiVersions was not answered");
        return (answer.response as ApiVersionsResponse).apiKeys.map(({ apiKey }) => apiKey);
      };
      const [theirs, ours] = await Promise.all([keysOf(apache), keysOf(odradek)]);
      const missing = theirs.filter((key) => !ours.includes(key));
      expect(missing.sort()).toEqual(Object.values<number>(missingApis[side]).sort());
      expect(ours.filter((key) => !theirs.includes(key))).toEqual([]);
    },
  );

  test("the list of known differences names cases that exist", () => {
    const titles = new Set(cases.map(({ title }) => title));
    expect([...reasons.keys()].filter((title) => !titles.has(title))).toEqual([]);
  });
});
