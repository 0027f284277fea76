package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Job;
import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.dispatcher.settlement.WaitLane;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.Topic;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The jobs of a tenant that may wait in memory for their start; those beyond move to its wait lane,
 * so that a slot never waits for one tenant.
 */
final class LookAhead {

    /** Jobs of a tenant that wait in memory. */
    static final int MOST_JOBS = 64;

    /** The same, when many jobs of its slot wait. */
    static final int FEWEST_JOBS = 8;

    /** So many jobs of a slot are many. */
    static final int CROWD = 1024;

    /** Bytes of a tenant's jobs that wait in memory. */
    static final long MOST_BYTES = 1024 * 1024;

    private final Predicate<TenantId> laneExists;

    /**
     * Makes a look-ahead.
     *
     * @param laneExists returns at once whether a tenant's wait lane is made; when it is not, sees
     *     to it that it soon is
     */
    LookAhead(Predicate<TenantId> laneExists) {
        this.laneExists = laneExists;
    }

    /**
     * Returns the wait lane that a job which was just read is to move to, if it is.
     *
     * <p>What has begun stays: its attempts are journalled by its position. So does what ends at
     * once, and what a connection waits for. What was read from a lane or a retry topic stays too:
     * its source is paused when too much of it waits, which costs nobody else.
     */
    Optional<WaitLane> laneFor(Job job, Instant now) {
        if (!job.source().partition().topic().equals(Topic.REQUESTS.topicName())
                || job.submit().getSynchronous()
                || job.isExpired(now)
                || !job.isWanted()
                || !job.slot().priorAttempts(job.source().partition(), job.offset()).isEmpty()) {
            return Optional.empty();
        }
        Optional<WaitLane> followed =
                job.slot().waitLane(job.tenant()).filter(WaitLane::isFollowed);
        if (followed.isPresent()) {
            return followed;
        }
        return isFull(job) && laneExists.test(job.tenant())
                ? Optional.of(job.slot().openWaitLane(job.tenant()))
                : Optional.empty();
    }

    private static boolean isFull(Job job) {
        Backlog waiting = job.source().waiting(job.submit().getTenant());
        int most = job.source().waiting().jobs() < CROWD ? MOST_JOBS : FEWEST_JOBS;
        return waiting.jobs() >= most
                || (waiting.jobs() > 0 && waiting.bytes() + job.bytes() > MOST_BYTES);
    }
}
