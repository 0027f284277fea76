package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.schemas.avro.CapacityRecord;
import io.millrace.schemas.avro.DispatcherAnnounced;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells ingresses which slots this process owns and where it can be asked about them: when that has
 * changed, and once a minute for those who were not there. Nothing depends on its being heard.
 */
public final class Announcements implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration REPEAT = Duration.ofMinutes(1);

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("announcements").factory());
    private final Ownership ownership;
    private final Producer<byte[], byte[]> producer;
    private final AvroCodec<CapacityRecord> codec;
    private final String process;
    private final String url;
    private final InstantSource clock;
    private List<Integer> said = List.of();
    private Instant saidAt = Instant.EPOCH;

    Announcements(
            Ownership ownership,
            Producer<byte[], byte[]> producer,
            AvroCodec<CapacityRecord> codec,
            String process,
            String url,
            InstantSource clock) {
        this.ownership = ownership;
        this.producer = producer;
        this.codec = codec;
        this.process = process;
        this.url = url;
        this.clock = clock;
    }

    /**
     * Begins to tell.
     *
     * @param producer stays the caller's
     * @param process name of this start of the process
     * @param url where its admin port is reached
     */
    public static Announcements start(
            Ownership ownership,
            Producer<byte[], byte[]> producer,
            AvroCodec<CapacityRecord> codec,
            String process,
            String url,
            InstantSource clock) {
        Announcements made = new Announcements(ownership, producer, codec, process, url, clock);
        var _ =
                made.timer.scheduleWithFixedDelay(
                        made::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return made;
    }

    /** Tells what has changed, or has not been told for long. */
    void look() {
        List<Integer> slots = ownership.slots().stream().map(OwnedSlot::number).sorted().toList();
        Instant now = Instant.ofEpochMilli(clock.millis());
        if (slots.equals(said) && saidAt.plus(REPEAT).isAfter(now)) {
            return;
        }
        try {
            CapacityRecord word =
                    CapacityRecord.newBuilder()
                            .setDispatcher(new DispatcherAnnounced(process, url, slots, now))
                            .build();
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    Topic.CAPACITY.topicName(),
                                    process.getBytes(StandardCharsets.UTF_8),
                                    codec.encode(word)));
            said = slots;
            saidAt = now;
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("ownership is not announced yet");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
