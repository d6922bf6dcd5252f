import { describe, expect, test } from "bun:test";
import { Dice } from "./dice.ts";
import { FileImage } from "./file-image.ts";

const bytes = (value: number, length: number) => new Uint8Array(length).fill(value);
const text = (file: FileImage) => [...file.read(0, file.sizeBytes)].join("");

function afterPowerCuts(make: () => FileImage): Set<string> {
  const seen = new Set<string>();
  for (let seed = 0; seed < 300; seed++) {
    const file = make();
    file.powerCut(new Dice(seed, "cut"), false);
    seen.add(text(file));
  }
  return seen;
}

describe("what a power cut leaves of a file", () => {
  test("all that was synced, with what came later whole, in part or not at all", () => {
    const seen = afterPowerCuts(() => {
      const file = new FileImage();
      file.write(0, bytes(1, 4));
      file.synced(file.syncBegins());
      file.write(4, bytes(2, 4));
      return file;
    });
    expect([...seen].sort()).toEqual(["1111", "11110000", "11112222"]); // the size may outrun the data
  });

  test("each sector by itself", () => {
    const seen = afterPowerCuts(() => {
      const file = new FileImage();
      file.write(0, bytes(1, 1024));
      file.synced(file.syncBegins());
      file.write(0, bytes(2, 1024));
      return file;
    });
    const sectors = [...seen].map((content) => `${content[0]}${content[512]}`).sort();
    expect(sectors).toEqual(["11", "12", "21", "22"]);
  });

  test("nothing old behind a truncation that was followed by growth", () => {
    const seen = afterPowerCuts(() => {
      const file = new FileImage();
      file.write(0, bytes(1, 4));
      file.synced(file.syncBegins());
      file.truncate(1);
      file.write(1, bytes(2, 3));
      return file;
    });
    expect([...seen].sort()).toEqual(["1", "1000", "1111", "1222"]);
  });

  test("of a failed sync nothing, although a second one succeeds", () => {
    const file = new FileImage();
    file.write(0, bytes(1, 4));
    file.syncFailed(file.syncBegins());
    file.synced(file.syncBegins());
    expect(text(file)).toBe("1111");
    file.evictClean();
    expect(text(file)).toBe("0000");
  });
});
