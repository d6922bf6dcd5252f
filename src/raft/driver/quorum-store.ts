/**
 * `quorum-state`: the election that must survive a restart, one line of JSON as Apache's FileQuorumStateStore writes
 * it.
 */
import type { Disk } from "../../../base/ports.ts";
import { ZERO_UUID } from "../../../base/uuid.ts";
import { readText, replaceFile } from "../../../storage/checkpoint.ts";
import type { Election, ReplicaKey } from "../state.ts";

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
  const text = readText(disk, path);
  return text === null ? null : parseElection(text, path);
}

/** Resolves when the vote survives power loss. */
export function writeElection(disk: Disk, path: string, text: string): Promise<void> {
  return replaceFile(disk, path, text);
}
