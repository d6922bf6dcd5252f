/** What the README tells people to paste does what it says. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { available, has, jars, root } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { ScriptHost } from "../lib/script-host.ts";
import type { Script } from "../lib/tools.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");

/** The shell block below a heading. */
function block(heading: string): string {
  const section = readme.split(/^## /m).find((text) => text.startsWith(heading)) ?? "";
  return /```sh\n(.*?)```/s.exec(section)?.[1] ?? "";
}

describe("the README's quickstarts", () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startSubject();
  });
  afterAll(() => broker?.dispose());
  const here = (text: string) => text.replaceAll("localhost:9092", broker.bootstrap);

  test.skipIf(!available("node", has("node")))(
    "kafkajs",
    async () => {
      const program = /cat > hello\.mjs <<'JS'\n(.*?)\nJS\n/s.exec(block("Try it with kafkajs"))?.[1] ?? "";
      const file = join(import.meta.dir, `hello-${broker.pid}.mjs`); // beside the packages of compat-tests
      writeFileSync(file, here(program));
      const done = await run(["node", file]).finally(() => rmSync(file));
      expect(done.stderr).toBe("");
      expect(done.stdout).toBe("partition 0, offset 0: hello, world\n");
    },
    30_000,
  );

  test.skipIf(!available("Java with Apache Kafka 4.3.1", jars("4.3.1") !== null))(
    "Apache's scripts",
    async () => {
      const host = new ScriptHost();
      const printed: string[] = [];
      for (const line of here(block("Try it with Apache's scripts")).trim().split("\n")) {
        const [, input, script, args] = /^(?:echo "(.*)" \| )?\.\/(\S+)\.sh (.*)$/.exec(line) as RegExpExecArray;
        const done = await host.run(
          script as Script,
          (args as string).split(" "),
          input === undefined ? "" : `${input}\n`,
        );
        printed.push(done.stdout);
      }
      await host.stop();
      expect(printed[0]).toContain("Created topic hello.");
      expect(printed[2]).toContain("hello, world");
    },
    60_000,
  );
});

test("every npm command, file and folder that the README names is there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const [, name = ""] of readme.matchAll(/^npm (?:run )?([a-z:]+)/gm)) {
    expect([name, name === "install" || name in scripts]).toEqual([name, true]);
  }
  for (const [, path = ""] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
    expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  }
});

test("the Dockerfile starts what the README starts", () => {
  const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");
  expect(dockerfile).toContain("RUN npm ci --omit=dev --ignore-scripts");
  expect(dockerfile).toContain('"listeners=PLAINTEXT://:9092,CONTROLLER://localhost:9093"');
  expect(readme).toContain("listeners=PLAINTEXT://:9092,CONTROLLER://localhost:9093");
});
