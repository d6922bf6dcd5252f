/**
 * What an operator watches, read from the parts of the node when it is asked for: nothing is counted on the way of a
 * record. What Apache has among its JMX metrics has the name that the Prometheus JMX exporter's example for Kafka gives
 * it (`compat-tests/oracle/metrics.test.ts` compares them with a broker's); what only Odradek has begins with `odradek_`.
 */
import type { LogDirectory } from "../../storage/log-dir.ts";
import type { Services } from "../apis/services.ts";
import { NO_LEADER } from "../metadata/image.ts";
import type { Replica } from "../partition/replica.ts";
import type { Family, Labels, Sample } from "./exposition.ts";

export function metricsOf(services: Services): Family[] {
  const { isBroker, isController } = services.config.static;
  return [
    ...(isBroker ? [...replicaMetrics(services), ...logMetrics(services)] : []),
    ...directoryMetrics(services.replicas.directories),
    ...(isController ? controllerMetrics(services) : []),
    ...raftMetrics(services),
  ];
}

function replicaMetrics(services: Services): Family[] {
  const { replicas } = services;
  const led = [...replicas.all()].filter(({ isLeader }) => isLeader);
  const count = (is: (replica: Replica) => boolean) => led.filter(is).length;
  const gauge = (name: string, help: string, value: number) => one(`kafka_server_replicamanager_${name}`, help, value);
  return [
    gauge("partitioncount", "Partitions of this node.", replicas.partitionCount),
    gauge("leadercount", "Partitions that this node leads.", led.length),
    gauge(
      "offlinereplicacount",
      "Partitions of this node that are offline: the directory failed, or the log was not opened.",
      replicas.offlineCount,
    ),
    gauge(
      "underreplicatedpartitions",
      "Led partitions with fewer replicas in sync than they have.",
      count((replica) => replica.role.isr.length < replicationFactor(services, replica)),
    ),
    gauge(
      "underminisrpartitioncount",
      "Led partitions with fewer replicas in sync than min.insync.replicas.",
      count((replica) => replica.role.isr.length < minInsync(replica)),
    ),
    gauge(
      "atminisrpartitioncount",
      "Led partitions with just as many replicas in sync as min.insync.replicas.",
      count((replica) => replica.role.isr.length === minInsync(replica)),
    ),
  ];
}

/** Replicas that a reassignment has yet to add do not count. */
function replicationFactor(services: Services, { topicId, partition, replicaIds }: Replica): number {
  const adding = services.image().topicsById.get(topicId)?.partitions.get(partition)?.addingReplicas ?? [];
  return replicaIds.filter((id) => !adding.includes(id)).length;
}

const minInsync = ({ minInsyncReplicas, replicaIds }: Replica): number =>
  Math.min(minInsyncReplicas, replicaIds.length);

function logMetrics({ replicas }: Services): Family[] {
  const logs = replicas.directories.flatMap((directory) =>
    directory.offline === null ? [...directory.logs.values()] : [],
  );
  const family = (name: string, help: string, value: (log: (typeof logs)[number]) => number): Family => {
    const samples = logs.map((log) => sample(value(log), { topic: log.topic, partition: String(log.partition) }));
    return { name: `kafka_log_log_${name}`, type: "gauge", help, samples };
  };
  return [
    family("logstartoffset", "The first offset of the log.", (log) => log.logStartOffset),
    family("logendoffset", "The offset that the next record gets.", (log) => log.logEndOffset),
    family("numlogsegments", "Segments of the log.", (log) => log.segmentCount),
    family("size", "Bytes of the log's segments.", (log) => log.sizeBytes),
  ];
}

