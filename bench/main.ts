/** `npm run bench -- ROW`: side-by-side measurements, both systems in one run. */
import { startup } from "./startup.ts";

const rows: ReadonlyMap<string, () => Promise<void>> = new Map([["startup", startup]]);

const wanted = process.argv.slice(2);
for (const [name, run] of rows) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
