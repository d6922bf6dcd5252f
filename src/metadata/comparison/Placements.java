import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.placement.ClusterDescriber;
import org.apache.kafka.metadata.placement.PartitionAssignment;
import org.apache.kafka.metadata.placement.PlacementSpec;
import org.apache.kafka.metadata.placement.StripedReplicaPlacer;
import org.apache.kafka.metadata.placement.UsableBroker;

/** Where Kafka places replicas: a line is "seed partitions factor id:rack:fenced ...", the answer their replicas. */
public class Placements {
    /** Numbers that a test elsewhere can make too. */
    static final class Numbers extends Random {
        private int state;

        Numbers(int seed) {
            this.state = seed;
        }

        @Override
        public int nextInt(int bound) {
            state = state * 1664525 + 1013904223;
            return (state >>> 8) % bound;
        }
    }

    public static void main(String[] args) throws Exception {
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] words = line.split(" ");
            List<UsableBroker> brokers = new ArrayList<>();
            for (int i = 3; i < words.length; i++) {
                String[] parts = words[i].split(":");
                Optional<String> rack = parts[1].isEmpty() ? Optional.empty() : Optional.of(parts[1]);
                brokers.add(new UsableBroker(Integer.parseInt(parts[0]), rack, parts[2].equals("true")));
            }
            ClusterDescriber cluster = new ClusterDescriber() {
                @Override
                public Iterator<UsableBroker> usableBrokers() {
                    return brokers.iterator();
                }

                @Override
                public Uuid defaultDir(int brokerId) {
                    return Uuid.ZERO_UUID;
                }
            };
            PlacementSpec spec = new PlacementSpec(0, Integer.parseInt(words[1]), Short.parseShort(words[2]));
            StripedReplicaPlacer placer = new StripedReplicaPlacer(new Numbers(Integer.parseInt(words[0])));
            List<PartitionAssignment> placed = placer.place(spec, cluster).assignments();
            System.out.println(placed.stream().map(PartitionAssignment::replicas).toList());
        }
    }
}
