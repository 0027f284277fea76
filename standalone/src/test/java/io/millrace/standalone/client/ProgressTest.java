package io.millrace.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProgressTest {

    @Test
    void barIsFilledByWhatHasEndedWellOrNot() {
        assertThat(progress(200, 80, 20).bar())
                .isEqualTo(
                        "[###############...............]  50 % 100/200 passages, 20 failed,"
                                + " 50/s, in_progress");
    }

    @Test
    void batchThatIsNotYetCountedIsEmpty() {
        assertThat(progress(0, 0, 0).line())
                .isEqualTo("  0 % 0/0 passages, 0 failed, 0/s, in_progress");
    }

    @Test
    void everyTenthIsShownOnceWhereLinesCannotBePrintedOver() {
        // Given
        StringWriter shown = new StringWriter();
        ProgressDisplay display = new ProgressDisplay(new PrintWriter(shown), false);
        // When
        for (int completed = 0; completed <= 100; completed++) {
            display.show(progress(100, completed, 0));
        }
        display.end();
        // Then
        assertThat(shown.toString().lines()).hasSize(11);
    }

    @Test
    void oneLineMovesOnATerminal() {
        // Given
        StringWriter shown = new StringWriter();
        ProgressDisplay display = new ProgressDisplay(new PrintWriter(shown), true);
        // When
        display.show(progress(2, 1, 0));
        display.show(progress(2, 2, 0));
        display.end();
        // Then
        assertThat(shown.toString().lines()).hasSize(3); // \r ends a line for lines()
        assertThat(shown.toString()).endsWith(System.lineSeparator()).contains("\r\u001B[2K[");
    }

    private static Progress progress(int total, int completed, int failed) {
        return new Progress(
                "passages", "in_progress", total, completed, failed, Duration.ofSeconds(2));
    }
}
