/** Leaves out one kind of fault after the other as long as the seed still fails in the same way. */
import { drawPlan, type FaultKind } from "./plan.ts";

/** `fails` runs the seed without these kinds: true where it still breaks the same promise. */
export async function shrinkFaults(
  seed: number,
  fails: (without: ReadonlySet<FaultKind>) => Promise<boolean>,
): Promise<{ readonly without: ReadonlySet<FaultKind>; readonly needed: readonly FaultKind[] }> {
  const kinds = [...drawPlan(seed).faults.keys()];
  const without = new Set<FaultKind>();
  for (const kind of kinds) {
    without.add(kind);
    if (!(await fails(without))) without.delete(kind);
  }
  return { without, needed: kinds.filter((kind) => !without.has(kind)) };
}
