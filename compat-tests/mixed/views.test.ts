/** What the comparison of replicas sees, and what it lets be. */
import { afterAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { RecordBatchBuilder } from "../../protocol/records/builder.ts";
import { folder, temporary } from "../lib/place.ts";
import { differenceOf } from "./views.ts";

const place = temporary("views");
afterAll(place.remove);
const value = new TextEncoder().encode("thread");

/** One replica of `orders-0`: a batch of one record at each offset, in two segments. */
function replica(name: string, epochs: readonly string[], damaged = false) {
  const directory = join(place.path, name);
  const path = folder(directory, "orders-0");
  for (const offset of [0, 1]) {
    const batch = new RecordBatchBuilder({ baseOffset: offset, partitionLeaderEpoch: 0 });
    batch.append(1_700_000_000_000, null, value);
    const bytes = batch.build();
    if (damaged && offset === 1) bytes[bytes.length - 2] = 0xff;
    writeFileSync(join(path, `${offset}.log`), bytes);
  }
  const lines = ["0", `${epochs.length}`, ...epochs];
  writeFileSync(join(path, "leader-epoch-checkpoint"), `${lines.join("\n")}\n`);
  return { directory };
}

test("replicas are the same, differ in a byte, or in an epoch that has records", () => {
  const first = replica("first", ["0 0"]);
  expect(differenceOf([first, replica("same", ["0 0"])], "orders-0")).toBeNull();
  expect(differenceOf([first, replica("leading", ["0 0", "1 2"])], "orders-0")).toBeNull();
  expect(differenceOf([first, replica("damaged", ["0 0"], true)], "orders-0")).toMatch(/^other records/);
  expect(differenceOf([first, replica("other", ["0 0", "1 1"])], "orders-0")).toBe("epochs 0 0 and 0 0,1 1");
});
