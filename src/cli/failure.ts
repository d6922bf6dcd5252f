/** Why a start fails, in one sentence for the operator. */
import { DiskError, ListenError } from "../../base/ports.ts";
import { LogDamaged } from "../../storage/recover.ts";
import { ConfigError } from "../config/error.ts";
import { UsageError } from "./arguments.ts";

/** Null for what nobody foresaw: that is a bug, and its stack is wanted. */
export function sentenceOf(failure: unknown): string | null {
  if (failure instanceof ListenError) return listenSentence(failure);
  if (failure instanceof DiskError) return diskSentence(failure);
  if (failure instanceof LogDamaged) return withFullStop(failure.message);
  if (failure instanceof ConfigError || failure instanceof UsageError) return withFullStop(failure.message);
  // The layers below say what is wrong with a directory in plain errors; bugs come as errors of other kinds.
  if (failure instanceof Error && failure.constructor === Error) return withFullStop(failure.message);
  return null;
}

function listenSentence({ address: { host, port }, code }: ListenError): string {
  const place = host === "" ? `port ${port}` : `${host}:${port}`;
  switch (code) {
    case "EADDRINUSE":
      return `Cannot listen on ${place}: the port is in use, perhaps by another broker.`;
    case "EACCES":
      return `Cannot listen on ${place}: this user may not open the port.`;
    case "ENOTFOUND":
      return `Cannot listen on ${place}: the host is not known.`;
    case "EADDRNOTAVAIL":
      return `Cannot listen on ${place}: the host is not an address of this machine.`;
    default:
      return `Cannot listen on ${place}: ${code}.`;
  }
}

function diskSentence({ operation, path, code }: DiskError): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `Cannot write ${path}: the disk is full.`;
    case "EROFS":
      return `Cannot write ${path}: the file system is read-only.`;
    case "EACCES":
    case "EPERM":
      return `Cannot open ${path}: this user may not.`;
    case "ENOTDIR":
    case "EEXIST":
      return `Cannot use ${path}: a directory is wanted, and a file is in its place.`;
    case "ENOENT":
      return `Cannot open ${path}: it does not exist.`;
    case "EMFILE":
    case "ENFILE":
      return `Cannot open ${path}: too many files are open; raise the limit (ulimit -n).`;
    default:
      return `The disk failed: ${operation} of ${path} gave ${code}.`;
  }
}

function withFullStop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
