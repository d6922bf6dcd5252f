import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A day in the life of a client: administers, produces with every compression, consumes in a group, looks, deletes. */
public class Client {
    public static void main(String[] args) throws Exception {
        Map<String, Object> server = Map.of("bootstrap.servers", args[0]);
        String jar = Admin.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        System.out.println("version " + jar.replaceAll(".*kafka-clients-|\\.jar$", ""));
        try (Admin admin = Admin.create(server)) {
            admin.createTopics(List.of(new NewTopic("java", 2, (short) 1))).all().get();
            produce(args[0], "none", "gzip", "snappy", "lz4", "zstd");
            consume(args[0]);
            administer(admin);
        }
    }

    static void produce(String server, String... codecs) throws Exception {
        for (String codec : codecs) {
            Map<String, Object> settings =
                Map.of("bootstrap.servers", server, "compression.type", codec, "linger.ms", 5, "acks", "all");
            try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                for (int i = 0; i < 100; i++) {
                    var record = new ProducerRecord<>("java", i % 2, "k" + i, codec + " " + i);
                    record.headers().add(new RecordHeader("codec", codec.getBytes()));
                    producer.send(record);
                }
                producer.flush();
            }
            System.out.println("produced " + codec);
        }
    }

    static void consume(String server) {
        Map<String, Object> settings =
            Map.of("bootstrap.servers", server, "group.id", "java", "auto.offset.reset", "earliest", "enable.auto.commit", false);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("java"));
            Map<String, Integer> counts = new TreeMap<>();
            int seen = 0;
            while (seen < 500) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    seen++;
                    counts.merge(new String(record.headers().lastHeader("codec").value()), 1, Integer::sum);
                }
            }
            consumer.commitSync();
            System.out.println("consumed " + counts);
        }
    }

    static void administer(Admin admin) throws Exception {
        System.out.println("nodes " + admin.describeCluster().nodes().get().size());
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "java");
        AlterConfigOp retention = new AlterConfigOp(new ConfigEntry("retention.ms", "3600000"), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(topic, List.of(retention))).all().get();
        var described = admin.describeConfigs(List.of(topic)).all().get().get(topic);
        System.out.println("retention " + described.get("retention.ms").value());
        admin.createPartitions(Map.of("java", NewPartitions.increaseTo(3))).all().get();
        var description = admin.describeTopics(List.of("java")).allTopicNames().get().get("java");
        System.out.println("partitions " + description.partitions().size());
        List<String> ends = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            TopicPartition of = new TopicPartition("java", partition);
            ends.add(partition + ":" + admin.listOffsets(Map.of(of, OffsetSpec.latest())).partitionResult(of).get().offset());
        }
        System.out.println("ends " + ends);
        var committed = new TreeMap<String, Long>();
        admin.listConsumerGroupOffsets("java").partitionsToOffsetAndMetadata().get()
            .forEach((of, offset) -> committed.put(of.toString(), offset.offset()));
        System.out.println("committed " + committed);
        admin.deleteConsumerGroups(List.of("java")).all().get();
        admin.deleteTopics(List.of("java")).all().get();
        System.out.println("left " + admin.listTopics().names().get());
    }
}
