/**
 * `npm run bench -- [ROW…] [--rounds N]`: side-by-side measurements, both systems in one run, in turn. Without a row: all of
 * them. A figure is its median (min–max); a ratio is Odradek ÷ Apache, of neighbouring measurements.
 */
import { cpus } from "node:os";
import { loadRows, runLoadRows } from "./load-rows.ts";
import { startup } from "./startup.ts";

const args = process.argv.slice(2);
const roundsAt = args.indexOf("--rounds");
const rounds = roundsAt < 0 ? 3 : Number(args[roundsAt + 1]);
const wanted = args.filter((arg, index) => !arg.startsWith("--") && (roundsAt < 0 || index !== roundsAt + 1));
const isWanted = (name: string) => wanted.length === 0 || wanted.some((word) => name.startsWith(word));

console.log(`${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Bun ${Bun.version}, ${rounds} rounds`);
if (isWanted("startup")) await startup();
await runLoadRows(
  loadRows.filter(({ name }) => isWanted(name)),
  rounds,
);
process.exit(0);
