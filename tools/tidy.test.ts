import { expect, test } from "bun:test";
import { findingsOf, tidy } from "./tidy.ts";

test("the house is tidy", () => {
  expect(tidy().map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([]);
});

test.each([
  ["an arrow down", "storage/log.ts", `/** x */\nimport { a } from "../src/raft/core.ts";\n`],
  ["a clock", "storage/log.ts", "/** x */\nconst now = Date.now();\n"],
  ["a module that is loaded later", "src/apis/00-produce.ts", '/** x */\nconst fs = await import("node:fs");\n'],
  ["a module by its old name", "src/apis/00-produce.ts", '/** x */\nimport { connect } from "net";\n'],
  ["a request to the world", "src/apis/00-produce.ts", "/** x */\nawait fetch(url);\n"],
  ["a thread", "src/apis/00-produce.ts", "/** x */\nnew Worker(url);\n"],
  ["a node module", "src/apis/00-produce.ts", '/** x */\nimport { open } from "node:fs";\n'],
  ["a raft core that touches storage", "src/raft/core.ts", '/** x */\nimport { Log } from "../../storage/log.ts";\n'],
  ["a file without a header", "base/x.ts", "export const x = 1;\n"],
  ["a long file", "base/x.ts", `/** x */\n${"\n".repeat(501)}`],
  ["a wide line", "base/x.ts", `/** ${"x".repeat(120)} */\n`],
])("tidy finds %s", (_, file, text) => {
  expect(findingsOf(file, text).length).toBe(1);
});

test.each([
  ["an arrow up", "storage/log.ts", `/** x */\nimport { assert } from "../base/assert.ts";\n`],
  ["a word in a comment", "storage/log.ts", "/** x */\n// the Date header\n"],
  ["a word in a string", "storage/log.ts", '/** x */\nconst name = "Date";\n'],
  ["the driver on storage", "src/raft/driver.ts", '/** x */\nimport { Log } from "../../storage/log.ts";\n'],
])("tidy allows %s", (_, file, text) => {
  expect(findingsOf(file, text)).toEqual([]);
});
