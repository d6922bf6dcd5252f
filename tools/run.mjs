/**
 * Runs a script of this checkout with the pinned Bun, from plain Node and without any preparation, or a tool of it:
 * `node tools/run.mjs tools/test.ts [arguments]`, `node tools/run.mjs --tool tsc --noEmit`.
 */
import { join } from "node:path";
import { become, findBun, root } from "../bin/bootstrap.mjs";

const [first, ...rest] = process.argv.slice(2);
const bun = findBun();
if (first === undefined) {
  console.error("Usage: node tools/run.mjs SCRIPT.ts [arguments], or: node tools/run.mjs --tool NAME [arguments]");
  process.exit(2);
} else if (first === "--tool") {
  const [tool, ...args] = rest;
  const isWindows = process.platform === "win32";
  become(join(root, "node_modules", ".bin", isWindows ? `${tool}.cmd` : tool), args, { shell: isWindows });
} else {
  become(bun, ["--no-orphans", "--no-install", first, ...rest]);
}
