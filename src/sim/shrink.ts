/** Leaves out one kind of fault after the other as long as the seed still fails in the same way. */

/** `fails` runs the seed without these kinds: true where it still breaks the same promise. */
export async function shrinkFaults<Kind extends string>(
  kinds: readonly Kind[],
  fails: (without: ReadonlySet<Kind>) => Promise<boolean>,
): Promise<{ readonly without: ReadonlySet<Kind>; readonly needed: readonly Kind[] }> {
  const without = new Set<Kind>();
  for (const kind of kinds) {
    without.add(kind);
    if (!(await fails(without))) without.delete(kind);
  }
  return { without, needed: kinds.filter((kind) => !without.has(kind)) };
}
