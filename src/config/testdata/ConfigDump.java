// Prints, as JSON, the facts of every setting that this version of Apache Kafka defines: no documentation text.
// Run: java -cp "LIBS/*" ConfigDump.java
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.QuotaConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;
import org.apache.kafka.storage.internals.log.LogConfig;

public class ConfigDump {
    static String quote(String text) {
        if (text == null) return "null";
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    static boolean flag(Object validator, String name) {
        try {
            java.lang.reflect.Field field = validator.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.getBoolean(validator);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static String rows(Map<String, ConfigDef.ConfigKey> keys, boolean broker) {
        Map<String, String> modes = DynamicBrokerConfig.dynamicConfigUpdateModes();
        List<String> rows = new ArrayList<>();
        for (ConfigDef.ConfigKey key : new TreeMap<>(keys).values()) {
            StringBuilder row = new StringBuilder("    {\"name\": " + quote(key.name));
            row.append(", \"type\": ").append(quote(key.type.toString().toLowerCase()));
            if (key.hasDefault()) {
                String text = ConfigDef.convertToString(key.defaultValue, key.type);
                row.append(", \"default\": ").append(quote(text));
            }
            if (key.validator != null) row.append(", \"valid\": ").append(quote(key.validator.toString()));
            if (key.validator instanceof ConfigDef.ValidList) {
                row.append(", \"emptyAllowed\": ").append(flag(key.validator, "isEmptyAllowed"));
                row.append(", \"nullAllowed\": ").append(flag(key.validator, "isNullAllowed"));
            }
            row.append(", \"importance\": ").append(quote(key.importance.toString().toLowerCase()));
            if (broker) row.append(", \"dynamic\": ").append(quote(modes.getOrDefault(key.name, "read-only")));
            if (key.internalConfig) row.append(", \"internal\": true");
            rows.add(row.append("}").toString());
        }
        return "[\n" + String.join(",\n", rows) + "\n  ]";
    }

    public static void main(String[] args) {
        Map<String, ConfigDef.ConfigKey> brokerKeys = AbstractKafkaConfig.CONFIG_DEF.configKeys();
        List<String> topicSynonyms = new ArrayList<>();
        for (Map.Entry<String, String> entry : new TreeMap<>(ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS).entrySet())
            topicSynonyms.add("    " + quote(entry.getKey()) + ": " + quote(entry.getValue()));
        List<String> groupSynonyms = new ArrayList<>();
        for (String name : new TreeMap<>(GroupConfig.CONFIG_DEF.configKeys()).keySet())
            groupSynonyms.add("    " + quote(name) + ": " + quote(GroupConfig.brokerSynonym(name).orElse(null)));
        System.out.println("{");
        System.out.println("  \"broker\": " + rows(brokerKeys, true) + ",");
        System.out.println("  \"brokerQuota\": " + rows(QuotaConfig.brokerQuotaConfigs().configKeys(), true) + ",");
        System.out.println("  \"topic\": " + rows(LogConfig.configKeys(), false) + ",");
        System.out.println("  \"group\": " + rows(GroupConfig.CONFIG_DEF.configKeys(), false) + ",");
        System.out.println("  \"clientMetrics\": " + rows(ClientMetricsConfigs.configDef().configKeys(), false) + ",");
        System.out.println("  \"topicSynonyms\": {\n" + String.join(",\n", topicSynonyms) + "\n  },");
        System.out.println("  \"groupSynonyms\": {\n" + String.join(",\n", groupSynonyms) + "\n  }");
        System.out.println("}");
    }
}
