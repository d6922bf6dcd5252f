/**
 * What must hold once a healed cluster has come to rest: everyone is up and in sync, replicas hold the same bytes
 * (I4), and so do the metadata logs (R2).
 */
import * as batch from "../../../protocol/records/batch.ts";
import { forEachBatch } from "../../../protocol/records/cursor.ts";
import type { Replica } from "../../partition/replica.ts";
import type { SimDisk } from "../disk.ts";
import { type Cluster, isBroker } from "./cluster.ts";
import { textOf } from "./observer.ts";

const METADATA_LOG = "/data/__cluster_metadata-0";
const READ_BYTES = 1 << 20;

/** Null where all is well, else what is not (yet). */
export function unrest(cluster: Cluster): string | null {
  const image = cluster.observer?.newestImage();
  if (image === undefined) return "no metadata";
  for (const { plan, node } of cluster.members) {
    if (!node.isUp || node.current?.broker?.services.image() === undefined) return `node ${plan.id} is down`;
    if ((node.current?.disk.failures ?? 0) > 0) return `node ${plan.id} has a failing disk`;
    if (isBroker(plan) && image.brokers.get(plan.id)?.fenced !== false) return `broker ${plan.id} is fenced`;
  }
  for (const topic of image.topicsById.values()) {
    for (const [index, partition] of topic.partitions) {
      const { leader, isr, replicas, addingReplicas, removingReplicas } = partition;
      const name = `${topic.name}-${index}`;
      if (addingReplicas.length + removingReplicas.length > 0) {
        return `${name} is being moved: ${replicas} with ${addingReplicas} for ${removingReplicas}, ${isr} are in sync`;
      }
      if (leader < 0) return `${name} has no leader: ${textOf(partition)}`;
      if (isr.length < replicas.length) return `${name} has ${isr} in sync of ${replicas}`;
      const ends = replicas.map((id) => {
        const log = replicaOf(cluster, id, topic.id, index)?.log;
        return log === undefined ? "none" : `${log.logEndOffset} committed ${log.highWatermark}`;
      });
      if (new Set(ends).size > 1) return `${name} ends at ${ends.join(", ")}`;
      const lost = replicas.find((id, at) => !liesIn(cluster, id, partition.directories[at] as string, name));
      if (lost !== undefined) return `${name} of node ${lost} is not where the metadata has it`;
    }
  }
  return null;
}

/** The replica has its log in the directory that the metadata names, and in no other; nothing of it is on its way. */
function liesIn(cluster: Cluster, nodeId: number, directoryId: string, name: string): boolean {
  const member = cluster.members.find(({ plan }) => plan.id === nodeId);
  if (member === undefined) return false;
  const { disk } = member.node;
  return cluster.directoriesOf(member.plan).every((path, n) => {
    const isFuture = disk.list(path).some((entry) => entry.name.startsWith(`${name}.`) && /-future$/.test(entry.name));
    const isHere = disk.info(`${path}/${name}`) !== null;
    return !isFuture && isHere === (cluster.directoryOf(nodeId, n) === directoryId);
  });
}

/** I4: replicas hold the same batches, byte for byte. */
export function checkReplicas(cluster: Cluster): void {
  for (const topic of cluster.observer?.newestImage().topicsById.values() ?? []) {
    for (const [index, { leader, replicas }] of topic.partitions) {
      const led = replicaOf(cluster, leader, topic.id, index);
      if (led === undefined) continue;
      for (const id of replicas) {
        const replica = replicaOf(cluster, id, topic.id, index);
        if (id !== leader && replica !== undefined) compare(cluster, led, replica, `nodes ${leader} and ${id}`);
      }
    }
  }
}

function compare(cluster: Cluster, one: Replica, other: Replica, where: string): void {
  const from = Math.max(one.log.logStartOffset, other.log.logStartOffset);
  const [left, right] = [contentFrom(one, from), contentFrom(other, from)];
  for (const [offset, bytes] of left) {
    const same = right.get(offset);
    if (same !== undefined && Buffer.compare(bytes, same) === 0) continue;
    cluster.world.fail("I4 replicas hold the same", `${one.name} at ${offset} on ${where}`);
  }
  const extra = [...right.keys()].find((offset) => !left.has(offset));
  if (extra !== undefined) cluster.world.fail("I4 replicas hold the same", `${one.name} at ${extra} on ${where}`);
}

function contentFrom({ log }: Replica, from: number): Map<number, Uint8Array> {
  const content = new Map<number, Uint8Array>();
  for (let at = from; at < log.logEndOffset; ) {
    const before = at;
    const bytes = log.readCopy(at, READ_BYTES, log.logEndOffset, true);
    forEachBatch(bytes, (position, sizeBytes) => {
      const last = batch.lastOffset(bytes, position);
      if (last >= from) content.set(batch.baseOffset(bytes, position), bytes.subarray(position, position + sizeBytes));
      at = last + 1;
    });
    if (at === before) break;
  }
  return content;
}

function replicaOf(cluster: Cluster, nodeId: number, topicId: string, index: number): Replica | undefined {
  const member = cluster.members.find(({ plan }) => plan.id === nodeId);
  return member?.node.current?.broker?.services.replicas.getById(topicId, index);
}

/** R2: where two metadata logs have a batch of the same offset, up to what both call committed, it is the same. */
export function checkMetadataLogs(cluster: Cluster): void {
  const committed = Math.min(
    ...cluster.members.map(({ node }) => node.current?.broker?.services.quorum().highWatermark ?? 0),
  );
  const seen = new Map<number, Uint8Array>();
  for (const { plan, node } of cluster.members) {
    for (const [offset, content] of metadataBatches(node.disk)) {
      if (offset >= committed) continue;
      const other = seen.get(offset);
      if (other !== undefined && Buffer.compare(other, content) !== 0) {
        const detail = `the metadata at offset ${offset} on node ${plan.id}: ${bytesText(content)}, ${bytesText(other)}`;
        cluster.world.fail("R2 logs match", detail);
      }
      seen.set(offset, content);
    }
  }
}

function* metadataBatches(disk: SimDisk): Generator<readonly [offset: number, content: Uint8Array]> {
  for (const [path, file] of disk.filesBelow(METADATA_LOG)) {
    if (!path.endsWith(".log")) continue;
    const bytes = file.read(0, file.sizeBytes);
    const found: [number, Uint8Array][] = [];
    forEachBatch(bytes, (at, sizeBytes) => {
      const whole = bytes.subarray(at, at + sizeBytes);
      if (sizeBytes < batch.HEADER_SIZE || !batch.isValid(whole, 0)) return;
      found.push([batch.baseOffset(bytes, at), whole]);
    });
    yield* found;
  }
}

const bytesText = (bytes: Uint8Array): string =>
  `epoch ${batch.partitionLeaderEpoch(bytes, 0)} CRC ${batch.crc(bytes, 0)}`;
