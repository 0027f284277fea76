package io.millrace.dispatcher.intake;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.schemas.avro.DispatcherAnnounced;
import io.millrace.schemas.serde.Codecs;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What a dispatcher tells ingresses of itself. */
class AnnouncementsTest {

    private final Codecs codecs = Samples.codecs();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final Ownership ownership = new Ownership();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Announcements announcements =
            new Announcements(
                    ownership, producer, codecs.capacity(), "d-1", "http://here:1", now::get);

    @Test
    void itTellsWhatHasChangedAndNothingTwice() {
        // When
        announcements.look();
        ownership.own(Samples.state());
        announcements.look();
        announcements.look();
        ownership.disown(List.of(HOME));
        announcements.look();

        // Then
        assertThat(said())
                .extracting(DispatcherAnnounced::getSlots)
                .containsExactly(List.of(), List.of(HOME), List.of());
        assertThat(said())
                .first()
                .returns("d-1", DispatcherAnnounced::getProcess)
                .returns("http://here:1", DispatcherAnnounced::getUrl)
                .returns(NOON, DispatcherAnnounced::getAnnouncedAt);
        assertThat(producer.history())
                .extracting(record -> record.topic())
                .containsOnly("capacity");
    }

    @Test
    void itRepeatsItselfEachMinuteForThoseWhoWereNotThere() {
        // Given
        announcements.look();

        // When
        now.set(NOON.plusSeconds(59));
        announcements.look();
        now.set(NOON.plusSeconds(60));
        announcements.look();

        // Then
        assertThat(said()).hasSize(2);
    }

    private List<DispatcherAnnounced> said() {
        return producer.history().stream()
                .map(record -> codecs.capacity().decode(record.value()).getDispatcher())
                .toList();
    }
}
