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

    private final Ownership ownership;
    private final Admin admin;
    private final long least;
    private final Map<TopicPartition, Long> deleted = new HashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("deletion").factory());

    private Deletion(Ownership ownership, Admin admin, long least) {
        this.ownership = ownership;
        this.admin = admin;
        this.least = least;
    }

    /**
     * Starts deleting.
     *
     * @param every time between two rounds
     * @param least records that are worth a request
     */
    public static Deletion start(Ownership ownership, Admin admin, Duration every, long least) {
        Deletion deletion = new Deletion(ownership, admin, least);
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
            delete(due());
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.atWarn().setCause(e).log("records that are done cannot be deleted at the moment");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns up to where each source may be deleted that has enough below its frontier. */
    Map<TopicPartition, Long> due() {
        Map<TopicPartition, Long> due = new HashMap<>();
        for (OwnedSlot slot : ownership.slots()) {
            for (Source source : slot.sources()) {
                long done = source.frontier().lowestOpen();
                if (done - deleted.getOrDefault(source.partition(), 0L) >= least) {
                    due.put(source.partition(), done);
                }
            }
        }
        return due;
    }

    private void delete(Map<TopicPartition, Long> due)
            throws ExecutionException, InterruptedException, TimeoutException {
        if (due.isEmpty()) {
            return;
        }
        Map<TopicPartition, RecordsToDelete> wanted = new HashMap<>();
        due.forEach((partition, done) -> wanted.put(partition, RecordsToDelete.beforeOffset(done)));
        var _ = admin.deleteRecords(wanted).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        deleted.putAll(due);
        LOG.atDebug().addKeyValue("sources", due.size()).log("records that are done deleted");
    }
}
