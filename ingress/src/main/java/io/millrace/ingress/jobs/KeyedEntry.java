package io.millrace.ingress.jobs;

import io.millrace.ingress.submission.Order;
import org.jspecify.annotations.Nullable;

/**
 * The place of a keyed wish in its tenant's queue, which it leaves when it did not become a job. To
 * be closed.
 */
final class KeyedEntry implements AutoCloseable {

    private final QueueGate queue;
    private @Nullable Order entered;

    KeyedEntry(QueueGate queue) {
        this.queue = queue;
    }

    /**
     * Lets the wish in, if it counts.
     *
     * @throws io.millrace.ingress.http.ApiException 429 when the queue is full
     */
    void enter(Order order) {
        Long tokens = order.queuedTokens();
        if (tokens != null) {
            queue.enter(order.id(), order.tenant(), tokens);
            entered = order;
        }
    }

    /** It became a job, and the view will count it. */
    void accepted() {
        Order order = entered;
        if (order != null) {
            queue.accepted(order.id(), order.tenant());
            entered = null;
        }
    }

    @Override
    public void close() {
        Order order = entered;
        if (order != null) {
            queue.leave(order.id(), order.tenant());
        }
    }
}
