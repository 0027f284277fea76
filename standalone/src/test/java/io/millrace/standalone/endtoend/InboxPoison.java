package io.millrace.standalone.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Tier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records of an inbox that are no job, each of another kind. */
final class InboxPoison {

    private static final int HEADER = 5; // a zero byte and the schema's id
    private static final int TORN = 12;
    private static final int NOISE = 8;

    private final Function<InferenceRequest, byte[]> encoder;
    private final Map<String, ProducerRecord<byte[], byte[]>> kinds = new LinkedHashMap<>();

    private InboxPoison(Function<InferenceRequest, byte[]> encoder) {
        this.encoder = encoder;
    }

    /**
     * Returns the records by their kinds.
     *
     * @param ours encodes a record that only we may write
     */
    static Map<String, ProducerRecord<byte[], byte[]>> of(
            Function<InferenceRequest, byte[]> encoder, Function<SlotRecord, byte[]> ours) {
        InboxPoison all = new InboxPoison(encoder);
        all.bytes();
        all.torn();
        all.fields();
        all.bodies();
        all.headers();
        all.value(
                "a record of ours",
                ours.apply(
                        SlotRecord.newBuilder()
                                .setLaneOpened(new LaneOpened("acme", "lanes.acme.batch"))
                                .build()));
        return all.kinds;
    }

    private void bytes() {
        kinds.put("a tombstone", Porter.poison(null));
        value("nothing", new byte[0]);
        value("a zero", new byte[1]);
        value("zeros", new byte[1_000]);
        value("text", "hello".getBytes(UTF_8));
        value("JSON", "{\"endpoint\": \"/v1/embeddings\"}".getBytes(UTF_8));
        value("another first byte", with(0, 1));
        value("an unknown schema", with(HEADER - 2, 99));
        value("a negative schema", with(1, -1));
        value("a text of a negative length", with(HEADER, 1));
        byte[] huge = whole();
        Arrays.fill(huge, HEADER, HEADER + 4, (byte) 0xff);
        value("a text of a huge length", huge);
        Random random = new Random(9);
        for (int i = 0; i < NOISE; i++) {
            byte[] noise = new byte[200 + i];
            random.nextBytes(noise);
            System.arraycopy(whole(), 0, noise, 0, HEADER);
            noise[HEADER] = 1; // a length below zero, so that none is a request by chance
            value("noise " + i, noise);
        }
    }

    private void torn() {
        byte[] whole = whole();
        for (int i = 1; i <= TORN; i++) {
            value("torn " + i, Arrays.copyOf(whole, whole.length * i / (TORN + 1)));
        }
    }

    private void fields() {
        field("no endpoint", each -> each.setEndpoint(""));
        field("an endpoint that is none", each -> each.setEndpoint("/v1/nothing"));
        field("an endpoint elsewhere", each -> each.setEndpoint("https://example.com/v1"));
        field("an endpoint above", each -> each.setEndpoint("/v1/../admin"));
        field("no body", each -> each.setBody(new Payload(null, null)));
        field(
                "somebody's blob",
                each -> each.setBody(new Payload(null, new BlobRef("results/x", 1L, "00"))));
        field("the tier of batches", each -> each.setTier(Tier.BATCH));
        field("a long name", each -> each.setMetadata(Map.of("k".repeat(65), "v")));
        field("a long value", each -> each.setMetadata(Map.of("k", "v".repeat(513))));
        field(
                "an end in a year",
                each -> each.setExpiresAt(Instant.now().plus(Duration.ofDays(365))));
    }

    private void bodies() {
        for (String body :
                new String[] {
                    "",
                    "hello",
                    "null",
                    "[]",
                    "{",
                    "{}",
                    "{\"model\": 1}",
                    "{\"model\": \"\"}",
                    "{\"model\": \"fast\"} {}",
                    "{\"model\": \"fast\", \"model\": \"slow\"}",
                    "{\"model\": \"fast\", \"stream\": true}",
                    "{\"model\": \"fast\", \"a\": " + "[".repeat(500) + "]".repeat(500) + "}"
                }) {
            field(
                    "the body " + body,
                    each -> each.setBody(new Payload(ByteBuffer.wrap(body.getBytes(UTF_8)), null)));
        }
    }

    private void headers() {
        header("another tenant", "tenant", "acme");
        header("another tenant of ours", "millrace-tenant", "acme");
        header("an empty key", "idempotency-key", "");
        header("a key with a blank", "idempotency-key", "a b");
        header("a key of a thousand letters", "idempotency-key", "k".repeat(1_000));
    }

    private void header(String kind, String name, String value) {
        ProducerRecord<byte[], byte[]> record = Porter.poison(whole());
        record.headers().add(name, value.getBytes(UTF_8));
        kinds.put(kind, record);
    }

    private void field(String kind, Consumer<InferenceRequest.Builder> change) {
        InferenceRequest.Builder request = InferenceRequest.newBuilder(Porter.chat("fast"));
        change.accept(request);
        value(kind, encoder.apply(request.build()));
    }

    private void value(String kind, byte[] value) {
        kinds.put(kind, Porter.poison(value));
    }

    private byte[] with(int at, int value) {
        byte[] changed = whole();
        changed[at] = (byte) value;
        return changed;
    }

    private byte[] whole() {
        return encoder.apply(Porter.chat("fast"));
    }
}
