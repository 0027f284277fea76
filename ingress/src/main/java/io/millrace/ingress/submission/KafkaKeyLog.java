package io.millrace.ingress.submission;

import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A view partition's log of what came with idempotency keys: one Kafka transaction a write.
 *
 * <p>The transactional id is made of the partition and nothing else, so that opening the log ends
 * what a former owner left open and refuses all that it still sends.
 */
public final class KafkaKeyLog implements KeyLog, RecordLog {

    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final ViewPartition partition;
    private final Bound<Producer<byte[], byte[]>> bound;
    private final Producer<byte[], byte[]> producer;
    private final Codecs codecs;

    private KafkaKeyLog(
            ViewPartition partition, Bound<Producer<byte[], byte[]>> bound, Codecs codecs) {
        this.partition = partition;
        this.bound = bound;
        this.producer = bound.client();
        this.codecs = codecs;
    }

    /**
     * Returns an opener of logs of jobs on that cluster.
     *
     * @param process name of this start of the process, for the client's id
     */
    public static KeyLog.Opener on(KafkaClients kafka, Codecs codecs, String process) {
        return partition -> open(kafka, codecs, process + "-keys", "millrace-keys", partition);
    }

    /**
     * Returns an opener of logs of single records on that cluster.
     *
     * @param process name of this start of the process, for the client's id
     */
    public static RecordLog.Opener records(KafkaClients kafka, Codecs codecs, String process) {
        return partition ->
                open(kafka, codecs, process + "-records", "millrace-records", partition);
    }

    private static KafkaKeyLog open(
            KafkaClients kafka,
            Codecs codecs,
            String client,
            String prefix,
            ViewPartition partition) {
        String digits = "-" + partition.digits();
        KafkaKeyLog log =
                new KafkaKeyLog(
                        partition,
                        kafka.transactionalProducer(client + digits, prefix + digits),
                        codecs);
        try {
            log.producer.initTransactions();
            return log;
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    @Override
    public void write(String id, JobsRecord record) {
        producer.beginTransaction();
        accepted(bytes(id), record);
        producer.commitTransaction();
    }

    @Override
    public void write(List<JobRecords> jobs) {
        producer.beginTransaction();
        jobs.forEach(this::send);
        producer.commitTransaction();
    }

    // whether they arrived is said by the commit
    private void send(JobRecords job) {
        byte[] key = bytes(job.id().value());
        ProducerRecord<byte[], byte[]> request =
                new ProducerRecord<>(
                        Topic.REQUESTS.topicName(),
                        job.slot(),
                        key,
                        codecs.slotRecords().encode(job.request()));
        job.headers().forEach((name, value) -> request.headers().add(name, bytes(value)));
        var _ = producer.send(request);
        accepted(key, job.view());
    }

    private void accepted(byte[] key, JobsRecord record) {
        var _ =
                producer.send(
                        new ProducerRecord<>(
                                Topic.JOBS.topicName(),
                                partition.number(),
                                key,
                                codecs.jobs().encode(record)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Aborts what is open, if that is possible at once; else the next who opens the log does. */
    @Override
    public void close() {
        producer.close(CLOSING);
        bound.close();
    }
}
