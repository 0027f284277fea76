package io.millrace.usageaggregator.usage;

import java.time.Duration;

/** Is told what the intake did. Thread-safe. */
public interface IntakeObserver {

    /**
     * A bill was counted.
     *
     * @param delay time since the job ended; not negative
     */
    void counted(Duration delay);

    /** A record was no bill, and went to the dead letters. */
    void deadLettered();

    /** A record came again that was counted before, and was left out. */
    void seenAgain();
}
