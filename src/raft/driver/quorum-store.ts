/** `quorum-state`: the election that must survive a restart, one line of JSON as Apache's FileQuorumStateStore writes it. */
import type { Disk } from "../../../base/ports.ts";
import { ZERO_UUID } from "../../../base/uuid.ts";
import type { Election, ReplicaKey } from "../state.ts";

const utf8 = new TextEncoder();

/** data_version 0 belongs to kraft.version 0, which knows no directory ids; 1 to kraft.version 1. */
export function electionText({ epoch, leaderId, votedFor }: Election, kraftVersion: number, voters: number[]): string {
  const leader = { leaderId: leaderId ?? -1, leaderEpoch: epoch, votedId: votedFor?.id ?? -1 };
  if (kraftVersion === 0) {
    const currentVoters = voters.map((voterId) => ({ voterId }));
    return JSON.stringify({ clusterId: "", ...leader, appliedOffset: 0, currentVoters, data_version: 0 });
  }
  return JSON.stringify({ ...leader, votedDirectoryId: votedFor?.directoryId ?? ZERO_UUID, data_version: 1 });
}

export function parseElection(text: string, path: string): Election {
  const unreadable = (): Error =>
    new Error(`${path} is not readable; it holds this voter's vote and is never guessed.`);
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text.split("\n", 1)[0] ?? "") as Record<string, unknown>;
  } catch {
    throw unreadable();
  }
  const { leaderId, leaderEpoch, votedId, votedDirectoryId, data_version: version } = fields ?? {};
  if (version !== 0 && version !== 1) throw new Error(`${path} has data_version ${version}; 0 and 1 are known.`);
  if (typeof leaderId !== "number" || typeof leaderEpoch !== "number" || typeof votedId !== "number")
    throw unreadable();
  const directoryId = typeof votedDirectoryId === "string" ? votedDirectoryId : ZERO_UUID;
  const votedFor: ReplicaKey | null = votedId === -1 ? null : { id: votedId, directoryId };
  return { epoch: leaderEpoch, leaderId: leaderId === -1 ? null : leaderId, votedFor };
}

export function readElection(disk: Disk, path: string): Election | null {
  const info = disk.info(path);
  if (info === null) return null;
  const file = disk.open(path, { readOnly: true });
  try {
    return parseElection(new TextDecoder().decode(disk.read(file, 0, info.sizeBytes)), path);
  } finally {
    disk.close(file);
  }
}

/** Resolves when the new content survives power loss: the old or the new is there at every moment, never a part. */
export async function writeWhole(
  disk: Disk,
  path: string,
  chunks: readonly Uint8Array[],
  suffix: string,
): Promise<void> {
  const temporary = path + suffix;
  const file = disk.open(temporary);
  try {
    disk.truncate(file, 0);
    disk.write(file, 0, chunks);
    await disk.sync(file);
  } finally {
    disk.close(file);
  }
  disk.rename(temporary, path);
  await disk.syncDirectory(path.slice(0, path.lastIndexOf("/")));
}

export function writeElection(disk: Disk, path: string, text: string): Promise<void> {
  return writeWhole(disk, path, [utf8.encode(text)], ".tmp");
}
