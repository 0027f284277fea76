package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Job;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the job view of jobs that came with records of inboxes, before anything is done for them:
 * the other jobs were told of by the ingress that accepted them. A record that is read again is
 * told of again, in the same words. Thread-safe.
 */
public final class Acceptances implements Consumer<Job> {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptances.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Producer<byte[], byte[]> producer;
    private final AvroCodec<JobsRecord> codec;
    private final Consumer<Job> jobs;

    /**
     * Makes it.
     *
     * @param producer stays the caller's
     * @param jobs takes each job, once the view is told
     */
    public Acceptances(
            Producer<byte[], byte[]> producer, AvroCodec<JobsRecord> codec, Consumer<Job> jobs) {
        this.producer = producer;
        this.codec = codec;
        this.jobs = jobs;
    }

    /** Takes a job that was read; returns at once. */
    @Override
    public void accept(Job job) {
        if (TenantTopics.tenantOfInbox(job.source().partition().topic()).isEmpty()) {
            jobs.accept(job);
            return;
        }
        // what waits for an acknowledgement waits in memory, as what waits for its start does
        job.source().waits(job.submit().getTenant(), job.bytes());
        Thread.ofVirtual().name("acceptance").start(() -> tell(job));
    }

    private void tell(Job job) {
        try {
            while (job.slot().isOwned()) {
                if (told(job)) {
                    jobs.accept(job);
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } finally {
            job.source().waitsNoMore(job.submit().getTenant(), job.bytes());
        }
    }

    private boolean told(Job job) {
        try {
            var _ = producer.send(record(job)).get();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .setCause(e)
                    .log("view is not told of a job, and told again");
            return false;
        }
    }

    private ProducerRecord<byte[], byte[]> record(Job job) {
        JobsRecord told = JobsRecord.newBuilder().setJob(accepted(job.submit())).build();
        return new ProducerRecord<>(
                Topic.JOBS.topicName(),
                job.id().viewPartition().number(),
                job.id().value().getBytes(StandardCharsets.UTF_8),
                codec.encode(told));
    }

    private static JobAccepted accepted(Submit submit) {
        return JobAccepted.newBuilder()
                .setJobId(submit.getJobId())
                .setTenant(submit.getTenant())
                .setKeyId(submit.getKeyId())
                .setEndpoint(submit.getRequest().getEndpoint())
                .setModel(submit.getModel())
                .setTier(submit.getRequest().getTier())
                .setAcceptedAt(submit.getAcceptedAt())
                .setExpiresAt(submit.getRequest().getExpiresAt())
                .setMetadata(submit.getRequest().getMetadata())
                .build();
    }
}
