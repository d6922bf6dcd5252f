// Makes batches.json: batches written by Kafka's own classes (4.3.1), as the reference of the tests beside it.
//   java -cp "libs/*" MakeBatches.java > batches.json
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

public class MakeBatches {
    static final List<String> out = new ArrayList<>();

    public static void main(String[] args) {
        for (CompressionType type : CompressionType.values()) {
            for (byte magic = 0; magic <= 2; magic++) {
                if (type == CompressionType.ZSTD && magic < 2) continue; // zstd came with magic 2
                make(type.name + "-v" + magic, magic, type, TimestampType.CREATE_TIME, false, few(magic));
                if (type != CompressionType.NONE) make(type.name + "-v" + magic + "-large", magic, type, TimestampType.CREATE_TIME, false, many());
            }
        }
        make("log-append-time", (byte) 2, CompressionType.NONE, TimestampType.LOG_APPEND_TIME, false, few((byte) 2));
        make("log-append-time-v1", (byte) 1, CompressionType.GZIP, TimestampType.LOG_APPEND_TIME, false, few((byte) 1));
        make("transactional", (byte) 2, CompressionType.LZ4, TimestampType.CREATE_TIME, true, few((byte) 2));
        add("commit-marker", MemoryRecords.withEndTransactionMarker(40, 1700000000000L, 5, 77, (short) 3,
            new EndTransactionMarker(ControlRecordType.COMMIT, 9)));
        System.out.println("[\n" + String.join(",\n", out) + "\n]");
    }

    static List<SimpleRecord> few(byte magic) {
        Header[] headers = magic < 2 ? Record.EMPTY_HEADERS : new Header[] {
            new RecordHeader("trace", bytes("a-1")), new RecordHeader("żółć", null), new RecordHeader("", new byte[0])};
        return List.of(
            new SimpleRecord(1700000000000L, bytes("key"), bytes("value"), headers),
            new SimpleRecord(1700000000500L, null, bytes("no key")),
            new SimpleRecord(1699999999000L, bytes("tombstone"), null),
            new SimpleRecord(1700000090000L, new byte[0], new byte[0]));
    }

    // More than one block of each codec, with parts that do not compress.
    static List<SimpleRecord> many() {
        List<SimpleRecord> records = new ArrayList<>();
        long seed = 17;
        for (int i = 0; i < 30; i++) {
            byte[] value = new byte[2500];
            for (int j = 0; j < value.length; j++) {
                seed = seed * 6364136223846793005L + 1442695040888963407L;
                value[j] = i % 10 == 0 ? (byte) (seed >>> 56) : (byte) ('a' + j % 7);
            }
            records.add(new SimpleRecord(1700000000000L + i, bytes("k" + i), value));
        }
        return records;
    }

    static void make(String name, byte magic, CompressionType type, TimestampType time, boolean txn,
            List<SimpleRecord> records) {
        Compression compression = Compression.of(type).build();
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        MemoryRecordsBuilder builder = magic == 2
            ? MemoryRecords.builder(buffer, magic, compression, time, 100L, 1700000123456L, txn ? 77L : -1L,
                (short) (txn ? 3 : -1), txn ? 12 : -1, txn, 5)
            : MemoryRecords.builder(buffer, magic, compression, time, 100L, 1700000123456L);
        for (SimpleRecord record : records) builder.append(record);
        add(name, builder.build());
    }

    static void add(String name, MemoryRecords memory) {
        List<String> read = new ArrayList<>();
        for (Record record : memory.records()) {
            List<String> headers = new ArrayList<>();
            for (Header header : record.headers()) headers.add("[\"" + header.key() + "\"," + text(header.value()) + "]");
            read.add("[" + record.offset() + "," + record.timestamp() + "," + text(record.hasKey() ? record.key() : null)
                + "," + text(record.hasValue() ? record.value() : null) + ",[" + String.join(",", headers) + "]]");
        }
        byte[] all = new byte[memory.sizeInBytes()];
        memory.buffer().duplicate().get(all);
        out.add("{\"name\":\"" + name + "\",\"bytes\":\"" + Base64.getEncoder().encodeToString(all) + "\",\"records\":["
            + String.join(",", read) + "]}");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(ByteBuffer buffer) {
        if (buffer == null) return "null";
        byte[] all = new byte[buffer.remaining()];
        buffer.duplicate().get(all);
        return text(all);
    }

    // Long values as their length and CRC-32C: the bytes are in the batch already.
    static String text(byte[] value) {
        if (value == null) return "null";
        if (value.length < 100) return "\"" + Base64.getEncoder().encodeToString(value) + "\"";
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(value);
        return "\"" + value.length + ":" + crc.getValue() + "\"";
    }
}
