import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads so many records of partition 0 as a consumer of each rack; prints them, and where the consumer went for them. */
public class RackReader {
    public static void main(String[] args) {
        TopicPartition partition = new TopicPartition(args[1], 0);
        int count = Integer.parseInt(args[2]);
        for (String rack : args[3].split(",")) {
            Map<String, Object> settings = Map.of("bootstrap.servers", args[0], "client.rack", rack);
            try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                StringBuilder read = new StringBuilder(rack).append(": ");
                for (int seen = 0; seen < count; ) {
                    for (var record : consumer.poll(Duration.ofMillis(500))) {
                        read.append(record.value()).append(' ');
                        seen++;
                    }
                }
                int preferred = consumer.metrics().entrySet().stream()
                    .filter(metric -> metric.getKey().name().equals("preferred-read-replica"))
                    .mapToInt(metric -> ((Number) metric.getValue().metricValue()).intValue())
                    .findFirst().orElse(-1);
                System.out.println(read + (preferred < 0 ? "from the leader" : "from " + preferred));
            }
        }
    }
}
