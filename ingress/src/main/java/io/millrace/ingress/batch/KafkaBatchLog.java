package io.millrace.ingress.batch;

import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * The log of a view partition's batches: one Kafka transaction an entry.
 *
 * <p>The transactional id is made of the partition and nothing else, so that opening the log ends
 * what a former owner left open and refuses all that it still sends.
 */
final class KafkaBatchLog implements BatchLog {

    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final ViewPartition partition;
    private final Bound<Producer<byte[], byte[]>> bound;
    private final Producer<byte[], byte[]> producer;
    private final Codecs codecs;

    private KafkaBatchLog(
            ViewPartition partition, Bound<Producer<byte[], byte[]>> bound, Codecs codecs) {
        this.partition = partition;
        this.bound = bound;
        this.producer = bound.client();
        this.codecs = codecs;
    }

    /**
     * Returns an opener of logs on that cluster.
     *
     * @param process name of this start of the process, for the client's id
     */
    static Opener on(KafkaClients kafka, Codecs codecs, String process) {
        return partition -> {
            String id = "millrace-batch-" + partition.digits();
            Bound<Producer<byte[], byte[]>> bound =
                    kafka.transactionalProducer(
                            "%s-batch-%s".formatted(process, partition.digits()), id);
            KafkaBatchLog log = new KafkaBatchLog(partition, bound, codecs);
            try {
                log.producer.initTransactions();
                return log;
            } catch (KafkaException e) {
                log.close();
                throw new LostLogException("cannot open " + id, e);
            }
        };
    }

    @Override
    public void record(Entry entry) {
        try {
            producer.beginTransaction();
            entry.lines().forEach(line -> send(TenantTopics.batchLane(entry.tenant()), line));
            entry.files().forEach(this::send);
            send(
                    entry.batch().getBatchId(),
                    JobsRecord.newBuilder().setBatch(entry.batch()).build());
            producer.commitTransaction();
        } catch (KafkaException e) {
            throw new LostLogException("cannot record %s".formatted(entry.batch().getBatchId()), e);
        }
    }

    private void send(String lane, Submit line) {
        // whether it arrived is said by the commit
        var _ =
                producer.send(
                        new ProducerRecord<>(
                                lane,
                                0,
                                bytes(line.getJobId()),
                                codecs.slotRecords()
                                        .encode(SlotRecord.newBuilder().setSubmit(line).build())));
    }

    private void send(FileState file) {
        send(file.getFileId(), JobsRecord.newBuilder().setFile(file).build());
    }

    private void send(String id, JobsRecord record) {
        // whether it arrived is said by the commit
        var _ =
                producer.send(
                        new ProducerRecord<>(
                                Topic.JOBS.topicName(),
                                partition.number(),
                                bytes(id),
                                codecs.jobs().encode(record)));
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** Aborts what is open, if that is possible at once; else the next who opens the log does. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            producer.close(CLOSING);
            bound.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
