package io.millrace.ingress.submission;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Appends to the log; each future completes with the offset once all replicas have the record. */
public interface LogWriter {

    /** A write that has not begun. */
    @FunctionalInterface
    interface Write {

        /** Appends; may make its caller wait for a moment when Kafka does not answer. */
        CompletableFuture<Long> begin();
    }

    /** How long an acknowledgement may take before the caller is told that there is none. */
    Duration PATIENCE = Duration.ofMillis(4500);

    /**
     * Appends to {@code requests}, or to a topic of the same records.
     *
     * @param headers of the record, such as {@code traceparent}
     */
    CompletableFuture<Long> slot(
            String topic,
            int partition,
            String key,
            SlotRecord record,
            Map<String, String> headers);

    /** Appends to {@code jobs}. */
    CompletableFuture<Long> jobs(ViewPartition partition, String id, JobsRecord record);

    /** Appends the tombstone of an id to {@code jobs}. */
    CompletableFuture<Long> forget(ViewPartition partition, String id);

    /** Appends the tombstone of a job that has ended to {@code results}. */
    CompletableFuture<Long> forgetResult(ViewPartition partition, String id);

    /**
     * Begins the writes, in that order, and returns once all are acknowledged.
     *
     * @throws UnavailableException when one is not within {@link #PATIENCE}, which counts what a
     *     writer makes its caller wait before it begins: nothing is known then
     */
    static void acknowledged(Write... writes) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        CompletableFuture<?>[] begun =
                Arrays.stream(writes).map(Write::begin).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(begun)
                    .get(Math.max(0, giveUp - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new UnavailableException(
                    "Kafka did not acknowledge the record in time.", Duration.ofSeconds(1), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(
                    "Interrupted while waiting for Kafka.", Duration.ofSeconds(1), e);
        }
    }
}
