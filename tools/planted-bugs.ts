/** Puts the table of planted bugs into the simulator's documentation, between its two marks. */
type Row = readonly [name: string, seed: number | null, violation: string];

export async function writePlantedBugs(path: string, flag: string, rows: readonly Row[]): Promise<void> {
  const file = Bun.file(path);
  const text = await file.text();
  const [begin, end] = [`<!-- planted bugs ${flag || "--node"} -->\n`, "<!-- end -->"];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end, from);
  if (from < begin.length || to < 0)
    throw new Error(`${path} has no place for the planted bugs of ${flag || "--node"}`);
  await file.write(text.slice(0, from) + plantedBugs(rows) + text.slice(to));
}

export function plantedBugs(rows: readonly Row[]): string {
  const lines = rows.map(([name, seed, violation]) => {
    const invariant = violation.split(":")[0] as string;
    return `| ${name} | ${seed ?? "not found"} | ${invariant.replaceAll("|", "/")} |\n`;
  });
  return `\n| planted bug | seed that finds it | what breaks |\n|---|---|---|\n${lines.join("")}\n`;
}
