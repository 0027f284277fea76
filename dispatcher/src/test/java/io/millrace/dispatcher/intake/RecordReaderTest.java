package io.millrace.dispatcher.intake;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.payload;
import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.serde.Codecs;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

    private static final String LANE = "lanes.acme.batch";

    private final Codecs codecs = Samples.codecs();
    private final RecordReader reader = new RecordReader(codecs.slotRecords(), SLOTS);

    @Test
    void wishToEndSomethingMustNameAJobOrABatchAndAReasonThatIsKnown() {
        assertReason(read("requests", wish("../etc", "cancelled")), "invalid");
        assertReason(read("requests", wish("job_1", "whim")), "invalid");
        assertThat(read("requests", wish("batch_1", "expired"))).isInstanceOf(Incoming.Wish.class);
    }

    private static SlotRecord wish(String id, String reason) {
        return SlotRecord.newBuilder()
                .setCancel(new Cancel(id, Samples.TENANT, reason, Samples.NOON))
                .build();
    }

    @Test
    void submitIsWork() {
        assertThat(read(submit(1))).isEqualTo(new Incoming.Work(submit(1).build()));
    }

    @Test
    void laneIsOpened() {
        // Given
        LaneOpened opened = new LaneOpened("acme", LANE);

        // When // Then
        assertThat(read("requests", SlotRecord.newBuilder().setLaneOpened(opened).build()))
                .isEqualTo(new Incoming.Lane(opened));
    }

    @Test
    void bytesThatAreNoAvroArePoison() {
        assertReason(reader.read("requests", HOME, new byte[0]), "undecodable");
        assertReason(reader.read("requests", HOME, new byte[] {0}), "undecodable");
        assertReason(
                reader.read(
                        "requests",
                        HOME,
                        "{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "undecodable");
        assertReason(
                reader.read("requests", HOME, new byte[] {0, 127, 127, 127, 127, 1}),
                "undecodable");
    }

    @Test
    void truncatedRecordIsPoison() {
        // Given
        byte[] whole = encode(SlotRecord.newBuilder().setSubmit(submit(1).build()).build());

        // When // Then
        for (int length = 0; length < whole.length; length++) {
            assertReason(
                    reader.read("requests", HOME, Arrays.copyOf(whole, length)), "undecodable");
        }
    }

    @Test
    void recordOfAnotherTypeIsPoison() {
        // Given
        DeadLetter letter =
                DeadLetter.newBuilder()
                        .setSource(new SourcePosition("x", 0, 0L))
                        .setReason("r")
                        .setMessage("m")
                        .setFoundAt(NOON)
                        .build();

        // When // Then
        assertReason(
                reader.read("requests", HOME, codecs.deadLetters().encode(letter)), "undecodable");
    }

    @Test
    void recordOfNoKindIsPoison() {
        assertReason(read("requests", new SlotRecord()), "unknown_kind");
    }

    @Test
    void recordOfSeveralKindsIsPoison() {
        assertReason(
                read(
                        "requests",
                        SlotRecord.newBuilder()
                                .setSubmit(submit(1).build())
                                .setCancel(new Cancel("x", "acme", "cancelled", NOON))
                                .build()),
                "invalid");
    }

    @Test
    void nameThatIsNoTenantsIsPoison() {
        assertReason(read(submit(1).setTenant("../acme")), "invalid");
        assertReason(read(submit(1).setTenant("")), "invalid");
    }

    @Test
    void idThatIsNoJobsIsPoison() {
        assertReason(read(submit(1).setJobId("job_1")), "invalid");
        assertReason(read(submit(1).setJobId("../../etc/passwd")), "invalid");
    }

    @Test
    void idOfAViewPartitionThatIsNotThereIsPoison() {
        assertReason(read(submit(1).setJobId("job_zz" + "0".repeat(26))), "invalid");
    }

    @Test
    void jobInAnotherTenantsLaneIsPoison() {
        assertReason(
                read("lanes.other.batch", record(submit(1).setTenant("acme"))), "wrong_tenant");
    }

    @Test
    void jobInASlotThatIsNotItsTenantsIsPoison() {
        assertReason(
                reader.read("requests", (HOME + 1) % SLOTS.count(), encode(record(submit(1)))),
                "wrong_slot");
    }

    @Test
    void laneOfASlotThatIsNotItsTenantsIsPoison() {
        // Given
        SlotRecord opened =
                SlotRecord.newBuilder().setLaneOpened(new LaneOpened("acme", LANE)).build();

        // When // Then
        assertReason(
                reader.read("requests", (HOME + 1) % SLOTS.count(), encode(opened)), "wrong_slot");
    }

    @Test
    void laneOfAnotherTenantAndTopicThatIsNoLaneArePoison() {
        for (String lane : new String[] {"lanes.other.batch", "requests", "lanes.acme.x", ""}) {
            assertReason(
                    read(
                            "requests",
                            SlotRecord.newBuilder()
                                    .setLaneOpened(new LaneOpened("acme", lane))
                                    .build()),
                    "invalid");
        }
    }

    @Test
    void negativeAttemptsArePoison() {
        assertReason(read(submit(1).setAttempts(-1)), "invalid");
    }

    @Test
    void usageThatCannotBeIsPoison() {
        assertReason(
                read(submit(1).setUsage(TokenUsage.newBuilder().setInputTokens(-1).build())),
                "invalid");
        assertReason(
                read(
                        submit(1)
                                .setUsage(
                                        TokenUsage.newBuilder()
                                                .setInputTokens(1)
                                                .setCachedInputTokens(2)
                                                .build())),
                "invalid");
    }

    @Test
    void bodyTooLargeToTravelInlineIsPoison() {
        // Given
        byte[] fits = new byte[ClaimCheck.INLINE_BYTES];
        byte[] large = new byte[ClaimCheck.INLINE_BYTES + 1];

        // When // Then
        assertThat(read(submit(1).setRequest(request().setBody(payload(fits)).build())))
                .isInstanceOf(Incoming.Work.class);
        assertReason(
                read(submit(1).setRequest(request().setBody(payload(large)).build())), "too_large");
    }

    @Test
    void recordWithTooMuchBesideItsBodyIsPoison() {
        assertReason(read(submit(1).setModel("m".repeat(300_000))), "too_large");
        assertReason(
                read(
                        submit(1)
                                .setRequest(
                                        request()
                                                .setMetadata(Map.of("k", "v".repeat(300_000)))
                                                .build())),
                "too_large");
    }

    private Incoming read(Submit.Builder submit) {
        return read("requests", record(submit));
    }

    private Incoming read(String topic, SlotRecord content) {
        return reader.read(topic, HOME, encode(content));
    }

    private byte[] encode(SlotRecord content) {
        return codecs.slotRecords().encode(content);
    }

    private static SlotRecord record(Submit.Builder submit) {
        return SlotRecord.newBuilder().setSubmit(submit.build()).build();
    }

    private static void assertReason(Incoming incoming, String reason) {
        assertThat(incoming)
                .isInstanceOfSatisfying(
                        Incoming.Poison.class,
                        poison -> {
                            assertThat(poison.reason()).isEqualTo(reason);
                            assertThat(poison.message()).isNotBlank();
                        });
    }
}
