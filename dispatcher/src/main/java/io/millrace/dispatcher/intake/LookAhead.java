package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Job;
import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.dispatcher.settlement.WaitLane;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.Topic;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * The jobs of a tenant that may wait in memory for their start; those beyond move to its wait lane,
 * so that a slot never waits for one tenant.
 */
final class LookAhead {

    /** So many jobs of a slot that wait are many: then its tenants have the fewest each. */
    static final int CROWD = 1024;

    private final ToIntFunction<TenantId> depth;
    private final Predicate<TenantId> laneExists;

    /**
     * Makes a look-ahead.
     *
     * @param depth returns how many jobs of a tenant wait in memory
     * @param laneExists returns at once whether a tenant's wait lane is made; when it is not, sees
     *     to it that it soon is
     */
    LookAhead(ToIntFunction<TenantId> depth, Predicate<TenantId> laneExists) {
        this.depth = depth;
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

    private boolean isFull(Job job) {
        Backlog waiting = job.source().waiting(job.submit().getTenant());
        int most =
                job.source().waiting().jobs() < CROWD
                        ? depth.applyAsInt(job.tenant())
                        : Depths.FEWEST_JOBS;
        return waiting.jobs() >= most
                || (waiting.jobs() > 0 && waiting.bytes() + job.bytes() > Depths.MOST_BYTES);
    }
}
