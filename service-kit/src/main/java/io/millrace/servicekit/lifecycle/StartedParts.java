package io.millrace.servicekit.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a service that are started: they stop in the reverse order, each even if another
 * fails to. Not thread-safe.
 */
public final class StartedParts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StartedParts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Adds a part that is started, and returns it. */
    public <P extends AutoCloseable> P add(P part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            stop(parts.pop());
        }
    }

    private static void stop(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.atWarn()
                    .addKeyValue("part", part.getClass().getSimpleName())
                    .setCause(e)
                    .log("part did not stop cleanly");
        }
    }
}
