/** Bugs of clusters, planted as those of mutants.ts are: each must be found by seeds of worlds with several nodes. */
import type { Mutant } from "../mutants.ts";

export const clusterMutants: readonly Mutant[] = [
  {
    name: "truncation by high watermark",
    file: "src/partition/fetcher.ts",
    find: "if (log.epochs.latest === null && log.logEndOffset > log.highWatermark) {",
    replace: "if (log.logEndOffset > log.highWatermark) {",
  },
  {
    name: "no truncation where logs part",
    file: "src/partition/follower.ts",
    find: "return Math.min(isShared ? Math.min(own.endOffset, leader.endOffset) : own.endOffset, logEndOffset);",
    replace: "return logEndOffset;",
  },
  {
    name: "the leader does not look whether logs part",
    file: "src/partition/fetch.ts",
    find: "const isCompared = target.lastFetchedEpoch !== -1 && preferred < 0;",
    replace: "const isCompared = target.lastFetchedEpoch > 1e9;",
  },
  {
    name: "acks=all does not wait for the followers",
    file: "src/partition/leadership.ts",
    find: "if (counts) lowest = follower.endOffset;",
    replace: "",
  },
  {
    name: "a follower reports what it has not synced",
    file: "src/partition/fetcher.ts",
    find: "else this.work(followed, log.sync().then(told));",
    replace: "else told();",
  },
  {
    name: "the high watermark moves below min.insync.replicas",
    file: "src/partition/leadership.ts",
    find: "if (role.isr.length < this.minInsync) return -1;",
    replace: "",
  },
  {
    name: "any follower may join the ISR",
    file: "src/partition/leadership.ts",
    find: "return follower.endOffset >= Math.max(highWatermark, epochStartOffset) && this.isEligible(follower);",
    replace: "return follower.endOffset >= Math.min(highWatermark, epochStartOffset, 0) && this.isEligible(follower);",
  },
  {
    name: "a fenced replica may join the ISR",
    file: "src/metadata/controller/alter-partition.ts",
    find: "broker.inControlledShutdown || broker.fenced) return false;",
    replace: "broker.inControlledShutdown) return false;",
  },
  {
    name: "a fenced broker stays in the ISR",
    file: "src/metadata/controller/leader-updates.ts",
    find: "isr: partition.isr.filter((id) => !gone.includes(id)),",
    replace: "isr: partition.isr.filter((id) => !gone.includes(id) || id !== partition.leader),",
  },
  {
    name: "AlterPartition without compare-and-set",
    file: "src/metadata/controller/alter-partition.ts",
    find: 'if (partitionEpoch < before.partitionEpoch) return "INVALID_UPDATE_VERSION";',
    replace: "",
  },
  {
    name: "a leader of the past may change the ISR",
    file: "src/metadata/controller/alter-partition.ts",
    // Without the last of the three the first two would be missed by nobody: a new leader has a new partition epoch.
    find: `if (leaderEpoch < before.leaderEpoch) return "FENCED_LEADER_EPOCH";
  if (brokerId !== before.leader) return "INVALID_REQUEST";
  if (partitionEpoch < before.partitionEpoch) return "INVALID_UPDATE_VERSION";`,
    replace: "",
  },
  {
    name: "a replica of an earlier life may join the ISR",
    file: "src/metadata/controller/alter-partition.ts",
    find: "return brokerEpoch === -1 || brokerEpoch === broker.epoch;",
    replace: "return true;",
  },
  {
    name: "a follower serves what is not committed",
    file: "src/partition/fetch.ts",
    find: "return replica.highWatermark;",
    replace: "return replica.isLeader ? replica.highWatermark : replica.logEndOffset;",
  },
  {
    name: "the leader epoch is not bumped",
    file: "src/metadata/records/topics.ts",
    find: "leaderEpoch: leads ? before.leaderEpoch + 1 : before.leaderEpoch,",
    replace: "leaderEpoch: before.leaderEpoch,",
  },
  {
    name: "any replica may lead",
    file: "src/metadata/controller/partition-change.ts",
    find: "(isr.includes(id) || (isr.length === 0 && elr.includes(id))) && acceptable(id);",
    replace: "acceptable(id);",
  },
  {
    name: "a vote is given twice in an epoch",
    file: "src/raft/vote.ts",
    find: "if (state.votedFor !== null) return",
    replace: "if (false) return",
  },
  {
    name: "a vote for a shorter log",
    file: "src/raft/vote.ts",
    find: "return log.epoch > other.epoch || (log.epoch === other.epoch && log.offset >= other.offset);",
    replace: "return log.offset > -2 || other.epoch > -2;",
  },
  {
    name: "a vote is not durable before it is given",
    file: "src/raft/driver.ts",
    find: "return writeElection(disk, ",
    replace: "return disk.syncDirectory(path); void writeElection(disk, ",
  },
  {
    name: "the quorum counts what is not synced",
    file: "src/raft/leader.ts",
    find: "if (sameReplica(voter, state.self)) return state.log.durableOffset;",
    replace: "if (sameReplica(voter, state.self)) return state.log.offset;",
  },
  {
    name: "a minority commits metadata",
    file: "src/raft/leader.ts",
    find: "const offset = ends.sort((a, b) => b - a)[majority(votersOf(state)) - 1] ?? -1;",
    replace: "const offset = ends.sort((a, b) => b - a)[0] ?? -1;",
  },
  {
    name: "voters in the leader's records are not read",
    file: "src/raft/driver/fetcher.ts",
    find: 'if (record?.type === "voters") voters.push(',
    replace: 'if (record?.type === "voters" && entry.offset % 2 === 0) voters.push(',
  },
  {
    name: "the voters of a snapshot are not read",
    file: "src/raft/driver/load.ts",
    find: "if (snapshot.voters !== null) voters =",
    replace: "if (snapshot.voters !== null && latest.offset === 0) voters =",
  },
  {
    name: "a controller whose disk was lost does not take the place of its former self",
    file: "src/raft/driver/membership.ts",
    find: "return former === undefined ? this.add(leader) : this.remove(leader, former.directoryId);",
    replace: "return this.add(leader);",
  },
  {
    name: "an unclean election where none is allowed",
    file: "src/metadata/controller/leader-updates.ts",
    find: '"unclean.leader.election.enable") === "true" ? "unclean" : "online";',
    replace: '"unclean.leader.election.enable") !== "" ? "unclean" : "online";',
  },
  {
    name: "an unclean leader keeps the in-sync replicas of the last one",
    file: "src/metadata/controller/partition-change.ts",
    find: "const uncleanIsr = moved && unclean ? [leader] : null;",
    replace: "const uncleanIsr = moved && unclean ? [...new Set([leader, ...partition.isr])] : null;",
  },
  {
    name: "a broker keeps to itself that a log directory has failed",
    file: "src/lifecycle/lifecycle.ts",
    find: "offlineLogDirs: [...this.offlineDirectories.keys()],",
    replace: "offlineLogDirs: [],",
  },
  {
    name: "the controller is not told where a replica has moved",
    file: "src/lifecycle/directory-assignments.ts",
    find: "return registration?.directories[replica] === directoryId ? null : directoryId;",
    replace: 'return registration?.directories[replica]?.startsWith("Directory") ? null : directoryId;',
  },
  {
    name: "a moved log takes its place without its last records",
    file: "src/partition/log-move.ts",
    find: "while (copy.logEndOffset < log.logEndOffset) this.copySlice(copy);",
    replace: "",
  },
  {
    name: "the old log is deleted before the moved one is synced",
    file: "src/partition/log-move.ts",
    find: "await copy.sync(); // until then",
    replace: "// until then",
  },
  {
    name: "of two logs of a partition a start takes the shorter",
    file: "storage/twins.ts",
    find: "log.logEndOffset >= (other.log(topic, partition)?.logEndOffset ?? 0) ?",
    replace: "log.logEndOffset < (other.log(topic, partition)?.logEndOffset ?? 0) ?",
  },
  {
    name: "what lies on the disk is read unchecked",
    file: "storage/read-check.ts",
    find: "if (fault !== null) throw this.damaged(position, fault);",
    replace: "",
  },
  {
    name: "an unclean end counts as a clean one",
    file: "src/metadata/controller/brokers.ts",
    find: "storedEpoch === request.previousBrokerEpoch;",
    replace: "storedEpoch >= request.previousBrokerEpoch;",
  },
  {
    name: "a single refusal tells that a process is gone",
    file: "src/metadata/controller/broker-watch.ts",
    find: 'if (found.every((each) => each === "refused")) refusals++;',
    replace: 'if (found.every((each) => each === "refused")) refusals = 2;',
  },
  {
    name: "a late heartbeat tells that a process is gone",
    file: "src/metadata/controller/broker-watch.ts",
    find: "this.connections.set(connectionId, { brokerId, brokerEpoch });",
    replace: `const latest = { brokerId, brokerEpoch };
    this.connections.set(connectionId, latest);
    this.options.clock.after(900, () => {
      if (this.connections.get(connectionId) === latest) this.fence(latest);
    });`,
  },
  {
    name: "the end of an earlier life's connection fences the present one",
    file: "src/metadata/controller/broker-watch.ts",
    find: "if (await this.isGone(life)) this.fence(life);",
    replace: `const { brokerId } = life;
    const brokerEpoch = this.options.controller.look(({ image }) => image.brokers.get(brokerId)?.epoch) ?? -1;
    if (brokerEpoch !== life.brokerEpoch || (await this.isGone(life))) this.fence({ brokerId, brokerEpoch });`,
  },
  {
    name: "silence tells that a process is gone",
    file: "src/metadata/controller/broker-watch.ts",
    find: 'if (found.every((each) => each === "refused")) refusals++;',
    replace: 'if (found.every((each) => each !== "listening")) refusals++;',
  },
];
