import { describe, expect, test } from "bun:test";
import { FrameBuffers, FrameCutter, FrameError } from "./frame-cutter.ts";

const MAX = 1 << 20;

function framed(...bodies: Uint8Array[]): Uint8Array {
  return Buffer.concat(
    bodies.flatMap((body) => {
      const size = Buffer.alloc(4);
      size.writeInt32BE(body.length);
      return [size, body];
    }),
  );
}

const bodies = [Uint8Array.of(1), Uint8Array.of(2, 3, 4, 5, 6), Uint8Array.from({ length: 300 }, (_, index) => index)];
const stream = framed(...bodies);
const contents = (frames: readonly Uint8Array[]) => frames.map((frame) => [...frame]);
const expected = contents(bodies);

test("frames come out whole wherever the stream is split in two", () => {
  for (let at = 0; at <= stream.length; at++) {
    const cutter = new FrameCutter();
    const frames: Uint8Array[] = [];
    cutter.push(stream.subarray(0, at), MAX, frames);
    cutter.push(stream.subarray(at), MAX, frames);
    expect(contents(frames)).toEqual(expected);
    expect([cutter.midFrame, cutter.heldBytes]).toEqual([false, 0]);
  }
});

test.each([1, 2, 3, 5, 7, 64])("frames come out whole in chunks of %d bytes", (size) => {
  const cutter = new FrameCutter();
  const frames: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += size) cutter.push(stream.slice(at, at + size), MAX, frames);
  expect(contents(frames)).toEqual(expected);
});

test("a frame within one chunk is a view of it", () => {
  const frames: Uint8Array[] = [];
  new FrameCutter().push(stream, MAX, frames);
  expect(frames.every((frame) => frame.buffer === stream.buffer)).toBe(true);
});

test("the buffer grows with what has come, not with what was announced", () => {
  const cutter = new FrameCutter();
  const frames: Uint8Array[] = [];
  const announced = 100 << 20;
  cutter.push(Uint8Array.of(announced >>> 24, announced >>> 16, announced >>> 8, announced), announced, frames);
  expect([cutter.midFrame, cutter.heldBytes]).toEqual([true, 0]);
  for (let received = 1000; received <= 1_000_000; received += 1000) {
    cutter.push(new Uint8Array(1000), announced, frames);
    expect(cutter.heldBytes).toBeLessThanOrEqual(received * 4 + 4096);
  }
});

test.each([
  [0, "a request of 0 bytes was announced"],
  [-1, "a request of -1 bytes was announced"],
  [-2147483648, "a request of -2147483648 bytes was announced"],
  [MAX + 1, "a request of 1048577 bytes was announced, 1048576 are allowed"],
  [0x4745_5420, "a request of 1195725856 bytes was announced, 1048576 are allowed"], // "GET " of a browser
])("the size %d is refused; the frames before it come out", (size, message) => {
  const bad = Uint8Array.of(size >>> 24, size >>> 16, size >>> 8, size);
  const frames: Uint8Array[] = [];
  const push = () => new FrameCutter().push(Buffer.concat([stream, bad]), MAX, frames);
  expect(push).toThrow(new FrameError(message));
  expect(contents(frames)).toEqual(expected);
});

describe("buffers of large frames", () => {
  const body = Uint8Array.from({ length: 300_000 }, (_, index) => index);

  /** The frame in two pieces, as a cutter with these buffers gives it. */
  function cut(buffers: FrameBuffers, content: Uint8Array): Uint8Array {
    const frames: Uint8Array[] = [];
    const cutter = new FrameCutter(buffers);
    const bytes = framed(content);
    cutter.push(bytes.subarray(0, 200_000), MAX, frames);
    cutter.push(bytes.subarray(200_000), MAX, frames);
    return frames[0] as Uint8Array;
  }

  test("one that was given back is used again, one that was not is left alone", () => {
    const buffers = new FrameBuffers();
    const first = cut(buffers, body);
    const second = cut(buffers, body);
    expect(second.buffer).not.toBe(first.buffer);
    buffers.giveBack(first);
    const third = cut(buffers, body.toReversed());
    expect(third.buffer).toBe(first.buffer);
    expect(third).toEqual(body.toReversed());
    expect(second).toEqual(body);
  });

  test("giving back what is no such buffer does nothing; giving one back twice is a bug", () => {
    const buffers = new FrameBuffers();
    buffers.giveBack(new Uint8Array(300_000));
    const frame = cut(buffers, body);
    buffers.giveBack(frame);
    expect(() => buffers.giveBack(frame)).toThrow("given back once");
  });
});
