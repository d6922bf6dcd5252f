import { expect, test } from "bun:test";
import { parseArguments } from "./arguments.ts";

test.each([
  [["start"], { command: "start", file: null, overrides: [], logLevel: null, nodes: null }],
  [
    [
      "start",
      "server.properties",
      "--override",
      "node.id=7",
      "--override=listeners=PLAINTEXT://:1",
      "--log-level",
      "Debug",
    ],
    {
      command: "start",
      file: "server.properties",
      overrides: ["node.id=7", "listeners=PLAINTEXT://:1"],
      logLevel: "debug",
      nodes: null,
    },
  ],
  [["verify", "data"], { command: "verify", directory: "data", json: false }],
  [["verify", "--json", "/var/kafka"], { command: "verify", directory: "/var/kafka", json: true }],
  [["--help"], { command: "help" }],
  [["start", "--help"], { command: "help" }],
  [["--version"], { command: "version" }],
])("%p is understood", (argv, meaning) => {
  expect(parseArguments(argv)).toEqual(meaning as ReturnType<typeof parseArguments>);
});

test.each([
  [[], "No command was given: try odradek start, or odradek --help."],
  [["stert"], "There is no command stert: see odradek --help."],
  [["start", "--overide", "x"], "There is no option --overide: see odradek --help."],
  [["start", "--override"], "--override needs a value."],
  [["verify"], "Which directory? Try odradek verify data."],
  [["verify", "a", "b"], "One directory at a time, but a and b were given."],
  [["verify", "a", "--jsn"], "There is no option --jsn: see odradek --help."],
  [["start", "a", "b"], "One properties file is enough, but a and b were given."],
  [["start", "--log-level", "loud"], "--log-level is one of debug, info, warn, error, silent, not loud."],
])("%p is refused", (argv, sentence) => {
  expect(() => parseArguments(argv)).toThrow(sentence);
});
