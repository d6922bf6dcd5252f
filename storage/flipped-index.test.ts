/** An index has no checksum: whichever of its bits is wrong, every record is still found. */
import { expect, test } from "bun:test";
import * as batch from "../protocol/records/batch.ts";
import { append, fixture, opened } from "./testing/log-fixture.ts";

test("no flipped bit of an offset index hides a record", async () => {
  const made = fixture({ segmentBytes: 1_000, indexIntervalBytes: 1 });
  const log = await opened(made);
  for (let n = 0; log.segmentCount < 2; n++) append(log, { count: 1 + (n % 3) });
  const end = log.logEndOffset;
  await log.close();
  const path = `${made.options.path}/00000000000000000000.index`;
  const sound = made.disk.contentOf(path);
  for (let bit = 0; bit < sound.length * 8; bit++) {
    const flipped = sound.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    made.disk.plant(path, flipped);
    const again = await opened(made);
    for (let offset = 0; offset < end; offset++) {
      const bytes = again.readCopy(offset, 1 << 20, end, true);
      const [first, last] = [batch.baseOffset(bytes, 0), batch.lastOffset(bytes, 0)];
      if (first > offset || last < offset) expect({ bit, offset, found: [first, last] }).toBeNull();
    }
    await again.close();
  }
  expect(sound.length).toBeGreaterThan(40);
});
