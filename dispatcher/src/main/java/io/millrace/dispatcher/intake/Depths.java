package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Pace;
import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.TenantTopics;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * How much may wait in memory for its start: of a tenant's jobs as many as start while the next
 * ones are fetched, three times, and a few; of jobs that wait for their next attempt a few. What is
 * beyond stays in the log, where it costs nothing. Pure.
 *
 * @param paces how fast a tenant's jobs start
 * @param refill how long the next record of a lane takes to come
 */
record Depths(Function<TenantId, Pace> paces, Refill refill) {

    /** Jobs of a tenant at least: they are there when it may start again. */
    static final int FEWEST_JOBS = 8;

    /** Jobs of a tenant at most. */
    static final int MOST_JOBS = 1024;

    /** Bytes of a tenant's jobs. */
    static final long MOST_BYTES = 1024 * 1024;

    /** What waits of a retry topic, for its time or for its start: each may, for half an hour. */
    static final Backlog RETRIES = new Backlog(64, 256 * 1024);

    private static final int REFILLS = 3;

    /** Returns how many of a tenant's jobs wait in memory. */
    static int jobs(Pace pace, Duration refill) {
        double ahead =
                (double) REFILLS
                        * pace.permits()
                        * refill.toNanos()
                        / Math.max(1, pace.callTime().toNanos());
        return (int) Math.clamp(FEWEST_JOBS + ahead, FEWEST_JOBS, MOST_JOBS);
    }

    /** Returns how many of a tenant's jobs wait in memory now. */
    int of(TenantId tenant) {
        return jobs(paces.apply(tenant), refill.usual());
    }

    /** Returns what may wait of a lane or a retry topic before its reader stops. */
    Backlog of(TopicPartition source) {
        if (source.topic().startsWith("retries.")) {
            return RETRIES;
        }
        int jobs =
                TenantTopics.tenantOfLane(source.topic())
                        .or(() -> TenantTopics.tenantOfInbox(source.topic()))
                        .map(this::of)
                        .orElse(jobs(Pace.UNKNOWN, refill.usual()));
        return new Backlog(jobs, MOST_BYTES);
    }
}
