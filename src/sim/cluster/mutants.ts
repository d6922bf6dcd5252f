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
    name: "the high watermark does not wait for the followers",
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
    name: "a fenced replica may join the ISR",
    file: "src/metadata/controller/alter-partition.ts",
    find: "broker.inControlledShutdown || broker.fenced) return false;",
    replace: "broker.inControlledShutdown) return false;",
  },
  {
    name: "any broker epoch may join the ISR",
    file: "src/metadata/controller/alter-partition.ts",
    find: "return brokerEpoch === -1 || brokerEpoch === broker.epoch;",
    replace: "return true;",
  },
  {
    name: "AlterPartition without compare-and-set",
    file: "src/metadata/controller/alter-partition.ts",
    find: 'if (partitionEpoch < before.partitionEpoch) return "INVALID_UPDATE_VERSION";',
    replace: "",
  },
  {
    name: "a follower serves what is not committed",
    file: "src/partition/fetch.ts",
    find: "return replica.highWatermark;",
    replace: "return replica.isLeader ? replica.highWatermark : replica.logEndOffset;",
  },
];
