package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the entities of the file to the control topic.
 *
 * <p>One writer at a time: who writes takes the one transactional id, which fences whoever had it.
 * Several ingresses that start together converge, for each compares again after it was fenced and
 * the last one finds nothing left to change.
 */
public final class FileControl {

    private static final Logger LOG = LoggerFactory.getLogger(FileControl.class);
    private static final String TRANSACTIONAL_ID = "millrace-control";
    private static final int TRIES = 30;
    private static final Duration MAX_PAUSE = Duration.ofMillis(500);

    private final KafkaClients clients;
    private final AvroCodec<ControlRecord> codec;
    private final String clientId;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Writes through clients of that cluster. */
    public FileControl(
            KafkaClients clients,
            AvroCodec<ControlRecord> codec,
            String clientId,
            InstantSource clock,
            RandomGenerator random) {
        this.clients = clients;
        this.codec = codec;
        this.clientId = clientId;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Returns after the topic says what the file and the command want.
     *
     * @throws KafkaException when that could not be reached in any of the tries
     */
    public void apply(ControlConfig config, BootKeys boot) {
        Wishes wishes = Wishes.of(config, boot);
        ControlTopic topic = new ControlTopic(clients, codec, clientId);
        for (int attempt = 1; ; attempt++) {
            // without a look first, every start would fence every other one for nothing
            if (Changes.between(topic.readToEnd(), wishes, clock.instant()).isEmpty()) {
                return;
            }
            try {
                write(topic, wishes);
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
    }

    private void write(ControlTopic topic, Wishes wishes) {
        try (Bound<Producer<byte[], byte[]>> producer =
                clients.transactionalProducer(clientId + "-control-write", TRANSACTIONAL_ID)) {
            producer.client().initTransactions();
            // from here on nobody else can write unless this writer is fenced
            Map<String, ControlRecord> changes =
                    Changes.between(topic.readToEnd(), wishes, clock.instant());
            if (changes.isEmpty()) {
                return;
            }
            producer.client().beginTransaction();
            // the commit waits for every one of them and throws what became of it
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            changes.forEach((key, record) -> sent.add(send(producer.client(), key, record)));
            producer.client().commitTransaction();
            LOG.atInfo().addKeyValue("changes", sent.size()).log("configuration applied");
        }
    }

    private Future<RecordMetadata> send(
            Producer<byte[], byte[]> producer, String key, ControlRecord record) {
        return producer.send(
                new ProducerRecord<>(
                        ControlTopic.PARTITION.topic(),
                        ControlTopic.PARTITION.partition(),
                        key.getBytes(StandardCharsets.UTF_8),
                        codec.encode(record)));
    }

    private void pause() {
        LockSupport.parkNanos(random.nextLong(1, MAX_PAUSE.toNanos()));
        if (Thread.currentThread().isInterrupted()) {
            throw new KafkaException("interrupted while applying the configuration");
        }
    }
}
