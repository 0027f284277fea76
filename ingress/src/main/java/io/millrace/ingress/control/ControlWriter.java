package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes what the control topic says. Thread-safe.
 *
 * <p>One writer at a time: who writes takes the one transactional id, which fences whoever had it.
 * Several that write together converge, for each decides again after it was fenced.
 */
public final class ControlWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ControlWriter.class);
    private static final String TRANSACTIONAL_ID = "millrace-control";
    private static final int TRIES = 30;
    private static final Duration MAX_PAUSE = Duration.ofMillis(500);

    private final KafkaClients clients;
    private final AvroCodec<ControlRecord> codec;
    private final String clientId;
    private final RandomGenerator random;
    // those of one process need not fence each other
    private final ReentrantLock turn = new ReentrantLock();

    /** Writes through clients of that cluster. */
    public ControlWriter(
            KafkaClients clients,
            AvroCodec<ControlRecord> codec,
            String clientId,
            RandomGenerator random) {
        this.clients = clients;
        this.codec = codec;
        this.clientId = clientId;
        this.random = random;
    }

    /** Decides what is to be written, by keys, of what the topic says; none is a tombstone. */
    @FunctionalInterface
    public interface Decision
            extends Function<Map<String, ControlRecord>, Map<String, Optional<ControlRecord>>> {}

    /**
     * Returns after what was decided is written; what a decision throws ends it.
     *
     * @param look whether to look without being the writer first, and to go away when there is
     *     nothing to change: otherwise every start would fence every other one for nothing
     * @throws KafkaException when it could not be written in any of the tries
     */
    public void change(boolean look, Decision decision) {
        ControlTopic topic = new ControlTopic(clients, codec, clientId);
        turn.lock();
        try {
            for (int attempt = 1; ; attempt++) {
                if (look && decision.apply(topic.readToEnd()).isEmpty()) {
                    return;
                }
                try {
                    write(topic, decision);
                    return;
                } catch (KafkaException e) {
                    if (attempt == TRIES) {
                        throw e;
                    }
                    LOG.atInfo()
                            .addKeyValue("attempt", attempt)
                            .addKeyValue("reason", e.getMessage())
                            .log("another writer of control was faster");
                    pause();
                }
            }
        } finally {
            turn.unlock();
        }
    }

    private void write(ControlTopic topic, Decision decision) {
        try (Bound<Producer<byte[], byte[]>> producer =
                clients.transactionalProducer(clientId + "-control-write", TRANSACTIONAL_ID)) {
            producer.client().initTransactions();
            // from here on nobody else can write unless this writer is fenced
            Map<String, Optional<ControlRecord>> changes = decision.apply(topic.readToEnd());
            if (changes.isEmpty()) {
                return;
            }
            producer.client().beginTransaction();
            // the commit waits for every one of them and throws what became of it
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            changes.forEach((key, record) -> sent.add(send(producer.client(), key, record)));
            producer.client().commitTransaction();
            LOG.atInfo().addKeyValue("changes", sent.size()).log("control changed");
        }
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as it was decided
    private Future<RecordMetadata> send(
            Producer<byte[], byte[]> producer, String key, Optional<ControlRecord> record) {
        return producer.send(
                new ProducerRecord<>(
                        ControlTopic.PARTITION.topic(),
                        ControlTopic.PARTITION.partition(),
                        key.getBytes(StandardCharsets.UTF_8),
                        record.map(codec::encode).orElse(null)));
    }

    private void pause() {
        LockSupport.parkNanos(random.nextLong(1, MAX_PAUSE.toNanos()));
        if (Thread.currentThread().isInterrupted()) {
            throw new KafkaException("interrupted while changing control");
        }
    }
}
