/** Two runs of one case: where they differ, and whether a difference would be seen at all. */
import { masks } from "../masks.ts";
import { differences, mutated } from "./compare.ts";
import type { Answered } from "./run.ts";

export function differencesOf(theirs: readonly Answered[], ours: readonly Answered[]): string[] {
  const found = theirs.flatMap((answer, index) => {
    if (answer.quiet) return [];
    const other = ours[index];
    if (other === undefined) return [`${answer.step}: no answer`];
    return differences(answer.leaves, other.leaves, answer.api, masks).map((line) => `${answer.step} | ${line}`);
  });
  return theirs.length === ours.length ? found : [...found, `${theirs.length} answers, not ${ours.length}`];
}

/** Whether the comparison would see one changed leaf in one of the answers. */
export function noticesMutation(theirs: readonly Answered[]): boolean {
  return theirs.some((answer, index) => {
    if (answer.quiet) return false;
    const leaves = mutated(answer.leaves, answer.api, masks, index * 7 + 3);
    if (leaves === null) return false;
    const mutant = theirs.map((original, at) => (at === index ? { ...original, leaves } : original));
    return differencesOf(theirs, mutant).length === 1;
  });
}
