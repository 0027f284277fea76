package io.millrace.standalone.client;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a batch is, as its own counts say.
 *
 * @param unit what its lines are, such as {@code passages}
 * @param status of the batch, such as {@code in_progress}
 * @param elapsed since it was looked at first
 */
public record Progress(
        String unit, String status, int total, int completed, int failed, Duration elapsed) {

    private static final int WIDTH = 30;

    /** Returns the lines that have ended, well or not. */
    public int ended() {
        return completed + failed;
    }

    /** Returns ended lines a second. */
    public double rate() {
        double seconds = elapsed.toMillis() / 1000.0;
        return seconds == 0 ? 0 : ended() / seconds;
    }

    /** Returns a bar of fixed width, for a terminal. */
    String bar() {
        int filled = total == 0 ? 0 : (int) ((long) WIDTH * ended() / total);
        return "[%s%s] %s".formatted("#".repeat(filled), ".".repeat(WIDTH - filled), line());
    }

    /** Returns it as words and numbers alone. */
    String line() {
        int percent = total == 0 ? 0 : (int) (100L * ended() / total);
        return String.format(
                Locale.ROOT,
                "%3d %% %d/%d %s, %d failed, %.0f/s, %s",
                percent,
                ended(),
                total,
                unit,
                failed,
                rate(),
                status);
    }
}
