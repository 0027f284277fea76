package io.millrace.standalone.client;

import java.time.Duration;

/**
 * Waits for the end of batches. An API that cannot be reached for a while, or has no time, is asked
 * again for two minutes.
 */
public final class BatchWatch {

    private static final Duration FIRST_LOOK = Duration.ofMillis(250);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Batches batches;
    private final ProgressDisplay display;
    private final String unit;

    /**
     * @param unit what the lines are, such as {@code lines}
     */
    public BatchWatch(Batches batches, ProgressDisplay display, String unit) {
        this.batches = batches;
        this.display = display;
        this.unit = unit;
    }

    /** Shows a batch until it has ended, and returns it. */
    public Batch ended(Batch begun) throws InterruptedException {
        long began = System.nanoTime();
        Duration look = FIRST_LOOK;
        Batch batch = begun;
        try {
            while (true) {
                display.show(batch.progress(unit, Duration.ofNanos(System.nanoTime() - began)));
                if (batch.ended()) {
                    return batch;
                }
                Thread.sleep(look);
                look = look.multipliedBy(5).dividedBy(4);
                look = look.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : look;
                batch = look(batch.id());
            }
        } finally {
            display.end();
        }
    }

    private Batch look(String id) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return batches.get(id);
            } catch (ApiException e) {
                if (e.usersFault() || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(LONGEST_LOOK);
            }
        }
    }
}
