import { expect, test } from "bun:test";
import { javaHostText } from "./host-text.ts";

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "0:0:0:0:0:0:0:1"],
  ["fe80::1%eth0", "fe80:0:0:0:0:0:0:1%eth0"],
  ["2001:0db8::", "2001:db8:0:0:0:0:0:0"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
])("%s is printed as %s", (host, text) => {
  expect(javaHostText(host)).toBe(text);
});
