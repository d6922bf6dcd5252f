/**
 * `.kafka_cleanshutdown`: left by a stop that closed every log, and taken away by the next start. It names the broker
 * epoch of the registration that ended with it (KIP-966).
 */
import type { Disk } from "../base/ports.ts";
import { readText, replaceFile } from "./checkpoint.ts";

export const CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";

/** Whether the last stop was clean, and its broker epoch: -1 where unknown. */
export interface LastStop {
  readonly clean: boolean;
  readonly brokerEpoch: number;
}

export function readCleanShutdown(disk: Disk, directory: string): LastStop {
  const text = readText(disk, `${directory}/${CLEAN_SHUTDOWN_FILE}`);
  return text === null ? { clean: false, brokerEpoch: -1 } : { clean: true, brokerEpoch: brokerEpochIn(text) };
}

/** Before anything changes: a crash from here on is an unclean stop. */
export async function removeCleanShutdown(disk: Disk, directory: string): Promise<void> {
  disk.unlink(`${directory}/${CLEAN_SHUTDOWN_FILE}`);
  await disk.syncDirectory(directory);
}

export function writeCleanShutdown(disk: Disk, directory: string, brokerEpoch: number): Promise<void> {
  const content = JSON.stringify({ version: 0, brokerEpoch });
  return replaceFile(disk, `${directory}/${CLEAN_SHUTDOWN_FILE}`, content);
}

/** An empty marker, as older nodes left it, is as clean but names no epoch. */
function brokerEpochIn(text: string): number {
  try {
    const { brokerEpoch } = JSON.parse(text) as { brokerEpoch?: unknown };
    return typeof brokerEpoch === "number" && Number.isSafeInteger(brokerEpoch) ? brokerEpoch : -1;
  } catch {
    return -1;
  }
}
