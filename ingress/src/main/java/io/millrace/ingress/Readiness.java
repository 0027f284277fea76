package io.millrace.ingress;

import io.millrace.servicekit.admin.Health;
import java.util.function.Supplier;

/** How far the service is: starting, open, or draining. Thread-safe. */
final class Readiness implements Supplier<Health.State> {

    private final Supplier<Health.State> view;
    private volatile String step = "starting";
    private volatile boolean open;

    /** Is ready when it was opened and the view is. */
    Readiness(Supplier<Health.State> view) {
        this.view = view;
    }

    /** The service does something that it has to do before requests can be answered. */
    void step(String doing) {
        step = doing;
    }

    /** Requests can be answered. */
    void open() {
        open = true;
    }

    /** No new work is wanted. */
    void drain() {
        open = false;
        step = "draining";
    }

    /** Returns whether requests can be answered: a view that moves refuses only its own part. */
    boolean isOpen() {
        return open;
    }

    @Override
    public Health.State get() {
        return open ? view.get() : new Health.State.Waiting(step);
    }
}
