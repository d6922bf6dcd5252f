/** Java properties files, exactly: what `java.util.Properties.load` reads from the same bytes. */
import { ConfigError } from "./error.ts";

/**
 * Keys and values of a properties file. A later line for the same key wins. Bytes are Latin-1, as Java reads them;
 * other characters are written as "\u" and four hexadecimal digits.
 */
export function parseProperties(bytes: Uint8Array): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of logicalLines(latin1(bytes))) {
    const keyEnd = endOfKey(line);
    let valueStart = keyEnd;
    while (isBlank(line[valueStart])) valueStart++;
    if (line[valueStart] === "=" || line[valueStart] === ":") {
      valueStart++;
      while (isBlank(line[valueStart])) valueStart++;
    }
    properties.set(unescaped(line.slice(0, keyEnd)), unescaped(line.slice(valueStart)));
  }
  return properties;
}

/** `--override key=value`: the key ends at the first "=". */
export function parseOverride(text: string): [key: string, value: string] {
  const equals = text.indexOf("=");
  if (equals <= 0) throw new ConfigError(`--override wants key=value, but got ${JSON.stringify(text)}`);
  return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}

/** Natural lines joined where they end in an odd number of backslashes; comments and blank lines left out. */
function* logicalLines(text: string): Generator<string> {
  const natural = text.split(/\r\n|\n|\r/);
  if (natural.at(-1) === "") natural.pop();
  for (let at = 0; at < natural.length; at++) {
    let line = trimStart(natural[at] as string);
    if (line === "" || line.startsWith("#") || line.startsWith("!")) continue;
    // Within a continuation neither a comment sign nor a blank line means anything, unless nothing came before it.
    while (continues(line) && !(line === "\\" && at + 1 < natural.length)) {
      at++;
      line = line.slice(0, -1) + (at < natural.length ? trimStart(natural[at] as string) : "");
      if (at >= natural.length) break;
    }
    if (line !== "\\") yield line;
  }
}

function continues(line: string): boolean {
  let backslashes = 0;
  while (line[line.length - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\f";
}

function trimStart(line: string): string {
  let start = 0;
  while (isBlank(line[start])) start++;
  return line.slice(start);
}

/** The key ends before the first "=", ":" or blank that has no backslash before it. */
function endOfKey(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === "\\") at++;
    else if (character === "=" || character === ":" || isBlank(character)) return at;
  }
  return line.length;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["t", "\t"],
  ["n", "\n"],
  ["r", "\r"],
  ["f", "\f"],
]);

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  let result = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\") {
      result += text[at];
      continue;
    }
    at++;
    const escaped = text[at] ?? "";
    if (escaped !== "u") {
      result += escapes.get(escaped) ?? escaped;
      continue;
    }
    const digits = text.slice(at + 1, at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits))
      throw new ConfigError(`Malformed \\uxxxx encoding in ${JSON.stringify(text)}`);
    result += String.fromCharCode(Number.parseInt(digits, 16));
    at += 4;
  }
  return result;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
