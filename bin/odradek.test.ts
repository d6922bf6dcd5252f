import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const command = join(import.meta.dir, "odradek.mjs");
let folder: string;
const running = new Set<Bun.Subprocess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "odradek-bin-"));
});
afterEach(async () => {
  for (const each of running) each.kill("SIGKILL");
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

const free = ["--override", "listeners=PLAINTEXT://localhost:0,CONTROLLER://localhost:0"];

function launch(...args: string[]) {
  const launched = Bun.spawn(["node", command, ...args], {
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  running.add(launched);
  return launched;
}

/** What was printed until the start block is whole. */
async function untilReady(launched: ReturnType<typeof launch>): Promise<string> {
  let printed = "";
  const decoder = new TextDecoder();
  const reader = launched.stdout.getReader();
  while (!/try it .*\n/.test(printed)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`ended early: ${printed}${await new Response(launched.stderr).text()}`);
    printed += decoder.decode(value);
  }
  reader.releaseLock();
  return printed;
}

const portOf = (block: string) => Number(/PLAINTEXT +localhost:(\d+)/.exec(block)?.[1]);

async function answers(port: number): Promise<boolean> {
  try {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}

test("start serves on an empty folder, SIGTERM ends it with exit code 0, the next start goes on with it", async () => {
  const first = launch("start", ...free);
  const block = await untilReady(first);
  expect(block).toContain(`${folder}/data (new)`);
  expect(await answers(portOf(block))).toBe(true);
  first.kill("SIGTERM");
  expect(await first.exited).toBe(0);
  const second = launch("start", ...free);
  const again = await untilReady(second);
  const cluster = /cluster (\S+),/;
  expect(cluster.exec(again)?.[1]).toBe(cluster.exec(block)?.[1] as string);
  second.kill("SIGINT");
  expect(await second.exited).toBe(0);
});

test("without a terminal a hang-up does not end it, as under nohup", async () => {
  const launched = launch("start", ...free);
  const port = portOf(await untilReady(launched));
  launched.kill("SIGHUP");
  await Bun.sleep(100);
  expect(await answers(port)).toBe(true);
  launched.kill("SIGTERM");
  expect(await launched.exited).toBe(0);
});

test("the node ends with the process that started it, however that ends", async () => {
  const launched = launch("start", ...free);
  const port = portOf(await untilReady(launched));
  launched.kill("SIGKILL");
  await launched.exited;
  for (let tries = 0; tries < 100 && (await answers(port)); tries++) await Bun.sleep(10);
  expect(await answers(port)).toBe(false);
});

test("what cannot start says so in one sentence, with exit code 1", async () => {
  const port = portOf(await untilReady(launch("start", ...free)));
  const ownData = ["--override", "log.dirs=other"];
  writeFileSync(join(folder, "a file"), "");
  mkdirSync(join(folder, "sub"));
  const cases: [string[], string][] = [
    [["start", ...free], `${folder}/data is in use by another process, which holds its .lock.\n`],
    [
      ["start", ...ownData, "--override", `listeners=PLAINTEXT://localhost:${port},CONTROLLER://localhost:0`],
      `Cannot listen on localhost:${port}: the port is in use, perhaps by another broker.\n`,
    ],
    [["start", "none.properties"], `There is no file ${folder}/none.properties.\n`],
    [["start", "sub"], `${folder}/sub is a directory; a properties file is wanted.\n`],
    [["stert"], "There is no command stert: see odradek --help.\n"],
  ];
  for (const [args, sentence] of cases) {
    const refused = launch(...args);
    expect(await new Response(refused.stderr).text()).toBe(sentence);
    expect(await refused.exited).toBe(1);
  }
});

test("another project's settings of Bun do not reach it", async () => {
  writeFileSync(join(folder, "evil.ts"), 'console.log("evil");');
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./evil.ts"]');
  writeFileSync(join(folder, "tsconfig.json"), '{ "compilerOptions": { "paths": { "*": ["./evil.ts"] } } }');
  const launched = launch("--version");
  expect(await new Response(launched.stdout).text()).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(await launched.exited).toBe(0);
});
