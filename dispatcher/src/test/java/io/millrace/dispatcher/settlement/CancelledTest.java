package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.requests;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.settlement.Settlement.Ending.CancelKnown;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class CancelledTest {

    private final Envelope envelope = new Envelope(Samples.codecs(), SLOTS);
    private final OwnedSlot slot = Samples.slot();

    @Test
    void wishIsWrittenDownUnderItsId() {
        // Given
        slot.cancel(cancel(1));

        // When
        var records = ledger(new Group(List.of(settlement(5, new CancelKnown(cancel(1))))));

        // Then
        assertThat(records).contains("cancelled/" + jobId(1));
    }

    @Test
    void wishIsForgottenInTheTransactionThatEndsItsJob() {
        // Given
        slot.cancel(cancel(1));
        Group group = new Group(List.of(settlement(5, Terminals.of(1, "acme", 1))));

        // When
        var tombstones =
                group.records(envelope).stream().filter(each -> each.value() == null).toList();
        group.applied();

        // Then
        assertThat(tombstones).hasSize(1);
        assertThat(slot.cancellation(submit(1).build())).isEmpty();
    }

    @Test
    void oldestMakesRoomForTheNewest() {
        // Given
        for (int i = 0; i <= Cancelled.MOST; i++) {
            slot.cancel(cancel(i));
        }

        // When
        Group group = new Group(List.of(settlement(5, new CancelKnown(cancel(Cancelled.MOST)))));
        assertThat(ledger(group)).contains("cancelled/" + jobId(0));
        group.applied();

        // Then
        assertThat(slot.cancellation(submit(0).build())).isEmpty();
        assertThat(slot.cancellation(submit(1).build())).isPresent();
    }

    private List<String> ledger(Group group) {
        return group.records(envelope).stream()
                .filter(each -> each.topic().equals(Topic.SLOT_LEDGER.topicName()))
                .map(ProducerRecord::key)
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .toList();
    }

    private Settlement settlement(long offset, Settlement.Ending ending) {
        return new Settlement(slot, requests(slot), offset, List.of(), ending);
    }

    private static Cancel cancel(int number) {
        return new Cancel(jobId(number), "acme", "cancelled", NOON);
    }
}
