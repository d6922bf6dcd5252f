/**
 * The five system calls that neither Bun nor node:fs offers: mmap, munmap, mincore, lockf and posix_fadvise. `bun:ffi`
 * is marked
 * experimental by Bun, so nothing else goes through it, and every caller lives without it where it cannot load.
 */
import { dlopen, type Pointer, toArrayBuffer } from "bun:ffi";

const PROT_READ = 1; //  the values are the same on Linux and macOS
const MAP_SHARED = 1;
const F_TLOCK = 2;
const POSIX_FADV_DONTNEED = 4;

/** The page sizes in use; the first that mincore takes as an alignment is this machine's. */
const pageSizes = [4096, 16_384, 65_536];

const signatures = {
  mmap: { args: ["ptr", "u64", "i32", "i32", "i32", "i64"], returns: "ptr" },
  munmap: { args: ["ptr", "u64"], returns: "i32" },
  mincore: { args: ["ptr", "u64", "ptr"], returns: "i32" },
  lockf: { args: ["i32", "i32", "i64"], returns: "i32" },
} as const;

/** Of its own, because macOS has none. */
const adviceSignature = { posix_fadvise: { args: ["i32", "i64", "i64", "i32"], returns: "i32" } } as const;

const libraries = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libSystem.B.dylib"];

export interface SystemCalls {
  /** Maps the file for reading, also beyond its present end; null where the system refuses. */
  map(fd: number, length: number): number | null;
  unmap(address: number, length: number): void;
  /** The mapped bytes. Reading beyond the file's end is a signal in JavaScript, an error code in a system call. */
  bytes(address: number, position: number, length: number): Uint8Array;
  /** True where every page of the range, which lies within the file, is in memory. */
  resident(address: number, position: number, length: number): boolean;
  /** An exclusive lock of the whole file, as Java's FileChannel.tryLock; it ends when any handle of the file closes. */
  lock(fd: number): boolean;
  /** Drops the file's clean pages from memory, where the system can. */
  forget(fd: number): void;
}

/** Null where the C library cannot be loaded. */
export function loadSystemCalls(): SystemCalls | null {
  for (const library of libraries) {
    try {
      return wrap(dlopen(library, signatures).symbols, loadForget(library));
    } catch {
      // not this system's name
    }
  }
  return null;
}

function loadForget(library: string): (fd: number) => void {
  try {
    const { posix_fadvise } = dlopen(library, adviceSignature).symbols;
    return (fd) => void posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  } catch {
    return () => {};
  }
}

type Symbols = ReturnType<typeof dlopen<typeof signatures>>["symbols"];

function wrap({ mmap, munmap, mincore, lockf }: Symbols, forget: (fd: number) => void): SystemCalls {
  let pageBytes = 0;
  /** `address` begins a mapping. */
  const measurePage = (address: number, pages: Uint8Array): number =>
    pageSizes.find((size) => mincore((address + size) as Pointer, 1, pages) === 0) ?? 65_536;
  return {
    map(fd, length) {
      const address: unknown = mmap(null, length, PROT_READ, MAP_SHARED, fd, 0);
      return typeof address === "number" ? address : null; // MAP_FAILED arrives as a bigint
    },
    unmap(address, length) {
      munmap(address as Pointer, length);
    },
    bytes(address, position, length) {
      // One small ArrayBuffer per view: a buffer over the whole map would count as live heap, and a collector that
      // believes in a heap of gigabytes lets as much garbage pile up (measured: 70 MB resident became 1 GB).
      return new Uint8Array(toArrayBuffer(address as Pointer, position, length));
    },
    resident(address, position, length) {
      if (length === 0) return true;
      const pages = new Uint8Array(Math.ceil(length / 4096) + 2);
      if (pageBytes === 0) pageBytes = measurePage(address, pages);
      const start = position - (position % pageBytes);
      const end = position + length;
      if (mincore((address + start) as Pointer, end - start, pages) !== 0) return false;
      const count = Math.ceil((end - start) / pageBytes);
      for (let index = 0; index < count; index++) if ((pages[index]! & 1) === 0) return false;
      return true;
    },
    lock: (fd) => lockf(fd, F_TLOCK, 0) === 0,
    forget,
  };
}
