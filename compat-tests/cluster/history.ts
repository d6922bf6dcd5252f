/**
 * What producers were told and what is read in the end, compared: nothing acknowledged is lost or at another offset,
 * nothing is there twice, and each producer's records are in each partition in the order in which it sent them.
 */

export interface Acknowledged {
  readonly partition: number;
  readonly offset: number;
  /** PRODUCER:NUMBER */
  readonly value: string;
  readonly atMs: number;
}

export interface Read {
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

export interface Verdict {
  readonly acknowledged: number;
  readonly read: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly reordered: readonly string[];
}

export function judge(acknowledged: readonly Acknowledged[], read: readonly Read[]): Verdict {
  const at = new Map(read.map(({ partition, offset, value }) => [`${partition}@${offset}`, value]));
  const lost = acknowledged
    .filter(({ partition, offset, value }) => at.get(`${partition}@${offset}`) !== value)
    .map(({ partition, offset, value }) => `${value} at ${partition}@${offset}`);
  const seen = new Set<string>();
  const doubled: string[] = [];
  const reordered: string[] = [];
  const last = new Map<string, number>();
  for (const { partition, offset, value } of read.toSorted(
    (a, b) => a.partition - b.partition || a.offset - b.offset,
  )) {
    const where = `${value} at ${partition}@${offset}`;
    if (seen.has(value)) doubled.push(where);
    seen.add(value);
    const [producer, number] = value.split(":") as [string, string];
    const line = `${producer} in ${partition}`;
    if (Number(number) < (last.get(line) ?? -1)) reordered.push(where);
    last.set(line, Number(number));
  }
  return { acknowledged: acknowledged.length, read: read.length, lost, doubled, reordered };
}
