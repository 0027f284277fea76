package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.ReadToEnd;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the catalogue as control says, from the beginning of its topic on. */
public final class ControlIntake {

    private static final Logger LOG = LoggerFactory.getLogger(ControlIntake.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

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
            try {
                follow(consumer.poll(POLL).records(partition));
            } catch (KafkaException e) {
                LOG.atWarn().setCause(e).log("control cannot be read at the moment");
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    // What was in force stays so when a change cannot be read: this thread must not end.
    private void follow(List<ConsumerRecord<byte[], byte[]>> changes) {
        for (ConsumerRecord<byte[], byte[]> change : changes) {
            Map<String, ControlRecord> before = new HashMap<>(entries);
            try {
                apply(change);
                catalogue = Catalogue.of(entries);
            } catch (RegistryUnavailableException e) {
                LOG.atWarn().setCause(e).log("control waits for the schema registry");
                consumer.seek(partition, change.offset());
                LockSupport.parkNanos(PAUSE_NANOS);
                return;
            } catch (RuntimeException e) {
                entries.clear();
                entries.putAll(before);
                LOG.atError()
                        .addKeyValue("offset", change.offset())
                        .setCause(e)
                        .log("a change of control is wrong and is left out");
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
