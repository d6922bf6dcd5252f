/*
 * Apache Kafka's own classes as the judge of our codecs. Run as a single file:
 *
 *   java -cp "libs/*" Oracle.java CASES
 *
 * CASES has one case per line, tab-separated: class, version, our bytes in hex, the value as JSON. For each the answer is
 * one line: "same", or what differs. Before them come the facts of the error table and of the APIs, one per line.
 */
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

public class Oracle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Method> CONVERTERS = new HashMap<>();

    public static void main(String[] args) throws Exception {
        try (BufferedReader cases = Files.newBufferedReader(Path.of(args[0]));
                BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
            for (Errors error : Errors.values()) out.write(fact(error) + "\n");
            for (ApiMessageType api : ApiMessageType.values()) {
                if (api.lowestSupportedVersion() <= api.highestSupportedVersion(true)) out.write(fact(api) + "\n");
            }
            for (String line = cases.readLine(); line != null; line = cases.readLine()) {
                String[] part = line.split("\t", 4);
                out.write(judge(part[0], Short.parseShort(part[1]), HexFormat.of().parseHex(part[2]), part[3]) + "\n");
            }
        }
    }

    private static String fact(Errors error) {
        boolean retriable = error.exception() instanceof RetriableException;
        String message = error == Errors.NONE ? "" : error.message();
        return String.join("\t", "error", error.name(), "" + error.code(), "" + retriable, message);
    }

    private static String fact(ApiMessageType api) {
        short lowest = api.lowestSupportedVersion();
        short highest = api.highestSupportedVersion(true);
        StringBuilder headers = new StringBuilder();
        for (short version = lowest; version <= highest; version++) {
            headers.append(api.requestHeaderVersion(version)).append(api.responseHeaderVersion(version));
        }
        boolean unstable = api.highestSupportedVersion(false) != highest;
        String name = ApiKeys.forId(api.apiKey()).name;
        String listeners = String.join(",", api.listeners().stream().map(each -> each.name().toLowerCase()).toList());
        return String.join("\t", "api", name, "" + api.apiKey(), "" + lowest, "" + highest, "" + unstable, listeners,
            headers);
    }

    private static String judge(String name, short version, byte[] ours, String json) {
        try {
            Message value = fromJson(name, json, version);
            Message decoded = (Message) value.getClass().getDeclaredConstructor().newInstance();
            ByteBufferAccessor from = new ByteBufferAccessor(ByteBuffer.wrap(ours));
            String trouble = "";
            try {
                decoded.read(from, version);
                if (from.remaining() > 0) trouble += from.remaining() + " bytes left over; ";
                if (!decoded.equals(value)) trouble += "decoded as " + decoded + ", meant " + value + "; ";
            } catch (RuntimeException refusal) {
                trouble += "refused: " + refusal + "; ";
            }
            byte[] theirs = bytes(value, version);
            if (!Arrays.equals(theirs, ours)) trouble += "Kafka writes " + HexFormat.of().formatHex(theirs);
            return trouble.isEmpty() ? "same" : trouble.replace('\n', ' ');
        } catch (ReflectiveOperationException | RuntimeException | java.io.IOException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return ("no answer: " + cause).replace('\n', ' ');
        }
    }

    private static Message fromJson(String name, String json, short version)
            throws ReflectiveOperationException, java.io.IOException {
        Method read = CONVERTERS.get(name);
        if (read == null) {
            read = Class.forName(name + "JsonConverter").getMethod("read", JsonNode.class, short.class);
            CONVERTERS.put(name, read);
        }
        return (Message) read.invoke(null, JSON.readTree(json), version);
    }

    private static byte[] bytes(Message message, short version) {
        ByteBuffer buffer = MessageUtil.toByteBufferAccessor(message, version).buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
