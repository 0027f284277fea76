package io.millrace.ingress.webhook;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Bounds what is under way at once in this process: in all, and of one tenant, so that a tenant of
 * many slow receivers delays no other. Thread-safe.
 */
final class UnderWay {

    private final int ofOne;
    private final Semaphore all;
    // as many as there are tenants
    private final Map<String, Semaphore> owners = new ConcurrentHashMap<>();

    UnderWay(int all, int ofOne) {
        this.all = new Semaphore(all, true);
        this.ofOne = ofOne;
    }

    /** What may fail only by being interrupted. */
    @FunctionalInterface
    interface Work {

        void run() throws InterruptedException;
    }

    /** Does something of an owner's when there is room for it. */
    void run(String owner, Work work) throws InterruptedException {
        Semaphore own = owners.computeIfAbsent(owner, _ -> new Semaphore(ofOne, true));
        own.acquire();
        try {
            all.acquire();
            try {
                work.run();
            } finally {
                all.release();
            }
        } finally {
            own.release();
        }
    }
}
