package io.millrace.standalone.endtoend;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
final class Await {

    private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

    private Await() {}

    /** Returns once the condition holds; fails with those words when it does not in time. */
    static void until(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + patience + ": " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
