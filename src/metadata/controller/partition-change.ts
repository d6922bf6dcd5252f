/**
 * One partition → the PartitionChangeRecord that brings it to a wanted ISR, with the election, the eligible leader
 * replicas (KIP-966) and the epochs that follow from it; null where nothing changes. A move of its replicas is
 * completed where the ISR has all that were to come. As Kafka's PartitionChangeBuilder.
 */
import { supports } from "../features.ts";
import {
  type MetadataImage,
  NO_LEADER,
  NO_LEADER_CHANGE,
  type PartitionRegistration,
  RECOVERING,
  type TopicImage,
} from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";
import { type Assignment, completedMove } from "./replica-move.ts";
import {
  type ControllerState,
  defaultDirectory,
  elrEnabled,
  hasOnlineDirectory,
  isActive,
  type TopicConfigRules,
  versionsOf,
} from "./state.ts";

/** Preferred: move to the first replica if it may lead. Unclean: any acceptable replica, where nothing else is left. */
export type Election = "preferred" | "online" | "unclean";

export interface PartitionChange {
  readonly image: MetadataImage;
  readonly topicId: string;
  readonly partitionId: number;
  readonly partition: PartitionRegistration;
  readonly election: Election;
  readonly isr: readonly number[];
  /** Replicas that may have lost their log: never in the ELR. */
  readonly uncleanShutdown: readonly number[];
  /** The topic's min.insync.replicas, at most its replication factor. */
  readonly minInsync: number;
  /** Whether a replica is up with its directory: it may be elected. */
  readonly acceptable: (brokerId: number) => boolean;
  /** The replicas, where they begin to move or are left as they were. */
  readonly assignment?: Assignment;
  /** The log directory of each present replica, where one of them is another from now on. */
  readonly directories?: readonly string[];
  /** A broker whose replica begins anew on another disk: nobody shall give up what they have for it. */
  readonly hasLostDisk?: number | null;
  /** What the leader says of its recovery. */
  readonly leaderRecoveryState?: number;
}

/** The change that says nothing new: whoever wants one spreads it over this. */
export function asItIs(
  { image, topicConfigs }: Pick<ControllerState, "image" | "topicConfigs">,
  topic: TopicImage,
  partitionId: number,
  partition: PartitionRegistration,
): PartitionChange {
  return {
    image,
    topicId: topic.id,
    partitionId,
    partition,
    election: "online",
    isr: partition.isr,
    uncleanShutdown: [],
    minInsync: minInsyncOf(topicConfigs, image, topic),
    acceptable: (id) => isActive(image, id) && hasDirectoryOnline(image, partition, id),
  };
}

/** The replica's own log directory is online on its broker. */
export function hasDirectoryOnline(image: MetadataImage, partition: PartitionRegistration, brokerId: number): boolean {
  const broker = image.brokers.get(brokerId);
  const directory = partition.directories[partition.replicas.indexOf(brokerId)];
  return broker !== undefined && directory !== undefined && hasOnlineDirectory(broker, directory);
}

/** min.insync.replicas in force, never more than the first partition has replicas. */
function minInsyncOf(rules: TopicConfigRules, image: MetadataImage, { name, partitions }: TopicImage): number {
  const minInsync = Number(rules.effective(image, name, "min.insync.replicas"));
  return Math.min(minInsync, partitions.get(0)?.replicas.length ?? minInsync);
}

interface Elected {
  readonly leader: number;
  readonly unclean: boolean;
}

/** What the partition is to be, before anybody is elected. */
interface Target extends PartitionChange {
  readonly assignment: Assignment;
}

export function partitionChange(change: PartitionChange): MetadataRecord | null {
  const { image, partition, topicId, partitionId } = change;
  const target = withCompletedMove(change);
  const elr = elrEnabled(image);
  const eligible = elr ? nextElr(target) : [...partition.elr];
  const { leader, unclean } = elect(target, eligible);
  const moved = leader !== partition.leader;
  const fromElr = moved && eligible.includes(leader);
  const uncleanIsr = moved && unclean ? [leader] : null;
  const wantedIsr = fromElr ? [leader] : [...target.isr];
  const isr = uncleanIsr ?? changedIsr(wantedIsr, partition, elr);
  // An unclean election says that what was known of the others is worth nothing.
  const nextEligible = uncleanIsr !== null || !elr ? [] : eligible.filter((id) => !(fromElr && id === leader));
  const named = moved || losesReplicas(target) ? leader : NO_LEADER_CHANGE;
  const { replicas, removingReplicas, addingReplicas } = target.assignment;
  const value = {
    partitionId,
    topicId,
    isr,
    leader: named === NO_LEADER_CHANGE && mustBumpEpoch(change, isr) ? leader : named,
    replicas: changedIds(replicas, partition.replicas),
    removingReplicas: changedIds(removingReplicas, partition.removingReplicas),
    addingReplicas: changedIds(addingReplicas, partition.addingReplicas),
    leaderRecoveryState: changedRecovery(change, uncleanIsr !== null),
    directories: changedDirectories(target),
    eligibleLeaderReplicas: changedIds(nextEligible, partition.elr),
    lastKnownElr: elr ? lastKnownElr(change, named) : null,
  };
  const changes =
    value.isr !== null ||
    value.leader !== NO_LEADER_CHANGE ||
    value.replicas !== null ||
    value.removingReplicas !== null ||
    value.addingReplicas !== null ||
    value.eligibleLeaderReplicas !== null ||
    value.lastKnownElr !== null ||
    value.leaderRecoveryState !== NO_RECOVERY_CHANGE ||
    value.directories !== null;
  return changes ? record("PartitionChangeRecord", value, versionsOf(image).partitionChange) : null;
}

