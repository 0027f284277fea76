package io.millrace.dispatcher.settlement;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the records below the frontiers of the slots that are owned, from time to time and when
 * there are enough: what is done needs no room in the log.
 *
 * <p>A frontier in memory follows the log, so what lies below it is settled whoever owns the slot.
 */
public final class Deletion implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private final BelowFrontiers done;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("deletion").factory());

    private Deletion(Admin admin, BelowFrontiers done) {
        this.admin = admin;
        this.done = done;
    }

    /**
     * Starts deleting.
     *
     * @param every time between two rounds
     * @param least records that are worth a request
     */
    public static Deletion start(Ownership ownership, Admin admin, Duration every, long least) {
        Deletion deletion = new Deletion(admin, new BelowFrontiers(ownership, least));
        long millis = every.toMillis();
        var _ =
                deletion.timer.scheduleWithFixedDelay(
                        deletion::round, millis, millis, TimeUnit.MILLISECONDS);
        return deletion;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void round() {
        try {
            delete(done.due());
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.atWarn().setCause(e).log("records that are done cannot be deleted at the moment");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void delete(Map<TopicPartition, Long> due)
            throws ExecutionException, InterruptedException, TimeoutException {
        if (due.isEmpty()) {
            return;
        }
        Map<TopicPartition, RecordsToDelete> wanted = new HashMap<>();
        due.forEach((partition, end) -> wanted.put(partition, RecordsToDelete.beforeOffset(end)));
        var _ = admin.deleteRecords(wanted).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        done.deleted(due);
        LOG.atDebug().addKeyValue("sources", due.size()).log("records that are done deleted");
    }
}
