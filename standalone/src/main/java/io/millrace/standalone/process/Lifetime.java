package io.millrace.standalone.process;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The life of this process, from {@code main} to its exit code.
 *
 * <pre>
 *   main:    begin ─► hold ─► start parts ─► awaitStop ─► close parts ─► end(code)
 *   signal:                                  asked ─────────────────────► halt(code)
 * </pre>
 *
 * <p>A JVM that gets SIGTERM exits with 143 whatever its shutdown hooks do. Ours is the only hook,
 * it waits until {@code main} has closed everything in order, and then halts with main's own code.
 *
 * <p>Thread-safe.
 */
public final class Lifetime {

    /** Longer than any drain; who cannot wait has SIGKILL. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean held;
    private volatile int exitCode;

    private Lifetime() {}

    /** Watches for the signals that ask this process to stop; to be called once, by main. */
    public static Lifetime begin() {
        Lifetime lifetime = new Lifetime();
        Runtime.getRuntime().addShutdownHook(new Thread(lifetime::signalled, "stop"));
        return lifetime;
    }

    /** A life that no signal ends, for a command that runs inside another process. */
    public static Lifetime withoutSignals() {
        return new Lifetime();
    }

    /**
     * From here on a signal waits for main to close what it opened, instead of ending it at once.
     */
    public void hold() {
        held = true;
    }

    /** Asks main to stop, as a signal does. */
    public void askToStop() {
        asked.countDown();
    }

    public boolean stopAsked() {
        return asked.getCount() == 0;
    }

    /** Blocks until somebody asks this process to stop. */
    public void awaitStop() throws InterruptedException {
        asked.await();
    }

    /**
     * Blocks until somebody asks this process to stop, but no longer than {@code patience}.
     *
     * @return whether somebody did
     */
    public boolean awaitStop(Duration patience) throws InterruptedException {
        return asked.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the process: everything is closed. */
    public void end(int code) {
        exitCode = code;
        ended.countDown();
        System.exit(code);
    }

    private void signalled() {
        boolean bySignal = ended.getCount() > 0;
        asked.countDown();
        if (!bySignal || !held) {
            return;
        }
        try {
            if (!ended.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                exitCode = 1;
            }
        } catch (InterruptedException _) {
            exitCode = 1;
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