function withCompletedMove(change: PartitionChange): Target {
  const assignment = change.assignment ?? change.partition;
  const completed = completedMove(assignment, change.isr);
  if (completed === null) return { ...change, assignment };
  const { replicas, isr } = completed;
  return { ...change, isr, assignment: { replicas, addingReplicas: [], removingReplicas: [] } };
}

/** Replicas that go must hear that they are none any more: a leader epoch begins, whoever leads. */
function losesReplicas({ partition, assignment }: Target): boolean {
  return !partition.replicas.every((id) => assignment.replicas.includes(id));
}

const NO_RECOVERY_CHANGE = -1;

function changedRecovery({ partition, leaderRecoveryState }: PartitionChange, unclean: boolean): number {
  if (leaderRecoveryState !== undefined && leaderRecoveryState !== partition.leaderRecoveryState) {
    return leaderRecoveryState;
  }
  return unclean && partition.leaderRecoveryState !== RECOVERING ? RECOVERING : NO_RECOVERY_CHANGE;
}

/**
 * Replicas that left an ISR below min.insync.replicas still have every committed record: they stay eligible, until
 * they are replicas no more. (Apache keeps those, and with one that cannot lead nobody ever does.)
 */
function nextElr({ partition, assignment, isr, minInsync, uncleanShutdown }: Target): number[] {
  if (isr.length >= minInsync) return [];
  const left = new Set([...partition.elr, ...partition.isr]).difference(new Set([...isr, ...uncleanShutdown]));
  return [...left].filter((id) => assignment.replicas.includes(id)).sort((a, b) => a - b);
}

function elect(target: Target, elr: readonly number[]): Elected {
  const { partition, isr, acceptable, election, assignment } = target;
  const { replicas } = assignment;
  const valid = (id: number) => (isr.includes(id) || (isr.length === 0 && elr.includes(id))) && acceptable(id);
  const preferred = replicas[0];
  const inOrder =
    election === "preferred" && preferred !== undefined ? [preferred, partition.leader] : [partition.leader];
  const leader = [...inOrder, ...replicas].find(valid);
  if (leader !== undefined) return { leader, unclean: false };
  const lastKnown = lastKnownLeader(target, elr);
  if (lastKnown !== undefined) return { leader: lastKnown, unclean: true };
  const any = election === "unclean" ? replicas.find(acceptable) : undefined;
  return any === undefined ? { leader: NO_LEADER, unclean: false } : { leader: any, unclean: true };
}

/** With neither ISR nor ELR left, the last leader is the replica that knows most. */
function lastKnownLeader(change: PartitionChange, elr: readonly number[]): number | undefined {
  const { image, partition, isr, acceptable } = change;
  if (!elrEnabled(image) || elr.length > 0 || isr.length > 0 || partition.lastKnownElr.length !== 1) return undefined;
  return partition.lastKnownElr.find(acceptable);
}

/** Without ELR an ISR is never emptied: its last members are the only ones that may lead again. */
function changedIsr(isr: number[], partition: PartitionRegistration, elr: boolean): number[] | null {
  return (isr.length > 0 || elr) && !same(isr, partition.isr) ? isr : null;
}

/** Before metadata.version 3.6-IV0 a smaller ISR needs a new leader epoch, and so the same leader named again. */
function mustBumpEpoch({ image, partition }: PartitionChange, isr: readonly number[] | null): boolean {
  if (isr === null || supports.isrShrinkWithoutEpochBump(image.features.metadataVersion ?? 0)) return false;
  return !partition.isr.every((id) => isr.includes(id));
}

/** One directory for each replica, in their order; a new replica lies where its broker puts it. */
function changedDirectories({ image, partition, assignment, directories }: Target): string[] | null {
  if (!supports.directoryAssignment(image.features.metadataVersion ?? 0)) return null;
  const known = directories ?? partition.directories;
  const wanted = assignment.replicas.map((id) => known[partition.replicas.indexOf(id)] ?? defaultDirectory(image, id));
  const unchanged =
    wanted.length === partition.directories.length && wanted.every((id, index) => id === partition.directories[index]);
  return unchanged ? null : wanted;
}

/** Remembered when the leader goes without a successor, forgotten with the next leader. */
function lastKnownElr({ partition, hasLostDisk }: PartitionChange, leader: number): number[] | null {
  if (partition.leader === NO_LEADER && partition.lastKnownElr.some((id) => id === hasLostDisk)) return [];
  if (leader === NO_LEADER && partition.lastKnownElr.length === 0) return [partition.leader];
  return leader >= 0 && partition.lastKnownElr.length > 0 ? [] : null;
}

function changedIds(wanted: readonly number[], before: readonly number[]): number[] | null {
  return same(wanted, before) ? null : [...wanted];
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
