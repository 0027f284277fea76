package io.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.topic.Topic;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroCodecTest {

    private static final int DRAWS = 10_000;
    private static final int PREFIX = 5;

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    private Codecs codecs;
    private AvroCodec<SlotRecord> codec;

    @BeforeEach
    void registerAllSchemas() throws Exception {
        for (Map.Entry<String, Schema> subject : Topic.subjects().entrySet()) {
            registry.register(subject.getKey(), new AvroSchema(subject.getValue()));
        }
        codecs = Codecs.on(registry);
        codec = codecs.slotRecords();
    }

    static Stream<SlotRecord> records() {
        return Stream.of(
                Records.submit("{}"),
                Records.submit("x".repeat(512 * 1024)),
                Records.cancel(),
                Records.laneOpened(),
                SlotRecord.newBuilder().build());
    }

    @ParameterizedTest
    @MethodSource("records")
    void recordComesBackAsItWas(SlotRecord slotRecord) {
        assertThat(codec.decode(codec.encode(slotRecord))).isEqualTo(slotRecord);
    }

    @Test
    void bytesBeginWithTheIdOfTheCanonicalTopicsSchema() throws Exception {
        // When
        ByteBuffer bytes = ByteBuffer.wrap(codec.encode(Records.cancel()));

        // Then
        assertThat(bytes.get()).isZero();
        assertThat(bytes.getInt())
                .isEqualTo(
                        registry.getId(
                                "requests-value", new AvroSchema(SlotRecord.getClassSchema())));
    }

    static Stream<Arguments> undecodable() {
        byte[] valid = {0, 0, 0, 0, 1, 0, 0, 0};
        return Stream.of(
                Arguments.of("a tombstone", null, "the value is empty"),
                Arguments.of("no bytes", new byte[0], "the value is empty"),
                Arguments.of(
                        "too few bytes",
                        new byte[] {0, 0, 0, 1},
                        "4 bytes are too few for the id of a schema"),
                Arguments.of(
                        "another magic byte",
                        with(valid, 0, 1),
                        "the first byte must be 0, but was 1"),
                Arguments.of(
                        "JSON",
                        "{\"a\":1}".getBytes(StandardCharsets.UTF_8),
                        "the first byte must be 0, but was 123"),
                Arguments.of("an unknown id", with(valid, 3, 1), "the registry has no schema 257"),
                Arguments.of(
                        "a negative id",
                        with(valid, 1, -128),
                        "the id of a schema cannot be -2147483647"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("undecodable")
    void bytesThatAreNoRecordAreRefused(String name, byte[] bytes, String message) {
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> codec.decode(bytes))
                .withMessage(message);
    }

    @Test
    void recordOfAnotherTypeIsRefused() {
        // Given
        byte[] bytes = codecs.jobs().encode(JobsRecord.newBuilder().build());

        // Then
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> codec.decode(bytes))
                .withMessage("a JobsRecord where a SlotRecord was expected");
    }

    @Test
    void recordCutAnywhereIsRefused() {
        byte[] whole = codec.encode(Records.submit("{\"input\":\"hello\"}"));

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(UndecodableException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> codec.decode(cut));
        }
    }

    @Test
    void randomBytesAreNeverWorseThanUndecodable() {
        RandomGenerator random = new SplittableRandom(1);
        for (int draw = 0; draw < DRAWS; draw++) {
            byte[] bytes = new byte[random.nextInt(PREFIX, 200)];
            random.nextBytes(bytes);
            // half of them get past the prefix
            if (random.nextBoolean()) {
                ByteBuffer.wrap(bytes).put((byte) 0).putInt(random.nextInt(1, 11));
            }
            decodesOrIsRefused(bytes, "seed 1, draw " + draw);
        }
    }

    @Test
    void damagedRecordsAreNeverWorseThanUndecodable() {
        RandomGenerator random = new SplittableRandom(2);
        List<byte[]> whole = records().filter(AvroCodecTest::small).map(codec::encode).toList();
        for (int draw = 0; draw < DRAWS; draw++) {
            byte[] bytes = whole.get(random.nextInt(whole.size())).clone();
            for (int damage = random.nextInt(1, 4); damage > 0; damage--) {
                bytes[random.nextInt(PREFIX, bytes.length)] = (byte) random.nextInt();
            }
            decodesOrIsRefused(bytes, "seed 2, draw " + draw);
        }
    }

    @ParameterizedTest
    @ValueSource(
            longs = {3L << 20, 1L << 30, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void lengthThatABrokenRecordClaimsIsNotAllocated(long claimed) {
        // Given: a Submit whose job id claims that many bytes and has none
        ByteBuffer bytes = ByteBuffer.allocate(64);
        bytes.put(codec.encode(Records.submit("{}")), 0, PREFIX);
        bytes.put((byte) 2);
        putLong(bytes, claimed);

        // When
        long before = allocated();
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> codec.decode(bytes.array()));

        // Then
        assertThat(allocated() - before).isLessThan(2L << 20);
    }

    @Test
    void recordThatLacksAFieldIsTheCallersFault() {
        SlotRecord lacking = SlotRecord.newBuilder().setLaneOpened(new LaneOpened()).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(lacking))
                .withMessageStartingWith("a SlotRecord cannot be encoded: ");
    }

    private void decodesOrIsRefused(byte[] bytes, String moment) {
        try {
            assertThat(codec.decode(bytes)).as(moment).isNotNull();
        } catch (UndecodableException e) {
            assertThat(e.getMessage()).as(moment).isNotBlank();
        }
    }

    private static boolean small(SlotRecord slotRecord) {
        return slotRecord.getSubmit() == null
                || slotRecord.getSubmit().getRequest().getBody().getInline().remaining() < 100;
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    // Avro's zig-zag coding, seven bits a byte.
    private static void putLong(ByteBuffer bytes, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
