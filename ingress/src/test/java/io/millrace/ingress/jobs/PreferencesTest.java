package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferencesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 0 | false",
                "wait=10 | 10 | false",
                "respond-async, wait=100 | 60 | true",
                "return=minimal; wait=\"7\" | 7 | false",
                "await=10 | 0 | false",
                "wait=-1 | 0 | false",
            })
    void whatIsPreferredIsReadLeniently(String header, int seconds, boolean async) {
        assertThat(Preferences.of(header))
                .isEqualTo(new Preferences(Duration.ofSeconds(seconds), async));
    }
}
