package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.ReadToEnd;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Keeps the catalogue as control says, from the beginning of its topic on. */
public final class ControlIntake {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final AvroCodec<ControlRecord> codec;
    private final TopicPartition partition = new TopicPartition(Topic.CONTROL.topicName(), 0);
    private final Map<String, ControlRecord> entries = new HashMap<>();
    private volatile Catalogue catalogue = Catalogue.EMPTY;
    private volatile boolean running = true;

    /** Reads with that consumer, which stays the caller's. */
    public ControlIntake(Consumer<byte[], byte[]> consumer, AvroCodec<ControlRecord> codec) {
        this.consumer = consumer;
        this.codec = codec;
    }

    /**
     * Reads what control says so far. An entry that cannot be decoded refuses, naming its offset.
     */
    public void readToEnd(Admin admin) {
        ReadToEnd.read(
                consumer,
                Map.of(partition, 0L),
                ReadToEnd.settledEnds(admin, List.of(partition)),
                this::apply);
        catalogue = Catalogue.of(entries);
    }

    /** Follows what control says from then on, until it is stopped. */
    public void run() {
        while (running) {
            var changes = consumer.poll(POLL);
            if (!changes.isEmpty()) {
                changes.forEach(this::apply);
                catalogue = Catalogue.of(entries);
            }
        }
    }

    /** Ends the following. */
    public void stop() {
        running = false;
    }

    /** Returns what control says at the moment. */
    public Catalogue catalogue() {
        return catalogue;
    }

    private void apply(ConsumerRecord<byte[], byte[]> entry) {
        String key = new String(entry.key(), StandardCharsets.UTF_8);
        byte @Nullable [] value = entry.value();
        try {
            if (value == null) {
                entries.remove(key);
            } else {
                entries.put(key, codec.decode(value));
            }
        } catch (UndecodableException e) {
            throw new IllegalStateException(
                    "control: the entry at offset %d cannot be decoded".formatted(entry.offset()),
                    e);
        }
    }
}
