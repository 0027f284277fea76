package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.jobId;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.settlement.Settlement.Ending;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.KeyedRecord;
import io.millrace.schemas.avro.Origin;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.serde.Codecs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KeyedTest {

    private static final TopicPartition INBOX = new TopicPartition("inbox.acme", 0);

    private final Codecs codecs = Samples.codecs();
    private final Envelope envelope = new Envelope(codecs, SLOTS, _ -> true);
    private final OwnedSlot slot = Samples.slot();

    @Test
    void firstRecordOfAKeyIsTheJobAndTheOthersAreItAgain() {
        // Given
        Keyed keyed = new Keyed(List.of());

        // Then
        assertThat(keyed.claim(record(1, "a"))).isEqualTo(Keyed.Claim.FIRST);
        assertThat(keyed.claim(record(1, "a"))).as("read again").isEqualTo(Keyed.Claim.FIRST);
        assertThat(keyed.claim(record(2, "a"))).isEqualTo(Keyed.Claim.REPEATED);
        assertThat(keyed.claim(record(3, "b"))).isEqualTo(Keyed.Claim.OTHER);
    }

    @Test
    void keyIsKeptInTheTransactionThatEndsItsJobAndKnownToTheNextOwner() {
        // Given
        slot.openInbox(INBOX);
        var _ = slot.keyed().claim(record(1, "a"));

        // When
        List<ProducerRecord<byte[], byte[]>> records = group(1).records(envelope);

        // Then
        assertThat(records)
                .filteredOn(each -> text(each.key()).equals("keyed/" + jobId(1)))
                .singleElement()
                .satisfies(each -> {
                    SlotHistory history = new SlotHistory(slot.number());
                    history.add(text(each.key()), codecs.slotLedger().decode(each.value()));
                    OwnedSlot next = new Ownership().own(history.state());
                    assertThat(next.keyed().claim(record(2, "a"))).isEqualTo(Keyed.Claim.REPEATED);
                });
    }

    @Test
    void jobOfARecordWithoutAKeyLeavesNone() {
        slot.openInbox(INBOX);
        assertThat(group(1).records(envelope))
                .noneMatch(each -> text(each.key()).startsWith("keyed/"));
    }

    @Test
    void resultIsDeliveredAsACloudEventWithKeyIdAndPositionOfItsRecord() {
        // Given
        slot.openInbox(INBOX);

        // When
        ProducerRecord<byte[], byte[]> event =
                group(7).records(envelope).stream()
                        .filter(each -> each.topic().equals("results.acme"))
                        .findFirst()
                        .orElseThrow();

        // Then
        assertThat(text(event.key())).isEqualTo("k");
        assertThat(header(event, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(event, "ce_id")).isEqualTo("event-1");
        assertThat(header(event, "ce_source"))
                .isEqualTo("/topics/inbox.acme/partitions/0/offsets/7");
        assertThat(header(event, "ce_type")).isEqualTo("io.millrace.job.completed");
        assertThat(header(event, "ce_subject")).isEqualTo(jobId(1));
        assertThat(header(event, "content-type")).isEqualTo("application/avro");
        assertThat(codecs.results().decode(event.value()).getJobId()).isEqualTo(jobId(1));
    }

    private Group group(long offset) {
        var terminal = Terminals.of(1, "acme", 5);
        InferenceResult result =
                InferenceResult.newBuilder(terminal.result())
                        .setOrigin(
                                new Origin(
                                        new SourcePosition("inbox.acme", 0, offset),
                                        ByteBuffer.wrap("k".getBytes(StandardCharsets.UTF_8)),
                                        "event-1"))
                        .build();
        Source source = slot.source(INBOX).orElseThrow();
        return new Group(
                List.of(
                        new Settlement(
                                slot,
                                source,
                                offset,
                                List.of(),
                                new Ending.Terminal(result, terminal.usage(), List.of()))));
    }

    private static KeyedRecord record(long offset, String fingerprint) {
        return new KeyedRecord(
                jobId(1), fingerprint, NOON, new SourcePosition("inbox.acme", 0, offset));
    }

    private static String header(ProducerRecord<byte[], byte[]> event, String name) {
        return text(event.headers().lastHeader(name).value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