function directoryMetrics(directories: readonly LogDirectory[]): Family[] {
  const by = (value: (directory: LogDirectory) => number): Sample[] =>
    directories.map((directory) => sample(value(directory), { logDirectory: directory.path }));
  const gauge = (name: string, help: string, samples: Sample[]): Family => ({ name, type: "gauge", help, samples });
  const counter = (name: string, help: string, samples: Sample[]): Family => ({ name, type: "counter", help, samples });
  const offline = directories.filter((directory) => directory.offline !== null);
  return [
    one("kafka_log_logmanager_offlinelogdirectorycount", "Log directories that are offline.", offline.length),
    gauge(
      "kafka_log_logmanager_logdirectoryoffline",
      "1 where the log directory is offline.",
      by((directory) => (directory.offline === null ? 0 : 1)),
    ),
    gauge(
      "kafka_log_logcleanermanager_uncleanable_partitions_count",
      "Logs that are not compacted until the next start, because something in them is wrong.",
      by(({ cleaner }) => cleaner.refusedCount),
    ),
    gauge(
      "odradek_log_damaged_partitions",
      "Partitions that were not opened, because what had been synced is damaged.",
      by(({ damaged }) => damaged.size),
    ),
    counter(
      "odradek_log_corrupt_batches_total",
      "Places where reads found what was not written and refused it, each counted once per start.",
      by(({ found }) => found.corruptBatches),
    ),
    counter(
      "odradek_log_recovery_cuts_total",
      "Logs from whose end the start cut what an unclean stop had left unfinished.",
      by(({ found }) => found.cuts),
    ),
    counter(
      "odradek_log_recovery_cut_bytes_total",
      "Bytes that were cut off so.",
      by(({ found }) => found.cutBytes),
    ),
    gauge(
      "odradek_log_producers_refused",
      "1 while the disk has no more free than odradek.disk.reserve.bytes, so that producers are refused.",
      by(({ reserve }) => (reserve.isFull ? 1 : 0)),
    ),
  ];
}

/** Of every controller, not of the active one alone: as in Apache all but the first come from the metadata. */
function controllerMetrics({ nodeId, quorum, image }: Services): Family[] {
  const { brokers, topicsById } = image();
  let partitions = 0;
  let withoutLeader = 0;
  let notPreferred = 0;
  for (const topic of topicsById.values()) {
    for (const { leader, replicas } of topic.partitions.values()) {
      partitions++;
      if (leader === NO_LEADER) withoutLeader++;
      if (leader !== replicas[0]) notPreferred++;
    }
  }
  const fenced = [...brokers.values()].filter((broker) => broker.fenced).length;
  const gauge = (name: string, help: string, value: number) =>
    one(`kafka_controller_kafkacontroller_${name}`, help, value);
  return [
    gauge("activecontrollercount", "1 on the active controller.", quorum().leaderId === nodeId ? 1 : 0),
    gauge("activebrokercount", "Brokers that are not fenced.", brokers.size - fenced),
    gauge("fencedbrokercount", "Brokers that are fenced.", fenced),
    gauge("globaltopiccount", "Topics of the cluster.", topicsById.size),
    gauge("globalpartitioncount", "Partitions of the cluster.", partitions),
    gauge("offlinepartitionscount", "Partitions without a leader.", withoutLeader),
    gauge("preferredreplicaimbalancecount", "Partitions that another than the preferred replica leads.", notPreferred),
  ];
}

function raftMetrics({ quorum }: Services): Family[] {
  const { leaderId, epoch, highWatermark } = quorum();
  const gauge = (name: string, help: string, value: number) => one(`kafka_server_raft_metrics_${name}`, help, value);
  return [
    gauge("current_leader", "The leader of the metadata quorum; -1 while none is known.", leaderId ?? -1),
    gauge("current_epoch", "The epoch of the metadata quorum.", epoch),
    gauge(
      "high_watermark",
      "The offset below which the metadata is committed; -1 while it is not known.",
      highWatermark ?? -1,
    ),
  ];
}

const one = (name: string, help: string, value: number): Family => {
  return { name, type: "gauge", help, samples: [sample(value, {})] };
};

const sample = (value: number, labels: Labels): Sample => ({ labels, value });
