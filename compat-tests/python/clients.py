"""Produces and consumes with one Python client and prints what came back as JSON lines: CLIENT BOOTSTRAP CODEC COUNT."""

import asyncio
import json
import sys


def messages(count):
    for i in range(count):
        yield (None if i % 7 == 0 else f"key {i % 50}".encode(), f"value {i} {'ß日本' * (i % 40)}".encode())


def confluent(bootstrap, topic, codec, count):
    from confluent_kafka import Consumer, Producer
    from confluent_kafka.admin import AdminClient, NewTopic

    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)]).values():
        future.result()
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True,
                         "compression.type": codec, "linger.ms": 5})
    for key, value in messages(count):
        producer.produce(topic, value=value, key=key, headers={"from": b"confluent"})
    assert producer.flush(30) == 0
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"group-{topic}",
                         "auto.offset.reset": "earliest", "enable.auto.commit": False})
    consumer.subscribe([topic])
    while count > 0:
        message = consumer.poll(30)
        assert message is not None, "nothing within 30 s"
        assert message.error() is None, message.error()
        yield message.offset(), message.key(), message.value()
        count -= 1
    consumer.commit(asynchronous=False)
    consumer.close()


async def aio(bootstrap, topic, codec, count):
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True,
                                compression_type=None if codec == "none" else codec, linger_ms=5)
    await producer.start()
    for future in [await producer.send(topic, value=value, key=key) for key, value in messages(count)]:
        await future
    await producer.stop()
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=f"group-{topic}",
                                auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    received = []
    while len(received) < count:
        message = await asyncio.wait_for(consumer.getone(), 30)
        received.append((message.offset, message.key, message.value))
    await consumer.commit()
    await consumer.stop()
    return received


def kafka_python(bootstrap, topic, codec, count):
    from kafka import KafkaConsumer, KafkaProducer

    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5,
                             compression_type=None if codec == "none" else codec)
    for future in [producer.send(topic, value=value, key=key) for key, value in messages(count)]:
        future.get(30)
    producer.close()
    consumer = KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=f"group-{topic}",
                             auto_offset_reset="earliest", enable_auto_commit=False, consumer_timeout_ms=30_000)
    for message in consumer:
        yield message.offset, message.key, message.value
        count -= 1
        if count == 0:
            break
    consumer.commit()
    consumer.close()


def main(client, bootstrap, codec, count):
    topic = f"{client}-{codec}"
    if client == "aiokafka":
        received = asyncio.run(aio(bootstrap, topic, codec, count))
    else:
        received = {"confluent": confluent, "kafka-python": kafka_python}[client](bootstrap, topic, codec, count)
    expected = list(messages(count))
    seen = 0
    for offset, key, value in received:
        assert offset == seen, f"offset {offset} where {seen} was expected"
        assert (key, value) == expected[seen], f"another message at {offset}"
        seen += 1
    print(json.dumps({"client": client, "codec": codec, "received": seen}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
