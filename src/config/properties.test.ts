import { expect, test } from "bun:test";
import { ConfigError } from "./error.ts";
import { parseOverride, parseProperties } from "./properties.ts";

const parse = (text: string) => Object.fromEntries(parseProperties(Buffer.from(text, "latin1")));

// Each expectation is what java.util.Properties.load makes of the same bytes.
test.each([
  ["equals, colon and blank end a key", "a=1\nb:2\nc 3\n", { a: "1", b: "2", c: "3" }],
  ["blanks around the separator do not count, those after the value do", " a \t= \f1 \n", { a: "1 " }],
  ["only one separator is taken", "a==1\nb = : 2\n", { a: "=1", b: ": 2" }],
  ["a key without value is empty", "a\nb=\n", { a: "", b: "" }],
  ["comments begin with # or !", "# a=1\n  ! b=2\nc=3 # no comment\n", { c: "3 # no comment" }],
  ["a backslash joins lines and drops the blanks that follow", "a=1,\\\n   2,\\\n\t3\n", { a: "1,2,3" }],
  ["two backslashes at the end do not", "a=c:\\\\\nb=1\n", { a: "c:\\", b: "1" }],
  ["a continued line may look like a comment", "a=1\\\n#2\n", { a: "1#2" }],
  ["a blank line after a backslash ends the value", "a=1\\\n\nb=2\n", { a: "1", b: "2" }],
  ["a line of one backslash begins nothing: a comment may follow", "\\\n#a=1\nb=2\n", { b: "2" }],
  ["separators in a key are escaped", "a\\=b\\:c\\ d=1\n", { "a=b:c d": "1" }],
  ["escapes in values", "a=\\t\\n\\r\\f\\q\\\\\n", { a: "\t\n\r\fq\\" }],
  ["unicode by its digits", "a=\\u00e9\\u4E2D\n", { a: "é中" }],
  ["other bytes are Latin-1", "a=é\n", { a: "é" }],
  ["lines end in any of the three ways", "a=1\r\nb=2\rc=3\nd=4", { a: "1", b: "2", c: "3", d: "4" }],
  ["the last line of a key wins", "a=1\na=2\n", { a: "2" }],
  ["a backslash at the end of the file is dropped", "a=1\\", { a: "1" }],
  ["no name is special", "__proto__=x\n", JSON.parse('{"__proto__":"x"}')],
])("%s", (_, text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test("bad digits after \\u are an error", () => {
  expect(() => parse("a=\\u12g4\n")).toThrow(ConfigError);
});

test("an override ends its key at the first equals sign", () => {
  expect(parseOverride("listeners=PLAINTEXT://:0,A=B://:1")).toEqual(["listeners", "PLAINTEXT://:0,A=B://:1"]);
  expect(() => parseOverride("listeners")).toThrow("--override wants key=value");
});
