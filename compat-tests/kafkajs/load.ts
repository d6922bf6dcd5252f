/**
 * For the bench, kafkajs as its users have it: `bun compat-tests/kafkajs/load.ts JOB` produces so many records, then
 * consumes them.
 */
import { Kafka, logLevel } from "kafkajs";
import type { KafkajsJob, KafkajsResult } from "../../bench/stock-rows.ts";

const BATCH = 200;

async function run({ bootstrap, topic, records }: KafkajsJob): Promise<KafkajsResult> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR });
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: BATCH }, () => ({ value: "x".repeat(100) }));
  await producer.send({ topic, acks: 1, messages });
  const beganProducing = performance.now();
  for (let sent = BATCH; sent < records; sent += 5 * BATCH) {
    await Promise.all([1, 2, 3, 4, 5].map(() => producer.send({ topic, acks: 1, messages })));
  }
  const producedSeconds = (performance.now() - beganProducing) / 1_000;
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: `${topic}-readers` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const all = Promise.withResolvers<void>();
  let beganConsuming = 0;
  let consumed = 0;
  await consumer.run({
    eachMessage: async () => {
      if (consumed++ === 0) beganConsuming = performance.now();
      if (consumed === records) all.resolve();
    },
  });
  await all.promise;
  const consumedSeconds = (performance.now() - beganConsuming) / 1_000;
  await consumer.disconnect();
  return { producedPerSecond: records / producedSeconds, consumedPerSecond: records / consumedSeconds };
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] as string) as KafkajsJob)));
process.exit(0);
