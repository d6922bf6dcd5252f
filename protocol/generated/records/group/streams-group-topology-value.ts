// From kafka-group-coordinator-4.3.1.jar: common/message/StreamsGroupTopologyValue.json. Do not edit: npm run generate.
import type { Reader } from "../../../bytes/reader.ts";
import type { Writer } from "../../../bytes/writer.ts";
import type { RecordSchema } from "../../../message.ts";

export interface StreamsGroupTopologyValue {
  epoch: number;
  subtopologies: Subtopology[];
}

export interface Subtopology {
  subtopologyId: string;
  sourceTopics: string[];
  sourceTopicRegex: string[];
  stateChangelogTopics: TopicInfo[];
  repartitionSinkTopics: string[];
  repartitionSourceTopics: TopicInfo[];
  copartitionGroups: CopartitionGroup[];
}

export interface CopartitionGroup {
  sourceTopics: number[];
  sourceTopicRegex: number[];
  repartitionSourceTopics: number[];
}

export interface TopicConfig {
  key: string;
  value: string;
}

export interface TopicInfo {
  name: string;
  partitions: number;
  replicationFactor: number;
  topicConfigs: TopicConfig[];
}

export function readStreamsGroupTopologyValue(from: Reader, version: number): StreamsGroupTopologyValue {
  const epoch = from.int32();
  const subtopologies: Subtopology[] = [];
  for (let left = from.compactArrayLength(8); left > 0; left--) subtopologies.push(readSubtopology(from, version));
  from.skipTags();
  return { epoch, subtopologies };
}

export function writeStreamsGroupTopologyValue(to: Writer, value: StreamsGroupTopologyValue, version: number): void {
  to.int32(value.epoch);
  to.compactArrayLength(value.subtopologies.length);
  for (const each of value.subtopologies) writeSubtopology(to, each, version);
  to.noTags();
}

export function readSubtopology(from: Reader, version: number): Subtopology {
  const subtopologyId = from.compactString();
  const sourceTopics: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) sourceTopics.push(from.compactString());
  const sourceTopicRegex: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) sourceTopicRegex.push(from.compactString());
  const stateChangelogTopics: TopicInfo[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) stateChangelogTopics.push(readTopicInfo(from, version));
  const repartitionSinkTopics: string[] = [];
  for (let left = from.compactArrayLength(1); left > 0; left--) repartitionSinkTopics.push(from.compactString());
  const repartitionSourceTopics: TopicInfo[] = [];
  for (let left = from.compactArrayLength(9); left > 0; left--) repartitionSourceTopics.push(readTopicInfo(from, version));
  const copartitionGroups: CopartitionGroup[] = [];
  for (let left = from.compactArrayLength(4); left > 0; left--) copartitionGroups.push(readCopartitionGroup(from, version));
  from.skipTags();
  return { subtopologyId, sourceTopics, sourceTopicRegex, stateChangelogTopics, repartitionSinkTopics, repartitionSourceTopics, copartitionGroups };
}

export function writeSubtopology(to: Writer, value: Subtopology, version: number): void {
  to.compactString(value.subtopologyId);
  to.compactArrayLength(value.sourceTopics.length);
  for (const each of value.sourceTopics) to.compactString(each);
  to.compactArrayLength(value.sourceTopicRegex.length);
  for (const each of value.sourceTopicRegex) to.compactString(each);
  to.compactArrayLength(value.stateChangelogTopics.length);
  for (const each of value.stateChangelogTopics) writeTopicInfo(to, each, version);
  to.compactArrayLength(value.repartitionSinkTopics.length);
  for (const each of value.repartitionSinkTopics) to.compactString(each);
  to.compactArrayLength(value.repartitionSourceTopics.length);
  for (const each of value.repartitionSourceTopics) writeTopicInfo(to, each, version);
  to.compactArrayLength(value.copartitionGroups.length);
  for (const each of value.copartitionGroups) writeCopartitionGroup(to, each, version);
  to.noTags();
}

export function readCopartitionGroup(from: Reader, _version: number): CopartitionGroup {
  const sourceTopics: number[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) sourceTopics.push(from.int16());
  const sourceTopicRegex: number[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) sourceTopicRegex.push(from.int16());
  const repartitionSourceTopics: number[] = [];
  for (let left = from.compactArrayLength(2); left > 0; left--) repartitionSourceTopics.push(from.int16());
  from.skipTags();
  return { sourceTopics, sourceTopicRegex, repartitionSourceTopics };
}

export function writeCopartitionGroup(to: Writer, value: CopartitionGroup, _version: number): void {
  to.compactArrayLength(value.sourceTopics.length);
  for (const each of value.sourceTopics) to.int16(each);
  to.compactArrayLength(value.sourceTopicRegex.length);
  for (const each of value.sourceTopicRegex) to.int16(each);
  to.compactArrayLength(value.repartitionSourceTopics.length);
  for (const each of value.repartitionSourceTopics) to.int16(each);
  to.noTags();
}

export function readTopicConfig(from: Reader, _version: number): TopicConfig {
  const key = from.compactString();
  const value_ = from.compactString();
  from.skipTags();
  return { key, value: value_ };
}

export function writeTopicConfig(to: Writer, value: TopicConfig, _version: number): void {
  to.compactString(value.key);
  to.compactString(value.value);
  to.noTags();
}

export function readTopicInfo(from: Reader, version: number): TopicInfo {
  const name = from.compactString();
  const partitions = from.int32();
  const replicationFactor = from.int16();
  const topicConfigs: TopicConfig[] = [];
  for (let left = from.compactArrayLength(3); left > 0; left--) topicConfigs.push(readTopicConfig(from, version));
  from.skipTags();
  return { name, partitions, replicationFactor, topicConfigs };
}

export function writeTopicInfo(to: Writer, value: TopicInfo, version: number): void {
  to.compactString(value.name);
  to.int32(value.partitions);
  to.int16(value.replicationFactor);
  to.compactArrayLength(value.topicConfigs.length);
  for (const each of value.topicConfigs) writeTopicConfig(to, each, version);
  to.noTags();
}

export const StreamsGroupTopologyValue: RecordSchema<StreamsGroupTopologyValue> = {
  name: "StreamsGroupTopologyValue",
  apiKey: 23,
  versions: [0, 0],
  flexibleFrom: 0,
  read: readStreamsGroupTopologyValue,
  write: writeStreamsGroupTopologyValue,
};
