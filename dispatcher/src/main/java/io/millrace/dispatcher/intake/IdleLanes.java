package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.settlement.Source;
import io.millrace.schemas.topic.TenantTopics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Finds the lanes that had no work for ten minutes, which their reader lets go. Whoever writes to a
 * lane wakes it before, and again when it was told of more than five minutes ago; so none that is
 * let go has anything to read. Others than lanes are woken by nobody, and kept. One thread uses it.
 */
final class IdleLanes {

    /** Twice as long as an announcement holds. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** How a lane was found, and since when it has been so. */
    private record Found(long position, long wakes, long since) {}

    private final LongSupplier nanos;
    private final Duration patience;
    private final Map<Source, Found> found = new HashMap<>();
    private long looked;

    /**
     * Makes it.
     *
     * @param patience how long a lane has no work that is let go
     */
    IdleLanes(LongSupplier nanos, Duration patience) {
        this.nanos = nanos;
        this.patience = patience;
        this.looked = nanos.getAsLong();
    }

    /**
     * Returns the lanes that are idle, and how often each was woken. To be asked after each poll;
     * looks once a second.
     *
     * @param read all that is read
     */
    Map<Source, Long> due(Collection<Source> read) {
        long time = nanos.getAsLong();
        if (time - looked < LOOK.toNanos()) {
            return Map.of();
        }
        looked = time;
        found.keySet().retainAll(new HashSet<>(read));
        Map<Source, Long> due = new HashMap<>();
        for (Source source : read) {
            if (TenantTopics.tenantOfLane(source.partition().topic()).isPresent()) {
                Found now = look(source, time);
                if (time - now.since() >= patience.toNanos()) {
                    due.put(source, now.wakes());
                }
            }
        }
        return due;
    }

    private Found look(Source source, long time) {
        Found before = found.get(source);
        if (before != null
                && source.isQuiet()
                && before.position() == source.position()
                && before.wakes() == source.wakes()) {
            return before;
        }
        Found now = new Found(source.position(), source.wakes(), time);
        found.put(source, now);
        return now;
    }
}
