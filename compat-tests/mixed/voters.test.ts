/**
 * Voters in the log (KIP-853) in quorums of both kinds: each kind as the leader that adds and removes voters of the
 * other. `npm run mixed -- --voters` has more of it.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { LoadTool } from "../cluster/load.ts";
import { available, jars } from "../lib/place.ts";
import { ScriptHost } from "../lib/script-host.ts";
import { becomesDynamic, changedUnderLoad, joinsByItself } from "./voters.ts";

setDefaultTimeout(240_000);

const have = available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null);

describe.skipIf(!have)("voters of both kinds that change", () => {
  const tool = new LoadTool();
  let scripts: ScriptHost;
  beforeAll(async () => {
    scripts = new ScriptHost();
    await tool.compile();
  });
  afterAll(async () => {
    await scripts.stop();
    tool.dispose();
  });

  test("who leads adds and removes voters of the other kind, and itself, under load", async () => {
    expect(await changedUnderLoad(tool, scripts)).toEqual([]);
  });

  test("a controller joins Apache's quorum by itself, moves, and comes back with an empty disk", async () => {
    await joinsByItself("apache", "odradek");
  });

  test("static voters, one of them Apache's, become voters that change", async () => {
    await becomesDynamic(scripts, "odradek", "apache");
  });
});
