package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the control topic says now, kept up to date by a thread of its own. Thread-safe.
 *
 * <p>It says nothing, so that nobody may do anything, until it has read the topic to its end.
 */
public final class ControlView implements Supplier<Control>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlView.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final ControlTopic topic;
    private final KafkaClients clients;
    private final String clientId;
    private final Map<String, ControlRecord> records = new HashMap<>();
    private final Thread thread = new Thread(this::run, "control-view");

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch loaded = new CountDownLatch(1);

    private volatile Control control = Control.EMPTY;
    private volatile boolean stopping;
    private volatile @org.jspecify.annotations.Nullable Bound<Consumer<byte[], byte[]>> consumer;

    /** Reads through clients of that cluster. */
    public ControlView(KafkaClients clients, AvroCodec<ControlRecord> codec, String clientId) {
        this.topic = new ControlTopic(clients, codec, clientId);
        this.clients = clients;
        this.clientId = clientId;
    }

    /**
     * Returns after the topic was read to its end once, and goes on reading.
     *
     * @throws IllegalStateException when a record of it cannot be decoded
     */
    public void start() {
        Bound<Consumer<byte[], byte[]>> made =
                clients.consumer(clientId + "-control-view", Map.of());
        consumer = made;
        topic.readToEnd(made.client(), records);
        control = new Control(records);
        loaded.countDown();
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Control get() {
        return control;
    }

    /**
     * Returns what the topic says, once it was read to its end.
     *
     * @throws IllegalStateException when it was not in that time, or will not be any more
     */
    public Control loaded(Duration atMost) {
        try {
            if (!loaded.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the control topic has not been read yet");
            }
            Control read = control;
            if (read == Control.EMPTY) {
                throw new IllegalStateException("closed before the control topic was read");
            }
            return read;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the control topic is read", e);
        }
    }

    /** Returns whether the topic says something, as soon as it does or after that time. */
    public boolean await(Predicate<Control> saying, Duration atMost) {
        long giveUp = System.nanoTime() + atMost.toNanos();
        synchronized (records) {
            while (!saying.test(control)) {
                long millis = (giveUp - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                try {
                    records.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        stopping = true;
        stop.countDown();
        loaded.countDown();
        Bound<Consumer<byte[], byte[]>> made = consumer;
        if (made == null) {
            return;
        }
        if (thread.isAlive()) {
            made.client().wakeup();
            try {
                thread.join(STOP);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            made.close();
        }
    }

    private void run() {
        Bound<Consumer<byte[], byte[]>> made = consumer;
        if (made == null) {
            return;
        }
        try (made) {
            while (!stopping) {
                follow(made.client());
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> client) {
        try {
            ConsumerRecords<byte[], byte[]> polled = client.poll(POLL);
            polled.forEach(this::apply);
            if (!polled.isEmpty()) {
                synchronized (records) {
                    control = new Control(records);
                    records.notifyAll();
                }
            }
        } catch (WakeupException e) {
            LOG.atDebug().log("control view woken to stop");
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).log("control topic cannot be read");
            pause();
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            topic.apply(record, records);
        } catch (UndecodableException e) {
            // what was accepted before stays in force; a restart would refuse this topic
            LOG.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("offset", record.offset())
                    .setCause(e)
                    .log("control record cannot be decoded");
        }
    }

    private void pause() {
        try {
            var _ = stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }
}
