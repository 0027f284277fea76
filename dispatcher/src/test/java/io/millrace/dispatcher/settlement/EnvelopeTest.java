package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.requests;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.settlement.Settlement.Ending;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    private final Codecs codecs = Samples.codecs();
    private final Envelope envelope = new Envelope(codecs, SLOTS);
    private final OwnedSlot slot = Samples.slot();

    @Test
    void terminalIsOneResultByViewPartitionAndOneUsageAndItsWasteByTenant() {
        // Given
        var terminal = Terminals.of(1, "acme", 5);
        var ending =
                new Ending.Terminal(
                        terminal.result(),
                        terminal.usage(),
                        List.of(Terminals.waste(1, "acme"), Terminals.waste(1, "acme")));

        // When
        List<ProducerRecord<byte[], byte[]>> records = records(ending);

        // Then
        assertThat(records)
                .extracting(EnvelopeTest::address)
                .containsExactly(
                        tuple("results", 1, jobId(1)),
                        tuple("usage", HOME, "acme"),
                        tuple("waste", HOME, "acme"),
                        tuple("waste", HOME, "acme"));
        assertThat(codecs.results().decode(records.getFirst().value()))
                .isEqualTo(terminal.result());
        assertThat(codecs.usage().decode(records.get(1).value())).isEqualTo(terminal.usage());
    }

    @Test
    void movedJobStaysInItsSlotAndKeepsItsTrace() {
        // Given
        SlotRecord again = SlotRecord.newBuilder().setSubmit(submit(1).build()).build();
        var ending = new Ending.Moved(Topic.RETRIES_30S, again, Optional.of("00-trace"), List.of());

        // When
        List<ProducerRecord<byte[], byte[]>> records = records(ending);

        // Then
        assertThat(records)
                .extracting(EnvelopeTest::address)
                .containsExactly(tuple("retries.30s", HOME, jobId(1)));
        assertThat(codecs.slotRecords().decode(records.getFirst().value())).isEqualTo(again);
        assertThat(records.getFirst().headers().lastHeader("traceparent").value())
                .isEqualTo("00-trace".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void jobThatMustWaitMovesToTheOnePartitionOfItsTenantsLane() {
        // Given
        SlotRecord same = SlotRecord.newBuilder().setSubmit(submit(1).build()).build();

        // When
        List<ProducerRecord<byte[], byte[]>> records =
                records(new Ending.Spilled("lanes.acme.wait", same, Optional.of("00-trace")));

        // Then
        assertThat(records)
                .extracting(EnvelopeTest::address)
                .containsExactly(tuple("lanes.acme.wait", 0, jobId(1)));
        assertThat(codecs.slotRecords().decode(records.getFirst().value())).isEqualTo(same);
        assertThat(records.getFirst().headers().lastHeader("traceparent").value())
                .isEqualTo("00-trace".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void deadLetterLiesByItsSourceTopic() {
        // Given
        DeadLetter letter =
                DeadLetter.newBuilder()
                        .setSource(new SourcePosition("requests", HOME, 9L))
                        .setReason("undecodable")
                        .setMessage("broken")
                        .setFoundAt(NOON)
                        .build();

        // When
        List<ProducerRecord<byte[], byte[]>> records = records(new Ending.Poison(letter));

        // Then
        assertThat(records)
                .extracting(EnvelopeTest::address)
                .containsExactly(tuple("dead-letters", SLOTS.of("requests"), "requests"));
        assertThat(codecs.deadLetters().decode(records.getFirst().value())).isEqualTo(letter);
    }

    @Test
    void knownLanePublishesNothingOfItsOwn() {
        assertThat(records(new Ending.LaneKnown())).isEmpty();
    }

    private List<ProducerRecord<byte[], byte[]>> records(Ending ending) {
        return envelope.recordsOf(new Settlement(slot, requests(slot), 0, List.of(), ending));
    }

    private static Tuple address(ProducerRecord<byte[], byte[]> each) {
        return tuple(
                each.topic(), each.partition(), new String(each.key(), StandardCharsets.UTF_8));
    }
}
