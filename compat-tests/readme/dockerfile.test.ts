/**
 * The Dockerfile's steps in an empty folder: no container can be built here, so what it says is read and done. Needs
 * the
 * package registry, so it runs under CI=true only.
 */
import { expect, test } from "bun:test";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mustRun, root, temporary } from "../lib/place.ts";
import { run } from "../lib/process.ts";

const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8").replaceAll("\\\n", "");

/** The instructions of one kind, in order. */
const instructions = (kind: string): string[] =>
  dockerfile.split("\n").flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1)] : []));

test.skipIf(!mustRun)(
  "packages, then a node that is ready and stops when it is told to",
  async () => {
    const { path, remove } = temporary("dockerfile");
    const { stdout } = await run(["git", "ls-files", "-z"], { cwd: root });
    for (const file of stdout.split("\0").filter((name) => name !== "")) {
      mkdirSync(dirname(join(path, "app", file)), { recursive: true });
      cpSync(join(root, file), join(path, "app", file));
    }
    for (const step of instructions("RUN")) {
      const done = await run(["sh", "-c", step], { cwd: join(path, "app"), timeoutMs: 300_000 });
      expect([step, done.exitCode]).toEqual([step, 0]);
    }
    const command = (JSON.parse(instructions("CMD")[0] ?? "[]") as string[]).map((word) =>
      word
        .replace("log.dirs=/data", `log.dirs=${join(path, "data")}`)
        .replaceAll(/:\/\/(localhost)?:909[23]/g, "://$1:0")
        .replaceAll(/localhost:909[23]/g, "localhost:0"),
    );
    const node = Bun.spawn(command, { cwd: join(path, "app"), stdout: "pipe", stderr: "pipe" });
    const printed: string[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of node.stdout) {
      printed.push(decoder.decode(chunk, { stream: true }));
      if (printed.join("").includes("try it")) node.kill("SIGTERM");
    }
    expect(printed.join("")).toContain("is ready");
    expect(await node.exited).toBe(0);
    remove();
  },
  400_000,
);
