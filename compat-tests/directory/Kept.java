/*
 * What a cluster holds that Odradek does not serve: `fill` makes some of each kind, `report` says what is there in
 * lines that may be compared, `read` is a consumer of committed records, `finish` ends the open transaction.
 */
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.*;
import org.apache.kafka.common.resource.*;
import org.apache.kafka.common.serialization.*;

public class Kept {
    static final String TOPIC = "payments";
    static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    static String bootstrap;

    public static void main(String[] args) throws Exception {
        bootstrap = args[1];
        switch (args[0]) {
            case "fill" -> fill();
            case "report" -> report();
            case "read" -> read();
            case "finish" -> finish();
        }
        System.out.flush();
        Runtime.getRuntime().halt(0); // with its transaction open
    }

    static Properties properties(String... pairs) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        for (int i = 0; i < pairs.length; i += 2) properties.put(pairs[i], pairs[i + 1]);
        return properties;
    }

    static KafkaProducer<String, String> producer(String id) {
        Properties properties = properties("transactional.id", id, "transaction.timeout.ms", "900000");
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    static void send(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(TOPIC, 0, value, value)).get();
    }

    static void fill() throws Exception {
        try (Admin admin = Admin.create(properties())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
            admin.createAcls(List.of(
                new AclBinding(new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
                    new AccessControlEntry("User:anna", "*", AclOperation.READ, AclPermissionType.ALLOW)),
                new AclBinding(new ResourcePattern(ResourceType.GROUP, "pay", PatternType.PREFIXED),
                    new AccessControlEntry("User:bert", "10.0.0.1", AclOperation.DELETE, AclPermissionType.DENY))
            )).all().get();
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("anna",
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "secret"))).all().get();
            admin.alterClientQuotas(List.of(new ClientQuotaAlteration(new ClientQuotaEntity(Map.of("user", "anna")),
                List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1e6))))).all().get();
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, "sharers"),
                List.of(new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"),
                    AlterConfigOp.OpType.SET)))).all().get();
        }
        KafkaProducer<String, String> kept = producer("kept");
        for (String round : List.of("first", "second")) {
            kept.beginTransaction();
            for (int i = 0; i < 5; i++) send(kept, round + " " + i);
            kept.commitTransaction();
            kept.beginTransaction();
            for (int i = 0; i < 3; i++) send(kept, "aborted after " + round + " " + i);
            kept.abortTransaction();
        }
        kept.close();
        share();
        group();
        KafkaProducer<String, String> open = producer("open");
        open.beginTransaction();
        send(open, "open 0");
    }

    static void share() {
        Properties properties = properties("group.id", "sharers");
        try (KafkaShareConsumer<String, String> consumer =
                new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            int seen = 0;
            while (seen < 10) seen += consumer.poll(Duration.ofMillis(500)).count();
            consumer.commitSync();
        }
    }

    static void group() {
        Properties properties = properties("group.id", "modern", "group.protocol", "consumer",
            "auto.offset.reset", "earliest", "enable.auto.commit", "false", "max.poll.records", "4");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            while (consumer.poll(Duration.ofMillis(500)).isEmpty()) { }
            consumer.commitSync();
        }
    }

    static void report() throws Exception {
        try (Admin admin = Admin.create(properties())) {
            for (AclBinding acl : sorted(admin.describeAcls(AclBindingFilter.ANY).values().get())) print("acl", acl);
            print("scram", new TreeMap<>(admin.describeUserScramCredentials().all().get()));
            print("quotas", admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
            for (String id : List.of("kept", "open")) {
                TransactionDescription found = admin.describeTransactions(List.of(id)).description(id).get();
                print("transaction", id, found.state(), found.producerId(), found.producerEpoch(),
                    found.topicPartitions(), found.transactionStartTimeMs());
            }
            for (GroupListing group : sorted(admin.listGroups().all().get())) {
                print("group", group.groupId(), group.type().get(), group.groupState().get());
            }
            print("modern", admin.listConsumerGroupOffsets("modern").partitionsToOffsetAndMetadata().get());
            print("sharers", admin.listShareGroupOffsets(Map.of("sharers",
                new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo("sharers").get());
            OffsetSpec latest = OffsetSpec.latest();
            for (IsolationLevel level : IsolationLevel.values()) {
                print(level, admin.listOffsets(Map.of(PARTITION, latest), new ListOffsetsOptions(level))
                    .partitionResult(PARTITION).get().offset());
            }
        }
    }

    static void read() {
        Properties properties = properties("isolation.level", "read_committed", "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    print(record.offset(), record.value());
                }
            }
            print("end", end);
        }
    }

    /** A new producer of the same name ends what the last one left open. */
    static void finish() throws Exception {
        KafkaProducer<String, String> open = producer("open");
        open.beginTransaction();
        send(open, "after");
        open.commitTransaction();
    }

    static <T> List<T> sorted(Collection<T> values) {
        List<T> list = new ArrayList<>(values);
        list.sort(Comparator.comparing(Object::toString));
        return list;
    }

    static void print(Object... words) {
        System.out.println(String.join(" ", Arrays.stream(words).map(String::valueOf).toList()));
    }
}
