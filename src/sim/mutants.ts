/**
 * Bugs planted in the real code, one at a time, to show that the simulator would find them. A mutant is a change of
 * text that a loader makes (tools/sim.ts); the sources never hold one.
 */
export interface Mutant extends Change {
  readonly name: string;
  /** Where two layers keep a promise, each of them alone: only without both it is broken. */
  readonly also?: Change;
}

export interface Change {
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: "a sync that syncs nothing",
    file: "storage/group-commit.ts",
    find: "active.file.sync(),",
    replace: "Promise.resolve(),",
  },
  {
    name: "acknowledged before the sync",
    file: "src/partition/replica.ts",
    find: "    if (!this.shared.flushBeforeAck()) {\n      this.atTurnEnd();",
    replace: "    if (true) {\n      this.atTurnEnd();",
  },
  {
    name: "a start calls durable what it finds",
    file: "src/partition/replica.ts",
    find: "return this.shared.flushBeforeAck() ? this.log.durableOffset : this.log.logEndOffset;",
    replace: "return this.log.logEndOffset;",
    // A log is synced as it is opened after an unclean stop, so there is nothing that only memory has.
    also: {
      file: "storage/log.ts",
      find: "if (options.cleanShutdown === false) await log.sync();",
      replace: "",
    },
  },
  {
    name: "a high watermark one too high",
    file: "src/partition/replica.ts",
    find: "const after = this.log.updateHighWatermark(offset);",
    replace: "const after = this.log.updateHighWatermark(offset + 1);",
  },
  {
    name: "consumers see the end of the log",
    file: "src/partition/fetch.ts",
    find: "return replica.highWatermark;",
    replace: "return replica.log.logEndOffset;",
  },
  {
    name: "duplicates are appended",
    file: "storage/producer-state.ts",
    find: "if (duplicate !== null) return {",
    replace: "if (false) return {",
  },
  {
    name: "sequence numbers are not checked",
    file: "storage/producer-entry.ts",
    find: "if (current.producerEpoch === NO_PRODUCER_EPOCH || inSequence(last, batch.firstSequence)) return;",
    replace: "return;",
  },
  {
    name: "an epoch that is over is accepted",
    file: "storage/producer-entry.ts",
    find: "if (!stale) return;",
    replace: "return;",
  },
  {
    name: "the vote is forgotten",
    file: "src/raft/driver.ts",
    find: "return writeElection(disk, ",
    replace: "return disk.syncDirectory(path); void writeElection(disk, ",
  },
  {
    name: "recovery keeps a torn tail",
    file: "storage/recover.ts",
    find: "while (walk.next() && isIntact(walk.bytes, walk.at)) {",
    replace: "while (walk.next()) {",
  },
  {
    name: "recovery cuts off one batch too many",
    file: "storage/recover.ts",
    find: "      valid = walk.position + walk.sizeBytes;\n",
    replace: "      if (walk.position + walk.sizeBytes < sizeBytes) valid = walk.position + walk.sizeBytes;\n",
  },
  {
    name: "the recovery point is the end of the log",
    file: "storage/group-commit.ts",
    find: "let point = this.durableOffset;",
    replace: "let point = this.log.logEndOffset(); return point;",
  },
  {
    name: "a sealed segment is not synced",
    file: "storage/group-commit.ts",
    find: "...sealed.map((segment) => segment.syncAll()),",
    replace: "",
  },
  {
    name: "new files are not made durable in their directory",
    file: "storage/group-commit.ts",
    find: "...directories.map((directory) => files.syncDirectory(directory)),",
    replace: "",
  },
  {
    name: "the mark of a clean stop stays",
    file: "storage/clean-shutdown.ts",
    find: "  disk.unlink(",
    replace: "  void (",
  },
  {
    name: "a stop does not sync",
    file: "storage/log-dir.ts",
    find: "(log) => log.close()",
    replace: "(log) => log.retire()",
  },
  {
    name: "recovery believes memory after a failed sync",
    file: "storage/recover.ts",
    find: "this.options.disk.forget(segment.file.get());",
    replace: "segment.file.get();",
  },
  {
    name: "a damaged log forgets its recovery point",
    file: "storage/log-checkpoints.ts",
    find: "const { heldBack } = this;",
    replace: "const heldBack: readonly HeldBack[] = [];",
  },
  {
    name: "epochs of the past cut off younger ones",
    file: "src/partition/replica.ts",
    find: "if (leaderEpoch > (epochs.latest?.epoch ?? -1)) epochs.assign",
    replace: "epochs.assign",
    also: {
      file: "src/metadata/publisher.ts",
      find: "if (!this.caughtUp) return;",
      replace: "",
    },
  },
  {
    name: "a full index takes one more entry",
    file: "storage/segment.ts",
    find: " || this.offsets.isFull || this.times.isFull) return;",
    replace: ") return;",
  },
  {
    name: "an assignment is stored twice",
    file: "src/groups/classic/sync.ts",
    find: " || group.storingGeneration === group.generationId",
    replace: "",
  },
  {
    name: "the generation of a group does not grow",
    file: "src/groups/classic/group.ts",
    find: "this.generationId++;",
    replace: "",
  },
  {
    name: "any generation may commit",
    file: "src/groups/offsets/commit.ts",
    find: 'if (generationId !== group.generationId) throw new KafkaError("ILLEGAL_GENERATION");',
    replace: "",
  },
  {
    name: "a commit is answered before it is written",
    file: "src/coordinator/shard-host.ts",
    find: "if (outcome.records.length === 0 && !this.pending) return outcome.reply;",
    replace: "if (outcome.records.length > 0) this.hold(outcome, () => {});\n    return outcome.reply;",
  },
  {
    name: "metadata is answered before it is committed",
    file: "src/metadata/controller/quorum-controller.ts",
    find: "else this.pending.push({ offset, commit: () => commit(offset), fail });",
    replace: "else commit(offset);",
    also: {
      file: "src/metadata/controller/local-channel.ts",
      find: "await reached(offset);",
      replace: "void [reached, offset];",
    },
  },
  {
    name: "the metadata log counts what is not synced",
    file: "src/raft/leader.ts",
    find: "if (sameReplica(voter, state.self)) return state.log.durableOffset;",
    replace: "if (sameReplica(voter, state.self)) return state.log.offset;",
  },
  {
    name: "a snapshot leaves out the settings of topics",
    file: "src/metadata/snapshot.ts",
    find: "  yield* configRecords(image);",
    replace: "",
  },
  {
    name: "producer ids are given twice",
    file: "src/metadata/controller/producer-ids.ts",
    find: 'record("ProducerIdsRecord", { brokerId, brokerEpoch, nextProducerId })',
    replace: 'record("ProducerIdsRecord", { brokerId, brokerEpoch, nextProducerId: producerIdStart })',
  },
  {
    name: "views are given back before they are sent",
    file: "src/apis/01-fetch.ts",
    find: "this.context.afterSent(() => pass.release());",
    replace: "pass.release();",
  },
  {
    name: "deletion goes one record too far",
    file: "src/partition/replica.ts",
    find: 'if (this.log.advanceLogStart(bound, "records deleted")) {',
    replace: 'if (this.log.advanceLogStart(bound + 1, "records deleted")) {',
  },
  {
    name: "the offset index points one batch too far",
    file: "storage/segment.ts",
    find: "this.offsets.append(lastOffset, position);",
    replace: "this.offsets.append(lastOffset - 1, position);",
  },
  {
    name: "what was appended during a sync counts as synced",
    file: "storage/group-commit.ts",
    find: "this.durableOffset = Math.max(this.durableOffset, this.target);",
    replace: "this.durableOffset = Math.max(this.durableOffset, Math.min(this.log.logEndOffset(), this.ceiling));",
  },
  {
    name: "the checkpoint of log starts is not written",
    file: "storage/log-checkpoints.ts",
    find: "logs.filter((log) => log.startsInsideSegment).map(",
    replace: "logs.filter(() => false).map(",
  },
  {
    name: "producers are not read back from the log",
    file: "storage/producer-rebuild.ts",
    find: "      producers.replay(walk.bytes, walk.at);\n",
    replace: "",
  },
  {
    name: "only the last batch of a producer is remembered",
    file: "storage/producer-entry.ts",
    find: "if (this.batches.length === BATCHES_KEPT) this.batches.shift();",
    replace: "if (this.batches.length > 0) this.batches.shift();",
  },
  {
    name: "a produce is answered with the last offset",
    file: "src/apis/00-produce.ts",
    find: "answer.baseOffset = firstOffset;",
    replace: "answer.baseOffset = lastOffset;",
  },
  {
    name: "what wants no answer is answered",
    file: "src/apis/00-produce.ts",
    find: "if (this.request.acks === 0) return hasError(this.response) ? closeConnection : noReply;",
    replace: "",
  },
  {
    name: "a fetch begins one record late",
    file: "src/partition/fetch.ts",
    find: "readRecords(replica, target.fetchOffset, waits",
    replace: "readRecords(replica, target.fetchOffset + 1, waits",
  },
  {
    name: "sessions never end",
    file: "src/groups/classic/rebalance.ts",
    find: "  turn.draft.setTimer(sessionKey(groupId, memberId), timeoutMs, {",
    replace: "  if (timeoutMs > 0) return;\n  turn.draft.setTimer(sessionKey(groupId, memberId), timeoutMs, {",
  },
  {
    name: "a search believes an index that leads too far",
    file: "storage/segment.ts",
    find: "if (entry.offset > offset) continue; // entries that do not ascend mislead the search",
    replace: "",
  },
];
