/**
 * The limit of rows where consumers wait: a process that hands on what is produced, with no log, no checks and nothing
 * to lose. It decodes and encodes as a broker does, keeps each record's batch in memory, answers a produce at once and
 * a fetch as soon as there is something. With SYNC `synced` both wait until the record is on the device. `bun
 * bench/relay.ts KIND SYNC`; prints its port.
 */
import { Reader } from "../protocol/bytes/reader.ts";
import { Writer } from "../protocol/bytes/writer.ts";
import { readRequestHeader, responseFrame } from "../protocol/frame.ts";
import { FrameCutter } from "../protocol/frame-cutter.ts";
import { Fetch } from "../protocol/generated/fetch.ts";
import { Produce } from "../protocol/generated/produce.ts";
import * as batch from "../protocol/records/batch.ts";
import { FloorFile } from "./floor-file.ts";
import { fetchedFrom, fetchVersion, producedFrame, produceVersion, sender } from "./frames.ts";

const FRAME_BYTES_MAX = 1 << 20;

interface Client {
  readonly cutter: FrameCutter;
}

/** One fetch that found nothing; the next append answers it. */
interface Parked {
  readonly socket: Bun.Socket<Client>;
  readonly offset: number;
}

interface Partition {
  readonly index: number;
  readonly batches: Uint8Array[];
  parked: Parked[];
}

const reader = new Reader();
const writer = new Writer();
const produceAnswer = producedFrame();
const partitions = new Map<string, Partition>();
const file = process.argv[3] === "synced" ? new FloorFile() : null;

function partitionOf(topic: string, index: number): Partition {
  const name = `${topic}-${index}`;
  let partition = partitions.get(name);
  if (partition === undefined) {
    partition = { index, batches: [], parked: [] };
    partitions.set(name, partition);
  }
  return partition;
}

function send(socket: Bun.Socket<Client>, chunks: readonly Uint8Array[]): void {
  socket.write(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
}

function produced(socket: Bun.Socket<Client>): void {
  const [topic] = Produce.readRequest(reader, produceVersion).topicData;
  const [sent] = topic?.partitionData ?? [];
  if (topic === undefined || sent?.records == null) return;
  const partition = partitionOf(topic.name, sent.index);
  const kept = sent.records.slice();
  if (file === null) {
    publish(socket, partition, kept);
    return;
  }
  file.append(kept);
  file.synced(() => publish(socket, partition, kept));
}

function publish(socket: Bun.Socket<Client>, partition: Partition, kept: Uint8Array): void {
  batch.setBaseOffset(kept, 0, partition.batches.length); // one record in each
  partition.batches.push(kept);
  socket.write(produceAnswer);
  const { parked } = partition;
  partition.parked = [];
  for (const one of parked) answer(partition, one);
}

function fetched(socket: Bun.Socket<Client>): void {
  const [topic] = Fetch.readRequest(reader, fetchVersion).topics;
  const [asked] = topic?.partitions ?? [];
  if (topic === undefined || asked === undefined) return;
  const partition = partitionOf(topic.topic, asked.partition);
  const parked = { socket, offset: asked.fetchOffset };
  if (asked.fetchOffset < partition.batches.length) answer(partition, parked);
  else partition.parked.push(parked);
}

function answer({ index, batches }: Partition, { socket, offset }: Parked): void {
  const waiting = batches.slice(offset);
  const records = waiting.length === 1 ? (waiting[0] as Uint8Array) : new Uint8Array(Buffer.concat(waiting));
  const response = fetchedFrom(index, batches.length, records);
  send(socket, responseFrame(Fetch, response, fetchVersion, sender.correlationId, writer));
}

const server = Bun.listen<Client>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.data = { cutter: new FrameCutter() };
      socket.setNoDelay(true);
    },
    data(socket, bytes) {
      const frames: Uint8Array[] = [];
      socket.data.cutter.push(bytes, FRAME_BYTES_MAX, frames);
      for (const frame of frames) {
        reader.point(frame);
        const { apiKey } = readRequestHeader(reader, (key) => (key === Produce.key ? Produce : Fetch));
        if (apiKey === Produce.key) produced(socket);
        else fetched(socket);
      }
    },
  },
});
process.once("SIGTERM", () => {
  file?.remove();
  process.exit(0);
});
console.log(server.port);
