import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a cluster is put under while its nodes die: an idempotent acks=all producer with Java's own defaults, or a reader.
 * `produce SERVERS TOPIC PARTITIONS NAME PER_SECOND [key=value…]` sends NAME:N round the partitions until a line comes on standard
 * input, and says of each record what became of it: `a PARTITION OFFSET VALUE MS`, or `f PARTITION - VALUE MS REASON`.
 * `read SERVERS TOPIC PARTITIONS` prints `r PARTITION OFFSET VALUE` up to the ends of now, and then `end`.
 */
public class Load {
    static final PrintStream out = new PrintStream(System.out, false);

    public static void main(String[] args) throws Exception {
        if (args[0].equals("produce")) produce(args);
        else read(args[1], args[2], Integer.parseInt(args[3]));
        out.flush();
        System.exit(0);
    }

    static void produce(String[] args) throws Exception {
        String topic = args[2];
        int partitions = Integer.parseInt(args[3]);
        long intervalNs = 1_000_000_000L / Long.parseLong(args[5]);
        Properties settings = new Properties();
        settings.putAll(Map.of("bootstrap.servers", args[1], "acks", "all", "delivery.timeout.ms", "600000", "client.id", args[4]));
        for (int i = 6; i < args.length; i++) settings.put(args[i].split("=")[0], args[i].split("=")[1]);
        var stdin = new BufferedReader(new InputStreamReader(System.in));
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            long next = System.nanoTime();
            for (int number = 0; !stdin.ready(); number++) {
                String value = args[4] + ":" + number;
                int partition = number % partitions;
                producer.send(new ProducerRecord<>(topic, partition, null, value), (meta, failure) -> {
                    long ms = System.currentTimeMillis();
                    if (failure == null) out.println("a " + partition + " " + meta.offset() + " " + value + " " + ms);
                    else out.println("f " + partition + " - " + value + " " + ms + " " + failure);
                    out.flush();
                });
                next += intervalNs;
                long waitNs = next - System.nanoTime();
                if (waitNs > 0) LockSupport.parkNanos(waitNs);
                else next = System.nanoTime();
            }
        }
    }

    static void read(String servers, String topic, int partitions) {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var all = IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
            consumer.assign(all);
            var ends = consumer.endOffsets(all);
            consumer.seekToBeginning(all);
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    out.println("r " + record.partition() + " " + record.offset() + " " + record.value());
                }
            }
            out.println("end");
        }
    }
}
