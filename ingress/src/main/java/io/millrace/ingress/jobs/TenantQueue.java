package io.millrace.ingress.jobs;

import io.millrace.ingress.admission.Queued;
import io.millrace.schemas.id.BatchId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * One tenant's queue, as far as this process knows it: what the view says of the partitions held
 * here, and what was let in and is not in the view yet. Not thread-safe: whoever has it, has it
 * alone.
 */
final class TenantQueue {

    /** The view is behind by milliseconds; what it never shows was not accepted. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(30);

    private Queued jobs = Queued.NOTHING;
    private final Map<BatchId, Queued> batches = new HashMap<>();
    private final Map<String, Arriving> arriving = new HashMap<>();

    private record Arriving(Queued amount, Instant since) {}

    /**
     * Returns all that is queued now; of a batch the lines that have not ended, with their share.
     */
    Queued sum(ToIntFunction<BatchId> endedLines, Instant now) {
        arriving.values().removeIf(each -> each.since().plus(ON_THE_WAY).isBefore(now));
        Queued sum = jobs;
        for (Arriving each : arriving.values()) {
            sum = sum.plus(each.amount());
        }
        for (Map.Entry<BatchId, Queued> batch : batches.entrySet()) {
            sum = sum.plus(open(batch.getValue(), endedLines.applyAsInt(batch.getKey())));
        }
        return sum;
    }

    void arrive(String job, Queued amount, Instant now) {
        arriving.put(job, new Arriving(amount, now));
    }

    void arrived(String job) {
        arriving.remove(job);
    }

    void add(Queued amount) {
        jobs = jobs.plus(amount);
    }

    void subtract(Queued amount) {
        jobs = jobs.minus(amount);
    }

    void put(BatchId batch, Queued amount) {
        batches.put(batch, amount);
    }

    void remove(BatchId batch) {
        batches.remove(batch);
    }

    boolean empty() {
        return jobs.equals(Queued.NOTHING) && batches.isEmpty() && arriving.isEmpty();
    }

    private static Queued open(Queued whole, int ended) {
        long open = Math.max(0, whole.jobs() - ended);
        return whole.jobs() == 0
                ? Queued.NOTHING
                : new Queued(open, (long) ((double) whole.tokens() * open / whole.jobs()));
    }
}
