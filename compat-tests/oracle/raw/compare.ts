/** Two answers as flat lists of leaves, what is masked taken out, and where they differ. */

export interface Mask {
  /** Message name, such as "Metadata". */
  readonly api: RegExp;
  /** Path of the leaf, array positions as [n]: "brokers[0].port". */
  readonly path: RegExp;
  readonly reason: string;
}

export interface Unordered {
  readonly api: RegExp;
  /** Path of the array, positions of outer arrays as []. */
  readonly path: string;
  /** Elements are sorted by this field; by themselves where it is "". */
  readonly by: string;
}

export type Leaves = ReadonlyMap<string, string>;

/** Values that each side has of its own (a topic's id, its port) are replaced by the name they were saved under. */
export function leavesOf(value: unknown, own: ReadonlyMap<unknown, string>, api: string, sorts: readonly Unordered[]) {
  const leaves = new Map<string, string>();
  const walk = (at: unknown, path: string, shape: string): void => {
    if (own.has(at) && isTelling(at)) leaves.set(path, `<${own.get(at)}>`);
    else if (at instanceof Uint8Array) leaves.set(path, Buffer.from(at).toString("hex"));
    else if (Array.isArray(at)) {
      leaves.set(`${path}.length`, String(at.length));
      const rule = sorts.find((sort) => sort.api.test(api) && sort.path === shape);
      const key = (element: unknown) =>
        JSON.stringify(rule?.by ? (element as Record<string, unknown>)[rule.by] : element, saturate) ?? "";
      const list = rule === undefined ? at : [...at].sort((a, b) => (key(a) < key(b) ? -1 : 1));
      list.forEach((element, index) => {
        walk(element, `${path}[${index}]`, `${shape}[]`);
      });
    } else if (typeof at === "object" && at !== null) {
      for (const [name, inner] of Object.entries(at)) {
        walk(inner, path === "" ? name : `${path}.${name}`, shape === "" ? name : `${shape}.${name}`);
      }
    } else leaves.set(path, typeof at === "string" ? JSON.stringify(settled(at, own)) : String(at));
  };
  walk(value, "", "");
  return leaves;
}

/** A small number may stand for anything: only ports and texts are recognised as the side's own. */
const isTelling = (value: unknown) => typeof value !== "number" || value > 1023;

/** Inside a text: bounds that the broker computes from its clock, random member ids, the side's own ports and ids. */
function settled(text: string, own: ReadonlyMap<unknown, string>): string {
  let result = text
    .replace(/within \[\d+, \d+\]/, "within [<time>, <time>]")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<random>");
  for (const [value, name] of own) {
    if (!isTelling(value)) continue;
    if (typeof value === "number") result = result.replaceAll(`:${value}`, `:<${name}>`);
    else if (typeof value === "string" && value.length === ID_LETTERS) result = result.replaceAll(value, `<${name}>`);
  }
  return result;
}

/** Of Kafka's ids as text. */
const ID_LETTERS = 22;

const saturate = (_: string, value: unknown) => (typeof value === "number" ? String(value) : value);

export function unmasked(leaves: Leaves, api: string, masks: readonly Mask[]): string[] {
  const covers = (path: string) => masks.some((mask) => mask.api.test(api) && mask.path.test(path));
  return [...leaves.keys()].filter((path) => !covers(path));
}

/** One line for each leaf that differs: path, theirs, ours. */
export function differences(theirs: Leaves, ours: Leaves, api: string, masks: readonly Mask[]): string[] {
  const paths = new Set([...unmasked(theirs, api, masks), ...unmasked(ours, api, masks)]);
  return [...paths]
    .filter((path) => theirs.get(path) !== ours.get(path))
    .map((path) => `${api} ${path}: Apache ${theirs.get(path) ?? "(absent)"}, Odradek ${ours.get(path) ?? "(absent)"}`);
}

/** The same leaves with one unmasked leaf changed; null where everything is masked. */
export function mutated(leaves: Leaves, api: string, masks: readonly Mask[], pick: number): Leaves | null {
  const paths = unmasked(leaves, api, masks);
  const path = paths[pick % Math.max(paths.length, 1)];
  if (path === undefined) return null;
  return new Map([...leaves, [path, `${leaves.get(path)}, mutated`]]);
}
