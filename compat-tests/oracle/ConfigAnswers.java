// Sets up some settings on a broker, describes them, tries alterations (validate only), and prints both as JSON: facts
// only, no documentation text. Run: java -cp "LIBS/*" ConfigAnswers.java HOST:PORT NODE_ID ALTERATIONS_FILE
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

public class ConfigAnswers {
    static final ConfigResource CLUSTER = new ConfigResource(ConfigResource.Type.BROKER, "");
    static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, "facts");
    static final ConfigResource PLAIN = new ConfigResource(ConfigResource.Type.TOPIC, "plain");
    static final ConfigResource GROUP = new ConfigResource(ConfigResource.Type.GROUP, "facts");
    static final ConfigResource METRICS = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "facts");

    public static void main(String[] args) throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, args[1]);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            Map<String, String> own = Map.of("segment.bytes", "2000000", "cleanup.policy", "compact",
                "min.cleanable.dirty.ratio", "1", "flush.ms", "9223372036854775807", "retention.ms", "-1");
            admin.createTopics(List.of(new NewTopic("plain", 1, (short) 1), new NewTopic("facts", 1, (short) 1).configs(own)))
                .all().get();
            List<String> stored = new ArrayList<>();
            stored.add("    [" + quote("TOPIC facts") + ", " + json(own) + "]");
            set(admin, stored, CLUSTER, Map.of("log.segment.bytes", "3000000", "log.retention.ms", "7200000",
                "leader.replication.throttled.rate", "1000", "max.connections", "4000"));
            set(admin, stored, broker, Map.of("log.segment.bytes", "4000000", "log.roll.ms", "60000", "num.io.threads", "9",
                "listener.name.plaintext.ssl.keystore.password", "hush", "follower.replication.throttled.rate", "77"));
            set(admin, stored, GROUP, Map.of("consumer.session.timeout.ms", "50000"));
            set(admin, stored, METRICS, Map.of("interval.ms", "60000", "metrics", "a,b"));
            Thread.sleep(2000); // a broker applies its settings a moment after the answer
            System.out.println("{\n  \"stored\": [\n" + String.join(",\n", stored) + "\n  ],");
            System.out.println("  \"described\": {\n" + describe(admin, List.of(CLUSTER, broker, TOPIC, PLAIN, GROUP, METRICS)) + "\n  },");
            System.out.println("  \"alterations\": [\n" + alterations(admin, Path.of(args[2])) + "\n  ]\n}");
        }
    }

    static String quote(String text) {
        return text == null ? "null" : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    static String json(Map<String, String> values) {
        return values.entrySet().stream().sorted(Map.Entry.comparingByKey())
            .map(e -> quote(e.getKey()) + ": " + quote(e.getValue())).collect(Collectors.joining(", ", "{", "}"));
    }

    static String name(ConfigResource resource) {
        return resource.type().name() + " " + resource.name();
    }

    static void set(Admin admin, List<String> stored, ConfigResource resource, Map<String, String> values) throws Exception {
        List<AlterConfigOp> ops = values.entrySet().stream()
            .map(e -> new AlterConfigOp(new ConfigEntry(e.getKey(), e.getValue()), AlterConfigOp.OpType.SET)).toList();
        admin.incrementalAlterConfigs(Map.of(resource, ops)).all().get();
        stored.add("    [" + quote(name(resource)) + ", " + json(values) + "]");
    }

    static String describe(Admin admin, List<ConfigResource> resources) throws Exception {
        Map<ConfigResource, Config> all = admin
            .describeConfigs(resources, new DescribeConfigsOptions().includeSynonyms(true)).all().get();
        return resources.stream().map(resource -> {
            String entries = all.get(resource).entries().stream().sorted(Comparator.comparing(ConfigEntry::name))
                .map(ConfigAnswers::entry).collect(Collectors.joining(",\n"));
            return "    " + quote(name(resource)) + ": [\n" + entries + "\n    ]";
        }).collect(Collectors.joining(",\n"));
    }

    static String entry(ConfigEntry e) {
        String synonyms = e.synonyms().stream()
            .map(s -> "[" + quote(s.name()) + ", " + quote(s.value()) + ", " + quote(s.source().name()) + "]")
            .collect(Collectors.joining(", "));
        return "      {\"name\": " + quote(e.name()) + ", \"value\": " + quote(e.value()) + ", \"source\": "
            + quote(e.source().name()) + ", \"readOnly\": " + e.isReadOnly() + ", \"sensitive\": " + e.isSensitive()
            + ", \"type\": " + quote(e.type().name()) + ", \"synonyms\": [" + synonyms + "]}";
    }

    static String alterations(Admin admin, Path file) throws Exception {
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split("\\|", -1);
            List<AlterConfigOp> ops = new ArrayList<>();
            for (int i = 2; i < parts.length; i++) {
                String[] op = parts[i].split(" ", 3);
                String value = op.length > 2 ? op[2] : null;
                ops.add(new AlterConfigOp(new ConfigEntry(op[1], value), AlterConfigOp.OpType.valueOf(op[0])));
            }
            ConfigResource resource = new ConfigResource(ConfigResource.Type.valueOf(parts[0]), parts[1]);
            rows.add("    [" + quote(line) + ", " + answer(admin, resource, ops) + "]");
        }
        return String.join(",\n", rows);
    }

    static String answer(Admin admin, ConfigResource resource, List<AlterConfigOp> ops) throws Exception {
        try {
            AlterConfigsOptions options = new AlterConfigsOptions().validateOnly(true).timeoutMs(5000);
            admin.incrementalAlterConfigs(Map.of(resource, ops), options).all().get();
            return "\"NONE\", null";
        } catch (ExecutionException e) {
            return quote(Errors.forException(e.getCause()).name()) + ", " + quote(e.getCause().getMessage());
        }
    }
}
