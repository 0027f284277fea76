package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionWindowTest {

    @Test
    void wholeNumbersOfSecondsMinutesAndHoursAreTaken() {
        assertThat(CompletionWindow.parse("24h"))
                .map(CompletionWindow::length)
                .hasValue(Duration.ofHours(24));
        assertThat(CompletionWindow.parse("60s"))
                .map(CompletionWindow::length)
                .hasValue(Duration.ofMinutes(1));
        assertThat(CompletionWindow.parse("168h"))
                .map(CompletionWindow::length)
                .hasValue(Duration.ofDays(7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "24", "h", "59s", "169h", "1d", "-1h", "24 h", "1.5h", "9999999999s"})
    void anythingElseIsRefused(String text) {
        assertThat(CompletionWindow.parse(text)).isEmpty();
    }
}
