// What Kafka's own image makes of metadata records: reads framed records as lines of hex, a blank line ends a history;
// answers with the snapshot of each image, framed, in the same form. Features without a metadata.version are refused.
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.writer.ImageWriterOptions;
import org.apache.kafka.image.writer.RecordListWriter;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.server.common.ApiMessageAndVersion;

class Images {
    public static void main(String[] args) throws Exception {
        var serde = new MetadataRecordSerde();
        var out = new StringBuilder();
        var image = MetadataImage.EMPTY;
        for (var line : Files.readAllLines(Path.of(args[0]))) {
            if (!line.isEmpty()) {
                var bytes = HexFormat.of().parseHex(line);
                // One delta for each record: inside one, Kafka loses credentials and keeps configs of deleted topics.
                var delta = new MetadataDelta.Builder().setImage(image).build();
                delta.replay(serde.read(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), bytes.length).message());
                image = delta.apply(MetadataProvenance.EMPTY);
                continue;
            }
            var writer = new RecordListWriter();
            image.write(writer, new ImageWriterOptions.Builder(image).build());
            for (ApiMessageAndVersion record : writer.records()) {
                var cache = new ObjectSerializationCache();
                var buffer = ByteBuffer.allocate(serde.recordSize(record, cache));
                serde.write(record, cache, new ByteBufferAccessor(buffer));
                out.append(HexFormat.of().formatHex(buffer.array())).append('\n');
            }
            out.append('\n');
            image = MetadataImage.EMPTY;
        }
        System.out.print(out);
    }
}
