/** Apache's own command-line classes, run from the released jars against either broker. */
import { jars } from "./place.ts";
import { type Finished, type RunOptions, run } from "./process.ts";

/** Script name → class, for 4.3.1. */
export const classes = {
  "kafka-topics": "org.apache.kafka.tools.TopicCommand",
  "kafka-configs": "kafka.admin.ConfigCommand",
  "kafka-console-producer": "org.apache.kafka.tools.ConsoleProducer",
  "kafka-console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
  "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
  "kafka-get-offsets": "org.apache.kafka.tools.GetOffsetShell",
  "kafka-delete-records": "org.apache.kafka.tools.DeleteRecordsCommand",
  "kafka-log-dirs": "org.apache.kafka.tools.LogDirsCommand",
  "kafka-broker-api-versions": "org.apache.kafka.tools.BrokerApiVersionsCommand",
  "kafka-metadata-quorum": "org.apache.kafka.tools.MetadataQuorumCommand",
  "kafka-cluster": "org.apache.kafka.tools.ClusterTool",
  "kafka-features": "org.apache.kafka.tools.FeatureCommand",
  "kafka-groups": "org.apache.kafka.tools.GroupsCommand",
  "kafka-reassign-partitions": "org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
  "kafka-leader-election": "org.apache.kafka.tools.LeaderElectionCommand",
  "kafka-metadata-shell": "org.apache.kafka.shell.MetadataShell",
  "kafka-dump-log": "org.apache.kafka.tools.DumpLogSegments",
  "kafka-storage": "kafka.tools.StorageTool",
} as const;

export type Script = keyof typeof classes;

/** Client JVMs are short-lived: the first compiler tier and one collector thread start fastest. */
export const javaFlags = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"];

export function script(name: Script, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return javaClass("4.3.1", classes[name], args, options);
}

export function javaClass(
  set: string,
  name: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const libs = jars(set);
  if (libs === null) throw new Error(`the jars of ${set} are not here`);
  return run(["java", ...javaFlags, "-cp", `${libs}/*`, name, ...args], options);
}
