package io.millrace.dispatcher.intake;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.SLOTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.id.InboxJobIds;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.Codecs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboxReaderTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final String BODY = "{\"model\":\"m\",\"input\":\"hello\"}";

    private final Codecs codecs = Samples.codecs();
    private final InboxJobIds ids = new InboxJobIds(SLOTS);
    private final InboxReader reader =
            new InboxReader(codecs.inboxes(), ids, () -> NOON.plusSeconds(9));

    @Test
    void recordIsAJobOfTheTopicsTenantAtTheBrokersTime() {
        // Given
        var sent = sent(encoded(request()));
        sent.headers().add("ce_id", text("event-1"));
        sent.headers().add("millrace-job-id", text("job_00x"));

        // When
        Submit submit = submit(sent);

        // Then
        assertThat(submit.getTenant()).isEqualTo("acme");
        assertThat(submit.getJobId()).isEqualTo(ids.at("inbox.acme", 2, 17).value());
        assertThat(submit.getModel()).isEqualTo("m");
        assertThat(submit.getAcceptedAt()).isEqualTo(NOON);
        assertThat(submit.getSynchronous()).isFalse();
        assertThat(submit.getOrigin().getPosition())
                .isEqualTo(new SourcePosition("inbox.acme", 2, 17L));
        assertThat(submit.getOrigin().getKey()).isEqualTo(ByteBuffer.wrap(text("k")));
        assertThat(submit.getOrigin().getCeId()).isEqualTo("event-1");
    }

    @Test
    void idempotencyKeyNamesTheJobQuotedOrBare() {
        // Given
        var bare = sent(encoded(request()));
        bare.headers().add("idempotency-key", text("key-1"));
        var quoted = sent(encoded(request()));
        quoted.headers().add("idempotency-key", text("\"key-1\""));

        // Then
        assertThat(submit(bare).getJobId())
                .isEqualTo(submit(quoted).getJobId())
                .isEqualTo(ids.keyed(ACME, "key-1").value());
        assertThat(reader.key(submit(bare), bare)).isPresent();
        var none = sent(encoded(request()));
        assertThat(reader.key(submit(none), none)).isEmpty();
    }

    static Stream<Arguments> wrong() {
        Map<String, String> many =
                IntStream.range(0, 17).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));
        return Stream.of(
                wrong("an endpoint that is none", each -> each.setEndpoint("/v1/nothing")),
                wrong("an address for an endpoint", each -> each.setEndpoint("http://x/v1")),
                wrong("no endpoint", each -> each.setEndpoint("")),
                wrong("no body", each -> each.setBody(new Payload(null, null))),
                wrong(
                        "a blob of somebody",
                        each ->
                                each.setBody(
                                        new Payload(null, new BlobRef("results/x", 1L, "00")))),
                wrong(
                        "a blob beside the body",
                        each ->
                                each.setBody(
                                        new Payload(
                                                ByteBuffer.wrap(text(BODY)),
                                                new BlobRef("results/x", 1L, "00")))),
                body("an empty body", ""),
                body("no JSON", "hello"),
                body("torn JSON", "{\"model\":"),
                body("a list", "[]"),
                body("no model", "{}"),
                body("a model that is a number", "{\"model\":1}"),
                body("an empty model", "{\"model\":\"\"}"),
                body(
                        "a model of a thousand letters",
                        "{\"model\":\"%s\"}".formatted("m".repeat(1000))),
                body("a stream", "{\"model\":\"m\",\"stream\":true}"),
                body("two models", "{\"model\":\"m\",\"model\":\"n\"}"),
                body(
                        "too deep",
                        "{\"model\":\"m\",\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}"),
                wrong("the tier of batches", each -> each.setTier(Tier.BATCH)),
                wrong("seventeen pairs", each -> each.setMetadata(many)),
                wrong("a long name", each -> each.setMetadata(Map.of("k".repeat(65), "v"))),
                wrong("a long value", each -> each.setMetadata(Map.of("k", "v".repeat(513)))),
                wrong(
                        "an end in a year",
                        each -> each.setExpiresAt(NOON.plus(Duration.ofDays(365)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void whatCannotBeIsRefusedAndTheTenantIsToldWhere(String kind, InferenceRequest request) {
        // When
        Incoming.Refused refused = refused(sent(encoded(request)));

        // Then
        assertThat(refused.reason()).as(kind).isEqualTo("invalid");
        assertAnswers(refused);
    }

    @Test
    void bytesThatAreNoRequestAreRefused() {
        byte[] whole = encoded(request());
        byte[] magic = whole.clone();
        magic[0] = 1;
        byte[] schema = whole.clone();
        schema[3] = 99;
        byte[] slotRecord =
                codecs.slotRecords()
                        .encode(
                                SlotRecord.newBuilder()
                                        .setSubmit(Samples.submit(1).setTenant("umbra").build())
                                        .build());
        assertThat(refused(sent(magic)).reason()).isEqualTo("undecodable");
        assertThat(refused(sent(schema)).reason()).isEqualTo("undecodable");
        assertThat(refused(sent(slotRecord)).reason()).isEqualTo("undecodable");
        assertThat(refused(sent(new byte[0])).reason()).isEqualTo("undecodable");
        assertThat(refused(sent(text("hello"))).reason()).isEqualTo("undecodable");
        assertThat(refused(sent(null)).reason()).isEqualTo("empty");
        assertThat(refused(sent(new byte[InboxReader.MOST_BYTES + 1])).reason())
                .isEqualTo("too_large");
        for (int length = 1; length < whole.length; length++) {
            assertThat(refused(sent(Arrays.copyOf(whole, length))).reason())
                    .isEqualTo("undecodable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant", "millrace-tenant", "x-millrace-tenant", "x-tenant"})
    void recordThatNamesAnotherTenantIsRefused(String header) {
        // Given
        var another = sent(encoded(request()));
        another.headers().add(header, text("umbra"));
        var own = sent(encoded(request()));
        own.headers().add(header, text("acme"));

        // Then
        assertThat(refused(another).reason()).isEqualTo("wrong_tenant");
        assertThat(refused(another).answer().getTenant()).isEqualTo("acme");
        assertThat(submit(own).getTenant()).isEqualTo("acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "é", "\"unclosed"})
    void idempotencyKeyThatIsNoneIsRefused(String key) {
        var sent = sent(encoded(request()));
        sent.headers().add("idempotency-key", text(key));
        assertThat(refused(sent).reason()).isEqualTo("invalid");
    }

    @Test
    void bodyMayTakeWhatARecordMay() {
        String input = "x".repeat(900 * 1024);
        var request = withBody("{\"model\":\"m\",\"input\":\"%s\"}".formatted(input));
        Submit submit = submit(sent(encoded(request)));
        // a retry of it is read by the rules of retries
        byte[] again =
                codecs.slotRecords().encode(SlotRecord.newBuilder().setSubmit(submit).build());
        assertThat(
                        new RecordReader(codecs.slotRecords(), SLOTS)
                                .read("retries.5s", SLOTS.of(ACME), again))
                .isInstanceOf(Incoming.Work.class);
    }

    private static void assertAnswers(Incoming.Refused refused) {
        InferenceResult answer = refused.answer();
        assertThat(answer.getStatus()).isEqualTo(JobStatus.FAILED);
        assertThat(answer.getHttpStatus()).isEqualTo(400);
        assertThat(answer.getError().getCode()).isEqualTo(refused.reason());
        assertThat(answer.getError().getMessage()).isNotBlank();
        assertThat(answer.getOrigin().getPosition())
                .isEqualTo(new SourcePosition("inbox.acme", 2, 17L));
        assertThat(answer.getAcceptedAt()).isEqualTo(NOON);
        assertThat(answer.getCompletedAt()).isEqualTo(NOON.plusSeconds(9));
    }

    private Submit submit(ConsumerRecord<byte[], byte[]> sent) {
        return ((Incoming.Work) reader.read(ACME, sent)).submit();
    }

    private Incoming.Refused refused(ConsumerRecord<byte[], byte[]> sent) {
        return (Incoming.Refused) reader.read(ACME, sent);
    }

    private byte[] encoded(InferenceRequest request) {
        return codecs.inboxes().encode(request);
    }

    private static Arguments wrong(String kind, Consumer<InferenceRequest.Builder> change) {
        InferenceRequest.Builder request = InferenceRequest.newBuilder(request());
        change.accept(request);
        return Arguments.of(kind, request.build());
    }

    private static Arguments body(String kind, String body) {
        return Arguments.of(kind, withBody(body));
    }

    private static InferenceRequest request() {
        return withBody(BODY);
    }

    private static InferenceRequest withBody(String body) {
        return InferenceRequest.newBuilder()
                .setEndpoint("/v1/embeddings")
                .setBody(new Payload(ByteBuffer.wrap(text(body)), null))
                .build();
    }

    private static ConsumerRecord<byte[], byte[]> sent(byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "inbox.acme",
                2,
                17,
                NOON.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                1,
                value == null ? 0 : value.length,
                text("k"),
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
